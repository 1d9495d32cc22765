"""The Resolver: where a Digital Link lands. A scan is recorded, then the answer leads to what was asked for.

After the GS1-Conformant Resolver Standard 1.2; docs/gs1-conformance.md says how each of its clauses is kept.
Statuses: 307 to a link (temporary, so that the next scan comes here again), 200 with the list of links, 300
where nothing that was said tells several links apart, 404 where nothing is registered, 400 for a code that
breaks a rule, 503 when a scan cannot be recorded. Only a list of links may be stored by a cache: every other
answer is one scan's.
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

from contexts.passport.application.errors import CodeNotAccepted, NothingRegistered, ProductUnknown
from contexts.passport.application.reports import has_reported
from contexts.passport.application.resolving import answering, offers, passport_address, registered_for
from contexts.passport.domain.application_identifiers import GTIN
from contexts.passport.domain.choosing import Wish, wish_of
from contexts.passport.domain.digital_link import Identified, parse_code, parse_uri, scanned_item
from contexts.passport.domain.link_targets import with_query
from contexts.passport.domain.links import Registered
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scans import RecordedScan
from contexts.passport.web import linksets, sections
from contexts.passport.web.link_checkers import is_link_checker
from contexts.passport.web.recording import record
from contexts.passport.web.scan_cookie import passport_path, set_scan_cookie
from packytrace.edge import problems
from packytrace.edge.answers import answer, asks_for_json
from packytrace.edge.languages import language_of, speaking_to, told
from packytrace.edge.own_forms import takes_own_forms
from packytrace.edge.request import EdgeRequest

_METHODS: Final = "GET, HEAD, OPTIONS"
#: Where browsers say that they read ahead: the standard header, and what came before it.
_PURPOSES: Final = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
#: What browsers leave as it is in a query (WHATWG URL Standard, section 1.3), though RFC 3986 has it encoded.
_LEFT_RAW: Final = re.compile(r"[\\^`{|}]")
#: Where the binary string of a radio tag begins.
_COMPRESSED: Final = ("/eh", "/ex")

#: A passport's own address, as people share it. Of any host: only the path leads on, and it is always ours.
_SHARED_PAGE: Final = re.compile(r"https?://[^/?#\s]+/passport/([0-9]{14})/?(?:[?#]\S*)?", re.IGNORECASE)


@csrf_exempt  # a POST is refused as what it is, not for a missing token
def resolve(request: EdgeRequest) -> HttpResponse:
    """Answer for a Digital Link of ours."""
    if request.method == "OPTIONS":
        return options()
    if request.method not in {"GET", "HEAD"}:
        return wrong_method(request)
    now = datetime.now(UTC)
    link = scanned_link(request)
    try:
        identified = parse_uri(link, today=now.date())
    except CodeRefused as refused:
        return _open_to_all(refuse(request, refused, code=link))
    query = link.partition("?")[2]
    wish = wish_of(
        query=query,
        accept=request.META.get("HTTP_ACCEPT", ""),
        accept_language=request.META.get("HTTP_ACCEPT_LANGUAGE", ""),
    )
    response = _answer(request, identified, wish=wish, query=query, at=now)
    linksets.point_to_list(response, identified=identified)
    return _open_to_all(response)


@takes_own_forms
def enter_code(request: EdgeRequest) -> HttpResponse:
    """The form of the home page: a pasted link or typed digits, resolved as if they had been scanned.

    It leads to the passport, whatever a brand has registered: who types here wants our page. The address of a
    passport leads to that page; nobody had its pack at hand, so that it is no scan. Who only opens this one,
    as after choosing a language on a page that it answered, is led to the form.
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
        return _redirect(passport_path(shared[1]), status=303)
    try:
        item = parse_code(text=text, today=now.date())
    except CodeRefused as refused:
        return refuse(request, refused, code=text.strip())
    scan = record(request, item=item, channel="api", at=now)
    if not scan.product_known:
        return unknown(request, gtin=item.gtin, scan=scan)
    response = _redirect(passport_path(item.gtin), status=303)
    set_scan_cookie(response, scan_id=scan.scan_id, gtin=item.gtin)
    return response


def scanned_link(request: HttpRequest) -> str:
    """The link as it was scanned, but for a slash at its end, which the standard lets us overlook (2.13).

    Django's path is percent-decoded, so that a lot with a slash in it (`%2F`) could not be told from two path
    segments: the raw request target is read, which the server hands over as REQUEST_URI. Where a server does
    not, as Django's test client, the decoded path is encoded again and a `%2F` has become a slash.
    """
    target = request.META.get("REQUEST_URI")
    if target is None:
        target = quote(request.META["PATH_INFO"].encode("latin-1"), safe="/!$&'()*+,;=:@-._~")
        if query := request.META.get("QUERY_STRING"):
            target += f"?{query}"
    path, mark, query = target.partition("?")
    # Behind a value alone: behind an identifier, the slash says that its value is missing.
    if path.endswith("/") and (path.count("/") % 2 or path.startswith(_COMPRESSED)):
        target = f"{path[:-1]}{mark}{query}"
    if mark and _LEFT_RAW.search(query):
        path = target.partition("?")[0]
        target = f"{path}?{_LEFT_RAW.sub(lambda found: quote(found[0]), query)}"
    return f"{settings.PUBLIC_URL}{target}"


def is_scan(request: HttpRequest) -> bool:
    """Whether a person scanned: opened the link as a page of its own.

    Not a HEAD, not a browser that reads ahead, not a picture, frame or script of some page (W3C Fetch
    Metadata), not a link checker.
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
    return not is_link_checker(headers.get("HTTP_USER_AGENT", ""))


def _answer(
    request: EdgeRequest, identified: Identified, *, wish: Wish, query: str, at: datetime
) -> HttpResponse:
    """What a right code is answered; who reads the list of its links, or only looks, leaves no trace."""
    scan = None
    if identified.key == GTIN and not wish.linkset and is_scan(request):
        item = scanned_item(identified, today=at.date())
        scan = record(
            request,
            item=item,
            channel="link",
            at=at,
            identified=identified,
            default_alone=wish.link_type is None,
        )
    registered = (scan and scan.registered) or registered_for(identified)
    response = _lead(request, identified, registered, wish=wish, query=query, at=at, scan=scan)
    if scan is not None and scan.product_known:
        # Also where a brand's own page is next: the passport then still knows the pack that was scanned.
        set_scan_cookie(response, scan_id=scan.scan_id, gtin=identified.value)
    return response


def _lead(
    request: EdgeRequest,
    identified: Identified,
    registered: Registered,
    *,
    wish: Wish,
    query: str,
    at: datetime,
    scan: RecordedScan | None,
) -> HttpResponse:
    if request.path_info.startswith(_COMPRESSED):
        query = _with_tag(identified, query)
    if not registered.links and not wish.linkset and wish.link_type is None:
        # Most codes of most products: there is nothing to choose from.
        if registered.product_known:
            return _redirect(with_query(passport_address(identified.value), query=query))
        return unknown(request, gtin=identified.value, scan=scan, key=identified.key)
    if wish.linkset:
        links = offers(registered, identified=identified, at=at)
        if links:
            return linksets.list_links(request, links, wish=wish, name=registered.name, identified=identified)
        return unknown(request, gtin=identified.value, scan=scan, key=identified.key)
    choice = answering(registered, identified=identified, wish=wish, at=at)
    if choice.link is not None:
        return _redirect(with_query(choice.link.href, query=query if choice.link.passes_query else ""))
    if not choice.links:
        return unknown(request, gtin=identified.value, scan=scan, key=identified.key)
    return linksets.offer(request, choice, wish=wish, name=registered.name, identified=identified)


def _with_tag(identified: Identified, query: str) -> str:
    """A raw query behind the attributes that a radio tag has said in the path (2.3, 2.12)."""
    said = {parameter.partition("=")[0] for parameter in re.split("[&;]", query)}
    tag = "&".join(f"{ai}={quote(value, safe='')}" for ai, value in identified.attributes if ai not in said)
    return "&".join(filter(None, (tag, query)))


def _redirect(target: str, *, status: int = 307) -> HttpResponse:
    return HttpResponse(
        status=status,
        content_type="text/html; charset=utf-8",  # Django's own, which it would put together each time
        headers={"Location": target, "Cache-Control": "no-store"},
    )


def unknown(request: EdgeRequest, *, gtin: str, scan: RecordedScan | None, key: str = GTIN) -> HttpResponse:
    """There is nothing for a right code: 404. `gtin` is the value of its key."""
    if asks_for_json(request):
        return answer(request, problems.problem_of(ProductUnknown() if key == GTIN else NothingRegistered()))
    context = {
        "gtin": gtin,
        "is_product": key == GTIN,
        "asked": sections.asked_for_unknown(gtin=gtin) if key == GTIN else "",
        "report_url": reverse("passport:report_page", args=[scan.scan_id]) if scan else "",
        "reported": scan is not None and has_reported(visitor_id=request.visitor.id, gtin=gtin),
        "correlation_id": request.correlation_id,
    }
    return _page(request, "passport/unknown.html", context, status=404)


def refuse(request: EdgeRequest, refused: CodeRefused, *, code: str) -> HttpResponse:
    """Say what is wrong with a code: 400."""
    with speaking_to(request):
        error = CodeNotAccepted(refused)
    if asks_for_json(request):
        response = answer(request, problems.problem_of(error))
    else:
        context = {"problem": error, "code": code, "correlation_id": request.correlation_id}
        response = _page(request, "passport/bad_code.html", context, status=400)
    linksets.vary(response)
    return response


def options() -> HttpResponse:
    """What may be asked here; for another site's script, too (CORS preflight)."""
    return HttpResponse(
        status=204,
        headers={
            "Allow": _METHODS,
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": "Accept, Accept-Language, If-None-Match",
            "Access-Control-Max-Age": "86400",
        },
    )


def wrong_method(request: EdgeRequest) -> HttpResponse:
    """Refuse what is not only read: 405, readable for another site's script, too."""
    response = answer(request, problems.METHOD_NOT_ALLOWED)
    response.headers["Allow"] = _METHODS
    return _open_to_all(response)


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """Let scripts of other sites read the answer, as the resolver standard asks; without credentials."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Allow-Methods"] = _METHODS
    headers["Access-Control-Expose-Headers"] = "ETag, Link, Location"
    return response


def _page(request: EdgeRequest, template: str, context: Mapping[str, object], *, status: int) -> HttpResponse:
    """A page in the language of who asks, whom no middleware has asked for it; nothing may store it."""
    with speaking_to(request):
        response = render(request, template, context, status=status)
    told(response, request=request, language=language_of(request))
    response.headers["Cache-Control"] = "no-store"
    return response
