"""The application as a client of the provider."""

from typing import Any

from allauth.idp.oidc.models import Client

from packytrace.provider import settings


def ensure_client() -> None:
    """Register the application, or bring its registration up to date; the same call again changes nothing."""
    manager: Any = Client._default_manager
    client = manager.filter(id=settings.CLIENT_ID).first() or Client(id=settings.CLIENT_ID)
    client.name = "PackyTrace"
    client.type = Client.Type.CONFIDENTIAL
    client.skip_consent = True  # the application is ours: what it may know is what it is for
    client.set_grant_types([Client.GrantType.AUTHORIZATION_CODE])
    client.set_response_types([Client.ResponseType.CODE])
    client.set_scopes(settings.CLIENT_SCOPES)
    client.set_redirect_uris([f"{settings.PUBLIC_URL}/sign-in/callback"])
    client.set_post_logout_redirect_uris([f"{settings.PUBLIC_URL}/signed-out"])
    if not client.check_secret(settings.CLIENT_SECRET):
        client.set_secret(settings.CLIENT_SECRET)
    client.save()
