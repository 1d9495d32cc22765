"""Computing again from the events what the pages read, while people go on using their fridges.

A batch of items is held, compared and put right in one transaction. A command that comes meanwhile waits for
that long, and then decides on what is there. What is right already is not written.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
import psycopg
from django.db import OperationalError, connections, transaction

from contexts.fridge.application import event_store
from contexts.fridge.application.projecting import (
    ITEM_COLUMNS,
    PORTION_COLUMNS,
    PUT,
    Projection,
    listed,
    projection,
    to_put,
)
from contexts.fridge.domain.event_json import EventUnreadable
from contexts.fridge.domain.households import zone_of
from contexts.fridge.domain.item import HistoryBroken
from contexts.fridge.models import RebuildPosition

_DATABASE: Final = "fridge"

#: Items of one batch: as many as keep a command waiting for a tenth of a second at most.
_AT_ONCE: Final = 400
_ATTEMPTS: Final = 5
_IDS: Final = 2**128
#: All ids in parts of one size, each with a position of its own, so that several may work at once.
PARTS: Final = range(16)
#: Differences that are told one by one; all are counted.
_TOLD: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Difference:
    """One item whose rows are not what its events say."""

    item_id: UUID
    what: str
    """Its columns; `missing`, `left over`, `portions`, or why its history cannot be read."""


@dataclass(kw_only=True)
class Summary:
    """What a rebuilding has seen."""

    resumed: bool = False
    items: int = 0
    events: int = 0
    missing: int = 0
    """Items that had no row."""
    rows: int = 0
    """Items whose rows were different."""
    columns: Counter[str] = field(default_factory=Counter)
    """In which columns."""
    left_over: int = 0
    """Rows of items without any event."""
    portions: int = 0
    """Portions that were missing, different or left over."""
    unreadable: int = 0
    """Histories that cannot be read: their rows stay as they are."""
    told: list[Difference] = field(default_factory=list)
    """The first differences."""
    done: float = 0.0
    """Share of all items that were looked at: ids are random, so that those up to one are that share."""

    @property
    def differences(self) -> int:
        """How many rows were not what the events say."""
        return self.missing + self.rows + self.left_over + self.portions + self.unreadable

    def take(self, seen: "Summary") -> None:
        """Add what was seen elsewhere."""
        self.resumed = self.resumed or seen.resumed
        self.items += seen.items
        self.events += seen.events
        self.missing += seen.missing
        self.rows += seen.rows
        self.columns += seen.columns
        self.left_over += seen.left_over
        self.portions += seen.portions
        self.unreadable += seen.unreadable
        self.told += seen.told[: max(0, _TOLD - len(self.told))]
        self.done += seen.done


def check(*, on_progress: Callable[[Summary], None], parts: Collection[int] = PARTS) -> Summary:
    """Compare everything, or some parts of it, and write nothing."""
    return _go(parts, repair=False, on_progress=on_progress)


def rebuild(*, on_progress: Callable[[Summary], None], parts: Collection[int] = PARTS) -> Summary:
    """Compare everything, or some parts of it, and put right what is different; goes on where an earlier one
    was stopped."""
    return _go(parts, repair=True, on_progress=on_progress)


def forget_position() -> None:
    """The next rebuilding begins anew: to be called when all parts are through."""
    RebuildPosition.objects.all().delete()


def rebuild_household(*, household_id: UUID) -> None:
    """Compute again what hangs on a household's time zone, in the transaction at hand or one of its own: its
    days have become those of another one. Only stays in a freezer are kept as instants."""
    with transaction.atomic(using=_DATABASE):
        held = _ids(
            "SELECT id FROM item WHERE household_id = %s AND state -> 'cold' <> '[]' ORDER BY id FOR UPDATE",
            [household_id],
        )
        _repair(_computed(held, Summary()), held=held)


def _go(parts: Collection[int], *, repair: bool, on_progress: Callable[[Summary], None]) -> Summary:
    summary = Summary()
    for part in parts:
        first, end = _border(part), _border(part + 1)
        position = RebuildPosition.objects.filter(id=part).first() if repair else None
        after = first if position is None else position.after
        summary.resumed = summary.resumed or position is not None
        summary.done += (after.int - first.int) / _IDS
        while after != end:
            seen, reached = _tried(part, after, end, repair=repair)
            seen.done = (reached.int - after.int) / _IDS
            summary.take(seen)
            after = reached
            on_progress(summary)
    return summary


def _border(part: int) -> UUID:
    """Where a part of all ids begins and the one before ends."""
    return UUID(int=min(part * _IDS // len(PARTS), _IDS - 1))


def _tried(part: int, after: UUID, end: UUID, *, repair: bool) -> tuple[Summary, UUID]:
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            return _batch(part, after, end, repair=repair)
        except OperationalError as error:
            # Somebody held one of these items and waited for another one.
            if attempt == _ATTEMPTS or not isinstance(error.__cause__, psycopg.errors.DeadlockDetected):
                raise
    raise AssertionError


def _batch(part: int, after: UUID, end: UUID, *, repair: bool) -> tuple[Summary, UUID]:
    seen = Summary()
    with transaction.atomic(using=_DATABASE):
        with connections[_DATABASE].cursor() as cursor:
            if not repair:
                # Events and rows as they were at one moment: a command writes both or nothing.
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            # Rows may be lost of which the planner still knows, or be many where it knows of none.
            cursor.execute("SET LOCAL enable_seqscan = off")
        streams = _ids(
            "SELECT DISTINCT stream_id FROM fridge_event WHERE stream_id > %s AND stream_id <= %s"
            " ORDER BY stream_id LIMIT %s",
            [after, end, _AT_ONCE],
        )
        reached = streams[-1] if len(streams) == _AT_ONCE else end
        # After the streams: an item that has come meanwhile is held here, and its events are read next.
        rows = "SELECT id FROM item WHERE id > %s AND id <= %s ORDER BY id"
        held = _ids(f"{rows} FOR UPDATE" if repair else rows, [after, reached])
        computed = _computed(sorted({*streams, *held}), seen)
        if repair:
            _tell(_repair(computed, held=held), seen)
            RebuildPosition.objects.update_or_create(id=part, defaults={"after": reached})
        else:
            _tell(_compare(computed), seen)
    return seen, reached


def _ids(statement: str, parameters: Sequence[Any]) -> list[UUID]:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(statement, parameters)
        return [item_id for (item_id,) in cursor.fetchall()]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Computed:
    projections: Sequence[Projection]
    item_ids: Sequence[UUID]
    """Of these, and of items without any event."""


def _computed(item_ids: Sequence[UUID], seen: Summary) -> _Computed:
    """What the events say of these items. Left out are those that cannot be read, and those of households
    that are being dissolved."""
    streams: dict[UUID, event_store.Stream] = {}
    judged = set(item_ids)
    for item_id, rows in event_store.stored(item_ids=item_ids):
        seen.items += 1
        seen.events += len(rows)
        try:
            streams[item_id] = event_store.read(item_id, rows)
        except EventUnreadable as error:
            _unreadable(item_id, error, judged, seen)
    zones = _zones({stream.household_id for stream in streams.values()})
    projections = []
    for item_id, stream in streams.items():
        zone = zones.get(stream.household_id)
        if zone is None:
            judged.discard(item_id)
            continue
        try:
            projections.append(projection(stream=stream, zone=zone))
        except HistoryBroken as error:
            _unreadable(item_id, error, judged, seen)
    return _Computed(projections=projections, item_ids=sorted(judged))


def _unreadable(item_id: UUID, error: Exception, judged: set[UUID], seen: Summary) -> None:
    judged.discard(item_id)
    seen.unreadable += 1
    seen.told.append(Difference(item_id=item_id, what=str(error)))


def _zones(household_ids: Iterable[UUID | None]) -> dict[UUID | None, ZoneInfo]:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT id, time_zone FROM household WHERE id = ANY(%s)",
            [[household_id for household_id in household_ids if household_id is not None]],
        )
        return {household_id: zone_of(name) for household_id, name in cursor.fetchall()}


#: Rows that are not what was computed: of items with the columns that differ (none: there is no row), left
#: over (NULL), and of portions.
_DIFFERENT_FORM: Final = """
    WITH new AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(items)s::jsonb) AS new ({item_types})
    ), new_portion AS MATERIALIZED (
        SELECT * FROM jsonb_to_recordset(%(portions)s::jsonb) AS new_portion ({portion_types})
    )
    SELECT id, 'item', CASE WHEN item.id IS NOT NULL THEN (
        SELECT array_agg(key ORDER BY key) FROM jsonb_each(to_jsonb(new))
        WHERE value IS DISTINCT FROM to_jsonb(item) -> key
    ) ELSE ARRAY[]::text[] END
    FROM new LEFT JOIN item USING (id)
    WHERE item.id IS NULL OR ROW({old_item}) IS DISTINCT FROM ROW({new_item})
    UNION ALL
    SELECT id, 'item', NULL FROM item WHERE id = ANY(%(ids)s) AND id NOT IN (SELECT id FROM new)
    UNION ALL
    SELECT item_id, 'portion', NULL
    FROM (SELECT * FROM portion WHERE item_id = ANY(%(ids)s)) AS old
    FULL JOIN new_portion USING (item_id, version)
    WHERE ROW({old_portion}) IS DISTINCT FROM ROW({new_portion})
"""
_PUT_FORM: Final = "WITH {put} SELECT count(*) FROM put"
_PUT: Final = _PUT_FORM.format(put=PUT)

_OF_A_PORTION: Final = {"item_id", "version"}
_DIFFERENT: Final = _DIFFERENT_FORM.format(
    item_types=listed("{name} {type}", ITEM_COLUMNS),
    old_item=listed("item.{name}", ITEM_COLUMNS),
    new_item=listed("new.{name}", ITEM_COLUMNS),
    portion_types=listed("{name} {type}", PORTION_COLUMNS),
    old_portion=listed("old.{name}", PORTION_COLUMNS, without=_OF_A_PORTION),
    new_portion=listed("new_portion.{name}", PORTION_COLUMNS, without=_OF_A_PORTION),
)


@dataclass(kw_only=True)
class _Found:
    """What is different, by item."""

    changed: dict[UUID, list[str]] = field(default_factory=dict)
    missing: set[UUID] = field(default_factory=set)
    left_over: set[UUID] = field(default_factory=set)
    portions: Counter[UUID] = field(default_factory=Counter)


def _compare(computed: _Computed) -> _Found:
    found = _Found()
    portions = [row for one in computed.projections for row in one.portions.values()]
    parameters: dict[str, Any] = {
        "items": orjson.dumps([one.row for one in computed.projections]).decode(),
        "portions": orjson.dumps(portions).decode(),
        "ids": list(computed.item_ids),
    }
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_DIFFERENT, parameters)
        for item_id, what, columns in cursor.fetchall():
            if what == "portion":
                found.portions[item_id] += 1
            elif columns is None:
                found.left_over.add(item_id)
            elif columns:
                found.changed[item_id] = columns
            else:
                found.missing.add(item_id)
    return found


def _repair(computed: _Computed, *, held: Collection[UUID]) -> _Found:
    """Put right what is different. Only of what is held is anything taken away: the rest may just have become
    right."""
    found = _compare(computed)
    wrong = {*found.changed, *found.missing, *found.portions}
    away = [*found.left_over, *wrong.intersection(held)]
    with connections[_DATABASE].cursor() as cursor:
        if away:
            cursor.execute("DELETE FROM portion WHERE item_id = ANY(%s)", [away])
        if found.left_over:
            cursor.execute("DELETE FROM item WHERE id = ANY(%s)", [list(found.left_over)])
    if wrong:
        right = [one for one in computed.projections if one.item.id in wrong]
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(_PUT, to_put(projections=right, before={}))
    return found


def _tell(found: _Found, seen: Summary) -> None:
    seen.missing += len(found.missing)
    seen.left_over += len(found.left_over)
    seen.portions += found.portions.total()
    seen.rows += len(found.changed)
    for columns in found.changed.values():
        seen.columns.update(columns)
    whats: dict[UUID, str] = dict.fromkeys(found.portions, "portions")
    whats |= {item_id: ", ".join(columns) for item_id, columns in found.changed.items()}
    whats |= dict.fromkeys(found.missing, "missing") | dict.fromkeys(found.left_over, "left over")
    seen.told += [Difference(item_id=item_id, what=what) for item_id, what in sorted(whats.items())]
