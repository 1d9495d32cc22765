"""How a problem is told: one JSON body for programs, one family of friendly pages for people."""

from html import escape
from typing import Final

import orjson
import structlog
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from packytrace.edge import languages
from packytrace.edge.addresses import FOR_PROGRAMS
from packytrace.edge.problems import Problem, of_status
from packytrace.facts import correlation

log = structlog.get_logger(__name__)

#: Where people work: below these addresses an error speaks of their work and leads back to it.
CONSOLES: Final = ("/brand/", "/admin/")

#: Statuses whose page is another one's: what a person can do about them is the same.
_PAGE_OF: Final = {401: 403, 408: 400, 409: 400, 414: 413, 406: 400, 412: 400, 415: 400, 428: 400}
_PAGES: Final = frozenset({400, 403, 404, 405, 413, 429, 500, 503})


def asks_for_json(request: HttpRequest) -> bool:
    """Whether a program asks: an address of the API, or an Accept that has JSON and no page in it."""
    if request.path.startswith(FOR_PROGRAMS):
        return True
    accept = request.META.get("HTTP_ACCEPT", "")
    return "json" in accept and "html" not in accept


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Tell what is wrong in the form that the caller reads. Nothing may store it."""
    with languages.speaking_to(request):
        response = _body(problem) if asks_for_json(request) else _page(request, problem)
    languages.told(response, request=request, language=languages.language_of(request))
    response.headers["Cache-Control"] = "no-store"
    for name, value in problem.headers.items():
        response.headers[name] = value
    return response


def _body(problem: Problem) -> HttpResponse:
    body: dict[str, object] = {
        "code": problem.code,
        "message": str(problem.message),
        "correlationId": correlation.get(),
    }
    if problem.details:
        body["details"] = dict(problem.details)
    return HttpResponse(
        orjson.dumps(body),
        status=problem.status,
        content_type="application/json",
    )


def _page(request: HttpRequest, problem: Problem) -> HttpResponse:
    page = _PAGE_OF.get(problem.status, problem.status)
    if page not in _PAGES:
        page = 500 if problem.status >= 500 else 400
    console = next((console for console in CONSOLES if request.path.startswith(console)), None)
    context = {"correlation_id": correlation.get() or "", "page": page, "console": console}
    if problem is not of_status(page):
        context["message"] = str(problem.message)
    try:
        # Without the request: no context processor runs, so neither session nor database is needed.
        html: str = render_to_string("errors/console.html" if console else f"errors/{page}.html", context)
    except Exception:
        # The last page before a blank one must come whatever is broken.
        log.exception("error page failed", page=page)
        html = _plain_page(problem)
    return HttpResponse(html, status=problem.status)


def _plain_page(problem: Problem) -> str:
    message = escape(str(problem.message))
    correlation_id = escape(correlation.get() or "")
    return (
        f'<!doctype html><html lang="{get_language()}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>PackyTrace</title><h1>{message}</h1>"
        f"<p>{escape(_('If you ask for help, tell this number:'))} <code>{correlation_id}</code></p>"
        '<p><a href="/">PackyTrace</a></p></html>'
    )
