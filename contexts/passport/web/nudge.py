"""The one line that offers a verdict to who has none, and how it is sent away for good.

With scripts the page itself remembers it; without, this form and its cookie do.
"""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web.scan_cookie import passport_path
from packytrace.edge.own_forms import takes_own_forms

COOKIE: Final = "packytrace_nudge"
#: Seconds for which it stays away: as long as a visitor's cookie lives at most.
_LIFETIME: Final = 393 * 86_400


@takes_own_forms
def dismiss(request: HttpRequest, gtin: str) -> HttpResponse:
    """POST sends the line away and leads back to the page. The cookie says just that, and of nobody."""
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    try:
        back = passport_path(gtin14(gtin))
    except CodeRefused:
        back = "/"
    response = HttpResponseRedirect(back, status=303)
    response.headers["Cache-Control"] = "no-store"
    response.set_cookie(
        COOKIE,
        "dismissed",
        max_age=_LIFETIME,
        path=passport_path(""),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
