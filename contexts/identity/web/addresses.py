"""Addresses of signing in and out; what the provider knows is below PUBLIC_URL, whatever host is asked."""

from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse


def callback_address() -> str:
    """Where the provider sends a browser after a sign-in."""
    return f"{settings.PUBLIC_URL}{reverse('identity:sign_in_callback')}"


def signed_out_address() -> str:
    """Where the provider sends a browser after a sign-out."""
    return f"{settings.PUBLIC_URL}{reverse('identity:signed_out')}"


def sign_in_address(*, wanted: str) -> str:
    """Where to sign in and come back to a page of ours."""
    return f"{reverse('identity:sign_in')}?{urlencode({'next': wanted})}"
