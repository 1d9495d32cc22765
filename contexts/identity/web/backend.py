"""Django's authentication backend: an ID token in, an account out."""

from typing import Any
from uuid import UUID

import requests
from django.conf import settings
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from contexts.identity.application import accounts
from contexts.identity.models import Account
from contexts.identity.web.addresses import callback_address
from packytrace.openid.errors import ProviderUnreachable, TokenRefused
from packytrace.openid.id_token import Person, verify_id_token
from packytrace.openid.issuer import configured_issuer


class CodeRefused(Exception):
    """The provider does not take the authorization code: it is used, too old or not for us."""


class ProviderBackend(OIDCAuthenticationBackend):
    """mozilla-django-oidc's code flow with our own verification and our own matching.

    The library checks neither issuer, audience nor authorized party of an ID token, and it matches people by
    e-mail: both are replaced. The name and the roles come from the ID token, so no userinfo is read.
    """

    def __init__(self) -> None:
        # Not the library's, which wants every endpoint in the settings. Ours come from discovery, and only
        # when needed: Django makes a backend for each request with a session.
        self.UserModel = Account
        self.OIDC_RP_CLIENT_ID = settings.OIDC_RP_CLIENT_ID
        self.OIDC_RP_CLIENT_SECRET = settings.OIDC_RP_CLIENT_SECRET

    @property
    def OIDC_OP_TOKEN_ENDPOINT(self) -> str:  # noqa: N802 - the library's name
        """Where codes are exchanged. Raises ProviderUnreachable."""
        return configured_issuer().endpoint("token_endpoint")

    def get_token(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Exchange the code for tokens. Raises CodeRefused, ProviderUnreachable."""
        try:
            answer = super().get_token({**payload, "redirect_uri": callback_address()})
        except requests.HTTPError as error:
            if error.response is not None and error.response.status_code == requests.codes.bad_request:
                raise CodeRefused from error
            raise ProviderUnreachable from error
        except requests.RequestException as error:
            raise ProviderUnreachable from error
        return answer if isinstance(answer, dict) else {}

    def verify_token(self, token: object, **kwargs: Any) -> Person:
        """The person whom the token names. Raises TokenRefused, ProviderUnreachable."""
        nonce = kwargs["nonce"]
        if not nonce:
            raise TokenRefused("nonce")
        return verify_id_token(
            token, issuer=configured_issuer(), client_id=self.OIDC_RP_CLIENT_ID, nonce=nonce
        )

    def get_or_create_user(self, _access_token: object, _id_token: object, person: Person) -> Account:
        """The person's account. Raises AccountDeactivated."""
        return accounts.sign_in(
            issuer=person.issuer, subject=person.subject, display_name=person.name, roles=person.roles
        )

    def get_user(self, user_id: UUID) -> Account | None:
        """The account of a session, unless an operator has closed it since."""
        return Account.objects.filter(pk=user_id, is_active=True).first()
