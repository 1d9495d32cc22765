"""What somebody has scanned, the newest first, page by page."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connections

from contexts.passport.application.errors import CursorNotAccepted
from contexts.passport.application.passport_page import name_without_one
from contexts.passport.application.pictures import picture_url
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import RecordedScan

_DATABASE: Final = "passport"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A scan's place in the order of time: the list goes on behind it."""

    at: datetime
    scan_id: UUID

    def as_cursor(self) -> str:
        """For whoever comes back for more; says nothing that the scan itself does not."""
        moment = (self.at - _EPOCH) // _MICROSECOND
        return base64.urlsafe_b64encode(moment.to_bytes(8) + self.scan_id.bytes).decode()


#: Before it is everything.
_START: Final = Place(at=datetime.max.replace(tzinfo=UTC), scan_id=UUID(int=(1 << 128) - 1))


def place_of(cursor: str) -> Place:
    """The place that a cursor names. Raises CursorNotAccepted."""
    try:
        raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        if len(raw) != 24:
            raise CursorNotAccepted
        return Place(at=_EPOCH + int.from_bytes(raw[:8]) * _MICROSECOND, scan_id=UUID(bytes=raw[8:]))
    except (ValueError, OverflowError):
        raise CursorNotAccepted from None


@dataclass(frozen=True, kw_only=True, slots=True)
class PastScan:
    """A scan, and what the catalogue says of its product today."""

    scan: RecordedScan
    name: str
    brand_name: str
    picture_url: str | None
    is_known: bool
    """Whether the product has a passport today."""


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A page of scans, the newest first."""

    scans: tuple[PastScan, ...]
    next: str | None
    """The cursor of what is older; None at the end."""


#: Both are `contexts.passport.domain.scans.owner_of` said from the other side. Each arm reads its index from
#: the newest scan on and stops at the limit.
_OF_ACCOUNT: Final = """
(SELECT * FROM scan WHERE account_id = %(person)s AND {older} {newest_first})
UNION ALL
(SELECT theirs.*
FROM visitor_link AS link
CROSS JOIN LATERAL (
    SELECT * FROM scan
    WHERE visitor_id = link.visitor_id AND scan.account_id IS NULL AND {older} {newest_first}
) AS theirs
WHERE link.account_id = %(person)s)"""
_OF_VISITOR: Final = """
SELECT * FROM scan
WHERE visitor_id = %(person)s AND account_id IS NULL
    AND NOT EXISTS (SELECT FROM visitor_link WHERE visitor_id = %(person)s) AND {older} {newest_first}"""

_HISTORY: Final = """
SELECT
    scan.id, scan.visitor_id, scan.gtin, scan.product_known, scan.cpv, scan.lot, scan.serial, scan.expiry,
    scan.best_before, scan.net_weight_kg, scan.raw, scan.scanned_at,
    coalesce(entry.card #>> ARRAY['names', %(language)s], entry.name, '') AS name,
    coalesce(entry.brand_name, '') AS brand_name, entry.card ->> 'picture' AS picture,
    entry.gtin IS NOT NULL AS is_known
FROM ({owned}) AS scan
LEFT JOIN catalogue_entry AS entry ON entry.gtin = scan.gtin
{newest_first}"""
_OLDER: Final = "(scanned_at, id) < (%(at)s, %(scan_id)s)"
_NEWEST_FIRST: Final = "ORDER BY scanned_at DESC, id DESC LIMIT %(limit)s"


def _statement(owned: str) -> str:
    owned = owned.format(older=_OLDER, newest_first=_NEWEST_FIRST)
    return _HISTORY.format(owned=owned, newest_first=_NEWEST_FIRST)


_ACCOUNT_HISTORY: Final = _statement(_OF_ACCOUNT)
_VISITOR_HISTORY: Final = _statement(_OF_VISITOR)


def history_of_account(*, account_id: UUID, language: str, limit: int, after: Place | None = None) -> History:
    """The scans that an account owns; products' names in a language as far as labels have it. One query."""
    return _history(_ACCOUNT_HISTORY, person=account_id, language=language, limit=limit, after=after)


def history_of_visitor(*, visitor_id: UUID, language: str, limit: int, after: Place | None = None) -> History:
    """The scans that a browser made without an account; none once they are an account's, whose session may
    have run out on a device that others use. One query."""
    return _history(_VISITOR_HISTORY, person=visitor_id, language=language, limit=limit, after=after)


def _history(statement: str, *, person: UUID, language: str, limit: int, after: Place | None) -> History:
    place = after or _START
    values: dict[str, UUID | str | datetime | int] = {
        "person": person,
        "language": language,
        "at": place.at,
        "scan_id": place.scan_id,
        "limit": limit + 1,
    }
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(statement, values)
        names = [column.name for column in cursor.description]
        scans = [_past_scan(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
    shown = tuple(scans[:limit])
    more = len(scans) > limit
    return History(
        scans=shown,
        next=Place(at=shown[-1].scan.at, scan_id=shown[-1].scan.scan_id).as_cursor() if more else None,
    )


def _past_scan(row: Mapping[str, Any]) -> PastScan:
    return PastScan(
        scan=RecordedScan(
            scan_id=row["id"],
            visitor_id=row["visitor_id"],
            item=ScannedItem(
                gtin=row["gtin"],
                cpv=row["cpv"] or None,
                lot=row["lot"] or None,
                serial=row["serial"] or None,
                expiry=row["expiry"],
                best_before=row["best_before"],
                net_weight=row["net_weight_kg"],
                raw=row["raw"],
            ),
            product_known=row["product_known"],
            at=row["scanned_at"],
        ),
        name=row["name"] or name_without_one(gtin=row["gtin"]),
        brand_name=row["brand_name"],
        picture_url=picture_url(row["picture"]),
        is_known=row["is_known"],
    )
