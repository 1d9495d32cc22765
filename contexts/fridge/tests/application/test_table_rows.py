"""Files as spreadsheets and programs write them, whole and broken."""

from collections.abc import Callable
from contextlib import suppress
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.fridge.application.errors import FileNotAccepted
from contexts.fridge.application.table_rows import LONGEST_ROW, BrokenRow, Row, rows_of_csv, rows_of_json


def read(text: str) -> list[tuple[int, dict[str, str] | str]]:
    rows = (rows_of_json if text.lstrip("\ufeff \n").startswith(("{", "[")) else rows_of_csv)(StringIO(text))
    return [(row.number, dict(row.values) if isinstance(row, Row) else row.rule) for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "name,date\nMilk,2026-11-24\n",
        "\ufeffname;date\r\nMilk;2026-11-24",
        "Name\tDATE\tprice of mine\nMilk\t2026-11-24\tx\n",
        '"date","name"\n"2026-11-24","Milk"\n',
        '{"version": 1, "items": [{"name": "Milk", "date": "2026-11-24"}]}',
        ' [ {"date":"2026-11-24","name":" Milk ","left":null} ] ',
    ],
)
def test_every_dialect_says_the_same(text: str) -> None:
    ((_, values),) = read(text)
    assert values == {"name": "Milk", "date": "2026-11-24"}


def test_a_broken_row_spoils_no_other() -> None:
    long = "x" * (3 * LONGEST_ROW)
    text = f'name;date\nMilk;;;;\n"Oil;\nEggs;1;2\n\n{long}\n;\n"a ""b""; c";\'=1\nSalt'
    assert read(text) == [
        (2, {"name": "Milk"}),
        (3, "not_divisible"),
        (4, "not_divisible"),
        (6, "too_long"),
        (8, {"name": 'a "b"; c', "date": "=1"}),
        (9, {"name": "Salt"}),
    ]


def test_values_of_json_are_texts_and_numbers() -> None:
    text = (
        '[{"name":"Milk","packs":2,"quantity":{"amount":0.1,"unit":"l"},"price":1.10}, 7, {"name":true},'
        '{"name":["x"]}, {"name":"Salt","packs":1e999999999}]'
    )
    assert read(text) == [
        (1, {"name": "Milk", "packs": "2", "quantity": "0.1", "unit": "l", "price": "1.10"}),
        (2, "no_object"),
        (3, "no_text"),
        (4, "no_text"),
        (5, {"name": "Salt", "packs": "1E+999999999"}),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Milk,2026-11-24\n",
        "name,name\nMilk,Milk",
        '{"things": []}',
        "{}",
        "[",
        '[{"name":"Milk"}, {"name":',
        '[{"name":NaN}]',
        "[" * 3_000,
        '[{"name":"' + "x" * LONGEST_ROW + '"}]',
    ],
)
def test_a_file_that_makes_no_sense_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(FileNotAccepted) as refused:
        read(text)
    assert str(refused.value)


@pytest.mark.parametrize(
    "text_of",
    [
        lambda names: "name\n" + "\n".join(f'"{name}"' for name in names),
        lambda names: "[" + ", \n\n".join(f'{{"name": "{name}"}}' for name in names) + "]",
    ],
    ids=["csv", "json"],
)
def test_pieces_are_joined_wherever_they_are_cut(text_of: Callable[[list[str]], str]) -> None:
    names = [f"{number} " + "ä" * (number % 3_900) for number in range(900)]
    assert [values["name"] for _, values in read(text_of(names)) if isinstance(values, dict)] == [
        name.strip() for name in names
    ]


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    for start in ("", "name;gtin\n", "[", '{"items": ['):
        rows = rows_of_json if start.startswith(("[", "{")) else rows_of_csv
        with suppress(FileNotAccepted):
            assert all(isinstance(row, Row | BrokenRow) for row in rows(StringIO(start + text)))
