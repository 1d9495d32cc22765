"""The event store: each item's history, read in order and continued by whoever comes first.

Nothing in it is ever changed. The pair of item and version is unique: two who decided on the same history
cannot both continue it, and the second one has to decide again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connections

from contexts.fridge.domain.event_json import event_from_json, event_to_json
from contexts.fridge.domain.events import ItemAdded, PortionGiven, PortionUsed, PortionWasted, Recorded

_DATABASE: Final = "fridge"

PORTIONS: Final = (PortionUsed, PortionWasted, PortionGiven)
"""Events by which a part of an item leaves."""

#: With their instants as PostgreSQL writes them into JSON: one document is read many times faster than rows.
HISTORIES: Final = """
    SELECT stream_id, json_agg(
        json_build_array(version, type, schema_version, payload, meta, occurred_at, recorded_at)
        ORDER BY version
    ) AS events
    FROM fridge_event WHERE stream_id = ANY({ids}) GROUP BY stream_id
"""
"""Histories as `read` takes them; `ids` is an expression for the items."""
_LOAD_FORM: Final = "SELECT stream_id, events::text FROM ({histories}) AS history"
_LOAD: Final = _LOAD_FORM.format(histories=HISTORIES.format(ids="%s"))

APPEND: Final = """
    INSERT INTO fridge_event
        (stream_id, version, type, schema_version, payload, meta, occurred_at, recorded_at)
    SELECT stream_id, version, type, schema_version, payload, meta, occurred_at, recorded_at
    FROM jsonb_to_recordset(%(events)s::jsonb) AS event (
        stream_id uuid, version integer, type text, schema_version smallint, payload jsonb, meta jsonb,
        occurred_at timestamptz, recorded_at timestamptz
    )
    ORDER BY stream_id, version
"""
"""Writes the events of `to_append`, all of which continue their items' histories; a unique violation where
somebody else has continued one meanwhile."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """One item's history."""

    events: tuple[Recorded, ...]
    """From version 1 without gaps."""
    known_prices: Mapping[int, Decimal] = field(default_factory=dict)
    """By version of a portion: what one pack of the product had last cost this household when it was
    recorded, where the item itself had no price. Recorded, for nothing else about the item tells it."""

    @property
    def household_id(self) -> UUID | None:
        """Whose item it is: an item stays in its household. None for no history at all."""
        first = self.events[0].event if self.events else None
        return first.household_id if isinstance(first, ItemAdded) else None

    def followed_by(self, events: Sequence[Recorded], *, known_price: Decimal | None) -> "Stream":
        """The history with these events behind it."""
        prices = dict(self.known_prices)
        if known_price is not None:
            prices |= {one.version: known_price for one in events if isinstance(one.event, PORTIONS)}
        return Stream(events=(*self.events, *events), known_prices=prices)


def load(*, item_id: UUID) -> tuple[Recorded, ...]:
    """An item's history, oldest event first; empty for an item that never was."""
    streams = load_many(item_ids=[item_id])
    return streams[item_id].events if item_id in streams else ()


def load_many(*, item_ids: Collection[UUID]) -> dict[UUID, Stream]:
    """The histories of several items, in one query; without those that never were."""
    return {item_id: read(item_id, rows) for item_id, rows in stored(item_ids=item_ids)}


def stored(*, item_ids: Collection[UUID]) -> Iterator[tuple[UUID, list[list[Any]]]]:
    """The histories of several items as `read` takes them, in one query."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_LOAD, [list(item_ids)])
        for item_id, rows in cursor.fetchall():
            yield item_id, orjson.loads(rows)


def to_append(
    *, events: Sequence[Recorded], household_id: UUID, known_prices: Mapping[UUID, Decimal]
) -> dict[str, str]:
    """What APPEND asks for. `known_prices` are those by item that its portions among these events are to be
    reckoned with."""
    household = str(household_id)
    rows = [_row(recorded, household, known_prices.get(recorded.item_id)) for recorded in events]
    return {"events": orjson.dumps(rows).decode()}


def read(item_id: UUID, rows: Sequence[Sequence[Any]]) -> Stream:
    """A history from its stored form: version, type, schema version, payload, meta and both instants each."""
    events = []
    prices: dict[int, Decimal] = {}
    for version, type_, schema_version, payload, meta, occurred_at, recorded_at in rows:
        occurred = datetime.fromisoformat(occurred_at)
        events.append(
            Recorded(
                item_id=item_id,
                version=version,
                event=event_from_json(event_type=type_, schema_version=schema_version, payload=payload),
                action_id=UUID(meta["action"]),
                by=None if meta["by"] is None else _reference(meta["by"]),
                occurred_at=occurred,
                recorded_at=(occurred if recorded_at == occurred_at else datetime.fromisoformat(recorded_at)),
            )
        )
        if "price" in meta:
            prices[version] = Decimal(meta["price"])
    return Stream(events=tuple(events), known_prices=prices)


#: Members are few, and have done much.
_reference: Final = lru_cache(maxsize=4096)(UUID)


def _row(recorded: Recorded, household: str, known_price: Decimal | None) -> dict[str, Any]:
    stored = event_to_json(recorded.event)
    meta = {
        "household": household,
        "action": str(recorded.action_id),
        "by": None if recorded.by is None else str(recorded.by),
    }
    if known_price is not None and isinstance(recorded.event, PORTIONS):
        meta["price"] = str(known_price)
    return {
        "stream_id": recorded.item_id,
        "version": recorded.version,
        "type": stored.event_type,
        "schema_version": stored.schema_version,
        "payload": stored.payload,
        "meta": meta,
        "occurred_at": recorded.occurred_at.astimezone(UTC),
        "recorded_at": recorded.recorded_at.astimezone(UTC),
    }
