"""Home, passport and search: pages for people."""

from datetime import UTC, datetime
from functools import partial
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from contexts.passport.application import ports
from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.passport_page import journey_of, page_of
from contexts.passport.application.scanned_pack import scanned_pack
from contexts.passport.application.search import category_in_words, search
from contexts.passport.application.sections import Answers, for_page, refreshed
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.label import DateKind
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scans import RecordedScan
from contexts.passport.web import nudge, resolver, structured_data
from contexts.passport.web.languages import reading_language
from contexts.passport.web.only_read import only_read
from contexts.passport.web.public_copy import PublicCopies, PublicCopy, answer
from contexts.passport.web.scan_cookie import passport_path
from contexts.passport.web.scanned import scan_behind
from contexts.passport.web.search_filters import choices, chosen, filters_of
from contexts.passport.web.section_waiting import wait_for_sections
from packytrace.edge.languages import our_language
from packytrace.edge.request import EdgeRequest

_HTML: Final = "text/html; charset=utf-8"
#: The cookie that counts is the scan's: with it the page is another one.
_VARY: Final = "Accept-Language, Cookie"
#: In the query of a browser that runs no scripts: it waits a moment for sections.
_WAIT: Final = "wait"
#: Stands on both sides of what a personal part replaces. No text can contain it: texts are escaped.
_SLOT: Final = "<!--personal-->"
#: Stands on both sides of what is true of the product in general, where one lot's own takes its place.
_GENERAL: Final = "<!--general-->"

log = structlog.get_logger(__name__)


@only_read
def home(request: HttpRequest) -> HttpResponse:
    """Where a code is typed or pasted. Sets no cookie."""
    return render(request, "passport/scan.html")


@only_read
def passport(request: EdgeRequest, gtin: str) -> HttpResponse:
    """A product's passport: the same for everyone but for what is about the one who looks, on top of it.

    That is the verdict and the way into the fridge for who is signed in, and the pack for the browser that
    has just scanned one. Who is not signed in is invited to have a verdict, until they send the invitation
    away.
    """
    language = reading_language(request)
    copy = _waited_for(gtin, language) if _WAIT in request.GET else PAGES.find(gtin=gtin, language=language)
    if copy is None:
        return _no_passport(request, gtin)
    spoken = our_language(language)
    with translation.override(spoken):
        response = _composed(request, copy, gtin=gtin)
    response.headers["Content-Language"] = spoken
    return response


def _composed(request: EdgeRequest, copy: PublicCopy, *, gtin: str) -> HttpResponse:
    cookies = request.COOKIES
    has_session = settings.SESSION_COOKIE_NAME in cookies
    verdict = _verdict(request, copy.stored) if has_session else b""
    now = datetime.now(UTC)
    scan = scan_behind(request, gtin=gtin, now=now)
    saving = _save_form(request, copy.stored, code=scan.item.raw if scan else gtin) if has_session else b""
    pack = _pack(scan, copy.stored, now=now) if scan else b""
    invited = not verdict and not saving and nudge.COOKIE not in cookies
    # A session that names nobody is taken from the browser with this very answer, which is no one else's.
    if invited and not pack and not has_session and _WAIT not in request.GET:
        return answer(request, copy, content_type=_HTML, vary=_VARY)
    invitation = copy.invitation if invited else b""
    after = _of_pack(copy, scan) if scan else copy.after
    # What may speak against this pack comes before the way into the fridge.
    body = b"".join((copy.before, verdict, pack, saving, invitation, after))
    # Nor does a proxy pack it: how well it packs could tell of the verdict in it (BREACH).
    return HttpResponse(body, headers={"Cache-Control": "private, no-store, no-transform", "Vary": _VARY})


@only_read
def search_page(request: HttpRequest) -> HttpResponse:
    """Products by name, brand or code."""
    query = request.GET.get("q", "").strip()
    filters = filters_of(request.GET)
    results = search(query=query, language=reading_language(request), filters=filters)
    context = {
        "query": query,
        "filters": filters,
        "choices": choices(filters),
        "chosen": chosen(filters),
        "category": category_in_words(filters.category),
        "results": results.products,
        "more": results.more,
    }
    response = render(request, "passport/search.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = _VARY
    return response


def _public_page(
    stored: StoredEntry, language: str, answers: Answers, *, waited: bool = False
) -> tuple[bytes, bytes, bytes]:
    # Without the request: nothing of who asks can get into what everyone gets.
    sections = for_page(stored, answers, now=datetime.now(UTC))
    with translation.override(our_language(language)):
        page = page_of(stored, language=language, sections=sections)
        context = {
            "page": page,
            "address": structured_data.address(page.gtin),
            "structured": structured_data.json_ld(stored, page),
            "waited": waited,
            "slot": mark_safe(_SLOT),  # noqa: S308 - ours
            "general": mark_safe(_GENERAL),  # noqa: S308 - ours
        }
        html = render_to_string("passport/passport.html", context)
    before, invitation, after = html.split(_SLOT)
    return before.encode(), invitation.encode(), after.encode()


def _beside(stored: StoredEntry) -> Answers:
    return refreshed(stored, now=datetime.now(UTC))


PAGES: Final = PublicCopies(render=_public_page, beside=_beside)
#: For browsers without scripts, where a section has to be in the page itself. None of these is kept.
_WAITED: Final = PublicCopies(render=partial(_public_page, waited=True), beside=_beside)


def _waited_for(gtin: str, language: str) -> PublicCopy | None:
    """The page once its sections are there, or a moment later without them."""
    wait_for_sections(gtin=gtin)
    return _WAITED.new(gtin=gtin, language=language)


def _verdict(request: EdgeRequest, stored: StoredEntry) -> bytes:
    """The signed-in person's part; where it fails the page goes without, and says so."""
    try:
        return ports.personal_part().verdict_panel(request=request, stored=stored)
    except Exception as error:  # noqa: BLE001 - whatever it raises, the public page is there
        # The kind of error and nothing else: a text, a traceback or the product could tell of a person.
        log.warning("verdict_panel_failed", error=type(error).__qualname__)
        return render_to_string("passport/no_verdict.html").encode()


def _save_form(request: EdgeRequest, stored: StoredEntry, *, code: str) -> bytes:
    """The signed-in person's way into the fridge; where it fails the page goes without, and says so."""
    try:
        return ports.personal_part().save_form(request=request, stored=stored, code=code)
    except Exception as error:  # noqa: BLE001 - whatever it raises, the public page is there
        log.warning("save_form_failed", error=type(error).__qualname__)
        return render_to_string("passport/no_save_form.html").encode()


def _pack(scan: RecordedScan, stored: StoredEntry, *, now: datetime) -> bytes:
    """What a code says about its pack, and a recall of it.

    Its dates are compared with the day in UTC: of the reader's time zone we know nothing.
    """
    pack = scanned_pack(item=scan.item, today=now.date(), recalls=stored.recalls)
    context = {"pack": pack, "has_journey": scan.journey is not None}
    return render_to_string("passport/pack.html", context).encode() if pack else b""


def _of_pack(copy: PublicCopy, scan: RecordedScan) -> bytes:
    """The rest of the page for one pack: where its lot has been takes the place of where the product comes
    from in general, and what has a use-by date is no matter of quality, whatever the label says."""
    after = copy.after
    if scan.journey:
        before, _general, rest = after.split(_GENERAL.encode())
        section = {"page": {"journey": journey_of(scan.journey)}}
        after = b"".join((before, render_to_string("passport/_journey.html", section).encode(), rest))
    if scan.item.expiry is None or copy.stored.entry.label.date_kind is not DateKind.BEST_BEFORE:
        return after
    said, meant = (
        render_to_string("passport/_date_kind.html", {"kind": kind.value}).strip().encode()
        for kind in (DateKind.BEST_BEFORE, DateKind.USE_BY)
    )
    return after.replace(said, meant, 1)


def _no_passport(request: EdgeRequest, gtin: str) -> HttpResponse:
    """No product, no code at all, or a GTIN with fewer digits than the page's address has."""
    try:
        known = gtin14(gtin)
    except CodeRefused as refused:
        return resolver.refuse(request, refused, code=gtin)
    if known != gtin:
        return HttpResponsePermanentRedirect(passport_path(known))
    # The address was opened without a scan, and a report needs one.
    return resolver.unknown(request, gtin=gtin, scan=None)
