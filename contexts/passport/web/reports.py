"""The page that says "We don't know this product yet", once its button was pressed."""

from datetime import UTC, datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from contexts.passport.application.errors import ProductIsKnown
from contexts.passport.application.reports import report_unknown_product
from contexts.passport.application.scans import scan_of
from contexts.passport.web.asking import known_account
from contexts.passport.web.scan_cookie import passport_path
from packytrace.edge.own_forms import takes_own_forms
from packytrace.edge.request import EdgeRequest


@takes_own_forms
def report(request: EdgeRequest, scan_id: UUID) -> HttpResponse:
    """POST notes the report and leads to GET, which says thank you; a reload asks for nothing twice."""
    visitor_id, account_id, now = request.visitor.known_id, known_account(request), datetime.now(UTC)
    if request.method == "POST":
        try:
            report_unknown_product(scan_id=scan_id, visitor_id=visitor_id, account_id=account_id, at=now)
        except ProductIsKnown:
            scan = scan_of(scan_id=scan_id, visitor_id=visitor_id, account_id=account_id, now=now)
            return HttpResponseRedirect(passport_path(scan.item.gtin), status=303)
        return HttpResponseRedirect(request.path, status=303)
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    scan = scan_of(scan_id=scan_id, visitor_id=visitor_id, account_id=account_id, now=now)
    response = render(
        request,
        "passport/unknown.html",
        {
            "gtin": scan.item.gtin,
            "is_product": True,
            "reported": True,
            "report_url": "",
            "correlation_id": request.correlation_id,
        },
    )
    response.headers["Cache-Control"] = "no-store"
    return response
