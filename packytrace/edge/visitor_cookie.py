"""The middleware that reads the visitor's cookie with a request and sets it with the answer."""

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from packytrace.edge.request import EdgeRequest
from packytrace.edge.visitors import COOKIE, DAY, LIFETIME_DAYS, Visitor, VisitorCookies, today


class VisitorMiddleware:
    """Gives every request its `visitor`, and the answer a cookie if one was minted on the way."""

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._cookies = VisitorCookies(secrets=[settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])

    def __call__(self, request: EdgeRequest) -> HttpResponse:
        visitor = request.visitor = Visitor(cookie=request.COOKIES.get(COOKIE), cookies=self._cookies)
        response = self._get_response(request)
        if visitor.minted_id is not None:
            minted_on = today()
            response.set_cookie(
                COOKIE,
                self._cookies.write(visitor_id=visitor.minted_id, minted_on=minted_on),
                # Counted from midnight of the day that is signed: never a second more than LIFETIME_DAYS.
                max_age=(minted_on + LIFETIME_DAYS) * DAY - int(time.time()),
                path="/",
                secure=settings.BEHIND_TLS,
                httponly=True,
                samesite="Lax",
            )
            _keep_private(response)
        elif visitor.gone:
            response.delete_cookie(COOKIE, path="/", samesite="Lax")
            _keep_private(response)
        return response


def _keep_private(response: HttpResponse) -> None:
    """Whatever the view says: no shared cache may hand one person's id, or its loss, to the next."""
    if "no-store" not in response.get("Cache-Control", ""):
        patch_cache_control(response, private=True)
