"""Scanning: a code becomes a recorded scan and the fact that tells of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
import psycopg
from django.db import Error as DatabaseError
from django.db import connections
from django.db.models import OuterRef, Subquery

from contexts.passport.application.errors import ScanNotFound, ScanNotRecorded, VisitorErased
from contexts.passport.application.journeys import OF_LOT, first_told, told_in_json
from contexts.passport.application.resolving import NO_ANCHORS, anchors, read
from contexts.passport.domain.digital_link import Identified
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import Channel, RecordedScan, may_read, new_scan_id
from contexts.passport.models import CatalogueEntry, Scan, VisitorLink
from contexts.passport.models.links import FIND_LINKS
from contexts.passport.models.scans import RECORD_SCAN
from packytrace.facts import outbox

_DATABASE = "passport"


def record_scan(
    *,
    item: ScannedItem,
    visitor_id: UUID,
    account_id: UUID | None,
    channel: Channel,
    at: datetime,
    opted_out: bool = False,
    identified: Identified | None = None,
    default_alone: bool = False,
) -> RecordedScan:
    """Record a scan together with ProductScanned; committed when this returns.

    A product that the catalogue lacks is a scan, too. `opted_out`: whoever scans asks not to be counted. With
    `identified`, the scan knows what is registered for its code, too, still in one round trip; of it only
    what `resolving.read` leaves with `default_alone`.
    Raises ScanNotRecorded when the database does not take it: then nothing was acknowledged and the same code
    can be scanned again; and VisitorErased when nothing may be kept under this visitor's id.
    """
    scan_id = new_scan_id(at=at)
    payload: dict[str, Any] = {
        "scanId": str(scan_id),
        "visitorId": str(visitor_id),
        "gtin": item.gtin,
        "scannedAt": at.isoformat(),
        "channel": channel,
    }
    if account_id is not None:
        payload["accountId"] = str(account_id)
    if opted_out:
        payload["optedOut"] = True
    # The two fields that only the statement knows are a boolean and a uuid column's value, absent when NULL:
    # whichever they turn out to be, a payload that is valid with this stand-in is valid with them.
    outbox.validate(fact="ProductScanned", payload={**payload, "productKnown": False}, key=payload["scanId"])
    answer = _record(
        scan_id=scan_id,
        parameters={
            "scan_id": payload["scanId"],
            "gtin": item.gtin,
            "visitor_id": payload["visitorId"],
            "account_id": payload.get("accountId"),
            "channel": channel,
            "cpv": item.cpv or "",
            "lot": item.lot or "",
            "serial": item.serial or "",
            "expiry": item.expiry.isoformat() if item.expiry else None,
            "best_before": item.best_before.isoformat() if item.best_before else None,
            "net_weight": None if item.net_weight is None else f"{item.net_weight:f}",
            "raw": item.raw,
            "scanned_at": payload["scannedAt"],
            "payload": orjson.dumps(payload).decode(),
            "headers": orjson.dumps(outbox.headers(context=_DATABASE, fact="ProductScanned")).decode(),
            "anchors": NO_ANCHORS if identified is None else anchors(identified),
        },
    )
    if answer is None:
        raise VisitorErased
    outbox.hint(using=_DATABASE)
    known = answer[0] == "t"
    registered = None
    if identified is not None:
        found = orjson.loads(answer[1:]) if len(answer) > 1 else None
        registered = read(found, identified=identified, product_known=known, default_alone=default_alone)
    return RecordedScan(
        scan_id=scan_id, visitor_id=visitor_id, item=item, product_known=known, at=at, registered=registered
    )


def _record(*, scan_id: UUID, parameters: dict[str, str | None]) -> str | None:
    """Run the statement; None where it recorded nothing, for an erased visitor.

    A connection that turns out to be dead is replaced once. The second attempt carries the same id: if the
    first was committed after all, it meets its own row.
    """
    connection = connections[_DATABASE]
    for last_attempt in (False, True):
        try:
            connection.ensure_connection()
            # Beneath Django's cursor: that would ask for the server's health first, one more round trip.
            return RECORD_SCAN.run(connection.connection, parameters)
        except psycopg.errors.UniqueViolation:
            known = Scan.objects.values_list("product_known", flat=True).get(id=scan_id)
            return ("t" if known else "f") + (FIND_LINKS.run(connection.connection, parameters) or "")
        except (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled) as error:
            raise ScanNotRecorded from error  # the server is alive and busy: again would only wait again
        except (psycopg.OperationalError, DatabaseError) as error:
            if last_attempt or connection.in_atomic_block:
                raise ScanNotRecorded from error
            connection.close()
    raise AssertionError("unreachable: the last attempt returns or raises")


def knows(*, gtin: str) -> bool:
    """Whether the catalogue has an entry for a GTIN."""
    return CatalogueEntry.objects.filter(gtin=gtin).exists()


def scan_of(
    *, scan_id: UUID, visitor_id: UUID | None, account_id: UUID | None, now: datetime
) -> RecordedScan:
    """A scan for whoever may read it, with the journey of its lot, in one query: see
    `contexts.passport.domain.scans.may_read`.

    Raises ScanNotFound alike for a scan that does not exist and for somebody else's.
    """
    link = VisitorLink.objects.filter(visitor_id=OuterRef("visitor_id")).values("account_id")
    scan = Scan.objects.annotate(linked_to=Subquery(link), told=OF_LOT).filter(id=scan_id).first()
    if scan is None or not may_read(
        visitor_id=scan.visitor_id,
        account_id=scan.account_id,
        linked_to=scan.linked_to,
        asking_visitor=visitor_id,
        asking_account=account_id,
        age=now - scan.scanned_at,
    ):
        raise ScanNotFound
    return RecordedScan(
        scan_id=scan.id,
        visitor_id=scan.visitor_id,
        item=ScannedItem(
            gtin=scan.gtin,
            cpv=scan.cpv or None,
            lot=scan.lot or None,
            serial=scan.serial or None,
            expiry=scan.expiry,
            best_before=scan.best_before,
            net_weight=scan.net_weight_kg,
            raw=scan.raw,
        ),
        product_known=scan.product_known,
        at=scan.scanned_at,
        journey=first_told(map(told_in_json, scan.told)),
    )
