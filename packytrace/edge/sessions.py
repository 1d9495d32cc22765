"""Sessions and who is signed in, everywhere but where a scan lands: nobody needs either to scan."""

from collections.abc import Awaitable

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponseBase

from packytrace.edge.addresses import RESOLVER


class SessionsMiddleware(SessionMiddleware):
    """Django's sessions; the Resolver's requests have none."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return self.get_response(request) if request.path.startswith(RESOLVER) else super().__call__(request)


class SignedInMiddleware(AuthenticationMiddleware):
    """Django's `request.user`; the Resolver's requests have none."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        return self.get_response(request) if request.path.startswith(RESOLVER) else super().__call__(request)
