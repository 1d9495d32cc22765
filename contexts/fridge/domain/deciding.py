"""What comes of a command."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from contexts.fridge.domain.commands import (
    Add,
    Command,
    CorrectQuantity,
    Freeze,
    Give,
    Move,
    Open,
    SetDate,
    SetPrice,
    SkipDate,
    Split,
    Thaw,
    Use,
    Waste,
)
from contexts.fridge.domain.events import (
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
    Source,
)
from contexts.fridge.domain.freshness import ColdSpell, PlaceKind
from contexts.fridge.domain.item import Item, Status, whole_packs
from contexts.fridge.domain.quantity import MOST, STEP, Quantity, Unit, as_text, exactly, rounded
from contexts.fridge.domain.refusals import (
    AlreadyAdded,
    AlreadyFinished,
    AlreadyFrozen,
    AlreadyOpened,
    DateOutOfRange,
    ItemRemoved,
    MoreThanLeft,
    NoSuchItem,
    NotAccepted,
    NotFrozen,
    NotSoManyPacks,
    OpenedBeforeAdded,
    OpenedInTheFuture,
    PacksOutOfRange,
    PlaceDoesNotFit,
    PriceOutOfRange,
    QuantityNotClear,
    TooMuch,
    UnitDoesNotFit,
)

#: The most packs on one line.
MOST_PACKS: Final = 1000
#: The most that one pack costs, and the smallest step of a price.
HIGHEST_PRICE: Final = Decimal(100_000)
PRICE_STEP: Final = Decimal("0.0001")
#: Printed dates lie between this day and so many years ahead.
EARLIEST_PRINTED: Final = date(2000, 1, 1)
PRINTED_YEARS_AHEAD: Final = 100
#: So many days before it was stored a pack may have been opened: people store what stood on the table, and
#: tell of packs that they have had for a while.
OPENED_DAYS_BEFORE: Final = 30
#: The most days after opening that a label states.
MOST_OPENED_DAYS: Final = 3650

_NOTHING: Final = Decimal(0)
_ALL: Final = Decimal(1)
_GTIN: Final = re.compile(r"[0-9]{14}")
_LOT_OR_SERIAL: Final = re.compile(r"[\x21-\x7e]{1,20}")
_SLUG: Final = re.compile(r"[a-z0-9_-]{1,40}")


class Caution(StrEnum):
    """What a person should know about what was just done."""

    REFROZEN = "refrozen"
    """It had been thawed: freezing it again costs quality, and germs that grew meanwhile survive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Events to record."""

    events: tuple[Event, ...]
    """Of the item itself: at least one."""
    split_off: ItemAdded | None = None
    """First event of a new item, under the id that was given for it."""
    then: tuple[Event, ...] = ()
    """What happens to the new item next, in the same action."""
    warnings: tuple[Caution, ...] = ()


def decide(item: Item | None, command: Command, *, at: datetime, today: date, new_item_id: UUID) -> Decision:
    """What a command does to an item (None: there is none yet) at an instant, on a day of the household.

    `new_item_id` is for packs that are split off.
    Raises CommandRefused, and nothing else.
    """
    if isinstance(command, Add):
        if item is not None:
            raise AlreadyAdded
        return _add(command, at=at, today=today, new_item_id=new_item_id)
    if item is None:
        raise NoSuchItem
    if item.status is Status.REMOVED:
        raise ItemRemoved
    if isinstance(command, SetPrice):
        return Decision(events=(PriceSet(amount=_price(command.amount, field="amount")),))
    if item.status is Status.FINISHED:
        raise AlreadyFinished
    match command:
        case Use():
            return Decision(events=(PortionUsed(quantity=_part(item, command), on=today),))
        case Waste():
            wasted = PortionWasted(quantity=_part(item, command), reason=command.reason, on=today)
            return Decision(events=(wasted,))
        case Give():
            return Decision(events=(PortionGiven(quantity=_part(item, command), on=today),))
        case Open():
            return _open(item, command.on or today, today=today, new_item_id=new_item_id)
        case Move():
            return _move(item, command.place, today=today)
        case Freeze():
            return _freeze(item, command.place, today=today)
        case Thaw():
            return _thaw(item, command.place, today=today)
        case Split():
            return _split(item, command.packs, new_item_id=new_item_id)
        case SetDate():
            printed = _printed(command.printed, today=today)
            kind = command.date_kind or item.facts.date_kind
            return Decision(events=(DateSet(printed=printed, date_kind=kind, asked=command.asked),))
        case SkipDate():
            return Decision(events=(DateSkipped(),))
        case CorrectQuantity():
            return _correct(item, command.left)


def _add(command: Add, *, at: datetime, today: date, new_item_id: UUID) -> Decision:
    _packs(command.packs)
    per_pack = command.per_pack
    if per_pack is not None:
        if per_pack.unit is Unit.PACK:
            raise UnitDoesNotFit(field="per_pack", unit=Unit.PACK.value, fits="g, kg, ml, l, piece")
        small = per_pack.small
        if small.amount <= _NOTHING:
            raise QuantityNotClear(field="per_pack")
        if small.amount * command.packs > MOST:
            raise TooMuch(field="per_pack", most=str(MOST), unit=small.unit.value)
    if command.gtin is None and (command.lot is not None or command.serial is not None):
        raise NotAccepted(field="gtin")
    added = ItemAdded(
        household_id=command.household_id,
        source=command.source,
        gtin=_accepted(command.gtin, _GTIN, field="gtin"),
        lot=_accepted(command.lot, _LOT_OR_SERIAL, field="lot"),
        serial=_accepted(command.serial, _LOT_OR_SERIAL, field="serial") if command.packs == 1 else None,
        packs=command.packs,
        per_pack=per_pack,
        printed=_printed(command.printed, today=today),
        date_kind=command.date_kind,
        kind=_accepted(command.kind, _SLUG, field="kind") or "",
        kind_is_certain=command.kind_is_certain,
        place=command.place,
        on=today,
        price=_price(command.price, field="price"),
        opened_days=_opened_days(command.opened_days),
        cold=(ColdSpell(frozen_at=at, thawed_at=None),) if command.place.kind is PlaceKind.FREEZER else (),
    )
    if command.opened_on is None:
        return Decision(events=(added,))
    opened = ItemOpened(on=_opening(command.opened_on, stored_on=today, today=today, field="opened_on"))
    if command.packs == 1:
        return Decision(events=(added, opened))
    one = replace(added, source=Source.SPLIT, packs=1, split_from=command.item_id)
    return Decision(events=(added, PacksSplitOff(packs=1, into=new_item_id)), split_off=one, then=(opened,))


def _open(item: Item, on: date, *, today: date, new_item_id: UUID) -> Decision:
    if item.facts.opened_on is not None:
        raise AlreadyOpened(on=item.facts.opened_on.isoformat())
    opened = ItemOpened(on=_opening(on, stored_on=item.facts.stored_on, today=today, field="on"))
    if item.packs == 1:
        return Decision(events=(opened,))
    return replace(_split(item, 1, new_item_id=new_item_id), then=(opened,))


def _opening(on: date, *, stored_on: date, today: date, field: str) -> date:
    if on > today:
        raise OpenedInTheFuture(field=field, latest=today.isoformat())
    if (stored_on - on).days > OPENED_DAYS_BEFORE:
        earliest = date.fromordinal(stored_on.toordinal() - OPENED_DAYS_BEFORE)
        raise OpenedBeforeAdded(field=field, earliest=earliest.isoformat())
    return on


def _split(item: Item, packs: int, *, new_item_id: UUID) -> Decision:
    _packs(packs)
    if packs >= item.packs:
        raise NotSoManyPacks(field="packs", packs=item.packs)
    facts = item.facts
    return Decision(
        events=(PacksSplitOff(packs=packs, into=new_item_id),),
        split_off=ItemAdded(
            household_id=item.household_id,
            source=Source.SPLIT,
            gtin=item.gtin,
            lot=item.lot,
            serial=None,
            packs=packs,
            per_pack=item.per_pack,
            printed=facts.printed,
            date_kind=facts.date_kind,
            kind=facts.kind,
            kind_is_certain=item.kind_is_certain,
            place=item.place,
            on=facts.stored_on,
            price=item.price,
            opened_days=facts.opened_days,
            cold=facts.cold,
            date_asked=item.date_asked,
            split_from=item.id,
        ),
    )


def _move(item: Item, place: Place, *, today: date) -> Decision:
    into_freezer = place.kind is PlaceKind.FREEZER
    if into_freezer is (item.place.kind is PlaceKind.FREEZER):
        return Decision(events=(ItemMoved(place=place),))
    return _freeze(item, place, today=today) if into_freezer else _thaw(item, place, today=today)


def _freeze(item: Item, place: Place, *, today: date) -> Decision:
    if place.kind is not PlaceKind.FREEZER:
        raise PlaceDoesNotFit(field="place")
    if item.place.kind is PlaceKind.FREEZER:
        raise AlreadyFrozen
    warnings = (Caution.REFROZEN,) if item.facts.cold else ()
    return Decision(events=(ItemFrozen(place=place, on=today),), warnings=warnings)


def _thaw(item: Item, place: Place, *, today: date) -> Decision:
    if place.kind is PlaceKind.FREEZER:
        raise PlaceDoesNotFit(field="place")
    if item.place.kind is not PlaceKind.FREEZER:
        raise NotFrozen
    return Decision(events=(ItemThawed(place=place, on=today),))


def _correct(item: Item, told: Quantity) -> Decision:
    left = _in_unit_of(item, told, field="left")
    gone = item.used.amount + item.wasted.amount + item.given.amount
    if left.amount + gone > MOST:
        raise TooMuch(field="left", most=str(MOST), unit=item.unit.value)
    packs = whole_packs(left.amount, item.pack_size.amount)
    if item.facts.opened_on is not None:
        packs = 1
    elif told.unit is not Unit.PACK:
        # Grams do not say that there is another pack: this one may simply hold more than its label states.
        packs = min(packs, item.packs)
    _packs(packs, field="left")
    return Decision(events=(QuantityCorrected(left=left, packs=packs),))


def _part(item: Item, command: Use | Waste | Give) -> Quantity:
    """The part of an item that a command means, in the item's unit."""
    share = command.share
    if command.quantity is not None:
        if share is not None:
            raise QuantityNotClear(field="share")
        part = _in_unit_of(item, command.quantity, field="quantity")
        if part.amount > item.left.amount:
            raise MoreThanLeft(field="quantity", left=as_text(item.left.amount), unit=item.unit.value)
        return part
    if share is None:
        return item.left
    if not share.is_finite() or not _NOTHING < share <= _ALL:
        raise QuantityNotClear(field="share")
    return exactly(max(STEP, rounded(item.left.amount * share)), item.unit)


def _in_unit_of(item: Item, told: Quantity, *, field: str) -> Quantity:
    """The same in the item's unit; packs by what is in one of them."""
    small = told.small
    amount = small.amount
    if small.unit is not item.unit:
        if small.unit is not Unit.PACK:
            raise UnitDoesNotFit(field=field, unit=told.unit.value, fits=item.unit.value)
        amount *= item.pack_size.amount
    if amount <= _NOTHING:
        raise QuantityNotClear(field=field)
    return exactly(max(STEP, rounded(amount)), item.unit)


def _packs(packs: int, *, field: str = "packs") -> None:
    if not 1 <= packs <= MOST_PACKS:
        raise PacksOutOfRange(field=field, most=MOST_PACKS)


def _printed(day: date | None, *, today: date) -> date | None:
    if day is None:
        return None
    latest_year = today.year + PRINTED_YEARS_AHEAD
    if day < EARLIEST_PRINTED or (day.year, day.month, day.day) > (latest_year, today.month, today.day):
        latest = f"{latest_year:04}-{today.month:02}-{today.day:02}"
        raise DateOutOfRange(field="printed", earliest=EARLIEST_PRINTED.isoformat(), latest=latest)
    return day


def _price(amount: Decimal | None, *, field: str) -> Decimal | None:
    if amount is None:
        return None
    if (
        not amount.is_finite()
        or not _NOTHING <= amount <= HIGHEST_PRICE
        or amount != amount.quantize(PRICE_STEP)
    ):
        raise PriceOutOfRange(field=field, most=str(HIGHEST_PRICE))
    return amount


def _opened_days(days: int | None) -> int | None:
    if days is not None and not 0 <= days <= MOST_OPENED_DAYS:
        raise NotAccepted(field="opened_days")
    return days


def _accepted(text: str | None, pattern: re.Pattern[str], *, field: str) -> str | None:
    if text is not None and pattern.fullmatch(text) is None:
        raise NotAccepted(field=field)
    return text
