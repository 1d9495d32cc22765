"""The Resolver: where a Digital Link lands. A scan is recorded, then the answer leads to the product's page.

Statuses: 307 to the passport (GS1-Conformant Resolver Standard: temporary, so that the next scan comes here
again), 404 for a product that we do not know yet, 400 for a code that breaks a rule, 503 when a scan cannot
be recorded. Nothing here may be stored by a cache: each answer is one scan's.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from contexts.passport.application.errors import CodeNotAccepted, ProductUnknown
from contexts.passport.application.reports import has_reported
from contexts.passport.application.scans import knows
from contexts.passport.domain.digital_link import parse_code, parse_link
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import Channel, RecordedScan
from contexts.passport.web.link_checkers import is_link_checker
from contexts.passport.web.recording import record
from contexts.passport.web.scan_cookie import passport_path, set_scan_cookie
from packytrace.edge.answers import asks_for_json
from packytrace.edge.languages import language_of, speaking_to, told
from packytrace.edge.own_forms import takes_own_forms
from packytrace.edge.request import EdgeRequest

_METHODS: Final = "GET, HEAD, OPTIONS"
#: Where browsers say that they read ahead: the standard header, and what came before it.
_PURPOSES: Final = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")

#: RFC 9264: the list of a product's links. GS1's link types `linkset` and, before it, `all` ask for it, too.
_LINKSET: Final = frozenset({"application/linkset+json", "application/linkset"})
_LINKSET_ASKED: Final = re.compile(r"(?:^|[&;])linkType=(?:linkset|all)(?:[&;]|$)")

#: A passport's own address, as people share it. Of any host: only the path leads on, and it is always ours.
_SHARED_PAGE: Final = re.compile(r"https?://[^/?#\s]+/passport/([0-9]{14})/?(?:[?#]\S*)?", re.IGNORECASE)


@csrf_exempt  # a POST is refused as what it is, not for a missing token
def resolve(request: EdgeRequest) -> HttpResponse:
    """Answer for a Digital Link of ours."""
    if request.method == "OPTIONS":
        return _options()
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": _METHODS})
    now = datetime.now(UTC)
    link = scanned_link(request)
    try:
        item = parse_link(uri=link, today=now.date())
    except CodeRefused as refused:
        return _open_to_all(refuse(request, refused, code=link))
    if is_scan(request):
        return _open_to_all(_record(request, item, channel="link", at=now))
    return _open_to_all(_lead_on(request, item))


@takes_own_forms
def enter_code(request: EdgeRequest) -> HttpResponse:
    """The form of the home page: a pasted link or typed digits, resolved as if they had been scanned.

    The address of a passport leads to that page; nobody had its pack at hand, so that it is no scan. Who only
    opens this one, as after choosing a language on a page that it answered, is led to the form.
    """
    if request.method in {"GET", "HEAD"}:
        return HttpResponse(
            status=303, headers={"Location": reverse("passport:home"), "Cache-Control": "no-store"}
        )
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    now = datetime.now(UTC)
    text = request.POST.get("code", "")
    if shared := _SHARED_PAGE.fullmatch(text.strip()):
        return _redirect(gtin=shared[1], status=303)
    try:
        item = parse_code(text=text, today=now.date())
    except CodeRefused as refused:
        return refuse(request, refused, code=text.strip())
    return _record(request, item, channel="api", at=now)


def scanned_link(request: HttpRequest) -> str:
    """The link as it was scanned.

    Django's path is percent-decoded, so that a lot with a slash in it (`%2F`) could not be told from two path
    segments: the raw request target is read, which the server hands over as REQUEST_URI. Where a server does
    not, as Django's test client, the decoded path is encoded again and a `%2F` has become a slash.
    """
    target = request.META.get("REQUEST_URI")
    if target is None:
        target = quote(request.META["PATH_INFO"].encode("latin-1"), safe="/!$&'()*+,;=:@-._~")
        if query := request.META.get("QUERY_STRING"):
            target += f"?{query}"
    return f"{settings.PUBLIC_URL}{target}"


def is_scan(request: HttpRequest) -> bool:
    """Whether a person scanned: opened the link as a page of its own.

    Not a HEAD, not a browser that reads ahead, not a picture, frame or script of some page (W3C Fetch
    Metadata), not who reads the list of links, not a link checker.
    """
    headers = request.META
    if request.method != "GET":
        return False
    if "HTTP_SEC_FETCH_MODE" in headers and headers["HTTP_SEC_FETCH_MODE"] != "navigate":
        return False
    if "HTTP_SEC_FETCH_DEST" in headers and headers["HTTP_SEC_FETCH_DEST"] != "document":
        return False
    for header in _PURPOSES:
        if header in headers and any(word in headers[header].lower() for word in ("prefetch", "preview")):
            return False
    return not (_asks_for_linkset(request) or is_link_checker(headers.get("HTTP_USER_AGENT", "")))


def _asks_for_linkset(request: HttpRequest) -> bool:
    """Whether the list of links is wanted rather than a page; who would rather have the page is led to it."""
    query = request.META.get("QUERY_STRING", "")
    if "linkType=" in query and _LINKSET_ASKED.search(query):
        return True
    if "linkset" not in request.META.get("HTTP_ACCEPT", "").lower():
        return False
    wished = (f"{kind.main_type}/{kind.sub_type}" for kind in request.accepted_types)
    return next((kind in _LINKSET for kind in wished if kind in _LINKSET or kind == "text/html"), False)


def _record(request: EdgeRequest, item: ScannedItem, *, channel: Channel, at: datetime) -> HttpResponse:
    scan = record(request, item=item, channel=channel, at=at)
    if not scan.product_known:
        return unknown(request, gtin=item.gtin, scan=scan)
    response = _redirect(gtin=item.gtin, status=307 if channel == "link" else 303)
    set_scan_cookie(response, scan_id=scan.scan_id, gtin=item.gtin)
    return response


def _lead_on(request: EdgeRequest, item: ScannedItem) -> HttpResponse:
    """The answer to who only looks: the same place, no trace."""
    if knows(gtin=item.gtin):
        return _redirect(gtin=item.gtin, status=307)
    return unknown(request, gtin=item.gtin, scan=None)


def _redirect(*, gtin: str, status: int) -> HttpResponse:
    return HttpResponse(
        status=status,
        content_type="text/html; charset=utf-8",  # Django's own, which it would put together each time
        headers={"Location": passport_path(gtin), "Cache-Control": "no-store"},
    )


def unknown(request: EdgeRequest, *, gtin: str, scan: RecordedScan | None) -> HttpResponse:
    if asks_for_json(request):
        raise ProductUnknown
    context = {
        "gtin": gtin,
        "report_url": reverse("passport:report_page", args=[scan.scan_id]) if scan else "",
        "reported": scan is not None and has_reported(visitor_id=request.visitor.id, gtin=gtin),
        "correlation_id": request.correlation_id,
    }
    return _page(request, "passport/unknown.html", context, status=404)


def refuse(request: EdgeRequest, refused: CodeRefused, *, code: str) -> HttpResponse:
    with speaking_to(request):
        error = CodeNotAccepted(refused)
    if asks_for_json(request):
        raise error
    context = {"problem": error, "code": code, "correlation_id": request.correlation_id}
    return _page(request, "passport/bad_code.html", context, status=400)


def _options() -> HttpResponse:
    """What may be asked here; for another site's script, too (CORS preflight)."""
    return HttpResponse(
        status=204,
        headers={
            "Allow": _METHODS,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": "Accept, Accept-Language",
            "Access-Control-Max-Age": "86400",
        },
    )


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """Let scripts of other sites read the answer, as the resolver standard asks; without credentials."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _page(request: EdgeRequest, template: str, context: Mapping[str, object], *, status: int) -> HttpResponse:
    """A page in the language of who asks, whom no middleware has asked for it; nothing may store it."""
    with speaking_to(request):
        response = render(request, template, context, status=status)
    told(response, request=request, language=language_of(request))
    response.headers["Cache-Control"] = "no-store"
    return response
