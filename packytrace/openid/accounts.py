"""The accounts that the provider keeps, for clients of the API, notices and erasure: made, entered, left,
written to, deleted.

Two providers offer it: the embedded one at its machine interface, Keycloak at its Admin REST API. Whoever
asks learns from neither whether an e-mail address has an account. Browsers come to none of this: they sign in
and up at the provider's own pages.
"""

from functools import cache
from typing import Protocol

from django.conf import settings

from packytrace.openid.embedded_accounts import EmbeddedAccounts
from packytrace.openid.issuer import configured_issuer
from packytrace.openid.keycloak_accounts import KeycloakAccounts
from packytrace.openid.tokens import Tokens

__all__ = ["ProviderAccounts", "Tokens", "account_page", "provider_accounts"]


class ProviderAccounts(Protocol):
    """What is asked of a provider. Every method raises ProviderUnreachable when it does not answer."""

    def register(
        self, *, email: str, password: str, name: str, language: str, client_address: str = ""
    ) -> None:
        """Make an account, which may be entered once the link in the mail that the provider sends was opened.

        The same answer, after about the same time, where the address has an account already: its owner gets a
        mail that says so. `name` may be empty. Raises AddressRefused, PasswordRefused and TooManyAttempts.
        """

    def sign_in(self, *, email: str, password: str, client_address: str) -> Tokens:
        """An access token for this API, as somebody gets who signs in with a browser.

        Raises CredentialsRefused for a wrong password, an unknown address, one that is not confirmed, a
        closed account and one that a second factor guards; TooManyAttempts after several failures.
        """

    def sign_out(self, *, access_token: str) -> None:
        """End the session of a token that the caller has verified; one that has ended already is ended, too.

        Tokens are verified without asking the provider: an issued one stays believable until it expires.
        """

    def address(self, *, subject: str) -> str | None:
        """The confirmed e-mail address of somebody who may sign in; None where there is none."""

    def delete(self, *, subject: str) -> None:
        """Delete the account, its credentials and its sessions; nobody is there is a success, too."""


def provider_accounts() -> ProviderAccounts:
    """The accounts of the configured provider."""
    return _accounts_at(
        settings.OIDC_ISSUER,
        settings.OIDC_EMBEDDED,
        settings.OIDC_ACCOUNTS_CLIENT_ID,
        settings.OIDC_ACCOUNTS_CLIENT_SECRET,
    )


def account_page() -> str:
    """Where people see their address and change password, passkeys and second factor.

    The embedded provider's page; below a realm of Keycloak, its account console.
    """
    return f"{settings.OIDC_ISSUER}/account"


@cache
def _accounts_at(_issuer: str, embedded: bool, client_id: str, client_secret: str) -> ProviderAccounts:
    """One per process: what is counted and held for a while belongs to it."""
    kind = EmbeddedAccounts if embedded else KeycloakAccounts
    return kind(issuer=configured_issuer(), client_id=client_id, client_secret=client_secret)
