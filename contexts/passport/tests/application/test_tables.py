"""Tables in files: what spreadsheet programs write is read, what attackers write is refused in time."""

import io
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import openpyxl
import orjson
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.passport.application.errors import TableRefused
from contexts.passport.application.tables import LONGEST_CELL, MOST_BYTES, read_table

ROWS = [("gtin", "title"), ("09506000134352", "Käse “extra”"), ("04012345678901", "zwei\nZeilen; auch")]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def csv_text(separator: str) -> str:
    return "".join(
        separator.join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in ROWS
    )


def workbook(fill: Callable[[openpyxl.Workbook], object]) -> bytes:
    made = openpyxl.Workbook()
    fill(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """A workbook with one part put in, or in the place of another."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, part)
    return file.getvalue()


def plain_workbook() -> bytes:
    return workbook(lambda made: [made.worksheets[0].append(list(row)) for row in ROWS])


#: One for all: a workbook says when it was made, and how long that is when it is compressed differs.
A_WORKBOOK = plain_workbook()


def sheet(rows: bytes) -> bytes:
    head = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return with_part(plain_workbook(), "xl/worksheets/sheet1.xml", head + rows + b"</sheetData></worksheet>")


def refusal(content: bytes, name: str = "links.csv", **limits: int) -> str:
    with pytest.raises(TableRefused) as refused:
        read_table(content=content, name=name, **limits)
    return str(refused.value)


@pytest.mark.parametrize(
    ("content", "read_as"),
    [
        (csv_text(",").encode(), 'CSV, UTF-8, ","'),
        (csv_text(";").encode("utf-8-sig"), 'CSV, UTF-8, ";"'),
        (csv_text("\t").encode("utf-16"), 'CSV, UTF-16, "TAB"'),
        (csv_text(",").encode("utf-32"), 'CSV, UTF-32, ","'),
        (csv_text(";").encode("cp1252"), 'CSV, Windows-1252, ";"'),
        (("sep=;\r\n" + csv_text(";")).encode(), 'CSV, UTF-8, ";"'),
        (plain_workbook(), "XLSX"),
        (orjson.dumps([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]]), "JSON"),
    ],
)
def test_the_same_table_however_it_was_saved(content: bytes, read_as: str) -> None:
    table = read_table(content=content, name="table")
    assert table.read_as == read_as
    assert [table.headings, *(row.cells for row in table.rows)] == ROWS


def test_rows_keep_the_numbers_that_a_spreadsheet_shows_and_empty_ones_are_left_out() -> None:
    table = read_table(content=b"gtin,title\n\n1,a\n,\n2\n", name="links.csv")
    assert [(row.number, row.cells) for row in table.rows] == [(3, ("1", "a")), (5, ("2", ""))]


def test_numbers_and_dates_of_a_workbook_are_written_out() -> None:
    moment = datetime(2026, 3, 1, 8, 30, tzinfo=UTC).replace(tzinfo=None)
    cells = [4006381333931, 4006381333931.0, 0.1 + 0.2, True, moment, moment.replace(hour=0, minute=0)]

    def fill(made: openpyxl.Workbook) -> None:
        made.worksheets[0].append(["a", "b", "c", "d", "e", "f"])
        made.worksheets[0].append(cells)

    assert read_table(content=workbook(fill), name="x.xlsx").rows[0].cells == (
        "4006381333931",
        "4006381333931",
        "0.3",
        "true",
        "2026-03-01T08:30:00",
        "2026-03-01",
    )


def test_a_list_of_plain_values_in_json_is_one_cell() -> None:
    table = read_table(content=b'[{"a": ["en", "de"]}, {"b": null}, {"b": 1}]', name="x.json")
    assert table.headings == ("a", "b")
    assert [(row.number, row.cells) for row in table.rows] == [(1, ("en, de", "")), (3, ("", "1"))]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "links.csv", "empty"),
        (b"a,b\n1,2,3\n", "links.csv", "column C"),
        (b"a,,c\n1,2,3\n", "links.csv", "Column B has no heading"),
        (b"a,a\n1,2\n", "links.csv", "Two columns"),
        (b"a,b\n", "links.csv", "no row below"),
        (b'a,b\n1,2\n1,"2\n3,4\n', "links.csv", "line 3 is no CSV: a quotation mark"),
        (b"a\n1\n" + b"x" * 140_000, "links.csv", "line 3 has more than 32,767 characters"),
        (b'a,b\n1,2"x"y\n"q"x,1\n', "links.csv", "quotation mark"),
        (b"a\n" + b"x" * (LONGEST_CELL + 1), "links.csv", "Cell A2"),
        ("a\nKäse\nMilch ÄÖÜ\n".encode()[:-1] + b"\xff\n", "links.csv", "Line 3"),
        (b"a\n\x81\n", "links.csv", "neither CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "links.csv", "neither CSV"),
        (b"\xff\xfea\0\n\0\0\xd8", "links.csv", "neither CSV"),
        (b"gtin\n1\n", "links.xlsx", "not an XLSX"),
        (b"PK\x03\x04nothing", "links.xlsx", "not a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "links.xls", "old format"),
        (b'{"a": 1}', "links.json", "list of objects"),
        (b'[{"a": {"b": 1}}]', "links.json", "not a plain value"),
        (b'[{"a": 1},\n{', "links.json", "line 2"),
    ],
)
def test_what_is_no_table_is_refused_with_words(content: bytes, name: str, words: str) -> None:
    assert words in refusal(content, name)


def test_more_than_the_limits_is_refused() -> None:
    assert "10 MB" in refusal(b"a\n" + b"x\n" * (MOST_BYTES // 2))
    assert "more than 2 rows" in refusal(b"a\n1\n2\n3\n", most_rows=2)
    assert "more than 2 objects" in refusal(b"[{},{},{}]", most_rows=2)
    assert "200 columns" in refusal(",".join(map(str, range(201))).encode())


def test_a_workbook_with_a_formula_names_its_cell() -> None:
    def fill(made: openpyxl.Workbook) -> None:
        made.worksheets[0].append(["gtin", "title"])
        made.worksheets[0].append(["1", '=HYPERLINK("https://example.com")'])

    assert "Cell B2 has a formula" in refusal(workbook(fill), "x.xlsx")


def test_a_workbook_with_macros_is_refused_by_name_and_by_content() -> None:
    assert "macros" in refusal(plain_workbook(), "x.xlsm")
    assert "macros" in refusal(with_part(plain_workbook(), "xl/vbaProject.bin", b"x"), "x.xlsx")


def test_a_hidden_sheet_is_not_read() -> None:
    def fill(made: openpyxl.Workbook) -> None:
        made.worksheets[0].append(["hidden"])
        made.worksheets[0].sheet_state = "hidden"
        seen = made.create_sheet("seen")
        seen.append(["seen"])
        seen.append(["1"])

    assert read_table(content=workbook(fill), name="x.xlsx").headings == ("seen",)


def test_entities_are_refused_wherever_they_stand() -> None:
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
    for name in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/core.xml"):
        assert "not a workbook" in refusal(with_part(plain_workbook(), name, evil), "x.xlsx")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (with_part(plain_workbook(), "xl/media/picture.bin", b"\0" * 101_000_000), "larger than we accept"),
        (with_part(plain_workbook(), "xl/styles.xml", b"<x/>" * 1_100_000), "larger than we accept"),
        (sheet(b"<row>" + b"<c/>" * 5_000_000 + b"</row>"), "larger than we accept"),
        (sheet(b'<row r="999999999999"><c t="inlineStr"><is><t>a</t></is></c></row>'), "not a workbook"),
        (sheet(b"<row><c><v>1</v></c></row>" * 1_000_000), "200,000 rows"),
    ],
    ids=["zip bomb", "styles bomb", "one endless row", "a row far away", "a million rows"],
)
def test_bombs_are_refused_before_they_go_off(content: bytes, words: str) -> None:
    before = time.process_time()
    assert words in refusal(content, "x.xlsx")
    # No measure of speed: a reader that went for what the file announces would take minutes or all memory.
    assert time.process_time() - before < 20


def is_read_or_refused(content: bytes, name: str) -> bool:
    try:
        table = read_table(content=content, name=name)
    except TableRefused as refused:
        return bool(str(refused))
    return all(len(row.cells) == len(table.headings) for row in table.rows)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(alphabet='a,;"\t\r\n[]{}: ä', max_size=60).map(str.encode))
def test_no_bytes_do_anything_but_be_read_or_refused(content: bytes) -> None:
    assert is_read_or_refused(content, "x")


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_damaged_workbook_does_nothing_but_be_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(A_WORKBOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert is_read_or_refused(bytes(content), "x.xlsx")
