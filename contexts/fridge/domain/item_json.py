"""A folded item as a JSON document: the `state` of its projection."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from contexts.fridge.domain.event_json import (
    DATE_KINDS,
    SOURCES,
    UNITS,
    cold_of,
    cold_to_json,
    instant_to_json,
    place_of,
    place_to_json,
    quantity_to_json,
)
from contexts.fridge.domain.freshness import Facts
from contexts.fridge.domain.item import Item, Status
from contexts.fridge.domain.quantity import Quantity, Unit, as_text, exactly

_STATUSES: Final = {status.value: status for status in Status}


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
        "added_at": instant_to_json(item.added_at),
        "finished_on": None if item.finished_on is None else item.finished_on.isoformat(),
    }


def item_from_json(document: object) -> Item:
    """The item of a decoded document. What stands in it is believed, for nobody else writes one: it is read
    with every page. Raises ItemUnreadable where it cannot be one."""
    try:
        if not isinstance(document, dict):
            raise ItemUnreadable("not an object")
        return _item(document)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ItemUnreadable(type(error).__name__) from None


def _item(document: dict[str, Any]) -> Item:
    unit = UNITS[document["unit"]]
    place = place_of(document["place"])
    per_pack, price, split_from = document["per_pack"], document["price"], document["split_from"]
    cold, date_kind = document["cold"], document["date_kind"]
    return Item(
        id=UUID(document["id"]),
        household_id=_household(document["household_id"]),
        version=document["version"],
        status=_STATUSES[document["status"]],
        source=SOURCES[document["source"]],
        split_from=None if split_from is None else UUID(split_from),
        gtin=document["gtin"],
        lot=document["lot"],
        serial=document["serial"],
        kind_is_certain=document["kind_is_certain"],
        packs=document["packs"],
        per_pack=None if per_pack is None else _quantity(per_pack[0], UNITS[per_pack[1]]),
        unit=unit,
        pack_size=_quantity(document["pack_size"], unit),
        added=_quantity(document["added"], unit),
        left=_quantity(document["left"], unit),
        used=_quantity(document["used"], unit),
        wasted=_quantity(document["wasted"], unit),
        given=_quantity(document["given"], unit),
        price=None if price is None else Decimal(price),
        date_asked=document["date_asked"],
        place=place,
        facts=Facts(
            stored_on=date.fromisoformat(document["stored_on"]),
            printed=_day(document["printed"]),
            date_kind=None if date_kind is None else DATE_KINDS[date_kind],
            kind=document["kind"],
            place=place.kind,
            opened_on=_day(document["opened_on"]),
            opened_days=document["opened_days"],
            cold=cold_of(cold) if cold else (),
        ),
        added_at=datetime.fromisoformat(document["added_at"]),
        finished_on=_day(document["finished_on"]),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=4096)
def _quantity(amount: str, unit: Unit) -> Quantity:
    """Amounts repeat: packs hold 500 g, and nothing of most is wasted."""
    return exactly(Decimal(amount), unit)


#: The items of a page are one household's.
_household: Final = lru_cache(maxsize=1024)(UUID)
