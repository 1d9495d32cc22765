"""Home, passport and search: pages for people."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.passport_page import pack_of, page_of
from contexts.passport.application.search import Found, search
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web import resolver
from contexts.passport.web.languages import wished_language
from contexts.passport.web.public_copy import PublicCopies, answer
from contexts.passport.web.scan_cookie import COOKIE, passport_path, scan_for_page
from packytrace.edge.request import EdgeRequest

_HTML: Final = "text/html; charset=utf-8"
#: The cookie that counts is the scan's: with it the page is another one.
_VARY: Final = "Accept-Language, Cookie"
#: Stands where the personal part goes. No text can contain it: texts are escaped.
_SLOT: Final = "<!--personal-->"


@require_safe
@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    """Where a code is typed or pasted."""
    return render(request, "passport/scan.html")


@require_safe
def passport(request: EdgeRequest, gtin: str) -> HttpResponse:
    """A product's passport; with the scanned pack on it for the browser that has just scanned one."""
    copy = PAGES.find(gtin=gtin, language=_language(request))
    if copy is None:
        return _no_passport(request, gtin)
    if COOKIE in request.COOKIES and (pack := _pack(request, gtin=gtin)):
        body = b"".join((copy.before, pack, copy.after))
        return HttpResponse(body, headers={"Cache-Control": "private, no-store", "Vary": _VARY})
    return answer(request, copy, content_type=_HTML, vary=_VARY)


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Products by name, brand or code."""
    query = request.GET.get("q", "").strip()
    results = search(query=query, language=_language(request))
    context = {"query": query, "results": list(_results(results.products)), "more": results.more}
    response = render(request, "passport/search.html", context)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = _VARY
    return response


def _public_page(stored: StoredEntry, language: str) -> tuple[bytes, bytes]:
    # Without the request: nothing of who asks can get into what everyone gets.
    html = render_to_string(
        "passport/passport.html",
        {"page": page_of(stored, language=language), "personal_slot": mark_safe(_SLOT)},  # noqa: S308 - ours
    )
    before, _, after = html.partition(_SLOT)
    return before.encode(), after.encode()


PAGES: Final = PublicCopies(render=_public_page)


def _language(request: HttpRequest) -> str:
    return wished_language(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


def _pack(request: EdgeRequest, *, gtin: str) -> bytes:
    """What the scanned code says about its pack; empty when no scan led here or it says nothing."""
    now = datetime.now(UTC)
    scan_id = scan_for_page(request, gtin=gtin, now=now)
    pack = pack_of(scan_id=scan_id, now=now) if scan_id else None
    return render_to_string("passport/pack.html", {"pack": pack}).encode() if pack else b""


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


def _results(products: tuple[Found, ...]) -> Iterator[dict[str, Any]]:
    for product in products:
        yield {**asdict(product), "url": passport_path(product.gtin)}
