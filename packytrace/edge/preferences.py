"""What a person chooses about our pages: the language and the theme, kept in two cookies of their browser.

Each is set by a form that works without JavaScript and leads back to the page that it stands on. Neither says
anything about who it is.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from packytrace.edge import languages
from packytrace.edge.addresses import RESOLVER
from packytrace.edge.own_forms import takes_own_forms

THEME_COOKIE: Final = "packytrace_theme"
#: `system` is what the device says: where there is no choice.
THEMES: Final = ("light", "dark", "system")

_CHOICES: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "language": (languages.COOKIE, languages.LANGUAGES),
    "theme": (THEME_COOKIE, frozenset(THEMES)),
}
_KEPT: Final = timedelta(days=365)


@takes_own_forms  # public pages are the same for everybody, so no token can stand in them
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen and lead back; a value that is not offered changes nothing."""
    response = HttpResponseRedirect(_page(request))
    response.status_code = 303
    response.headers["Cache-Control"] = "no-store"
    for field, (cookie, values) in _CHOICES.items():
        if (choice := request.POST.get(field)) in values:
            response.set_cookie(
                cookie,
                choice,
                max_age=_KEPT,
                path="/",
                secure=settings.BEHIND_TLS,
                httponly=field
                != "theme",  # the script that applies the theme before the first paint reads it
                samesite="Lax",
            )
    return response


def chosen(request: HttpRequest) -> Mapping[str, str]:
    """Context processor: the theme, for pages that are made for one person."""
    theme = request.COOKIES.get(THEME_COOKIE, "system")
    return {"theme": theme if theme in THEMES else "system"}


def _page(request: HttpRequest) -> str:
    """The page that the form stands on, by its path and query alone, so that nobody is led off this site.

    A page below the Resolver's address is a scan: to open it again would be a second one.
    """
    referer = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(referer, allowed_hosts={request.get_host()}):
        return "/"
    page = urlsplit(referer)
    path = f"{page.path}?{page.query}" if page.query else page.path
    # Two slashes at the start would name a host.
    return path if path.startswith("/") and not path.startswith(("//", "/\\", RESOLVER)) else "/"
