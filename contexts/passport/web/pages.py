"""Home, passport and search: pages for people. The passport's public part is the same for everyone."""

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie

from contexts.passport.application.errors import CodeNotAccepted
from contexts.passport.application.passport_page import pack_of
from contexts.passport.application.search import search
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.web.public_page import PAGES, PublicPage
from contexts.passport.web.scan_cookie import COOKIE, passport_path, scan_for_page
from packytrace.edge.request import EdgeRequest

#: A browser or a cache in front may show a page for a minute, and a stale one while it asks again.
_PUBLIC: Final = "public, max-age=60, stale-while-revalidate=600"
_PERSONAL: Final = "private, no-store"
_VARY: Final = "Accept-Language, Cookie"


@ensure_csrf_cookie
def home(request: HttpRequest) -> HttpResponse:
    """Where a code is typed or pasted."""
    return render(request, "passport/scan.html")


def passport(request: EdgeRequest, gtin: str) -> HttpResponse:
    """A product's passport; with the scanned pack on top for the browser that has just scanned it."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
    page = PAGES.page(gtin=gtin, language=get_language() or "en")
    if page is None:
        return _unknown(request, gtin)
    if COOKIE in request.COOKIES:
        now = datetime.now(UTC)
        scan_id = scan_for_page(request, gtin=gtin, now=now)
        personal = _pack(scan_id, now=now) if scan_id else b""
        return _personal(page, personal)
    headers = {"ETag": page.etag, "Cache-Control": _PUBLIC, "Vary": _VARY}
    if _matches(request.META.get("HTTP_IF_NONE_MATCH", ""), page.etag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(page.before + page.after, headers=headers)


def search_page(request: HttpRequest) -> HttpResponse:
    """Products by name or code."""
    query = request.GET.get("q", "").strip()
    results = search(query=query)
    found = [
        SimpleNamespace(url=passport_path(product.gtin), **_fields(product)) for product in results.products
    ]
    return render(request, "passport/search.html", {"query": query, "results": found, "more": results.more})


def _fields(product: object) -> dict[str, object]:
    return {name: getattr(product, name) for name in product.__dataclass_fields__}  # type: ignore[attr-defined]


def _personal(page: PublicPage, personal: bytes) -> HttpResponse:
    return HttpResponse(
        b"".join((page.before, personal, page.after)), headers={"Cache-Control": _PERSONAL, "Vary": _VARY}
    )


def _pack(scan_id: UUID, *, now: datetime) -> bytes:
    pack = pack_of(scan_id=scan_id, now=now)
    return b"" if pack is None else render_to_string("passport/pack.html", {"pack": pack}).encode()


def _unknown(request: EdgeRequest, gtin: str) -> HttpResponse:
    """A page that was opened by its address; the report needs a scan, so this one offers none."""
    try:
        gtin14(gtin)
    except CodeRefused as refused:
        context = {
            "problem": str(CodeNotAccepted(refused)),
            "code": gtin,
            "correlation_id": request.correlation_id,
        }
        return render(request, "passport/bad_code.html", context, status=400)
    told: dict[str, object] = {
        "gtin": gtin,
        "report_url": "",
        "reported": False,
        "correlation_id": request.correlation_id,
    }
    response = render(request, "passport/unknown.html", told, status=404)
    response.headers["Cache-Control"] = "no-store"
    return response


def _matches(if_none_match: str, etag: str) -> bool:
    """Whether the client has these bytes (RFC 9110 section 13.1.2: weak comparison, `*` matches any)."""
    if not if_none_match:
        return False
    return if_none_match.strip() == "*" or etag in re.findall(r'"[^"]*"', if_none_match)
