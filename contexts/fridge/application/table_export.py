"""What is at home as a file, in the columns that an import reads, and a few more to look at."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from io import StringIO
from typing import Final

import orjson

from contexts.fridge.application import reading
from contexts.fridge.application.households import Membership
from contexts.fridge.application.reading import StoredItem
from contexts.fridge.application.table_rows import FIELDS, FORMULA
from contexts.fridge.domain.freshness import freshness
from contexts.fridge.domain.quantity import STEP, Unit
from contexts.fridge.domain.storage_guidance import guidance

_TOLD: Final = ("brandName", "currency", "state", "dueOn", "storedOn")
"""Columns that an import does not read."""
_COLUMNS: Final = (*(field for field in FIELDS if field != "code"), *_TOLD)


def csv_of(*, member: Membership, now: datetime) -> Iterator[bytes]:
    """RFC 4180 in UTF-8 with a byte order mark, without which spreadsheets take it for another encoding.

    Every cell stands in quotation marks: in countries where a semicolon separates cells, one within a name
    would begin a new one. No cell begins a formula (CWE-1236).
    """
    yield csv_start(_COLUMNS)
    for stored in _items(member, now=now):
        row = _row(stored, member=member, now=now)
        yield csv_line(row.get(column, "") for column in _COLUMNS)


def json_of(*, member: Membership, now: datetime) -> Iterator[bytes]:
    """One object with the list `items`, each on a line of its own; what is not known is left out."""
    yield b'{"version":1,"items":['
    between = b"\n"
    for stored in _items(member, now=now):
        yield between + orjson.dumps(_row(stored, member=member, now=now))
        between = b",\n"
    yield b"\n]}\n"


def csv_start(columns: Iterable[str]) -> bytes:
    """The line of headings, and what tells spreadsheets that it is UTF-8."""
    return b"\xef\xbb\xbf" + csv_line(columns)


def csv_line(cells: Iterable[str]) -> bytes:
    """One line whose cells are read as they are."""
    line = StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(_guarded(cell) for cell in cells)
    return line.getvalue().encode()


def _items(member: Membership, *, now: datetime) -> Iterator[StoredItem]:
    cursor: str | None = None
    while True:
        page = reading.fridge_page(member=member, now=now, cursor=cursor, limit=100)
        yield from page.items
        cursor = page.next_cursor
        if cursor is None:
            return


def _row(stored: StoredItem, *, member: Membership, now: datetime) -> dict[str, str]:
    item = stored.item
    facts = item.facts
    fresh = freshness(
        facts=facts, guidance=guidance(), now=now, zone=member.zone, window_days=member.use_soon_days
    )
    place = member.place(item.place.id) if item.place.id else None
    values: dict[str, object] = {
        "name": stored.name,
        "gtin": item.gtin,
        "lot": item.lot,
        "serial": item.serial,
        "packs": item.packs,
        "date": facts.printed,
        "dateKind": facts.date_kind,
        "place": place.name if place else item.place.kind,
        "kind": facts.kind,
        "openedOn": facts.opened_on,
        "price": None if item.price is None else _plain(item.price),
        "brandName": stored.brand_name,
        "currency": None if item.price is None else member.currency,
        "state": fresh.state,
        "dueOn": fresh.due_on,
        "storedOn": facts.stored_on,
    }
    if item.unit is not Unit.PACK and item.packs:
        # Of a begun pack what is left of it; of several, so much each that together it is what is left.
        values |= {"quantity": _plain((item.left.amount / item.packs).quantize(STEP)), "unit": item.unit}
    return {name: str(value) for name, value in values.items() if value not in {None, ""}}


def _plain(number: Decimal) -> str:
    """Without an exponent, and without zeros that say nothing."""
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


def _guarded(cell: str) -> str:
    plain = " ".join(cell.split())
    return f"'{plain}" if plain.startswith(FORMULA) else plain
