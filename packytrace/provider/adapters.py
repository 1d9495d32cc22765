"""Where django-allauth leaves room for us: no sign-up, our issuer, roles and audience in the tokens."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from packytrace.provider import settings
from packytrace.provider.models import Person

#: Metadata of what this provider does not do, and of what it does in fewer ways than the library can.
_NOT_OFFERED = ("device_authorization_endpoint", "registration_endpoint", "introspection_endpoint")
_OFFERED = {
    "scopes_supported": ["openid", "profile"],
    "grant_types_supported": ["authorization_code"],
    "response_types_supported": ["code"],
    "claims_supported": ["sub", "name", "roles"],
}


class AccountAdapter(DefaultAccountAdapter):
    """Signing in only: operators make the people, and no flash message waits for a page that shows none."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts failed. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing: the next page is the application's."""


class OidcAdapter(DefaultOIDCAdapter):
    """Tokens as the application expects them, whatever host name a request used."""

    def get_issuer(self) -> str:
        return str(settings.ISSUER)

    def populate_server_metadata(self, data: dict[str, Any]) -> None:
        for name in _NOT_OFFERED:
            data.pop(name, None)
        for name, value in data.items():
            if name.endswith(("_endpoint", "_uri")):
                data[name] = f"{settings.ISSUER}{urlsplit(value).path}"
        data.update(_OFFERED)

    def populate_id_token(
        self, id_token: dict[str, Any], client: Client, scopes: Iterable[str], **_kwargs: Any
    ) -> None:
        person = Person.objects.get(pk=id_token["sub"])
        id_token["roles"] = person.roles

    def populate_access_token(
        self,
        access_token: dict[str, Any],
        *,
        client: Client,
        scopes: Iterable[str],
        user: Any,
        **_kwargs: Any,
    ) -> None:
        access_token["aud"] = settings.AUDIENCE
        access_token["roles"] = user.roles
