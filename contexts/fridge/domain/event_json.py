"""Events as JSON documents: what the event store keeps.

Every version of every type that was ever stored stays readable: an older one is brought up to the next by its
upcaster, step by step. `golden/` has examples of all of them.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias
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
    Source,
    WasteReason,
)
from contexts.fridge.domain.freshness import ColdSpell, DateKind, PlaceKind
from contexts.fridge.domain.quantity import Quantity, Unit, as_text

Payload: TypeAlias = Mapping[str, Any]
Upcasters: TypeAlias = Mapping[tuple[str, int], Callable[[Payload], Payload]]

#: From a type and the version that was stored to the payload of the next version.
UPCASTERS: Final[Upcasters] = MappingProxyType({})


_DECIMAL: Final = re.compile(r"[0-9]{1,13}(?:\.[0-9]{1,4})?")
_UUID: Final = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

#: What is read most often, made once.
UNITS: Final[Mapping[str, Unit]] = {unit.value: unit for unit in Unit}
SOURCES: Final[Mapping[str, Source]] = {source.value: source for source in Source}
DATE_KINDS: Final[Mapping[str, DateKind]] = {kind.value: kind for kind in DateKind}
_PLAIN_PLACES: Final[Mapping[str, Place]] = {kind.value: Place(kind) for kind in PlaceKind}


class EventUnreadable(Exception):
    """What is stored is no event that was ever recorded. Names type and version, never the payload."""

    def __init__(self, *, event_type: str, schema_version: int, why: str) -> None:
        super().__init__(f"{event_type} in version {schema_version}: {why}")


class StoredEvent(NamedTuple):
    """An event as it is stored."""

    event_type: str
    schema_version: int
    payload: dict[str, Any]


def event_to_json(event: Event) -> StoredEvent:
    """The document of an event, in the newest version of its type."""
    kind = _OF_EVENT[type(event)]
    return StoredEvent(event_type=kind.event_type, schema_version=kind.version, payload=kind.write(event))


def event_from_json(
    event_type: str, schema_version: int, payload: object, *, upcasters: Upcasters = UPCASTERS
) -> Event:
    """The event of a decoded document.

    Raises EventUnreadable: a type or version that was never stored; anything but exactly the fields of it,
    each in the form in which it is written.
    """
    kind = _OF_TYPE.get(event_type)
    if kind is None:
        raise EventUnreadable(event_type=event_type, schema_version=schema_version, why="no such type")
    try:
        for version in range(schema_version, kind.version):
            payload = upcasters[event_type, version](_object(payload))
        if schema_version > kind.version:
            raise _Unreadable("from the future")
        if not isinstance(payload, dict) or payload.keys() != kind.fields:
            raise _Unreadable("not the fields of its version")
        return kind.read(payload)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        why = str(error) if isinstance(error, _Unreadable) else error.__class__.__name__
        raise EventUnreadable(event_type=event_type, schema_version=schema_version, why=why) from None


def newest_versions() -> Mapping[str, int]:
    """The newest version of each type."""
    return {kind.event_type: kind.version for kind in _KINDS}


class _Unreadable(ValueError):
    """Why a payload is not what was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Kind:
    """One type of event, in its newest version."""

    event_type: str
    version: int
    event: type[Event]
    fields: frozenset[str]
    write: Callable[[Any], dict[str, Any]]
    read: Callable[[Payload], Event]


def _object(value: object) -> Payload:
    if not isinstance(value, Mapping):
        raise _Unreadable("not an object")
    return value


def text_of(value: object) -> str:
    """A text as it is. Raises ValueError."""
    if not isinstance(value, str):
        raise _Unreadable("not a text")
    return value


def number_of(value: object, *, least: int) -> int:
    """A whole number. Raises ValueError."""
    if type(value) is not int or value < least:
        raise _Unreadable("not such a number")
    return value


def flag_of(value: object) -> bool:
    """True or false. Raises ValueError."""
    if not isinstance(value, bool):
        raise _Unreadable("neither true nor false")
    return value


def uuid_of(value: object) -> UUID:
    """A UUID, in the form in which it is written. Raises ValueError."""
    if not isinstance(value, str) or _UUID.fullmatch(value) is None:
        raise _Unreadable("not a plain UUID")
    return UUID(value)


def day_of(value: object) -> date:
    """A day (ISO 8601). Raises ValueError."""
    # A week and its day can be as long.
    if not isinstance(value, str) or len(value) != 10 or value[7] != "-":
        raise _Unreadable("not a day")
    return date.fromisoformat(value)


def instant_of(value: object) -> datetime:
    """An instant with its offset from UTC (ISO 8601). Raises ValueError."""
    instant = datetime.fromisoformat(text_of(value))
    if instant.tzinfo is None:
        raise _Unreadable("not an instant")
    return instant


def instant_to_json(instant: datetime) -> str:
    """In UTC, so that the same instant is the same text whatever clock told it."""
    return instant.astimezone(UTC).isoformat()


def decimal_of(value: object) -> Decimal:
    """A decimal in its plain form, not below zero. Raises ValueError."""
    if not isinstance(value, str) or _DECIMAL.fullmatch(value) is None:
        raise _Unreadable("not a decimal")
    return Decimal(value)


def quantity_to_json(quantity: Quantity) -> list[str]:
    """`["1.5", "kg"]`."""
    return [as_text(quantity.amount), quantity.unit.value]


def _quantity(value: object) -> Quantity:
    if not isinstance(value, list):
        raise _Unreadable("not a quantity")
    amount, unit = value
    return Quantity(decimal_of(amount), UNITS[unit])


def place_to_json(place: Place) -> list[str]:
    """`["fridge"]`, or with the id of an own place behind."""
    return [place.kind.value] if place.id is None else [place.kind.value, str(place.id)]


def place_of(value: object) -> Place:
    """What `place_to_json` writes. Raises ValueError."""
    if not isinstance(value, list) or not 1 <= len(value) <= 2:
        raise _Unreadable("not a place")
    plain = _PLAIN_PLACES[value[0]]
    return plain if len(value) == 1 else Place(plain.kind, uuid_of(value[1]))


def cold_to_json(cold: tuple[ColdSpell, ...]) -> list[list[str | None]]:
    """`[[frozen at, thawed at or null], ...]`."""
    return [
        [
            instant_to_json(spell.frozen_at),
            None if spell.thawed_at is None else instant_to_json(spell.thawed_at),
        ]
        for spell in cold
    ]


def cold_of(value: object) -> tuple[ColdSpell, ...]:
    """What `cold_to_json` writes. Raises ValueError."""
    if not isinstance(value, list):
        raise _Unreadable("not time in the freezer")
    return tuple(
        ColdSpell(frozen_at=instant_of(start), thawed_at=None if end is None else instant_of(end))
        for start, end in value
    )


def _write_added(event: ItemAdded) -> dict[str, Any]:
    return {
        "household_id": str(event.household_id),
        "source": event.source.value,
        "gtin": event.gtin,
        "lot": event.lot,
        "serial": event.serial,
        "packs": event.packs,
        "per_pack": None if event.per_pack is None else quantity_to_json(event.per_pack),
        "printed": None if event.printed is None else event.printed.isoformat(),
        "date_kind": None if event.date_kind is None else event.date_kind.value,
        "kind": event.kind,
        "kind_is_certain": event.kind_is_certain,
        "place": place_to_json(event.place),
        "on": event.on.isoformat(),
        "price": None if event.price is None else as_text(event.price),
        "opened_days": event.opened_days,
        "cold": cold_to_json(event.cold),
        "date_asked": event.date_asked,
        "split_from": None if event.split_from is None else str(event.split_from),
    }


def _read_added(payload: Payload) -> ItemAdded:
    gtin, lot, serial = payload["gtin"], payload["lot"], payload["serial"]
    per_pack, printed, date_kind = payload["per_pack"], payload["printed"], payload["date_kind"]
    price, opened_days, split_from = payload["price"], payload["opened_days"], payload["split_from"]
    return ItemAdded(
        household_id=uuid_of(payload["household_id"]),
        source=SOURCES[payload["source"]],
        gtin=None if gtin is None else text_of(gtin),
        lot=None if lot is None else text_of(lot),
        serial=None if serial is None else text_of(serial),
        packs=number_of(payload["packs"], least=1),
        per_pack=None if per_pack is None else _quantity(per_pack),
        printed=None if printed is None else day_of(printed),
        date_kind=None if date_kind is None else DATE_KINDS[date_kind],
        kind=text_of(payload["kind"]),
        kind_is_certain=flag_of(payload["kind_is_certain"]),
        place=place_of(payload["place"]),
        on=day_of(payload["on"]),
        price=None if price is None else decimal_of(price),
        opened_days=None if opened_days is None else number_of(opened_days, least=0),
        cold=cold_of(payload["cold"]),
        date_asked=flag_of(payload["date_asked"]),
        split_from=None if split_from is None else uuid_of(split_from),
    )


def _write_date_set(event: DateSet) -> dict[str, Any]:
    return {
        "printed": None if event.printed is None else event.printed.isoformat(),
        "date_kind": None if event.date_kind is None else event.date_kind.value,
        "asked": event.asked,
    }


def _read_date_set(payload: Payload) -> DateSet:
    printed, date_kind = payload["printed"], payload["date_kind"]
    return DateSet(
        printed=None if printed is None else day_of(printed),
        date_kind=None if date_kind is None else DateKind(date_kind),
        asked=flag_of(payload["asked"]),
    )


def _read_corrected(payload: Payload) -> QuantityCorrected:
    return QuantityCorrected(left=_quantity(payload["left"]), packs=number_of(payload["packs"], least=1))


def _write_portion(event: PortionUsed | PortionGiven) -> dict[str, Any]:
    return {"quantity": quantity_to_json(event.quantity), "on": event.on.isoformat()}


def _write_wasted(event: PortionWasted) -> dict[str, Any]:
    return {
        "quantity": quantity_to_json(event.quantity),
        "reason": event.reason.value,
        "on": event.on.isoformat(),
    }


def _write_cold(event: ItemFrozen | ItemThawed) -> dict[str, Any]:
    return {"place": place_to_json(event.place), "on": event.on.isoformat()}


def _kind(
    event_type: str,
    event: type[Event],
    fields: str,
    write: Callable[[Any], dict[str, Any]],
    read: Callable[[Payload], Event],
) -> _Kind:
    newest = 1 + max((version for known, version in UPCASTERS if known == event_type), default=0)
    return _Kind(
        event_type=event_type,
        version=newest,
        event=event,
        fields=frozenset(fields.split()),
        write=write,
        read=read,
    )


_KINDS: Final = (
    _kind(
        "item_added",
        ItemAdded,
        "household_id source gtin lot serial packs per_pack printed date_kind kind kind_is_certain place on"
        " price opened_days cold date_asked split_from",
        _write_added,
        _read_added,
    ),
    _kind("date_set", DateSet, "printed date_kind asked", _write_date_set, _read_date_set),
    _kind("date_skipped", DateSkipped, "", lambda _: {}, lambda _: DateSkipped()),
    _kind(
        "quantity_corrected",
        QuantityCorrected,
        "left packs",
        lambda event: {"left": quantity_to_json(event.left), "packs": event.packs},
        _read_corrected,
    ),
    _kind(
        "item_moved",
        ItemMoved,
        "place",
        lambda event: {"place": place_to_json(event.place)},
        lambda payload: ItemMoved(place=place_of(payload["place"])),
    ),
    _kind(
        "item_opened",
        ItemOpened,
        "on",
        lambda event: {"on": event.on.isoformat()},
        lambda payload: ItemOpened(on=day_of(payload["on"])),
    ),
    _kind(
        "portion_used",
        PortionUsed,
        "quantity on",
        _write_portion,
        lambda payload: PortionUsed(quantity=_quantity(payload["quantity"]), on=day_of(payload["on"])),
    ),
    _kind(
        "portion_wasted",
        PortionWasted,
        "quantity reason on",
        _write_wasted,
        lambda payload: PortionWasted(
            quantity=_quantity(payload["quantity"]),
            reason=WasteReason(payload["reason"]),
            on=day_of(payload["on"]),
        ),
    ),
    _kind(
        "portion_given",
        PortionGiven,
        "quantity on",
        _write_portion,
        lambda payload: PortionGiven(quantity=_quantity(payload["quantity"]), on=day_of(payload["on"])),
    ),
    _kind(
        "item_frozen",
        ItemFrozen,
        "place on",
        _write_cold,
        lambda payload: ItemFrozen(place=place_of(payload["place"]), on=day_of(payload["on"])),
    ),
    _kind(
        "item_thawed",
        ItemThawed,
        "place on",
        _write_cold,
        lambda payload: ItemThawed(place=place_of(payload["place"]), on=day_of(payload["on"])),
    ),
    _kind(
        "packs_split_off",
        PacksSplitOff,
        "packs into",
        lambda event: {"packs": event.packs, "into": str(event.into)},
        lambda payload: PacksSplitOff(
            packs=number_of(payload["packs"], least=1), into=uuid_of(payload["into"])
        ),
    ),
    _kind(
        "price_set",
        PriceSet,
        "amount",
        lambda event: {"amount": None if event.amount is None else as_text(event.amount)},
        lambda payload: PriceSet(amount=None if payload["amount"] is None else decimal_of(payload["amount"])),
    ),
    _kind(
        "action_undone",
        ActionUndone,
        "action_id",
        lambda event: {"action_id": str(event.action_id)},
        lambda payload: ActionUndone(action_id=uuid_of(payload["action_id"])),
    ),
)

_OF_TYPE: Final[Mapping[str, _Kind]] = {kind.event_type: kind for kind in _KINDS}
_OF_EVENT: Final[Mapping[type[Event], _Kind]] = {kind.event: kind for kind in _KINDS}
