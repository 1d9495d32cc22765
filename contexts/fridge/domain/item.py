"""A Fridge Item: what its history makes of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from contexts.fridge.domain.events import Place, Recorded, Source
from contexts.fridge.domain.freshness import Facts
from contexts.fridge.domain.quantity import Quantity, Unit


class Status(StrEnum):
    """Whether an item is there."""

    HERE = "here"
    FINISHED = "finished"
    """Nothing of it is left."""
    REMOVED = "removed"
    """Its adding was undone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A Fridge Item now. Always: added = left + used + wasted + given."""

    id: UUID
    household_id: UUID
    version: int
    """Of its last event, undone ones included."""
    status: Status
    source: Source
    split_from: UUID | None
    gtin: str | None
    lot: str | None
    serial: str | None
    kind_is_certain: bool
    packs: int
    """That are left, a begun one included; 0 when it is finished."""
    per_pack: Quantity | None
    """Content of one pack as it was told."""
    pack_size: Quantity
    """Content of one pack in `unit`; one pack where the content is not known."""
    unit: Unit
    """What it is reckoned in: g, ml, pieces or packs."""
    added: Quantity
    """Without packs that were split off."""
    left: Quantity
    used: Quantity
    wasted: Quantity
    given: Quantity
    price: Decimal | None
    """Of one pack, in the household's currency."""
    date_asked: bool
    """Whether the question for the printed date was answered or skipped."""
    place: Place
    facts: Facts
    """What its freshness rests on. In a freezer exactly while the last of `facts.cold` is open."""
    added_at: datetime
    finished_on: date | None
    """The day on which the last of it went."""


class HistoryBroken(Exception):
    """A history that no sequence of commands makes."""


def fold(history: Iterable[Recorded]) -> Item:
    """The item of a whole history in order; what was undone does not count.

    Raises HistoryBroken.
    """
    raise NotImplementedError
