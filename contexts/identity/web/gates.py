"""The gates: who may see a page. The brand comes from the signed-in account, never from a request's data."""

from time import time
from typing import Final
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest

from contexts.identity.application import accounts, brand_users
from contexts.identity.application.brand_users import BrandScope

#: Methods that change nothing (RFC 9110, 9.2.1).
READING: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
#: Seconds for which a form that was open when the confirmation ran out may still be sent.
GRACE: Final = 15 * 60.0


class SignInRequired(Exception):
    """Nobody is signed in, or the sign-in is too old to rely on: sign in, then come back."""


def signed_in_account(request: HttpRequest) -> UUID:
    """The id of the account of this browser. Raises SignInRequired.

    Once an hour a page asks the provider again, which answers without a question as long as its own session
    lives: so a person who has left, or lost a role, is noticed. A form cannot ask on its way, so it has
    `GRACE` longer, and no more: whoever lost a role writes nothing after that.
    """
    account_id = known_account(request)
    if account_id is None:
        raise SignInRequired
    confirmed_until = request.session.get("oidc_id_token_expiration", 0)
    if confirmed_until + (0 if request.method in READING else GRACE) < time():
        raise SignInRequired
    return account_id


def known_account(request: HttpRequest) -> UUID | None:
    """The open account that this browser's session names, for what is shown on top of a public page.

    One query, for the session: a closed account's reads as none. No confirmation by the provider is asked
    for, so it opens nothing that a person could change.
    """
    signed_in = request.session.get(SESSION_KEY)
    return UUID(signed_in) if signed_in else None


def brand_scope(request: HttpRequest) -> BrandScope:
    """The one brand that the signed-in person works for.

    Raises SignInRequired, NotABrandUser, NoBrand, BrandSuspended: GateMiddleware turns each into its answer,
    so that a view just lets them pass.
    """
    return brand_users.brand_of(account_id=signed_in_account(request))


def operator(request: HttpRequest) -> UUID:
    """The signed-in operator's account. Raises SignInRequired, NotAnOperator."""
    account_id = signed_in_account(request)
    accounts.check_operator(account_id=account_id)
    return account_id
