"""What the pages read, computed from the events: the item as it is, and the portions that left it.

A pure function of an item's history, the storage guidance and the household's time zone: computed again it is
the same (`rebuilding`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from django.db import connections

from contexts.fridge.application.event_store import PORTIONS, Stream
from contexts.fridge.domain.events import (
    ItemAdded,
    ItemOpened,
    PacksSplitOff,
    PortionGiven,
    PortionUsed,
    PortionWasted,
    QuantityCorrected,
    Recorded,
    Source,
)
from contexts.fridge.domain.freshness import State, timetable
from contexts.fridge.domain.item import Item, Status, effective, replayed, whole_packs
from contexts.fridge.domain.item_json import item_to_json
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.domain.storage_guidance import FoodKind, Guidance, guidance

_DATABASE: Final = "fridge"

UNTOLD_FOR: Final = timedelta(hours=1)
"""How long an event is kept back before measurement may hear of it: what is undone until then never was."""

_SHARE: Final = Decimal("0.00001")
_GRAMS: Final = Decimal("0.001")
_PRICE: Final = Decimal("0.0001")
_DAY: Final = timedelta(days=1)

ITEM_COLUMNS: Final = {
    "id": "uuid",
    "household_id": "uuid",
    "version": "integer",
    "status": "text",
    "gtin": "text",
    "serial": "text",
    "lot": "text",
    "kind": "text",
    "place_kind": "text",
    "place_id": "uuid",
    "state": "jsonb",
    "left_share": "numeric",
    "due_on": "date",
    "soon_on": "date",
    "expired_from": "date",
    "too_long_from": "date",
    "frozen_until": "date",
    "estimated": "boolean",
    "pack_price": "numeric",
    "added_at": "timestamptz",
    "changed_at": "timestamptz",
}
PORTION_COLUMNS: Final = {
    "item_id": "uuid",
    "version": "integer",
    "household_id": "uuid",
    "gtin": "text",
    "kind": "text",
    "outcome": "text",
    "reason": "text",
    "day": "date",
    "mass": "numeric",
    "mass_basis": "text",
    "price": "numeric",
}


@dataclass(frozen=True, kw_only=True)
class Projection:
    """What the pages read of one item."""

    item: Item
    changed_at: datetime
    """When its last event was recorded."""
    zone: ZoneInfo
    portions: Mapping[int, Mapping[str, Any]]
    """By version, each by PORTION_COLUMNS, as JSON has it."""
    to_tell: frozenset[int]
    """Versions of the events that measurement may hear of: stored, opened, finished."""

    @cached_property
    def row(self) -> Mapping[str, Any]:
        """By ITEM_COLUMNS, as JSON has it. Of what is to be replaced, nobody asks for it."""
        return _row(self.item, changed_at=self.changed_at, rules=guidance(), zone=self.zone)


def projection(*, stream: Stream, zone: ZoneInfo) -> Projection:
    """What a history makes of an item. Raises HistoryBroken."""
    history = stream.events
    counting = effective(history)
    item = replayed(history, counting)
    row = guidance().of(item.facts.kind)
    return Projection(
        item=item,
        changed_at=history[-1].recorded_at,
        zone=zone,
        portions={
            portion["version"]: portion
            for portion in _portions(item, counting, row=row, known=stream.known_prices)
        },
        to_tell=_to_tell(item, counting),
    )


def _row(item: Item, *, changed_at: datetime, rules: Guidance, zone: ZoneInfo) -> dict[str, Any]:
    times = timetable(facts=item.facts, guidance=rules, zone=zone)
    share = item.left.amount / item.added.amount if item.added.amount else Decimal(0)
    state = item_to_json(item)
    return {
        "id": state["id"],
        "household_id": state["household_id"],
        "version": item.version,
        "status": item.status.value,
        "gtin": item.gtin or "",
        "serial": item.serial or "",
        "lot": item.lot or "",
        "kind": item.facts.kind,
        "place_kind": item.place.kind.value,
        "place_id": None if item.place.id is None else str(item.place.id),
        "state": state,
        "left_share": str(share.quantize(_SHARE)),
        "due_on": _day(times.due_on),
        "soon_on": _day(times.soon_on),
        "expired_from": _day(_from(State.EXPIRED, times.limits)),
        "too_long_from": _day(_from(State.OPENED_TOO_LONG, times.limits)),
        "frozen_until": _day(times.frozen_until),
        "estimated": times.estimated,
        "pack_price": None if item.price is None else str(item.price.quantize(_PRICE)),
        "added_at": item.added_at.astimezone(UTC).isoformat(),
        "changed_at": changed_at.astimezone(UTC).isoformat(),
    }


def _from(state: State, limits: Iterable[Any]) -> date | None:
    """The first day on which one of the limits has made this of the item; limits are in order."""
    return next((limit.last_good + _DAY for limit in limits if limit.after is state), None)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _portions(
    item: Item, counting: Sequence[Recorded], *, row: FoodKind, known: Mapping[int, Decimal]
) -> Iterable[dict[str, Any]]:
    measured = item.source in {Source.HAND, Source.IMPORT}
    paid_packs = _paid_packs(item, counting)
    for recorded in counting:
        event = recorded.event
        if isinstance(event, QuantityCorrected):
            measured = True
        if not isinstance(event, PORTIONS):
            continue
        mass, basis = _mass(event.quantity, item, row, measured=measured)
        pack_price = known.get(recorded.version) if item.price is None else item.price
        yield {
            "item_id": str(item.id),
            "version": recorded.version,
            "household_id": str(item.household_id),
            "gtin": item.gtin or "",
            "kind": item.facts.kind,
            "outcome": _outcome(event),
            "reason": event.reason.value if isinstance(event, PortionWasted) else "",
            "day": event.on.isoformat(),
            "mass": str(mass.quantize(_GRAMS)),
            "mass_basis": basis,
            "price": (
                None
                if pack_price is None
                else str(
                    (pack_price * paid_packs * event.quantity.amount / item.added.amount).quantize(_PRICE)
                )
            ),
        }


def _paid_packs(item: Item, counting: Sequence[Recorded]) -> Decimal:
    """For how many packs everything that was ever in an item was paid.

    As many as it would fill, at most those that are known to have come: who finds more in a pack paid no
    more for it. Only a correction that was told in packs makes them more (`deciding`).
    """
    size = item.pack_size.amount
    packs, left, gone = 0, Decimal(0), Decimal(0)
    came = Decimal(0)
    for recorded in counting:
        match recorded.event:
            case ItemAdded() as event:
                packs, left = event.packs, size * event.packs
                came = Decimal(event.packs)
            case QuantityCorrected() as event:
                if event.packs > packs:
                    came = max(came, event.packs + gone / size)
                packs, left = event.packs, event.left.amount
            case PacksSplitOff() as event:
                packs, left, came = packs - event.packs, left - size * event.packs, came - event.packs
            case PortionUsed() | PortionWasted() | PortionGiven() as event:
                left, gone = left - event.quantity.amount, gone + event.quantity.amount
                packs = min(packs, whole_packs(left, size))
    return min(item.added.amount / size, came)


def _outcome(event: Any) -> str:
    if isinstance(event, PortionUsed):
        return "used"
    return "wasted" if isinstance(event, PortionWasted) else "given"


def _mass(quantity: Quantity, item: Item, row: FoodKind, *, measured: bool) -> tuple[Decimal, str]:
    """Grams, and how they are known.

    An item in grams has them from the label's net quantity, unless somebody said or corrected them. A
    millilitre counts as a gram, as of water: it is too much for oil (0.92) and too little for honey (1.4),
    within what a household can tell of its waste. Pieces and packs without a net quantity weigh what such
    food typically does.
    """
    if item.unit in {Unit.GRAM, Unit.MILLILITRE}:
        return quantity.amount, "measured" if measured else "pack"
    if item.unit is Unit.PIECE and row.piece_grams is not None:
        return quantity.amount * row.piece_grams, "typical"
    return quantity.amount / item.pack_size.amount * row.pack_grams, "typical"


def _to_tell(item: Item, counting: Sequence[Recorded]) -> frozenset[int]:
    versions = {
        recorded.version
        for recorded in counting
        if isinstance(recorded.event, ItemOpened)
        # Packs that were split off came into the fridge with the others.
        or (isinstance(recorded.event, ItemAdded) and recorded.event.source is not Source.SPLIT)
    }
    if item.status is Status.FINISHED:
        versions.add(max(recorded.version for recorded in counting if isinstance(recorded.event, PORTIONS)))
    return frozenset(versions)


_PUT_FORM: Final = """
    put AS (
        INSERT INTO item ({item_names})
        SELECT {item_names} FROM jsonb_to_recordset(%(items)s::jsonb) AS item ({item_types})
        ORDER BY id
        ON CONFLICT (id) DO UPDATE SET {item_values}
        WHERE item.version <= EXCLUDED.version
        RETURNING id, gtin
    ), gone AS (
        DELETE FROM portion
        USING put, jsonb_to_recordset(%(gone)s::jsonb) AS old (item_id uuid, version integer)
        WHERE portion.item_id = put.id AND (portion.item_id, portion.version) = (old.item_id, old.version)
    ), left_it AS (
        INSERT INTO portion ({portion_names})
        SELECT {new_portion}
        FROM jsonb_to_recordset(%(portions)s::jsonb) AS new ({portion_types}) JOIN put ON put.id = new.item_id
        ON CONFLICT (item_id, version) DO UPDATE SET {portion_values}
    )
"""


def listed(form: str, columns: Mapping[str, str], *, without: Collection[str] = ()) -> str:
    """Each column in a form with `name` and `type`, as SQL lists them."""
    return ", ".join(
        [form.format(name=name, type=type_) for name, type_ in columns.items() if name not in without]
    )


PUT: Final = _PUT_FORM.format(
    item_names=listed("{name}", ITEM_COLUMNS),
    item_types=listed("{name} {type}", ITEM_COLUMNS),
    item_values=listed("{name} = EXCLUDED.{name}", ITEM_COLUMNS, without={"id"}),
    portion_names=listed("{name}", PORTION_COLUMNS),
    portion_types=listed("{name} {type}", PORTION_COLUMNS),
    portion_values=listed("{name} = EXCLUDED.{name}", PORTION_COLUMNS, without={"item_id", "version"}),
    new_portion=listed("new.{name}", PORTION_COLUMNS),
)
"""Puts the projections of `to_put` where older ones were, as common table expressions; `put` are the items.

The item first: whoever holds its row has all that belongs to it to himself. What was computed from an older
history than the one that is there changes nothing.
"""

_QUEUE: Final = """
    WITH gone AS (
        DELETE FROM untold USING jsonb_to_recordset(%(gone)s::jsonb) AS old (item_id uuid, version integer)
        WHERE (untold.item_id, untold.version) = (old.item_id, old.version) AND NOT untold.told
    )
    INSERT INTO untold (item_id, version, household_id, due_at)
    SELECT item_id, version, household_id, due_at FROM jsonb_to_recordset(%(queue)s::jsonb)
        AS new (item_id uuid, version integer, household_id uuid, due_at timestamptz)
    ON CONFLICT (item_id, version) DO NOTHING
"""


def to_put(*, projections: Collection[Projection], before: Mapping[UUID, Projection]) -> dict[str, str]:
    """What PUT asks for, to put projections in the place of those from `before`, by item; one that is not
    among those is new."""
    portions: list[Mapping[str, Any]] = []
    gone: list[dict[str, Any]] = []
    for projected in projections:
        old = before[projected.item.id].portions if projected.item.id in before else {}
        portions += [row for version, row in projected.portions.items() if old.get(version) != row]
        gone += [
            {"item_id": str(projected.item.id), "version": version}
            for version in old
            if version not in projected.portions
        ]
    return {
        "items": _json([projected.row for projected in projections]),
        "portions": _json(portions),
        "gone": _json(gone),
    }


def queue(
    *,
    projections: Collection[Projection],
    before: Mapping[UUID, Projection],
    at: datetime,
    measured: bool,
) -> None:
    """Queue what measurement may hear of these changes, and take back what was undone before it was told.

    `measured`: whether everybody in the household allows to be counted; where not, nothing is queued.
    """
    due_at = (at + UNTOLD_FOR).astimezone(UTC).isoformat()
    new, gone = [], []
    for projected in projections:
        item_id, household_id = str(projected.item.id), str(projected.item.household_id)
        old = before[projected.item.id].to_tell if projected.item.id in before else frozenset()
        gone += [{"item_id": item_id, "version": version} for version in old - projected.to_tell]
        new += [
            {"item_id": item_id, "version": version, "household_id": household_id, "due_at": due_at}
            for version in projected.to_tell - old
            if measured
        ]
    if new or gone:
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(_QUEUE, {"queue": _json(new), "gone": _json(gone)})


def tells(*, projections: Collection[Projection], before: Mapping[UUID, Projection]) -> bool:
    """Whether these changes have anything that measurement might hear of."""
    return any(
        projected.to_tell
        - (before[projected.item.id].to_tell if projected.item.id in before else frozenset())
        for projected in projections
    )


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows).decode()
