"""Tables in files that people send: CSV, XLSX and JSON, read without trusting a byte of them.

What a file is, its content says, not its name. Everything is limited before it is read: bytes, what a ZIP
container inflates to, rows, columns and cells. Formulas and macros are refused, never calculated.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any, Final
from xml.parsers import expat

import orjson
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from contexts.passport.application.errors import TableRefused

MOST_BYTES: Final = 10_000_000
MOST_ROWS: Final = 10_000
MOST_COLUMNS: Final = 200
#: What Excel lets into one cell.
LONGEST_CELL: Final = 32_767
#: What spreadsheets take for the beginning of a formula (CWE-1236), also in its full-width form.
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_MOST_INFLATED: Final = 100_000_000
_MOST_INFLATED_BESIDE: Final = 4_000_000
"""Bytes of a part of a workbook that is neither a sheet nor its texts: openpyxl reads it as a whole."""
_MOST_PARTS: Final = 1_000
_MOST_TEXTS: Final = 1_000_000
_MOST_LINES: Final = 200_000
"""Rows of a sheet, with the empty ones that formatting leaves behind."""
_MOST_ELEMENTS_AT_ONCE: Final = 20_000
"""XML elements of one row, or of one text: openpyxl has them in memory together."""
_LAST_ROW_OF_A_SHEET: Final = 1_048_576
_READ_AT_ONCE: Final = 65_536

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN: Final = "\N{REPLACEMENT CHARACTER}"
_STRING_OR_BRACKET: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]', re.DOTALL)
_SEPARATOR_SAID: Final = re.compile(r"sep=([,;\t])\r?\n")


def guarded(cell: str) -> str:
    """A cell of a file that we hand out: no spreadsheet program takes it for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of a table that says something."""

    number: int
    """As a spreadsheet program counts: the headings are usually row 1."""
    cells: tuple[str, ...]
    """As many as there are headings; empty where the file says nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """What a file says, as text."""

    headings: tuple[str, ...]
    """Each once, none empty."""
    rows: tuple[Row, ...]
    """At least one."""
    read_as: str
    """How the file was understood, for its sender: `CSV, Windows-1252, ";"`."""


def read_table(*, content: bytes, name: str, most_rows: int = MOST_ROWS) -> Table:
    """The table in a file. Raises TableRefused with a sentence for the person who sent it.

    CSV in UTF-8, UTF-16 or UTF-32 with a byte order mark, UTF-8 without, or Windows-1252; separated by comma,
    semicolon or tab (RFC 4180, and what spreadsheet programs make of it). XLSX: the first sheet that is
    not hidden. JSON: an array of objects; a list of plain values in it is one cell, its values separated by
    a comma. Empty rows are left out.
    """
    if len(content) > MOST_BYTES:
        raise TableRefused(
            _("The file is larger than %(most)d MB: split it.") % {"most": MOST_BYTES // 1_000_000}
        )
    ending = PurePath(name).suffix.lower()
    if ending in {".xlsm", ".xltm", ".xlsb", ".xlam"}:
        raise _macros()
    if content.startswith(_OLE):
        raise TableRefused(
            _("This workbook is of an old format or has a password: save it as .xlsx without a password.")
        )
    if content.startswith(_ZIP):
        return _table(_workbook_rows(content), read_as="XLSX", most_rows=most_rows)
    text, encoding = _decoded(content)
    if ending == ".json" or text.lstrip()[:1] == "[":
        return _table(_json_rows(text.encode(), most_rows=most_rows), read_as="JSON", most_rows=most_rows)
    if ending == ".xlsx":
        raise TableRefused(_("This is not an XLSX file, whatever its name says: save it again."))
    separator, start = _separator(text)
    seen = "TAB" if separator == "\t" else separator
    return _table(
        _csv_rows(text[start:], separator), read_as=f'CSV, {encoding}, "{seen}"', most_rows=most_rows
    )


def _table(rows: Iterable[tuple[int, list[str]]], *, read_as: str, most_rows: int) -> Table:
    """Rows with their numbers as a table: the first that says something are the headings."""
    headings: tuple[str, ...] | None = None
    found: list[Row] = []
    for number, raw in rows:
        cells = _trimmed(raw, number=number)
        if not cells:
            continue
        if headings is None:
            headings = _headings(cells)
            continue
        if len(cells) > len(headings):
            raise TableRefused(
                _("Row %(row)d has something in column %(column)s, which has no heading.")
                % {"row": number, "column": _column(len(cells))}
            )
        if len(found) == most_rows:
            raise TableRefused(
                _("The file has more than %(most)s rows below the headings: split it.")
                % {"most": _counted(most_rows)}
            )
        found.append(Row(number=number, cells=(*cells, *[""] * (len(headings) - len(cells)))))
    if headings is None:
        raise TableRefused(_("The file is empty: its first row must name the columns."))
    if not found:
        raise TableRefused(_("The file has no row below its headings."))
    return Table(headings=headings, rows=tuple(found), read_as=read_as)


def _trimmed(raw: list[str], *, number: int) -> list[str]:
    """The cells without white space around them, and without empty ones at the end."""
    cells = [cell.strip() for cell in raw]
    while cells and not cells[-1]:
        cells.pop()
    for column, cell in enumerate(cells, start=1):
        if "\0" in cell or len(cell) > LONGEST_CELL:
            raise TableRefused(
                _("Cell %(cell)s has more than %(most)s characters, or some that are no text.")
                % {"cell": f"{_column(column)}{number}", "most": _counted(LONGEST_CELL)}
            )
    return cells


def _headings(cells: list[str]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise TableRefused(_("The file has more than %(most)d columns.") % {"most": MOST_COLUMNS})
    for column, heading in enumerate(cells, start=1):
        if not heading:
            raise TableRefused(
                _("Column %(column)s has no heading: the first row must name every column.")
                % {"column": _column(column)}
            )
        if heading in cells[: column - 1]:
            raise TableRefused(_("Two columns are called “%(heading)s”.") % {"heading": heading[:80]})
    return tuple(cells)


# --- CSV ---


def _decoded(content: bytes) -> tuple[str, str]:
    """The text of a file, and how it was encoded."""
    for mark, encoding, plain in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
        (b"\xff\xfe\0\0", "utf-32", "UTF-32"),
        (b"\0\0\xfe\xff", "utf-32", "UTF-32"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if content.startswith(mark):
            try:
                return content.decode(encoding), plain
            except UnicodeDecodeError as error:
                raise _not_text() from error
    if b"\0" in content:
        raise _not_text()
    try:
        return content.decode(), "UTF-8"
    except UnicodeDecodeError:
        pass
    # Text in Windows-1252 has hardly a sequence of bytes that is also good UTF-8 beyond ASCII: a file with
    # more good ones than bad ones is UTF-8 that was damaged, and would be read as gibberish.
    kept = content.decode(errors="replace")
    broken = kept.count(_BROKEN)
    if sum(not character.isascii() for character in kept) - broken >= broken:
        raise TableRefused(
            _("Line %(line)d has characters that are broken: save the file again, as UTF-8.")
            % {"line": kept[: kept.index(_BROKEN)].count("\n") + 1}
        )
    try:
        return content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        raise _not_text() from error


def _separator(text: str) -> tuple[str, int]:
    """What separates the cells, and where the table begins: after Excel's own line that says it, if any."""
    said = _SEPARATOR_SAID.match(text)
    if said is not None:
        return said[1], said.end()
    counts = dict.fromkeys(",;\t", 0)
    quoted = False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif quoted:
            continue
        elif character in counts:
            counts[character] += 1
        elif character in "\r\n" and any(counts.values()):
            break
    return max(counts, key=lambda candidate: counts[candidate]), 0


def _csv_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        if str(error).startswith("field larger"):  # the one error that has no other sign
            raise TableRefused(
                _(
                    "A cell of the row that begins in line %(line)d has more than %(most)s characters:"
                    " shorten it, or close its quotation mark where that is missing."
                )
                % {"line": begins, "most": _counted(LONGEST_CELL)}
            ) from error
        raise TableRefused(
            _(
                "The row that begins in line %(line)d is no CSV: a quotation mark is missing,"
                " or stands in the middle of a cell."
            )
            % {"line": begins}
        ) from error


# --- JSON ---


def _json_rows(content: bytes, *, most_rows: int) -> Iterator[tuple[int, list[str]]]:
    """The objects of an array as rows below their keys; the first object is row 1 of what is said of it."""
    # Before anything is made of them: an object takes many times the two bytes that it may be written with.
    objects = lists = 0
    for found in _STRING_OR_BRACKET.finditer(content):
        objects += found[0] == b"{"
        lists += found[0] == b"["
        if objects > most_rows or lists > most_rows * 10 + 1:
            raise TableRefused(
                _("The file has more than %(most)s objects, or objects inside of others.")
                % {"most": _counted(most_rows)}
            )
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise TableRefused(
            _("The file is no JSON: line %(line)d cannot be read.") % {"line": error.lineno}
        ) from error
    if not isinstance(data, list) or not all(isinstance(element, dict) for element in data):
        raise TableRefused(_("JSON must be a list of objects: [{…}, {…}]."))
    headings = list(dict.fromkeys(str(key).strip() for element in data for key in element))
    if len(headings) > MOST_COLUMNS:
        raise TableRefused(_("The file has more than %(most)d columns.") % {"most": MOST_COLUMNS})
    yield 0, headings
    for number, element in enumerate(data, start=1):
        said = {str(key).strip(): value for key, value in element.items()}
        yield number, [_json_cell(said.get(heading), number, heading) for heading in headings]


def _json_cell(value: Any, number: int, heading: str) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and not any(isinstance(element, list | dict) for element in value):
        return ", ".join(_json_cell(element, number, heading) for element in value)
    if isinstance(value, list | dict):
        raise TableRefused(
            _("“%(heading)s” of object %(number)d is not a plain value, nor a list of them.")
            % {"heading": heading[:80], "number": number}
        )
    return _written(value)


# --- XLSX ---


def _workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # a tenth of a second that only who reads a workbook needs

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            _guard(container)
        # Read-only: row by row, neither drawings nor styles of cells. Links to other files are not followed.
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
            if not sheets:
                raise TableRefused(_("This workbook has no sheet that can be seen."))
            # What a sheet says of its own size need not be so.
            sheets[0].reset_dimensions()
            for number, row in enumerate(sheets[0].iter_rows(), start=1):
                if number > _LAST_ROW_OF_A_SHEET:
                    raise _no_workbook()
                yield number, [_workbook_cell(cell) for cell in row]
        finally:
            workbook.close()
    except TableRefused:
        raise
    except Exception as error:  # what openpyxl raises on a file that is no workbook is not documented
        raise _no_workbook() from error


def _guard(container: zipfile.ZipFile) -> None:
    """Refuse a container that would take more than a table may take, or is not one."""
    parts = container.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise _no_workbook()
    if any(name.endswith("vbaProject.bin") for name in names):
        raise _macros()
    # Python inflates no part beyond the size that the container says it has.
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_INFLATED:
        raise _bomb()
    for part in parts:
        if part.flag_bits & 1:
            raise TableRefused(_("This workbook has a password: save it without one."))
        if part.filename.endswith((".xml", ".rels")):
            _guard_part(container, part)


def _guard_part(container: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read a part of a workbook once without keeping anything of it.

    A document type is refused, and with it every entity that is not XML's own: a package has none
    (ECMA-376-2, clause 8.2.5).
    """
    is_sheet = part.filename.startswith("xl/worksheets/")
    is_texts = part.filename.endswith("/sharedStrings.xml")
    if part.file_size > _MOST_INFLATED_BESIDE and not is_sheet and not is_texts:
        raise _bomb()
    elements = rows = 0

    def doctype(*_said: object) -> None:
        raise _no_workbook()

    def start(name: str, _attributes: object) -> None:
        nonlocal elements, rows
        local = name.rpartition(":")[2]
        if (is_sheet and local == "row") or (is_texts and local == "si"):
            elements = 0
            rows += 1
        elements += 1
        if is_sheet and rows > _MOST_LINES:
            raise TableRefused(
                _("The sheet has more than %(most)s rows, with the empty ones: split it or save it as CSV.")
                % {"most": _counted(_MOST_LINES)}
            )
        if elements > _MOST_ELEMENTS_AT_ONCE or rows > _MOST_TEXTS:
            raise _bomb()

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.StartElementHandler = start
    with container.open(part) as file:
        while chunk := file.read(_READ_AT_ONCE):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)


def _workbook_cell(cell: Any) -> str:
    if cell.value is None:
        return ""
    if cell.data_type == "f":
        raise TableRefused(
            _("Cell %(cell)s has a formula: copy the column and paste it as values.")
            % {"cell": cell.coordinate}
        )
    if cell.data_type == "e":
        raise TableRefused(
            _("Cell %(cell)s has an error (%(error)s).") % {"cell": cell.coordinate, "error": cell.value}
        )
    return _written(cell.value)


def _written(value: object) -> str:
    """A value as a person would have written it: numbers without exponent, dates as ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(format(value, ".15g")), "f")  # Excel keeps 15 digits
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _counted(number: int) -> str:
    """As the reader groups digits."""
    return number_format(number, force_grouping=True)


def _column(number: int) -> str:
    """As spreadsheet programs name it: A to Z, then AA."""
    letters = ""
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _not_text() -> TableRefused:
    return TableRefused(_("This is neither CSV nor XLSX nor JSON: the file is not text that we can read."))


def _no_workbook() -> TableRefused:
    return TableRefused(_("This is not a workbook that we can read: save it again as .xlsx or as CSV."))


def _macros() -> TableRefused:
    return TableRefused(_("We read no workbooks with macros: save it as .xlsx."))


def _bomb() -> TableRefused:
    return TableRefused(_("Unpacked, this workbook is larger than we accept: save its table as CSV."))
