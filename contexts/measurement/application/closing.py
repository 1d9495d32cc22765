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
from contexts.measurement.domain.disclosure import (
    ITEMS_COUNTED,
    SCANS_COUNTED,
    Disclosure,
    Figures,
    Holdings,
    Tally,
    disclose,
    may_be_shown,
    threshold,
)
from contexts.measurement.domain.releases import MOST_CELLS, AggregateReleased, Cell, Cube, Outcome
from contexts.measurement.models import RawFinished, RawScan, RawStored, Release, ReleasedCell, Week, Window
from packytrace.facts import outbox

#: Draws lots where a known order would tell something.
_LOTS: Final = secrets.SystemRandom()


@dataclass(frozen=True, kw_only=True)
class ClosedWindow:
    """What came out of a window."""

    day: date
    """The first."""
    days: int
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
    weeks = Week.objects.filter(closed_at=None, monday__lte=windows.last_due_week(now=now)).order_by("monday")
    results = (
        *(_close(day=day, now=now, k=people_needed) for day in list(due.values_list("day", flat=True))),
        *(_close_week(monday=each.monday, now=now, k=people_needed) for each in list(weeks)),
    )
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
            for release in (
                *_releases_of(brand_id=brand_id, day=day, now=now, k=k),
                *_stored(brand_id=brand_id, day=day, now=now, k=k),
            )
        ]
        _write(releases)
        destroy(window=window, now=now)
    return _closed(day=day, days=1, releases=releases)


def _close_week(*, monday: date, now: datetime, k: int) -> ClosedWindow | None:
    with transaction.atomic(using="measurement"):
        week = Week.objects.select_for_update().get(monday=monday)
        if week.closed_at is not None:
            return None
        brands = RawFinished.objects.filter(week=week).values_list("brand_id", flat=True).distinct()
        releases = [
            release
            for brand_id in sorted(brands)
            for release in _finished(brand_id=brand_id, monday=monday, now=now, k=k)
        ]
        _write(releases)
        destroy_week(week=week, now=now)
    return _closed(day=monday, days=windows.WEEK.days, releases=releases)


def _closed(*, day: date, days: int, releases: Sequence[AggregateReleased]) -> ClosedWindow:
    cells = [cell for release in releases for cell in release.cells]
    return ClosedWindow(
        day=day,
        days=days,
        brands=len({release.brand_id for release in releases}),
        cells_shown=sum(cell.figures is not None for cell in cells),
        cells_hidden=sum(cell.figures is None for cell in cells),
    )


def destroy(*, window: Window, now: datetime) -> None:
    """Close a locked window for ever: its raw facts and its key are gone with the transaction."""
    RawScan.objects.filter(window=window).delete()
    RawStored.objects.filter(window=window).delete()
    window.key = None
    window.closed_at = now
    window.save(update_fields=["key", "closed_at"])


def destroy_week(*, week: Week, now: datetime) -> None:
    """The same for a week."""
    RawFinished.objects.filter(week=week).delete()
    week.key = None
    week.closed_at = now
    week.save(update_fields=["key", "closed_at"])


def _brands(*, day: date) -> Sequence[UUID]:
    """The brands of which something was scanned or stored, and those that were told something last time.

    The latter are told that there was nothing: otherwise they could not tell a quiet day from a late release.
    """
    scanned = RawScan.objects.filter(window_id=day).values_list("brand_id", flat=True)
    before = Release.objects.filter(window_id__lt=day).aggregate(day=Max("window_id"))["day"]
    told = Release.objects.filter(window_id=before).values_list("brand_id", flat=True)
    stored = RawStored.objects.filter(window_id=day).values_list("brand_id", flat=True)
    return sorted({*scanned.distinct(), *stored.distinct(), *told.distinct()})


def _releases_of(*, brand_id: UUID, day: date, now: datetime, k: int) -> Iterator[AggregateReleased]:
    tally = _tally(brand_id=brand_id, day=day)
    lots = list(tally.scans)
    _LOTS.shuffle(lots)
    disclosed = disclose(tally=tally, k=k, lots=lots)
    for cube, cells in _cells(disclosed):
        # No cell at all is a release too: it says that there was no scan.
        yield from _parts(cells, brand_id=brand_id, cube=cube, day=day, now=now, k=k)


def _parts(
    cells: Sequence[Cell], *, brand_id: UUID, cube: Cube, day: date, now: datetime, k: int
) -> Iterator[AggregateReleased]:
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


def _stored(*, brand_id: UUID, day: date, now: datetime, k: int) -> Iterator[AggregateReleased]:
    """What was stored on a day; nothing at all where nothing was."""
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "SELECT gtin, sum(items), count(*) FROM"
            " (SELECT gtin, least(count(*), %s) AS items FROM raw_stored"
            "  WHERE window_id = %s AND brand_id = %s GROUP BY gtin, pseudonym) AS contribution"
            " GROUP BY gtin ORDER BY gtin",
            [ITEMS_COUNTED, day, brand_id],
        )
        rows = cursor.fetchall()
    cells = []
    for gtin, items, holders in rows:
        held = Holdings(items=int(items), holders=holders)
        cells.append(Cell(cell_id=uuid4(), gtin=gtin, figures=held if may_be_shown([held], k=k) else None))
    if cells:
        yield from _parts(cells, brand_id=brand_id, cube=Cube.STORED_DAY, day=day, now=now, k=k)


def _finished(*, brand_id: UUID, monday: date, now: datetime, k: int) -> Iterator[AggregateReleased]:
    """What became of items in a week. Of a product, every outcome that occurred is shown, or none."""
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "SELECT gtin, outcome, round(sum(tenths) / 10), count(*) FROM"
            " (SELECT gtin, outcome, least(sum(tenths), %s)::numeric AS tenths FROM raw_finished"
            "  WHERE week_id = %s AND brand_id = %s GROUP BY gtin, outcome, pseudonym) AS contribution"
            " GROUP BY gtin, outcome ORDER BY gtin, outcome",
            [ITEMS_COUNTED * 10, monday, brand_id],
        )
        rows = cursor.fetchall()
    products: dict[str, dict[Outcome, Holdings]] = {}
    for gtin, outcome, items, holders in rows:
        products.setdefault(gtin, {})[Outcome(outcome)] = Holdings(items=int(items), holders=holders)
    cells = [
        Cell(cell_id=uuid4(), gtin=gtin, outcome=outcome, figures=outcomes.get(outcome) if shown else None)
        for gtin, outcomes in products.items()
        for shown in [may_be_shown(outcomes.values(), k=k)]
        for outcome in Outcome
        if outcome in outcomes or not shown
    ]
    if cells:
        yield from _parts(cells, brand_id=brand_id, cube=Cube.FINISHED_WEEK, day=monday, now=now, k=k)


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


def _window(release: AggregateReleased) -> dict[str, date]:
    return {"week_id" if release.is_week else "window_id": release.day}


def _figures(cell: Cell) -> dict[str, int]:
    match cell.figures:
        case Figures(scans=scans, people=people):
            return {"scans": scans, "people": people}
        case Holdings(items=items, holders=holders):
            return {"items": items, "people": holders}
        case None:
            return {}


def _write(releases: Sequence[AggregateReleased]) -> None:
    """Store the cells and publish them. The unique constraints refuse whatever was released before."""
    part: dict[tuple[UUID, Cube], int] = {}
    rows = []
    for release in releases:
        number = part[release.brand_id, release.cube] = part.get((release.brand_id, release.cube), -1) + 1
        rows.append(
            Release(
                id=release.release_id,
                **_window(release),
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
                **_window(release),
                brand_id=release.brand_id,
                cube=release.cube.value,
                gtin=cell.gtin or "",
                outcome=cell.outcome.value if cell.outcome else "",
                **_figures(cell),
            )
            for release in releases
            for cell in release.cells
        ],
        batch_size=2000,
    )
    outbox.publish_all(releases, using="measurement")
