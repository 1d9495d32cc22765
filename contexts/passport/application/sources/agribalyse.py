"""Agribalyse: what a kilogram of a kind of food costs the environment in France, by ADEME and INRAE.

An operator downloads the sheet "Synthese" from https://doc.agribalyse.fr (Licence Ouverte 2.0, which asks to
name ADEME) as CSV or XLSX and loads it: `manage.py sources load agribalyse FILE`.
"""

import csv
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.db import transaction

from contexts.passport.application.sources.adapter import FileRefused, How, LocalSource
from contexts.passport.domain.eco import LifeCycle
from contexts.passport.domain.text import cleaned, shortened
from contexts.passport.models import LifeCycleFood

NAME: Final = "ADEME - AGRIBALYSE"

_LARGEST: Final = 50 * 1024 * 1024
_LARGEST_UNPACKED: Final = 400 * 1024 * 1024
#: The sheet begins with a title; its headings come within these many rows.
_TITLE_ROWS: Final = 20
_FEWEST_FOODS: Final = 100
#: Columns by how their headings begin, white space apart.
_COLUMNS: Final[Mapping[str, str]] = {
    "code": "code agb",
    "name": "lci name",
    "quality": "dqr",
    "score": "score unique ef",
    "co2": "changement climatique",
}
_HOW: Final = (
    "Download the sheet “Synthese” of Agribalyse from https://doc.agribalyse.fr as CSV or XLSX and load that."
)


def load(content: bytes, name: str) -> int:
    """Put a file's foods in the place of those that are there; answers how many there are now.

    Raises FileRefused for a file that is not Agribalyse's sheet, or has a figure that no food has: half of a
    table would be worse than the old one.
    """
    foods = list(_foods(_rows(content, name), edition=shortened(cleaned(name), limit=32)))
    if len(foods) < _FEWEST_FOODS:
        raise FileRefused(f"The file has {len(foods)} foods, and Agribalyse has some 2,500. {_HOW}")
    with transaction.atomic(using="passport"):
        LifeCycleFood.objects.all().delete()
        LifeCycleFood.objects.bulk_create(foods, batch_size=1_000)
    return len(foods)


def life_cycles(*, codes: Collection[str]) -> Mapping[str, LifeCycle]:
    """What the loaded file says of foods by Agribalyse's codes; nothing where none was loaded."""
    return {
        food.code: LifeCycle(
            code=food.code, name=food.name, ef_millipoints=food.single_score, co2_kg=food.co2
        )
        for food in LifeCycleFood.objects.filter(code__in=list(codes))
    }


SOURCE: Final = LocalSource(name="agribalyse", shown_as=NAME, how=How.FILE, load=load)


def _rows(content: bytes, name: str) -> Iterator[Sequence[str]]:
    if len(content) > _LARGEST:
        raise FileRefused(f"The file is larger than {_LARGEST // 1024**2} MB. {_HOW}")
    return _workbook(content) if content.startswith(b"PK\x03\x04") else _lines(content)


def _lines(content: bytes) -> Iterator[Sequence[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(f"The file is not text in UTF-8. {_HOW}") from None
    first = text[:100_000]
    separator = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise FileRefused(f"The file is no CSV ({error}). {_HOW}") from None


def _workbook(content: bytes) -> Iterator[Sequence[str]]:
    import openpyxl  # a tenth of a second that only who loads a workbook needs

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _LARGEST_UNPACKED:
                raise FileRefused(f"The workbook unpacks to more than any edition of Agribalyse. {_HOW}")
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise FileRefused(f"The file is no XLSX workbook, whatever its name says. {_HOW}") from None
    sheet = next(
        (found for found in workbook.worksheets if cleaned(found.title).lower() in {"synthese", "synthèse"}),
        workbook.worksheets[0],
    )
    for row in sheet.iter_rows(values_only=True):
        yield ["" if cell is None else str(cell) for cell in row]


def _foods(rows: Iterable[Sequence[str]], *, edition: str) -> Iterator[LifeCycleFood]:
    columns: Mapping[str, int] | None = None
    seen: set[str] = set()
    for number, row in enumerate(rows, start=1):
        if columns is None:
            columns = _columns(row)
            if columns is None and number >= _TITLE_ROWS:
                break
            continue
        if food := _food(row, columns, number=number, edition=edition):
            if food.code in seen:
                raise FileRefused(f"Row {number} has the food {food.code} a second time. {_HOW}")
            seen.add(food.code)
            yield food
    if columns is None:
        raise FileRefused(f"The file has no row with the headings “Code AGB” and “LCI Name”. {_HOW}")


def _columns(row: Sequence[str]) -> Mapping[str, int] | None:
    headings = [cleaned(cell).lower() for cell in row]
    found = {
        column: next((at for at, heading in enumerate(headings) if heading.startswith(begins)), None)
        for column, begins in _COLUMNS.items()
    }
    complete = {column: at for column, at in found.items() if at is not None}
    return complete if complete.keys() >= _COLUMNS.keys() - {"quality"} else None


def _food(
    row: Sequence[str], columns: Mapping[str, int], *, number: int, edition: str
) -> LifeCycleFood | None:
    """The food of a row; None for a row that names none, as those between groups."""
    said = {column: cleaned(row[at]) if at < len(row) else "" for column, at in columns.items()}
    if not said["code"] or not said["name"]:
        return None
    values: dict[str, Any] = {
        column: _figure(said[column], most=10_000, what=f"{column} in row {number}")
        for column in ("score", "co2")
    }
    quality = said.get("quality", "")
    return LifeCycleFood(
        code=shortened(said["code"], limit=16),
        name=shortened(said["name"], limit=300),
        single_score=values["score"],
        co2=values["co2"],
        quality=_figure(quality, most=5, what=f"quality in row {number}") if quality else None,
        edition=edition,
    )


def _figure(text: str, *, most: int, what: str) -> Decimal:
    """A figure; Agribalyse writes zero as `-`, and a spreadsheet program the comma of its language."""
    try:
        figure = Decimal("0" if text == "-" else text.replace(",", "."))
    except InvalidOperation:
        raise FileRefused(f"{text!r} is no number ({what}). {_HOW}") from None
    if not figure.is_finite() or not 0 <= figure <= most:
        raise FileRefused(f"No food has {text} ({what}). {_HOW}")
    return figure
