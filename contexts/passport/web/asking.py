"""Whose browser it is that asks for a page."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from contexts.passport.application import ports


def known_account(request: HttpRequest) -> UUID | None:
    """The account that is signed in. Nobody is asked where the browser has no session."""
    return ports.who().known(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None
