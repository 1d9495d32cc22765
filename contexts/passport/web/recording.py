"""A scan of whoever asks: as whom it is recorded, and whether it may be counted."""

from datetime import datetime
from typing import Final

from contexts.passport.application.errors import VisitorErased
from contexts.passport.application.scans import record_scan
from contexts.passport.domain.digital_link import Identified
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import Channel, RecordedScan
from packytrace.edge.request import EdgeRequest

#: Global Privacy Control (W3C): whoever asks does not want to be tracked; we do not count them.
_OPTED_OUT: Final = "HTTP_SEC_GPC"


def record(
    request: EdgeRequest,
    *,
    item: ScannedItem,
    channel: Channel,
    at: datetime,
    identified: Identified | None = None,
    default_alone: bool = False,
) -> RecordedScan:
    """Record a scan of the request's visitor, and of its account where a token names one.

    A browser that still has the cookie of a visitor who was erased becomes a new one. Raises ScanNotRecorded.
    """
    opted_out = request.META.get(_OPTED_OUT) == "1"
    try:
        return record_scan(
            item=item,
            visitor_id=request.visitor.id,
            account_id=request.account_id,
            channel=channel,
            at=at,
            opted_out=opted_out,
            identified=identified,
            default_alone=default_alone,
        )
    except VisitorErased:
        return record_scan(
            item=item,
            visitor_id=request.visitor.replace(),
            account_id=request.account_id,
            channel=channel,
            at=at,
            opted_out=opted_out,
            identified=identified,
            default_alone=default_alone,
        )
