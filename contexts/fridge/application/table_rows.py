"""The rows of a file that somebody brings along: CSV as spreadsheets write it, or JSON.

Read one at a time, so that a file of any length takes the memory of its longest row.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn, TextIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.fridge.application.errors import FileNotAccepted

#: What a row can say, as our own exports name it. Case, blanks and signs in a heading do not matter.
FIELDS: Final = (
    "code",
    "name",
    "gtin",
    "lot",
    "serial",
    "packs",
    "quantity",
    "unit",
    "date",
    "dateKind",
    "place",
    "kind",
    "openedOn",
    "price",
)
MOST_ROWS: Final = 100_000
#: Characters.
LONGEST_ROW: Final = 4_000

#: Signs with which a spreadsheet takes a cell for a formula (CWE-1236), the full-width ones included: our
#: exports put an apostrophe before.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_SAYS_WHAT: Final = frozenset({"code", "name", "gtin"})
_DELIMITERS: Final = ";,\t"
_LIST: Final = re.compile(r'\s*(?:\[|\{[^\[\]{}]{0,2000}?"items"\s*:\s*\[)')
_BETWEEN: Final = re.compile(r"[\s,]*")
_PIECE: Final = 65_536


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row as it stands in the file."""

    number: int
    """The line of a CSV file, its heading being line 1; the place in the list of a JSON file, from 1."""
    values: Mapping[str, str]
    """By field; fields that are empty or missing are not in it."""


@dataclass(frozen=True, kw_only=True)
class BrokenRow:
    """One row that is left out, and what to do about it."""

    number: int
    field: str
    """Of FIELDS; empty where the row as a whole cannot be read."""
    rule: str
    """Code of what it breaks, for programs."""
    says: str
    """What is wrong and what to do, in the language that is active."""


def rows_of_csv(text: TextIO) -> Iterator[Row | BrokenRow]:
    """The rows below the heading. A row is a line: a quotation mark that is missing spoils that row only.

    Separated by semicolons, commas or tabs, whichever the heading has most of. Raises FileNotAccepted.
    """
    heading = text.readline(LONGEST_ROW + 1).removeprefix("\ufeff")
    delimiter = max(_DELIMITERS, key=heading.count)
    columns = _columns(_cells(heading, delimiter) or [])
    for number, line in enumerate(_lines(text), start=2):
        if line is None:
            yield BrokenRow(
                number=number,
                field="",
                rule="too_long",
                says=_("The row is longer than %(most)s characters: shorten it.") % {"most": LONGEST_ROW},
            )
            continue
        if not line.strip():
            continue
        cells = _cells(line, delimiter)
        if cells is None or any(cells[len(columns) :]):
            yield BrokenRow(
                number=number,
                field="",
                rule="not_divisible",
                says=_(
                    "The row cannot be divided into its columns: put quotation marks around a text that holds"
                    " the separator, and double the quotation marks within."
                ),
            )
            continue
        values = {
            name: value
            for name, cell in zip(columns, cells, strict=False)
            if name and (value := _without_guard(cell.strip()))
        }
        if values:
            yield Row(number=number, values=values)


def rows_of_json(text: TextIO) -> Iterator[Row | BrokenRow]:
    """The objects of a list, which stands alone or is the `items` of an object. Raises FileNotAccepted."""
    decoder = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal, parse_constant=_no_json)
    ahead = text.read(_PIECE).removeprefix("\ufeff")
    start = _LIST.match(ahead)
    if start is None:
        raise FileNotAccepted(gettext_noop("The file is no JSON list, and no object with a list of items."))
    at, number = start.end(), 0
    while True:
        if between := _BETWEEN.match(ahead, at):
            at = between.end()
        if len(ahead) - at <= LONGEST_ROW and (more := text.read(_PIECE)):
            ahead, at = ahead[at:] + more, 0
            continue
        if ahead.startswith("]", at):
            return
        number += 1
        try:
            found, end = decoder.raw_decode(ahead, at)
        except (ValueError, RecursionError) as error:
            raise _not_json(number) from error
        if end - at > LONGEST_ROW:
            raise _not_json(number)
        at = end
        yield _row_of_json(found, number=number)


def _not_json(number: int) -> FileNotAccepted:
    return FileNotAccepted(
        gettext_noop("Item %(number)s of the list is not valid JSON, or longer than %(most)s characters."),
        number=number,
        most=LONGEST_ROW,
    )


def _row_of_json(found: Any, *, number: int) -> Row | BrokenRow:
    if not isinstance(found, dict):
        return BrokenRow(
            number=number, field="", rule="no_object", says=_("Each item of the list must be an object.")
        )
    given = {name: found.get(name) for name in FIELDS}
    if isinstance(given["quantity"], dict):
        given |= {"quantity": given["quantity"].get("amount"), "unit": given["quantity"].get("unit")}
    values: dict[str, str] = {}
    for name, value in given.items():
        if value is None:
            continue
        if not isinstance(value, str | Decimal):
            return BrokenRow(number=number, field=name, rule="no_text", says=_("Write a text or a number."))
        if text := str(value).strip():
            values[name] = text
    return Row(number=number, values=values)


def _columns(heading: list[str]) -> list[str]:
    """The field of each column; empty for a column that says nothing we know."""
    known = {_plain(name): name for name in FIELDS}
    columns = [known.get(_plain(cell), "") for cell in heading]
    if _SAYS_WHAT.isdisjoint(columns):
        raise FileNotAccepted(
            gettext_noop("The first line must name the columns, one of them name, gtin or code.")
        )
    for name, times in Counter(columns).items():
        if name and times > 1:
            raise FileNotAccepted(gettext_noop("Two columns are called %(name)s."), name=name)
    return columns


def _plain(heading: str) -> str:
    return "".join(sign for sign in heading.casefold() if sign.isalnum())


def _lines(text: TextIO) -> Iterator[str | None]:
    """The lines that are left; None for one that is longer than any row."""
    while line := text.readline(LONGEST_ROW + 2):
        if len(line) > LONGEST_ROW and not line.endswith("\n"):
            while (rest := text.readline(_PIECE)) and not rest.endswith("\n"):
                pass
            yield None
        else:
            yield line


def _cells(line: str, delimiter: str) -> list[str] | None:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return None


def _without_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _no_json(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON.")
