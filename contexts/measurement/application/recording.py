"""Taking a scan into the window that is open for it."""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.db import connections

from contexts.measurement.domain import windows
from contexts.measurement.domain.pseudonyms import KEY_BYTES, pseudonym
from contexts.measurement.models import RawScan

_log = structlog.get_logger(__name__)


def record_scan(*, brand_id: UUID, gtin: str, person_id: UUID, scanned_at: datetime, now: datetime) -> None:
    """Count one scan in the window of its day, or, where that is closed, in the next open one.

    A scan older than raw facts may live is only counted as discarded. Runs in the transaction that also
    remembers the fact as handled: a scan counts once.
    """
    if windows.is_too_old(scanned_at=scanned_at, now=now):
        _count_discarded(day=windows.day_of(now))
        return
    day, key = _open_window(day=windows.day_of(scanned_at))
    RawScan.objects.create(
        window_id=day,
        brand_id=brand_id,
        gtin=gtin,
        pseudonym=pseudonym(key=key, brand_id=brand_id, person_id=person_id),
    )


def _open_window(*, day: date) -> tuple[date, bytes]:
    """The first window from `day` on that is not closed, and its key; made where nobody needed it before.

    Shares a lock on its row until the transaction ends: a close waits for us, or we see that it is closed.
    """
    with connections["measurement"].cursor() as cursor:
        while True:
            cursor.execute("SELECT key FROM measurement_window WHERE day = %s FOR SHARE", [day])
            row = cursor.fetchone()
            if row is None:
                cursor.execute(
                    "INSERT INTO measurement_window (day, key) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                    [day, secrets.token_bytes(KEY_BYTES)],
                )
            elif row[0] is None:
                day += timedelta(days=1)
            else:
                return day, bytes(row[0])


def _count_discarded(*, day: date) -> None:
    _log.warning("scan_discarded", reason="older than raw facts may live")
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO discarded_scans AS discarded (day, facts) VALUES (%s, 1)"
            " ON CONFLICT (day) DO UPDATE SET facts = discarded.facts + 1",
            [day],
        )
