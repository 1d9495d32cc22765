"""Forms without a token: the browser itself says from where a form was sent, and no page can make it lie.

Django's token needs a cookie, and nobody shall have to take one before a scan. `Sec-Fetch-Site` (W3C Fetch
Metadata) tells it; where a browser sends none, because it is old or the site has no TLS, `Origin` does, which
browsers put on every form that is posted. What has neither is no browser: nobody's cookies came with it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

View = TypeVar("View", bound=Callable[..., HttpResponse])


def takes_own_forms(view: View) -> View:
    """Refuse what another site's page posts to a view (403); ask for no token."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not _comes_from_us(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast(View, guarded)


def _comes_from_us(request: HttpRequest) -> bool:
    """Whether a page of this very origin sent it, or the user by hand (`none`: a reload), or no browser."""
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.META.get("HTTP_ORIGIN")
    return origin is None or urlsplit(origin).netloc == request.get_host()
