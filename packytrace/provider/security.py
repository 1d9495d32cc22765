"""The Content Security Policy of the provider: no script but its own file, which asks for passkeys."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from packytrace.provider import settings

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self';"
    " base-uri 'none'; frame-ancestors 'none';"
    # Signing in ends at the application, by way of a redirect.
    " form-action 'self' {application}"
)


class PolicyMiddleware:
    """Sets the policy on every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._policy = _POLICY.format(application=settings.PUBLIC_URL)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        response.headers["Content-Security-Policy"] = self._policy
        return response
