"""Closing windows: what is safe is released, everything else is destroyed."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.db.models import Max

from contexts.measurement.domain import windows
from contexts.measurement.domain.disclosure import SCANS_COUNTED, Disclosure, Tally, disclose, threshold
from contexts.measurement.domain.releases import MOST_CELLS, AggregateReleased, Cell, Cube
from contexts.measurement.models import RawScan, Release, ReleasedCell, Window
from packytrace.facts import outbox

#: Draws lots where a known order would tell something.
_LOTS: Final = secrets.SystemRandom()


@dataclass(frozen=True, kw_only=True)
class ClosedWindow:
    """What came out of a window."""

    day: date
    brands: int
    cells_shown: int
    cells_hidden: int


def close_windows(*, now: datetime, k: int) -> list[ClosedWindow]:
    """Close every window that is due, the oldest first; returns those that this call has closed.

    Each in one transaction: killed in the middle, a window is as if nobody had touched it. Safe when two run
    at once: the second waits for the first and finds the window closed. Raises ThresholdTooLow.
    """
    people_needed = threshold(k)
    due = Window.objects.filter(closed_at=None, day__lte=windows.last_due_day(now=now)).order_by("day")
    results = (_close(day=day, now=now, k=people_needed) for day in list(due.values_list("day", flat=True)))
    return [closed for closed in results if closed is not None]


def _close(*, day: date, now: datetime, k: int) -> ClosedWindow | None:
    with transaction.atomic(using="measurement"):
        # Waits for consumers that are just writing to the window, and keeps later ones out.
        window = Window.objects.select_for_update().get(day=day)
        if window.closed_at is not None:
            return None
        releases = [
            release
            for brand_id in _brands(day=day)
            for release in _releases_of(brand_id=brand_id, day=day, now=now, k=k)
        ]
        _write(releases)
        destroy(window=window, now=now)
    cells = [cell for release in releases for cell in release.cells]
    return ClosedWindow(
        day=day,
        brands=len({release.brand_id for release in releases}),
        cells_shown=sum(cell.figures is not None for cell in cells),
        cells_hidden=sum(cell.figures is None for cell in cells),
    )


def destroy(*, window: Window, now: datetime) -> None:
    """Close a locked window for ever: its raw facts and its key are gone with the transaction."""
    RawScan.objects.filter(window=window).delete()
    window.key = None
    window.closed_at = now
    window.save(update_fields=["key", "closed_at"])


def _brands(*, day: date) -> Sequence[UUID]:
    """The brands with scans in the window, and those that were told something when the last one closed.

    The latter are told that there was nothing: otherwise they could not tell a quiet day from a late release.
    """
    scanned = RawScan.objects.filter(window_id=day).values_list("brand_id", flat=True)
    before = Release.objects.filter(window_id__lt=day).aggregate(day=Max("window_id"))["day"]
    told = Release.objects.filter(window_id=before).values_list("brand_id", flat=True)
    return sorted({*scanned.distinct(), *told.distinct()})


def _releases_of(*, brand_id: UUID, day: date, now: datetime, k: int) -> Iterator[AggregateReleased]:
    tally = _tally(brand_id=brand_id, day=day)
    lots = list(tally.scans)
    _LOTS.shuffle(lots)
    disclosed = disclose(tally=tally, k=k, lots=lots)
    for cube, cells in _cells(disclosed):
        # No cell at all is a release too: it says that there was no scan.
        for first in range(0, max(len(cells), 1), MOST_CELLS):
            yield AggregateReleased(
                release_id=uuid4(),
                brand_id=brand_id,
                cube=cube,
                day=day,
                k=k,
                cells=tuple(cells[first : first + MOST_CELLS]),
                released_at=now,
            )


def _tally(*, brand_id: UUID, day: date) -> Tally:
    """Add up in the database: no pseudonym is read."""
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "SELECT gtins, count(*) FROM"
            " (SELECT array_agg(DISTINCT gtin) AS gtins FROM raw_scan"
            "  WHERE window_id = %s AND brand_id = %s GROUP BY pseudonym) AS person"
            " GROUP BY gtins",
            [day, brand_id],
        )
        people = {frozenset(gtins): count for gtins, count in cursor.fetchall()}
        cursor.execute(
            "SELECT gtin, sum(scans) FROM"
            " (SELECT gtin, least(count(*), %s) AS scans FROM raw_scan"
            "  WHERE window_id = %s AND brand_id = %s GROUP BY gtin, pseudonym) AS contribution"
            " GROUP BY gtin",
            [SCANS_COUNTED, day, brand_id],
        )
        scans = {gtin: int(count) for gtin, count in cursor.fetchall()}
    return Tally(people=people, scans=scans)


def _cells(disclosed: Disclosure) -> Iterator[tuple[Cube, list[Cell]]]:
    total = [Cell(cell_id=uuid4(), gtin=None, figures=disclosed.total)] if disclosed.products else []
    yield Cube.BRAND_DAY, total
    yield (
        Cube.PRODUCT_DAY,
        [
            Cell(cell_id=uuid4(), gtin=gtin, figures=figures)
            for gtin, figures in sorted(disclosed.products.items())
        ],
    )


def _write(releases: Sequence[AggregateReleased]) -> None:
    """Store the cells and publish them. The unique constraints refuse whatever was released before."""
    part: dict[tuple[UUID, Cube], int] = {}
    rows = []
    for release in releases:
        number = part[release.brand_id, release.cube] = part.get((release.brand_id, release.cube), -1) + 1
        rows.append(
            Release(
                id=release.release_id,
                window_id=release.day,
                brand_id=release.brand_id,
                cube=release.cube.value,
                part=number,
                k=release.k,
            )
        )
    Release.objects.bulk_create(rows)
    ReleasedCell.objects.bulk_create(
        [
            ReleasedCell(
                id=cell.cell_id,
                release_id=release.release_id,
                window_id=release.day,
                brand_id=release.brand_id,
                cube=release.cube.value,
                gtin=cell.gtin or "",
                scans=cell.figures.scans if cell.figures else None,
                people=cell.figures.people if cell.figures else None,
            )
            for release in releases
            for cell in release.cells
        ],
        batch_size=2000,
    )
    outbox.publish_all(releases, using="measurement")
