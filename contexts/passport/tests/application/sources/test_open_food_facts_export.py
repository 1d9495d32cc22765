"""Exports are read piece by piece, from any row on; what is none is refused with a sentence that helps."""

import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contexts.passport.application.errors import ExportUnreadable
from contexts.passport.application.sources.open_food_facts import WANTED_NUTRIENTS, Record, understood
from contexts.passport.application.sources.open_food_facts_export import Batch, open_export
from contexts.passport.application.sources.open_food_facts_record import record_from_json
from contexts.passport.application.sources.open_food_facts_tables import RECORDS
from contexts.passport.tests import exports
from contexts.passport.tests.application.sources.test_open_food_facts import TODAY

ROWS = [exports.product(number) for number in range(25)]
LINES = [exports.json_product(number) for number in range(25)]

KINDS: dict[str, Callable[[Path], Path]] = {
    "parquet": lambda path: exports.parquet(path, ROWS, row_group=10),
    "json lines": lambda path: exports.json_lines(path, LINES),
    "json lines, gzip": lambda path: exports.json_lines(path, LINES, compressed=True),
}
EVERY_KIND = pytest.mark.parametrize("write", KINDS.values(), ids=KINDS.keys())


def records(batches: Iterable[Batch]) -> list[tuple[int, Record]]:
    """What the rows of some batches say, with their numbers."""
    return [
        (row["number"], record_from_json(orjson.loads(row["record"])))
        for batch in batches
        for row in batch.records.to_pylist()
    ]


@EVERY_KIND
@pytest.mark.parametrize("start", [0, 1, 9, 10, 11, 24, 25])
@pytest.mark.parametrize("size", [1, 4, 10, 100])
def test_reading_starts_at_any_row(
    tmp_path: Path, write: Callable[[Path], Path], start: int, size: int
) -> None:
    with open_export(write(tmp_path / "export")) as export:
        batches = list(export.batches(start=start, rows=size))
    assert [(number, record.code) for number, record in records(batches)] == [
        (number + 1, exports.code(number)) for number in range(start, 25)
    ]
    assert all(batch.records.schema.equals(RECORDS) for batch in batches)
    assert all(len(batch.records) <= size for batch in batches)
    assert [batch.rows_done for batch in batches] == [
        batch.records.column("number")[-1].as_py() for batch in batches
    ]
    assert all(0 <= batch.progress <= export.size for batch in batches)


def test_both_forms_say_the_same_of_a_product(tmp_path: Path) -> None:
    entries = []
    for name, write in KINDS.items():
        with open_export(write(tmp_path / name)) as export:
            (_, record), *_ = records(export.batches(start=0, rows=1))
        entries.append(understood(record, read_on=TODAY).entry)
    assert entries[0] == entries[1] == entries[2]


def test_nutrients_that_are_no_numbers_are_not_said(tmp_path: Path) -> None:
    no_numbers = [
        {"name": name, "100g": amount, "unit": "g"}
        for name, amount in ((None, 1.0), ("fat", None), ("salt", math.nan), ("sugars", math.inf), ("x", 1.0))
    ]
    said = exports.nutriments(fat=0.1, salt=1e-7)
    told = [said, None, [], no_numbers, [*no_numbers, *said]]
    rows = [exports.product(number, nutriments=nutriments) for number, nutriments in enumerate(told)]
    path = exports.parquet(tmp_path / "export", rows)
    for start in range(2):
        with open_export(path) as export:
            found = [record.nutrients for _, record in records(export.batches(start=start, rows=3))]
        assert found == [{"fat": 0.1, "salt": 1e-7}, {}, {}, {}, {"fat": 0.1, "salt": 1e-7}][start:]


def test_a_line_is_the_same_text_in_every_process() -> None:
    """By its text an import tells whether a record has changed."""
    line = orjson.dumps(
        {
            **exports.json_product(),
            "nutriments": {f"{name}_100g": 1 for name in WANTED_NUTRIENTS},
        }
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", TEXT_OF_LINE],
            input=line,
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[5],
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


TEXT_OF_LINE = """
import sys
import orjson
from contexts.passport.application.sources.open_food_facts_json import record_of
from contexts.passport.application.sources.open_food_facts_record import record_to_json
sys.stdout.buffer.write(orjson.dumps(record_to_json(record_of(orjson.loads(sys.stdin.buffer.read())))))
"""


def test_of_two_lists_the_marked_one_counts(tmp_path: Path) -> None:
    row = exports.product(
        ingredients_text=[
            {"lang": "main", "text": "Oats"},
            {"lang": "en", "text": "Oats"},
            {"lang": "en", "text": '<span class="allergen">Oats</span>'},
            {"lang": "en", "text": "Oats"},
        ]
    )
    with open_export(exports.parquet(tmp_path / "export", [row])) as export:
        ((_, record),) = records(export.batches(start=0, rows=1))
    assert record.ingredients == {"en": '<span class="allergen">Oats</span>'}


@pytest.mark.parametrize("compressed", [False, True])
def test_a_bad_line_is_refused_and_the_next_is_read(tmp_path: Path, compressed: bool) -> None:
    lines = [
        exports.json_product(1),
        b"{not json",
        b"",
        b"[1, 2]",
        b'{"code": "\xff"}',
        b'{"code": "\\ud800"}',
        b'{"filler": "' + b"x" * (3 << 20) + b'"}',
        exports.json_product(2),
    ]
    with open_export(exports.json_lines(tmp_path / "export", lines, compressed=compressed)) as export:
        batches = list(export.batches(start=0, rows=3))
    assert [(number, record.code) for number, record in records(batches)] == [
        (1, exports.code(1)),
        (8, exports.code(2)),
    ]
    unread = [each for batch in batches for each in batch.unread]
    assert [(number, refused.code) for number, refused in unread] == [
        (2, "not_json"),
        (4, "not_json"),
        (5, "not_json"),
        (6, "not_json"),
        (7, "line_too_long"),
    ]
    assert all(refused.reason for _, refused in unread)


def without_columns(path: Path, *names: str) -> Path:
    table = pq.read_table(exports.parquet(path, ROWS))
    pq.write_table(table.drop_columns(list(names)), path)
    return path


def of_another_type(path: Path) -> Path:
    table = pq.read_table(exports.parquet(path, ROWS))
    place = table.schema.get_field_index("product_name")
    pq.write_table(table.set_column(place, "product_name", pa.array(["x"] * len(ROWS))), path)
    return path


def cut(path: Path, *, keep: int) -> Path:
    path.write_bytes(exports.parquet(path, ROWS).read_bytes()[:keep])
    return path


def overwritten(path: Path, *, start: int, stop: int | None) -> Path:
    content = bytearray(exports.parquet(path, ROWS).read_bytes())
    content[start:stop] = b"\xff" * len(content[start:stop])
    path.write_bytes(content)
    return path


def of(content: bytes) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_bytes(content)
        return path

    return write


def folder(path: Path) -> Path:
    path.mkdir()
    return path


UNREADABLE: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no such file": (lambda path: path, "There is no file .*: check the path"),
    "a folder": (folder, "is a folder: name the file"),
    "an empty file": (of(b""), "is empty: download the export again"),
    "another text": (of(b"code\tname\n1\tmilk\n"), "neither a Parquet file nor JSON Lines"),
    "only blank lines": (of(b"\n\n"), "neither a Parquet file nor JSON Lines"),
    "a Parquet's four letters": (of(b"PAR1"), "is cut off"),
    "eight of them": (of(b"PAR1PAR1"), "is cut off"),
    "a cut off Parquet": (lambda path: cut(path, keep=2_000), "is cut off: its end is missing"),
    "a Parquet without its beginning": (
        lambda path: overwritten(path, start=0, stop=4),
        "its beginning is missing",
    ),
    "a broken footer": (lambda path: overwritten(path, start=-2_000, stop=-8), "is damaged"),
    "no rows": (lambda path: exports.parquet(path, []), "holds no product"),
    "a missing column": (lambda path: without_columns(path, "code"), "lacks the column code:"),
    "missing columns": (
        lambda path: without_columns(path, "allergens_tags", "nutriments"),
        "lacks the columns allergens_tags, nutriments:",
    ),
    "a column of another type": (of_another_type, r"of a type that .*: product_name \(string\)"),
    "a broken gzip": (of(b"\x1f\x8b\x08\x00rubbish"), "damaged or cut off"),
}


@pytest.mark.parametrize(("write", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_export_is_refused_before_anything_is_read(
    tmp_path: Path, write: Callable[[Path], Path], says: str
) -> None:
    with pytest.raises(ExportUnreadable, match=says):
        open_export(write(tmp_path / "export"))


def test_optional_columns_may_be_missing(tmp_path: Path) -> None:
    path = without_columns(
        tmp_path / "export", "generic_name", "nova_group", "environmental_score_data", "origins"
    )
    with open_export(path) as export:
        assert len(records(export.batches(start=0, rows=10))) == 25


def test_damage_in_the_middle_is_told_with_the_row_before_it(tmp_path: Path) -> None:
    path = exports.parquet(tmp_path / "export", ROWS, row_group=10)
    second = pq.ParquetFile(path).metadata.row_group(1)
    start = min(
        second.column(i).dictionary_page_offset or second.column(i).data_page_offset for i in range(3)
    )
    content = bytearray(path.read_bytes())
    content[start : start + 200] = b"\xff" * 200
    path.write_bytes(content)
    with open_export(path) as export, pytest.raises(ExportUnreadable, match="damaged after row 10"):
        list(export.batches(start=0, rows=10))


def test_a_gzip_that_was_cut_off_is_told_with_the_line_before_it(tmp_path: Path) -> None:
    lines = [exports.json_product(number, filler=str(number) * 2_000) for number in range(200)]
    path = exports.json_lines(tmp_path / "export", lines, compressed=True)
    path.write_bytes(path.read_bytes()[:-200])
    with open_export(path) as export, pytest.raises(ExportUnreadable, match="cut off after line"):
        list(export.batches(start=0, rows=10))
