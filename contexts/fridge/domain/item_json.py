"""A folded item as a JSON document: the `state` of its projection."""

from collections.abc import Mapping
from typing import Any, Final

from contexts.fridge.domain.event_json import (
    UNITS,
    cold_of,
    cold_to_json,
    day_of,
    decimal_of,
    flag_of,
    instant_of,
    number_of,
    place_of,
    place_to_json,
    quantity_to_json,
    text_of,
    uuid_of,
)
from contexts.fridge.domain.events import Source
from contexts.fridge.domain.freshness import DateKind, Facts
from contexts.fridge.domain.item import Item, Status
from contexts.fridge.domain.quantity import Quantity, Unit, as_text, exactly

#: Most items have nothing wasted and nothing given.
_NONE_OF: Final = {unit: Quantity.none_of(unit) for unit in Unit}


class ItemUnreadable(Exception):
    """A document that `item_to_json` did not write: the projection is to be rebuilt."""


def item_to_json(item: Item) -> dict[str, Any]:
    """The document of an item. Amounts are in `unit`."""
    facts = item.facts
    return {
        "id": str(item.id),
        "household_id": str(item.household_id),
        "version": item.version,
        "status": item.status.value,
        "source": item.source.value,
        "split_from": None if item.split_from is None else str(item.split_from),
        "gtin": item.gtin,
        "lot": item.lot,
        "serial": item.serial,
        "kind_is_certain": item.kind_is_certain,
        "packs": item.packs,
        "per_pack": None if item.per_pack is None else quantity_to_json(item.per_pack),
        "unit": item.unit.value,
        "pack_size": as_text(item.pack_size.amount),
        "added": as_text(item.added.amount),
        "left": as_text(item.left.amount),
        "used": as_text(item.used.amount),
        "wasted": as_text(item.wasted.amount),
        "given": as_text(item.given.amount),
        "price": None if item.price is None else as_text(item.price),
        "date_asked": item.date_asked,
        "place": place_to_json(item.place),
        "stored_on": facts.stored_on.isoformat(),
        "printed": None if facts.printed is None else facts.printed.isoformat(),
        "date_kind": None if facts.date_kind is None else facts.date_kind.value,
        "kind": facts.kind,
        "opened_on": None if facts.opened_on is None else facts.opened_on.isoformat(),
        "opened_days": facts.opened_days,
        "cold": cold_to_json(facts.cold),
        "added_at": item.added_at.isoformat(),
        "finished_on": None if item.finished_on is None else item.finished_on.isoformat(),
    }


def item_from_json(document: object) -> Item:
    """The item of a decoded document. Raises ItemUnreadable."""
    try:
        if not isinstance(document, Mapping):
            raise ItemUnreadable("not an object")
        return _item(document)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ItemUnreadable(type(error).__name__) from None


def _item(document: Mapping[str, Any]) -> Item:
    unit = UNITS[document["unit"]]
    place = place_of(document["place"])
    per_pack, price = document["per_pack"], document["price"]
    split_from, printed, date_kind = document["split_from"], document["printed"], document["date_kind"]
    opened_on, finished_on = document["opened_on"], document["finished_on"]
    opened_days = document["opened_days"]
    return Item(
        id=uuid_of(document["id"]),
        household_id=uuid_of(document["household_id"]),
        version=number_of(document["version"], least=1),
        status=Status(document["status"]),
        source=Source(document["source"]),
        split_from=None if split_from is None else uuid_of(split_from),
        gtin=_optional_text(document["gtin"]),
        lot=_optional_text(document["lot"]),
        serial=_optional_text(document["serial"]),
        kind_is_certain=flag_of(document["kind_is_certain"]),
        packs=number_of(document["packs"], least=0),
        per_pack=None if per_pack is None else Quantity(decimal_of(per_pack[0]), UNITS[per_pack[1]]),
        unit=unit,
        pack_size=_amount(document["pack_size"], unit),
        added=_amount(document["added"], unit),
        left=_amount(document["left"], unit),
        used=_amount(document["used"], unit),
        wasted=_amount(document["wasted"], unit),
        given=_amount(document["given"], unit),
        price=None if price is None else decimal_of(price),
        date_asked=flag_of(document["date_asked"]),
        place=place,
        facts=Facts(
            stored_on=day_of(document["stored_on"]),
            printed=None if printed is None else day_of(printed),
            date_kind=None if date_kind is None else DateKind(date_kind),
            kind=text_of(document["kind"]),
            place=place.kind,
            opened_on=None if opened_on is None else day_of(opened_on),
            opened_days=None if opened_days is None else number_of(opened_days, least=0),
            cold=cold_of(document["cold"]),
        ),
        added_at=instant_of(document["added_at"]),
        finished_on=None if finished_on is None else day_of(finished_on),
    )


def _amount(text: object, unit: Unit) -> Quantity:
    return _NONE_OF[unit] if text == "0" else exactly(decimal_of(text), unit)


def _optional_text(value: object) -> str | None:
    return None if value is None else text_of(value)
