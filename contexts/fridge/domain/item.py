"""A Fridge Item: what its history makes of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from contexts.fridge.domain.events import (
    ActionUndone,
    DateSet,
    DateSkipped,
    Event,
    ItemAdded,
    ItemFrozen,
    ItemMoved,
    ItemOpened,
    ItemThawed,
    PacksSplitOff,
    Place,
    PortionGiven,
    PortionUsed,
    PortionWasted,
    PriceSet,
    QuantityCorrected,
    Recorded,
    Source,
)
from contexts.fridge.domain.freshness import ColdSpell, Facts, PlaceKind
from contexts.fridge.domain.quantity import MOST, Quantity, Unit, exactly

_NOTHING: Final = Decimal(0)


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

    Raises HistoryBroken: no event at all, not in order, of several items, or one that does not fit what was
    before it.
    """
    events = tuple(history)
    for number, recorded in enumerate(events, start=1):
        if recorded.version != number or recorded.item_id != events[0].item_id:
            raise HistoryBroken(f"no event {number} of item {events[0].item_id}")
    return replayed(events, effective(events))


def effective(history: Sequence[Recorded], *, undoing: UUID | None = None) -> list[Recorded]:
    """The events that count, those of undoing itself left out, as if `undoing` were undone next.

    Undoing comes after what it undoes: read backwards, it is known of each event whether it counts.
    """
    undone = set() if undoing is None else {undoing}
    counting: list[Recorded] = []
    for recorded in reversed(history):
        if recorded.action_id in undone:
            continue
        event = recorded.event
        if isinstance(event, ActionUndone):
            undone.add(event.action_id)
        else:
            counting.append(recorded)
    counting.reverse()
    return counting


def undone_in(history: Sequence[Recorded]) -> set[UUID]:
    """Actions that do not count any more."""
    undone: set[UUID] = set()
    for recorded in reversed(history):
        if isinstance(recorded.event, ActionUndone) and recorded.action_id not in undone:
            undone.add(recorded.event.action_id)
    return undone


def replayed(history: Sequence[Recorded], counting: Sequence[Recorded]) -> Item:
    """The item that those events of its history make which count.

    Raises HistoryBroken: one of them does not fit what was before it.
    """
    first = history[0] if history else None
    if first is None or not isinstance(first.event, ItemAdded):
        raise HistoryBroken("it does not begin with an adding")
    draft = _Draft(first.event, added_at=first.occurred_at)
    if draft.frozen is not (draft.place.kind is PlaceKind.FREEZER):
        raise HistoryBroken(f"{first.item_id}: a freezer and the cold go together")
    if not counting:
        return draft.item(item_id=first.item_id, version=len(history), removed=True)
    if counting[0] is not first:
        raise HistoryBroken("what was not added cannot have a history")
    for recorded in counting[1:]:
        event = recorded.event
        if draft.left == _NOTHING and type(event) is not PriceSet:
            raise HistoryBroken(f"{recorded.item_id}, {recorded.version}: nothing was left")
        apply = _APPLY.get(type(event))
        if apply is None or not apply(draft, event, recorded.occurred_at):
            raise HistoryBroken(f"{recorded.item_id}, {recorded.version}: does not fit")
    return draft.item(item_id=first.item_id, version=len(history), removed=False)


def whole_packs(amount: Decimal, size: Decimal) -> int:
    """In how many packs of a size an amount is, the last one perhaps begun."""
    whole, rest = divmod(amount, size)
    return int(whole) + (rest > _NOTHING)


class _Draft:
    """An item on its way through its history; amounts in its small unit."""

    __slots__ = (
        "added",
        "added_at",
        "cold",
        "date_asked",
        "date_kind",
        "finished_on",
        "first",
        "given",
        "left",
        "opened_on",
        "packs",
        "place",
        "price",
        "printed",
        "size",
        "unit",
        "used",
        "wasted",
    )

    def __init__(self, first: ItemAdded, *, added_at: datetime) -> None:
        self.first = first
        self.added_at = added_at
        self.packs = first.packs
        pack = Quantity.one_pack() if first.per_pack is None else first.per_pack.small
        self.size, self.unit = pack.amount, pack.unit
        self.added = self.left = self.size * first.packs
        self.used = self.wasted = self.given = _NOTHING
        self.price = first.price
        self.printed, self.date_kind, self.date_asked = first.printed, first.date_kind, first.date_asked
        self.place, self.cold = first.place, first.cold
        self.opened_on: date | None = None
        self.finished_on: date | None = None

    @property
    def frozen(self) -> bool:
        return bool(self.cold) and self.cold[-1].thawed_at is None

    def take(self, quantity: Quantity, on: date) -> bool:
        amount = quantity.amount
        if quantity.unit is not self.unit or amount > self.left:
            return False
        self.left -= amount
        if self.left == _NOTHING:
            self.packs, self.finished_on = 0, on
        elif self.packs > 1:
            self.packs = min(self.packs, whole_packs(self.left, self.size))
        return True

    def item(self, *, item_id: UUID, version: int, removed: bool) -> Item:
        first, unit = self.first, self.unit
        status = Status.HERE if self.left > _NOTHING else Status.FINISHED
        return Item(
            id=item_id,
            household_id=first.household_id,
            version=version,
            status=Status.REMOVED if removed else status,
            source=first.source,
            split_from=first.split_from,
            gtin=first.gtin,
            lot=first.lot,
            serial=first.serial,
            kind_is_certain=first.kind_is_certain,
            packs=self.packs,
            per_pack=first.per_pack,
            pack_size=exactly(self.size, unit),
            unit=unit,
            added=exactly(self.added, unit),
            left=exactly(self.left, unit),
            used=exactly(self.used, unit),
            wasted=exactly(self.wasted, unit),
            given=exactly(self.given, unit),
            price=self.price,
            date_asked=self.date_asked,
            place=self.place,
            facts=Facts(
                stored_on=first.on,
                printed=self.printed,
                date_kind=self.date_kind,
                kind=first.kind,
                place=self.place.kind,
                opened_on=self.opened_on,
                opened_days=first.opened_days,
                cold=self.cold,
            ),
            added_at=self.added_at,
            finished_on=self.finished_on,
        )


def _date_set(draft: _Draft, event: DateSet, _at: datetime) -> bool:
    draft.printed, draft.date_kind = event.printed, event.date_kind
    draft.date_asked = draft.date_asked or event.asked
    return True


def _date_skipped(draft: _Draft, _event: DateSkipped, _at: datetime) -> bool:
    draft.date_asked = True
    return True


def _corrected(draft: _Draft, event: QuantityCorrected, _at: datetime) -> bool:
    left = event.left.amount
    added = left + draft.used + draft.wasted + draft.given
    if (
        event.left.unit is not draft.unit
        or added > MOST
        or not 1 <= event.packs <= whole_packs(left, draft.size)
        or (draft.opened_on is not None and event.packs > 1)
    ):
        return False
    draft.left, draft.added, draft.packs = left, added, event.packs
    return True


def _moved(draft: _Draft, event: ItemMoved, _at: datetime) -> bool:
    draft.place = event.place
    return (event.place.kind is PlaceKind.FREEZER) is draft.frozen


def _opened(draft: _Draft, event: ItemOpened, _at: datetime) -> bool:
    fits = draft.opened_on is None and draft.packs == 1
    draft.opened_on = event.on
    return fits


def _used(draft: _Draft, event: PortionUsed, _at: datetime) -> bool:
    draft.used += event.quantity.amount
    return draft.take(event.quantity, event.on)


def _wasted(draft: _Draft, event: PortionWasted, _at: datetime) -> bool:
    draft.wasted += event.quantity.amount
    return draft.take(event.quantity, event.on)


def _given(draft: _Draft, event: PortionGiven, _at: datetime) -> bool:
    draft.given += event.quantity.amount
    return draft.take(event.quantity, event.on)


def _frozen(draft: _Draft, event: ItemFrozen, at: datetime) -> bool:
    if draft.frozen or event.place.kind is not PlaceKind.FREEZER:
        return False
    before = draft.cold[-1].thawed_at if draft.cold else None
    # Clocks of two servers may differ: spells follow each other all the same.
    draft.cold = (*draft.cold, ColdSpell(frozen_at=max(before or at, at), thawed_at=None))
    draft.place = event.place
    return True


def _thawed(draft: _Draft, event: ItemThawed, at: datetime) -> bool:
    if not draft.frozen or event.place.kind is PlaceKind.FREEZER:
        return False
    frozen_at = draft.cold[-1].frozen_at
    draft.cold = (*draft.cold[:-1], ColdSpell(frozen_at=frozen_at, thawed_at=max(frozen_at, at)))
    draft.place = event.place
    return True


def _split_off(draft: _Draft, event: PacksSplitOff, _at: datetime) -> bool:
    moved = draft.size * event.packs
    draft.added -= moved
    draft.left -= moved
    draft.packs -= event.packs
    return draft.packs >= 1 <= event.packs


def _price_set(draft: _Draft, event: PriceSet, _at: datetime) -> bool:
    draft.price = event.amount
    return True


#: How each event changes an item; False where it does not fit.
_APPLY: Final[Mapping[type[Event], Callable[[_Draft, Any, datetime], bool]]] = MappingProxyType(
    {
        DateSet: _date_set,
        DateSkipped: _date_skipped,
        QuantityCorrected: _corrected,
        ItemMoved: _moved,
        ItemOpened: _opened,
        PortionUsed: _used,
        PortionWasted: _wasted,
        PortionGiven: _given,
        ItemFrozen: _frozen,
        ItemThawed: _thawed,
        PacksSplitOff: _split_off,
        PriceSet: _price_set,
    }
)
