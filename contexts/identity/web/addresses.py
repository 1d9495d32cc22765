"""Addresses of signing in and out; what the provider knows is below PUBLIC_URL, whatever host is asked."""

from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from contexts.identity.domain.roles import Role
from contexts.identity.models import Account

#: Where people work, by their first role in this order.
_CONSOLES: Final = ((Role.BRAND_USER, "/brand/"), (Role.OPERATOR, "/admin/"))


def callback_address() -> str:
    """Where the provider sends a browser after a sign-in."""
    return f"{settings.PUBLIC_URL}{reverse('identity:sign_in_callback')}"


def signed_out_address() -> str:
    """Where the provider sends a browser after a sign-out."""
    return f"{settings.PUBLIC_URL}{reverse('identity:signed_out')}"


def sign_in_address(*, wanted: str) -> str:
    """Where to sign in and come back to a page of ours."""
    return f"{reverse('identity:sign_in')}?{urlencode({'next': wanted})}"


def consoles_of(account: Account) -> list[str]:
    """The consoles that an account's roles open, the first being where its work begins."""
    return [console for role, console in _CONSOLES if account.has_role(role)]


def is_console(path: str) -> bool:
    """Whether people work there, so that a shopper's way on is none."""
    return path.startswith(tuple(console for _, console in _CONSOLES))
