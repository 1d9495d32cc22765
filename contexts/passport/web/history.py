"""What a person, or just this browser, has scanned: a page, and a piece of the home page."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from contexts.passport.application import ports
from contexts.passport.application.history import (
    History,
    Place,
    history_of_account,
    history_of_visitor,
    place_of,
)
from contexts.passport.web.asking import known_account
from contexts.passport.web.languages import reading_language
from contexts.passport.web.only_read import only_read
from packytrace.edge.request import EdgeRequest

_ON_A_PAGE: Final = 30
_AT_HOME: Final = 4
_NOT_STORED: Final = "private, no-store"


@only_read
def history(request: EdgeRequest) -> HttpResponse:
    """The scans of whoever is signed in; else those of this browser's visitor who is nobody's."""
    signed_in = known_account(request) and ports.who().signed_in(request)
    cursor = request.GET.get("from", "")
    found = _history(
        request, account_id=signed_in, limit=_ON_A_PAGE, after=place_of(cursor) if cursor else None
    )
    context = {"history": found, "signed_in": signed_in is not None, "goes_on": bool(cursor)}
    response = render(request, "passport/history.html", context)
    response.headers["Cache-Control"] = _NOT_STORED
    return response


@only_read
def recent_scans(request: EdgeRequest) -> HttpResponse:
    """The last of them, for the home page, whose script asks for them; 204 where there are none."""
    found = _history(request, account_id=known_account(request), limit=_AT_HOME, after=None)
    if found.scans:
        response = render(request, "passport/recent_scans.html", {"history": found})
    else:
        response = HttpResponse(status=204)
    response.headers["Cache-Control"] = _NOT_STORED
    return response


def _history(request: EdgeRequest, *, account_id: UUID | None, limit: int, after: Place | None) -> History:
    """A person's scans are the account's alone: this browser's may be somebody else's by now."""
    language = reading_language(request)
    if account_id is not None:
        return history_of_account(account_id=account_id, language=language, limit=limit, after=after)
    visitor_id = request.visitor.known_id
    if visitor_id is None:
        return History(scans=(), next=None)
    return history_of_visitor(visitor_id=visitor_id, language=language, limit=limit, after=after)
