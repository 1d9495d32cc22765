"""The scan behind a page: that of the pack which led this browser to a product."""

from datetime import datetime

from contexts.passport.application.errors import ScanNotFound
from contexts.passport.application.scans import scan_of
from contexts.passport.domain.scans import RecordedScan
from contexts.passport.web.scan_cookie import COOKIE, scan_for_page
from packytrace.edge.request import EdgeRequest


def scan_behind(request: EdgeRequest, *, gtin: str, now: datetime) -> RecordedScan | None:
    """The scan that led this browser to a product's page, for the visitor who made it; None for anybody else.

    One query, and none without the cookie.
    """
    if COOKIE not in request.COOKIES or (scan_id := scan_for_page(request, gtin=gtin, now=now)) is None:
        return None
    try:
        return scan_of(
            scan_id=scan_id,
            visitor_id=request.visitor.known_id,
            account_id=request.account_id,
            now=now,
        )
    except ScanNotFound:
        return None
