"""Taking scans, and what is told of fridges, into the window that is open for it."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.db import connections

from contexts.measurement.application import ports
from contexts.measurement.application.people import hold_holder
from contexts.measurement.domain import windows
from contexts.measurement.domain.disclosure import ITEMS_COUNTED
from contexts.measurement.domain.pseudonyms import KEY_BYTES, pseudonym
from contexts.measurement.models import RawFinished, RawStored
from packytrace.people.erasing import digest_of, is_erased

_log = structlog.get_logger(__name__)


def record_scan(
    *,
    brand_id: UUID,
    gtin: str,
    visitor_id: UUID,
    account_id: UUID | None,
    scanned_at: datetime,
) -> None:
    """Count one scan in the window of its day, or, where that is closed, in the next open one.

    Nobody is counted who did not allow it or was erased. A scan that comes too late for any window is only
    counted as discarded. Runs in the transaction that also remembers the fact as handled: a scan counts once.
    """
    person_id = ports.consents().counted_as(visitor_id=visitor_id, account_id=account_id)
    if person_id is None:
        return
    scanned_on = windows.day_of(scanned_at)
    window = _find_window(day=scanned_on) or _next_window(day=scanned_on)
    if window is None:
        _count_discarded(day=scanned_on)
        return
    day, key = window
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO raw_scan (id, window_id, brand_id, gtin, pseudonym)"
            " SELECT gen_random_uuid(), %s, %s, %s, %s"
            " WHERE NOT EXISTS (SELECT FROM erased_person WHERE digest = ANY(%s::bytea[]))",
            [
                day,
                brand_id,
                gtin,
                pseudonym(key=key, brand_id=brand_id, person_id=person_id),
                [digest_of(known_as) for known_as in (visitor_id, account_id) if known_as],
            ],
        )


def record_stored(*, brand_id: UUID, gtin: str, holder: UUID, packs: int, stored_on: date) -> None:
    """Count stored packs in the window of their day; in none if that is closed, or the holder forgotten.

    No more are kept than would count.
    """
    hold_holder(holder=holder, shared=True)
    if is_erased(person_ids=[holder], using="measurement"):
        return
    key = _open_key(table="measurement_window", column="day", start=stored_on)
    if key is None:
        _discard(day=stored_on)
        return
    RawStored.objects.bulk_create(
        RawStored(
            window_id=stored_on,
            brand_id=brand_id,
            gtin=gtin,
            pseudonym=pseudonym(key=key, brand_id=brand_id, person_id=holder),
        )
        for _pack in range(min(packs, ITEMS_COUNTED))
    )


def record_finished(
    *, brand_id: UUID, gtin: str, holder: UUID, packs: int, finished_on: date, outcome: str, tenths: int
) -> None:
    """Count a share of finished packs in the window of their week; in none if that is closed, or the holder
    forgotten. No more is kept than would count."""
    hold_holder(holder=holder, shared=True)
    if is_erased(person_ids=[holder], using="measurement"):
        return
    monday = windows.week_of(finished_on)
    key = _open_key(table="measurement_week", column="monday", start=monday)
    if key is None:
        _discard(day=finished_on)
        return
    RawFinished.objects.create(
        week_id=monday,
        brand_id=brand_id,
        gtin=gtin,
        outcome=outcome,
        tenths=min(packs * tenths, ITEMS_COUNTED * 10),
        pseudonym=pseudonym(key=key, brand_id=brand_id, person_id=holder),
    )


def _open_key(*, table: str, column: str, start: date) -> bytes | None:
    """The key of a window, made where nobody needed it before; None where it is closed, or a later one is.

    Unlike a scan, what a holder did counts in no later window: its holder there is another, and the household
    would be two. Shares a lock on the row until the transaction ends: a close waits for us.
    """
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({column}, key) SELECT %(start)s, %(key)s"  # noqa: S608 - ours
            f" WHERE NOT EXISTS (SELECT FROM {table} WHERE {column} >= %(start)s AND closed_at IS NOT NULL)"
            " ON CONFLICT DO NOTHING",
            {"start": start, "key": secrets.token_bytes(KEY_BYTES)},
        )
        cursor.execute(
            f"SELECT key FROM {table} WHERE {column} = %s AND closed_at IS NULL FOR SHARE",  # noqa: S608
            [start],
        )
        row = cursor.fetchone()
    return None if row is None else bytes(row[0])


def _discard(*, day: date) -> None:
    _log.warning("item_fact_discarded", day=day.isoformat(), reason="too late for its window")


def _find_window(*, day: date) -> tuple[date, bytes] | None:
    """The window of a day with its key, if it is open.

    Shares a lock on its row until the transaction ends: a close waits for us, or we see that it is closed.
    """
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "SELECT key FROM measurement_window WHERE day = %s AND closed_at IS NULL FOR SHARE", [day]
        )
        row = cursor.fetchone()
    return None if row is None else (day, bytes(row[0]))


def _next_window(*, day: date) -> tuple[date, bytes] | None:
    """The first window from a day on that is not closed, made where nobody needed it before.

    None for a day that is too long ago.
    """
    with connections["measurement"].cursor() as cursor:
        cursor.execute("SELECT max(day) FROM measurement_window WHERE closed_at IS NOT NULL")
        (last_closed,) = cursor.fetchone() or (None,)
        if last_closed is not None and windows.is_too_late(day=day, last_closed=last_closed):
            return None
        while True:
            cursor.execute(
                "INSERT INTO measurement_window (day, key) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [day, secrets.token_bytes(KEY_BYTES)],
            )
            if window := _find_window(day=day):
                return window
            day += timedelta(days=1)


def _count_discarded(*, day: date) -> None:
    _log.warning("scan_discarded", day=day.isoformat(), reason="too late for every window")
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO discarded_scans AS discarded (day, scans) VALUES (%s, 1)"
            " ON CONFLICT (day) DO UPDATE SET scans = discarded.scans + 1",
            [day],
        )
