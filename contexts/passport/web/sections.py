"""Sections that load on their own: as fragments, one by one, and as a stream of events.

A fragment that still waits says in htmx's words when to ask again and where; each try waits longer than the
one before, and after the last the section is temporarily unavailable. The passport's own script reads these
words where htmx is not loaded: it has a fiftieth of its bytes.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.journeys import journey_of_lot
from contexts.passport.application.passport_page import journey_of, page_of
from contexts.passport.application.sections import Sections, for_page, of_unknown, refreshed
from contexts.passport.application.sources import registry
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.section_states import Failed, Loaded, Pending, Section
from contexts.passport.web.languages import reading_language
from contexts.passport.web.only_read import only_read
from contexts.passport.web.scan_cookie import passport_path
from contexts.passport.web.scanned import scan_behind
from contexts.passport.web.section_waiting import give_back, take_place
from packytrace.edge.languages import our_language
from packytrace.edge.request import EdgeRequest

#: Milliseconds before each try: all of them take eleven seconds.
PAUSES: Final = (400, 600, 1_000, 2_000, 3_000, 4_000)
#: Seconds that a stream lasts at most, and between two looks of it.
STREAM: Final = 10.0
_LOOK_EVERY: Final = 0.5

_ON_PAGE: Final = (Section.JOURNEY, Section.ECO)
_TOLD: Final = {Section.JOURNEY: "passport/_journey.html", Section.ECO: "passport/_eco.html"}
_HEADERS: Final = {"Cache-Control": "no-store", "Vary": "Accept-Language, Cookie", "X-Robots-Tag": "noindex"}


@only_read
def fragment(request: EdgeRequest, gtin: str, name: str) -> HttpResponse:
    """One section as HTML; always 200, whatever its state."""
    known, section = _gtin(gtin), _section(name)
    language = reading_language(request)
    body = _html(known, section, language=language, tries=_tries(request), lot=_lot(request, known))
    response = HttpResponse(body, headers=_HEADERS)
    response.headers["Content-Language"] = our_language(language)
    return response


@only_read
def stream(request: EdgeRequest, gtin: str) -> HttpResponseBase:
    """The sections of a passport as Server-Sent Events, each once it does not wait any more.

    204 where as many streams as may be are open: then there is none, and a script asks for fragments.
    """
    known, language = _gtin(gtin), reading_language(request)
    if find_entry(gtin=known) is None:
        return HttpResponse(status=204, headers=_HEADERS)
    # Before there is a place: what fails behind it would keep it for ever.
    lot = _lot(request, known)
    if request.method != "GET" or not take_place():
        return HttpResponse(status=204, headers=_HEADERS)
    response = StreamingHttpResponse(
        _Events(known, language=language, lot=lot),
        content_type="text/event-stream",
        headers=_HEADERS,
    )
    response.headers["X-Accel-Buffering"] = "no"
    return response


def asked_for_unknown(*, gtin: str) -> str:
    """The state of what others know of a product that the catalogue lacks; empty where nobody is asked."""
    if not registry.asked_for(Section.LABEL, gtin=gtin):
        return ""
    return _word(of_unknown(gtin=gtin, now=datetime.now(UTC)), given_up=False)


class _Events:
    """The events of one stream. It ends after STREAM seconds, and gives its place back when it is closed."""

    def __init__(self, gtin: str, *, language: str, lot: str) -> None:
        self._gtin = gtin
        self._language = language
        self._lot = lot
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        until = time.monotonic() + STREAM
        left = list(_ON_PAGE)
        while left and time.monotonic() < until:
            sections = _sections(self._gtin)
            for section in [section for section in left if not isinstance(sections.state(section), Pending)]:
                left.remove(section)
                yield _event(
                    section, _html(self._gtin, section, language=self._language, tries=0, lot=self._lot)
                )
            if left:
                yield b": still asking\n\n"
                time.sleep(_LOOK_EVERY)
        yield b"event: end\ndata: \n\n"

    def close(self) -> None:
        """Let another stream take the place."""
        if self._open:
            self._open = False
            give_back()


def _lot(request: EdgeRequest, gtin: str) -> str:
    """The lot of the pack that led this browser here; empty where nobody knows it."""
    scan = scan_behind(request, gtin=gtin, now=datetime.now(UTC))
    return (scan.item.lot or "") if scan else ""


def _html(gtin: str, section: Section, *, language: str, tries: int, lot: str) -> str:
    """A section as HTML; it says itself whether it is asked for again. Where its lot has been takes the place
    of where the product comes from in general, as on the page."""
    now = datetime.now(UTC)
    given_up = tries >= len(PAUSES)
    context: dict[str, Any] = {
        "gtin": gtin,
        "name": section.value,
        "told": _TOLD.get(section, "passport/_found.html"),
        "tries": tries + 1,
        "pause": PAUSES[min(tries, len(PAUSES) - 1)],
    }
    with translation.override(our_language(language)):
        if section is Section.LABEL:
            found = of_unknown(gtin=gtin, now=now)
            context["state"] = _word(found, given_up=given_up)
            context["opens"] = passport_path(gtin) if context["state"] == "loaded" else ""
        elif (stored := find_entry(gtin=gtin)) is None:
            context["state"] = "failed"
        elif section is Section.JOURNEY and (told := journey_of_lot(gtin=gtin, lot=lot)):
            context |= {"page": {"journey": journey_of(told)}, "state": "loaded"}
        else:
            sections = for_page(stored, refreshed(stored, now=now), now=now)
            context["page"] = page_of(stored, language=language, sections=sections)
            context["state"] = _word(sections.state(section), given_up=given_up)
        return render_to_string("passport/_section.html", context)


def _word(state: Pending | Loaded[Any] | Failed, *, given_up: bool) -> str:
    if isinstance(state, Pending):
        return "failed" if given_up else "pending"
    if isinstance(state, Failed):
        return "failed"
    return "absent" if state.value is None or state.value == () else "loaded"


def _tries(request: HttpRequest) -> int:
    """How often this page has asked already; whatever else somebody writes there is none."""
    asked = request.GET.get("try", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0


def _gtin(text: str) -> str:
    try:
        known = gtin14(text)
    except CodeRefused:
        raise Http404 from None
    if known != text:
        raise Http404
    return known


def _section(name: str) -> Section:
    try:
        return Section(name)
    except ValueError:
        raise Http404 from None


def _sections(gtin: str) -> Sections:
    now = datetime.now(UTC)
    stored = find_entry(gtin=gtin)
    if stored is None:
        return Sections(journey=Loaded(value=None), eco=Loaded(value=None), life_cycles={})
    return for_page(stored, refreshed(stored, now=now), now=now)


def _event(section: Section, html: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in html.splitlines())
    return f"event: {section.value}\n{lines}\n".encode()
