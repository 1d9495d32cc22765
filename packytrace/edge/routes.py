"""What a request is called in logs and metrics: never its address, which holds lots, serials and searches."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

UNROUTED: Final = "unrouted"
STATIC: Final = "static"

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def route_of(request: HttpRequest) -> str:
    """The name of the view, `static`, or `unrouted` for what reached no view."""
    if (match := request.resolver_match) is not None:
        return match.view_name
    if (named := getattr(request, "route", None)) is not None:
        return str(named)
    return STATIC if request.path.startswith(settings.STATIC_URL) else UNROUTED


def method_of(request: HttpRequest) -> str:
    """The method, or OTHER: a method may be any word that somebody makes up."""
    return request.method if request.method in _METHODS else "OTHER"
