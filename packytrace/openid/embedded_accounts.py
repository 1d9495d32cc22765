"""The accounts of the embedded provider, at its machine interface."""

import logging
from collections.abc import Mapping
from typing import Any, Final

import orjson
import requests
from django.utils.translation import gettext as _

from packytrace.openid.errors import (
    AddressRefused,
    CredentialsRefused,
    PasswordRefused,
    ProviderUnreachable,
    TooManyAttempts,
)
from packytrace.openid.issuer import Issuer
from packytrace.openid.tokens import Tokens

#: Seconds to wait for a connection, and for an answer: registering hashes a password and sends a mail.
_TIMEOUT: Final = (2.0, 15.0)
_LOG: Final = logging.getLogger(__name__)

_REFUSALS: Final = {
    "password_refused": PasswordRefused,
    "address_refused": AddressRefused,
    "credentials_refused": CredentialsRefused,
    "too_many_attempts": TooManyAttempts,
}


class EmbeddedAccounts:
    """See ProviderAccounts."""

    def __init__(self, *, issuer: Issuer, client_id: str, client_secret: str) -> None:
        self._url = f"{issuer.url}/machine"
        self._credentials = (client_id, client_secret)

    def register(
        self, *, email: str, password: str, name: str, language: str, client_address: str = ""
    ) -> None:
        self._ask(
            "POST",
            "accounts",
            {
                "email": email,
                "password": password,
                "name": name,
                "language": language,
                "client_address": client_address,
            },
        )

    def sign_in(self, *, email: str, password: str, client_address: str) -> Tokens:
        given = self._ask(
            "POST", "sessions", {"email": email, "password": password, "client_address": client_address}
        )
        try:
            return Tokens(access_token=str(given["access_token"]), expires_in=int(given["expires_in"]))
        except (KeyError, TypeError, ValueError) as error:
            raise unreachable() from error

    def sign_out(self, *, access_token: str) -> None:
        self._ask("POST", "sessions/end", {"access_token": access_token})

    def address(self, *, subject: str) -> str | None:
        address = self._ask("POST", "accounts/address", {"subject": subject}).get("email")
        return address if isinstance(address, str) and address else None

    def delete(self, *, subject: str) -> None:
        self._ask("POST", "accounts/delete", {"subject": subject})

    def _ask(self, method: str, path: str, body: Mapping[str, str]) -> dict[str, Any]:
        try:
            answer = requests.request(
                method,
                f"{self._url}/{path}",
                data=orjson.dumps(body),
                headers={"Content-Type": "application/json"},
                auth=self._credentials,
                timeout=_TIMEOUT,
                allow_redirects=False,
            )
            given = orjson.loads(answer.content)
        except (requests.RequestException, orjson.JSONDecodeError) as error:
            _LOG.warning("The embedded provider does not answer: %s", type(error).__name__)
            raise unreachable() from error
        if not isinstance(given, dict):
            raise unreachable()
        if answer.ok:
            return given
        if refusal := _REFUSALS.get(str(given.get("code"))):
            raise refusal(str(given.get("message", "")))
        _LOG.error("The embedded provider answers %s at its machine interface.", answer.status_code)
        raise unreachable()


def unreachable() -> ProviderUnreachable:
    """The provider does not do what it should; the log says what happened."""
    return ProviderUnreachable(
        _("Accounts are not available right now: the sign-in service does not answer. Try again in a minute.")
    )
