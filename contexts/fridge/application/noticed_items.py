"""What is at home as notices see it: items by what they are today, and recalled ones."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connections

from contexts.fridge.application.households import Membership
from contexts.fridge.domain.freshness import Freshness, freshness
from contexts.fridge.domain.item_json import item_from_json
from contexts.fridge.domain.notices import AtHome, RecalledAtHome
from contexts.fridge.domain.recalls import Certainty, RecalledPacks, match
from contexts.fridge.domain.storage_guidance import guidance

_DATABASE: Final = "fridge"

_NAME: Final = "coalesce(product.name, item_name.name, item.gtin)"
_NAMED: Final = """
    FROM item LEFT JOIN product ON product.gtin = item.gtin LEFT JOIN item_name ON item_name.item_id = item.id
"""

#: Those of which something may be to be told: due in the person's window, to be used soon by their share of
#: shelf life, or too long in the freezer.
_PRESSING: Final = f"""
    SELECT item.id, {_NAME}, item.state {_NAMED}
    WHERE item.household_id = %(household)s AND item.status = 'here'
        AND (item.due_on <= %(window)s OR item.soon_on <= %(window)s OR item.frozen_until < %(window)s)
        AND (%(items)s::uuid[] IS NULL OR item.id = ANY(%(items)s))
    ORDER BY item.due_on NULLS LAST, item.id
"""

_RECALLED: Final = f"""
    SELECT item.id, {_NAME}, nullif(item.lot, ''), nullif(item.serial, ''),
        recall.id, recall.lots, recall.serial_from, recall.serial_to, recall.text
    {_NAMED} JOIN recall ON recall.gtin = item.gtin AND NOT recall.withdrawn
    WHERE item.household_id = %(household)s AND item.status = 'here'
        AND (%(items)s::uuid[] IS NULL OR item.id = ANY(%(items)s))
    ORDER BY recall.announced_at DESC, recall.id, item.id
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class PressingItem:
    """An item at home and what it is now."""

    item_id: UUID
    name: str
    fresh: Freshness

    @property
    def at_home(self) -> AtHome:
        """As the planning of notices sees it."""
        return AtHome(item_id=self.item_id, state=self.fresh.state)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecalledItem:
    """An item at home that a recall in force means, or may mean."""

    item_id: UUID
    name: str
    lot: str | None
    recall_id: UUID
    certainty: Certainty
    text: str
    """Of the recall, as announced."""

    @property
    def found(self) -> RecalledAtHome:
        """As the planning of notices sees it."""
        return RecalledAtHome(item_id=self.item_id, recall_id=self.recall_id, certainty=self.certainty)


def pressing_items(
    *, member: Membership, now: datetime, item_ids: Collection[UUID] | None = None
) -> list[PressingItem]:
    """Items that are here and may press, the most pressing first; of some alone where `item_ids` says so."""
    window = now.astimezone(member.zone).date() + timedelta(days=member.use_soon_days)
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            _PRESSING,
            {"household": member.household_id, "window": window, "items": _list(item_ids)},
        )
        rows = cursor.fetchall()
    return [
        PressingItem(
            item_id=item_id,
            name=name,
            fresh=freshness(
                facts=item_from_json(orjson.loads(state)).facts,
                guidance=guidance(),
                now=now,
                zone=member.zone,
                window_days=member.use_soon_days,
            ),
        )
        for item_id, name, state in rows
    ]


def recalled_items(*, member: Membership, item_ids: Collection[UUID] | None = None) -> list[RecalledItem]:
    """Items that are here and that a recall in force means or may mean, by recall, the newest first."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_RECALLED, {"household": member.household_id, "items": _list(item_ids)})
        rows = cursor.fetchall()
    return list(_matching(rows))


def _matching(rows: Collection[tuple[Any, ...]]) -> Iterator[RecalledItem]:
    for row in rows:
        item_id, name, lot, serial, recall_id, lots, serial_from, serial_to, text = row
        packs = RecalledPacks(lots=lots, serial_from=serial_from, serial_to=serial_to)
        if certainty := match(recall=packs, lot=lot, serial=serial):
            yield RecalledItem(
                item_id=item_id, name=name, lot=lot, recall_id=recall_id, certainty=certainty, text=text
            )


def _list(item_ids: Collection[UUID] | None) -> list[UUID] | None:
    return None if item_ids is None else list(item_ids)
