"""Where django-allauth leaves room for us: whom it makes, what it writes, our issuer, roles and audience."""

import base64
import uuid
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from packytrace.provider import settings
from packytrace.provider.models import Person

#: What is told by mail when it happened, by the name that the library has for it.
_NEWS: Final = {
    "account/email/password_changed": _("The password was changed."),
    "account/email/password_reset": _("The password was changed by a link in a mail."),
    "account/email/password_set": _("A password was set."),
    "mfa/email/webauthn_added": _("A passkey was added."),
    "mfa/email/webauthn_removed": _("A passkey was removed."),
    "mfa/email/totp_activated": _("The codes of an app are asked for from now on."),
    "mfa/email/totp_deactivated": _("The codes of an app are not asked for any more."),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made; the old ones have ended."),
}
#: Metadata of what this provider does not do, and of what it does in fewer ways than the library can.
_NOT_OFFERED = ("device_authorization_endpoint", "registration_endpoint", "introspection_endpoint")
_OFFERED = {
    # OpenID Connect: Initiating User Registration 1.0
    "prompt_values_supported": ["none", "login", "create"],
    "scopes_supported": ["openid", "profile"],
    "grant_types_supported": ["authorization_code"],
    "response_types_supported": ["code"],
    "claims_supported": ["sub", "name", "roles"],
}


class AccountAdapter(DefaultAccountAdapter):
    """Who registers is a consumer; no flash message waits for a page that shows none."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many attempts failed. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
    }

    def new_user(self, request: HttpRequest) -> Person:
        return Person(roles=["consumer"])

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.name = form.cleaned_data["name"]
        return super().save_user(request, user, form, commit=commit)

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:
        """Say nothing: the next page is the application's, or says it itself."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whose attempts are counted: the application says for whom it asks, if it knows."""
        if hasattr(request, "end_user_address"):
            return request.end_user_address or f"unknown {uuid.uuid4()}"
        return str(super().get_client_ip(request))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return f"{settings.ISSUER}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.ISSUER}{path}"

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        if email or (email := EmailAddress.objects.get_primary_email(user)):
            self.send_mail("provider/email/news", email, {"news": _NEWS[template_prefix]})


class MfaAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted, their code is drawn without a style."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This did not work. Try it once more."),
    }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode("ascii")).decode()

    def build_totp_svg(self, url: str) -> str:
        return str(segno.make(url, error="m").svg_inline(scale=5, border=2, dark="#000", light="#fff"))

    def generate_authenticator_name(self, user: Any, kind: Any) -> str:
        """For who gives none."""
        number = Authenticator.objects.filter(user_id=user.pk, type=kind).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "PackyTrace"}


def _cipher() -> Fernet:
    """Of a key of its own, made from SECRET_KEY."""
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"second factors")
    return Fernet(base64.urlsafe_b64encode(key.derive(settings.SECRET_KEY.encode())))


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
