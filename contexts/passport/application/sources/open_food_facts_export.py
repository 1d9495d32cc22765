"""Open Food Facts' exports as files: Parquet and JSON Lines, read piece by piece from any row on."""

import gzip
import io
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Self

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from contexts.passport.application.errors import ExportUnreadable
from contexts.passport.application.sources.open_food_facts import Record
from contexts.passport.application.sources.open_food_facts_json import record_of
from contexts.passport.application.sources.open_food_facts_record import moment, record_to_json
from contexts.passport.application.sources.open_food_facts_tables import (
    records_of_parquet,
    records_of_rows,
    workbench,
)
from contexts.passport.application.sources.record import Refused
from contexts.passport.domain.text import cleaned

_PARQUET: Final = b"PAR1"
_GZIP: Final = b"\x1f\x8b"
#: A product's line has some 100 kB; what is ten times that is no product.
_LONGEST_LINE: Final = 1 << 20
_NOT_JSON: Final = "not_json"
_LINE_TOO_LONG: Final = "line_too_long"
#: Why a row could not be read at all; all other reasons are about what it says.
UNREAD: Final = frozenset({_NOT_JSON, _LINE_TOO_LONG})
_WHERE_TO_GET_IT: Final = "Get a product export from https://world.openfoodfacts.org/data"


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Some rows of an export, one after the other."""

    records: pa.Table
    """Of `open_food_facts_tables.RECORDS`."""
    rows_done: int
    """Rows of the file up to the last of these."""
    unread: Sequence[tuple[int, Refused]] = ()
    """Numbers of rows that cannot be read at all, and why."""
    progress: int
    """How much of the export's `size` that is."""


class Export(ABC):
    """An export that has been opened and looks like one."""

    size: int
    """Of the whole: rows of a Parquet file, bytes of a JSON Lines file as it lies on the disk."""

    @abstractmethod
    def batches(self, *, start: int, rows: int) -> Iterator[Batch]:
        """Batches of at most so many rows, the first `start` rows left out.

        Raises ExportUnreadable when the file turns out to be broken further on.
        """

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def open_export(path: Path) -> Export:
    """The export in a file, told by its content and not by its name. Raises ExportUnreadable."""
    try:
        if path.is_dir():
            raise ExportUnreadable(f"{path} is a folder: name the file of the export.")
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(0, io.SEEK_END)
            length = file.tell()
            file.seek(max(0, length - 4))
            tail = file.read(4)
    except FileNotFoundError:
        raise ExportUnreadable(f"There is no file {path}: check the path.") from None
    except OSError as error:
        raise ExportUnreadable(f"{path} cannot be read: {error.strerror}.") from error
    if not head:
        raise ExportUnreadable(f"{path} is empty: download the export again.")
    if head == _PARQUET:
        if tail != _PARQUET or length <= 12:
            raise ExportUnreadable(f"{path} is cut off: its end is missing. Download the export again.")
        return _ParquetExport(path)
    if tail == _PARQUET:
        raise ExportUnreadable(f"{path} is damaged: its beginning is missing. Download the export again.")
    return _JsonLinesExport(path, is_gzip=head.startswith(_GZIP))


# --- Parquet ---


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_list_of(kind: pa.DataType, holds: Callable[[pa.DataType], bool]) -> bool:
    return bool((pa.types.is_list(kind) or pa.types.is_large_list(kind)) and holds(kind.value_type))


def _is_struct_with(*names: str) -> Callable[[pa.DataType], bool]:
    return lambda kind: pa.types.is_struct(kind) and all(kind.get_field_index(name) >= 0 for name in names)


def _is_texts(kind: pa.DataType) -> bool:
    return _is_list_of(kind, _is_text)


def _is_texts_per_language(kind: pa.DataType) -> bool:
    return _is_list_of(kind, _is_struct_with("lang", "text"))


def _is_nutriments(kind: pa.DataType) -> bool:
    return _is_list_of(kind, _is_struct_with("name", "100g"))


_is_number: Final[Callable[[pa.DataType], bool]] = pa.types.is_integer

_KIND_OF: Final[Mapping[Callable[[pa.DataType], bool], pa.DataType]] = {
    _is_text: pa.string(),
    _is_texts: pa.list_(pa.string()),
    _is_texts_per_language: pa.list_(pa.struct([("lang", pa.string()), ("text", pa.string())])),
    _is_number: pa.int64(),
}

#: Without these an import would be wrong, not just poor: no allergens would read as "none".
_REQUIRED: Final[Mapping[str, Callable[[pa.DataType], bool]]] = {
    "code": _is_text,
    "lang": _is_text,
    "product_name": _is_texts_per_language,
    "ingredients_text": _is_texts_per_language,
    "allergens_tags": _is_texts,
    "traces_tags": _is_texts,
    "nutriments": _is_nutriments,
    "brands": _is_text,
    "quantity": _is_text,
    "last_modified_t": _is_number,
}
_WELCOME: Final[Mapping[str, Callable[[pa.DataType], bool]]] = {
    "generic_name": _is_texts_per_language,
    "labels_tags": _is_texts,
    "categories_tags": _is_texts,
    "product_quantity_unit": _is_text,
    "nutriscore_grade": _is_text,
    "nova_group": _is_number,
    "environmental_score_score": _is_number,
    "environmental_score_data": _is_text,
    "origins": _is_text,
    "additives_tags": _is_texts,
    "serving_size": _is_text,
    "serving_quantity": _is_text,
}
#: What a column that is welcome and missing would hold.
_KINDS: Final[Mapping[str, pa.DataType]] = {name: _KIND_OF[holds] for name, holds in _WELCOME.items()}
#: Bytes read at a time of each column: a whole group of rows would take as much memory as all the rest.
_BUFFER: Final = 1 << 18
#: Of a nutrient only these are read; each value beside them costs as much.
_OF_NUTRIMENTS: Final = frozenset({"name", "100g"})


class _ParquetExport(Export):
    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = pq.ParquetFile(path, buffer_size=_BUFFER)
            schema = self._file.schema_arrow
        except (pa.ArrowException, OSError) as error:
            raise ExportUnreadable(
                f"{path} is not a Parquet file that can be read: it is damaged. Download the export again."
            ) from error
        self.size = self._file.metadata.num_rows
        if not self.size:
            raise ExportUnreadable(f"{path} holds no product: download the export again.")
        self._columns = self._checked_columns(schema)
        self._missing = {name: kind for name, kind in _KINDS.items() if schema.get_field_index(name) < 0}
        self._workbench = workbench()

    def close(self) -> None:
        self._workbench.close()
        self._file.close()

    def batches(self, *, start: int, rows: int) -> Iterator[Batch]:
        tables = self._tables(start=start, rows=rows)
        for records in records_of_parquet(tables, rows=rows, on=self._workbench, missing=self._missing):
            done = records.column("number")[-1].as_py()
            yield Batch(records=records, rows_done=done, progress=done)

    def _tables(self, *, start: int, rows: int) -> Iterator[pa.RecordBatch]:
        """The rows from `start` on as they are in the file, with their numbers."""
        first, groups = self._group_of(start)
        try:
            for group in groups:
                # One by one: a reader of all of them keeps something of each until its end.
                for table in self._file.iter_batches(
                    batch_size=rows, row_groups=[group], columns=self._columns, use_threads=False
                ):
                    after = first + len(table)
                    if after > start:
                        numbers = pa.array(range(first + 1, after + 1), pa.int64())
                        yield table.append_column("number", numbers).slice(max(0, start - first))
                    first = after
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            raise ExportUnreadable(
                f"{self._path} is damaged after row {first}. What was before that is imported and stays:"
                " download the export again, then import it."
            ) from error

    def _group_of(self, start: int) -> tuple[int, list[int]]:
        """The first row of the group that has row `start`, and that group with all after it."""
        first, groups = 0, list(range(self._file.metadata.num_row_groups))
        while groups and first + self._file.metadata.row_group(groups[0]).num_rows <= start:
            first += self._file.metadata.row_group(groups.pop(0)).num_rows
        return first, groups

    def _checked_columns(self, schema: pa.Schema) -> list[str]:
        """Paths of the columns to read. Raises ExportUnreadable for a table that is not such an export."""
        missing = [name for name in _REQUIRED if schema.get_field_index(name) < 0]
        if missing:
            raise ExportUnreadable(
                f"{self._path} lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}:"
                f" it is not Open Food Facts' product export, or only a part of it. {_WHERE_TO_GET_IT}."
            )
        expected = {**_REQUIRED, **_WELCOME}
        found = {name: schema.field(name).type for name in expected if schema.get_field_index(name) >= 0}
        wrong = [f"{name} ({kind})" for name, kind in found.items() if not expected[name](kind)]
        if wrong:
            raise ExportUnreadable(
                f"{self._path} has columns of a type that Open Food Facts' product export does not have:"
                f" {', '.join(wrong)}. {_WHERE_TO_GET_IT}."
            )
        paths = (self._file.schema.column(i).path for i in range(len(self._file.schema)))
        return [
            path
            for path in paths
            if (top := path.partition(".")[0]) in found
            and (top != "nutriments" or path.rpartition(".")[2] in _OF_NUTRIMENTS)
        ]


# --- JSON Lines ---


class _JsonLinesExport(Export):
    """One JSON object a line, as the database's own dump writes it; plain or compressed with gzip."""

    def __init__(self, path: Path, *, is_gzip: bool) -> None:
        self._path = path
        self.size = path.stat().st_size
        self._on_disk: BinaryIO = path.open("rb")
        self._lines = gzip.GzipFile(fileobj=self._on_disk) if is_gzip else self._on_disk
        first = self._line()
        while first is not None and not first.strip():
            first = self._line()
        if first is None or not first.lstrip().startswith(b"{"):
            self.close()
            raise ExportUnreadable(
                f"{path} is neither a Parquet file nor JSON Lines: it is not a product export of Open Food"
                f" Facts. {_WHERE_TO_GET_IT}."
            )
        self._lines.seek(0)

    def close(self) -> None:
        self._lines.close()
        self._on_disk.close()

    def batches(self, *, start: int, rows: int) -> Iterator[Batch]:
        done = 0
        read: list[dict[str, Any]] = []
        unread: list[tuple[int, Refused]] = []
        while (line := self._line(after=done)) is not None:
            done += 1
            if done <= start:
                continue
            if line.strip():
                said = _of_line(line)
                if isinstance(said, Refused):
                    unread.append((done, said))
                else:
                    read.append(_row_of(said, number=done))
            if len(read) + len(unread) == rows:
                yield Batch(
                    records=records_of_rows(read),
                    unread=unread,
                    rows_done=done,
                    progress=self._on_disk.tell(),
                )
                read, unread = [], []
        if read or unread:
            yield Batch(records=records_of_rows(read), unread=unread, rows_done=done, progress=self.size)

    def _line(self, *, after: int = 0) -> bytes | None:
        """The next line, an overlong one cut; None at the end."""
        try:
            line = self._lines.readline(_LONGEST_LINE)
            rest = line
            while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
                rest = self._lines.readline(_LONGEST_LINE)
        except (OSError, EOFError, zlib.error) as error:
            raise ExportUnreadable(
                f"{self._path} is damaged or cut off after line {after}. What was before that is imported and"
                " stays: download the export again, then import it."
            ) from error
        return line or None


def _row_of(record: Record, *, number: int) -> dict[str, Any]:
    """A record as a row of RECORDS."""
    kept = record_to_json(record)
    names = kept.get("names") or {}
    if not any(map(cleaned, names.values())):
        names = kept.get("generic_names") or {}
    modified = kept.get("modified")
    return {
        "number": number,
        **{name: kept.get(name, "") for name in ("code", "language", "brands", "quantity", "nutriscore")},
        **{name: kept.get(name, []) for name in ("allergens", "traces", "labels", "categories")},
        "names": [{"lang": language, "text": text} for language, text in names.items()],
        "ingredients": [
            {"lang": language, "text": text} for language, text in kept.get("ingredients", {}).items()
        ],
        "modified": modified if moment(modified) else None,
        "record": orjson.dumps(kept).decode(),
    }


def _of_line(line: bytes) -> Record | Refused:
    if len(line) >= _LONGEST_LINE:
        return Refused(code=_LINE_TOO_LONG, reason=f"The line has more than {_LONGEST_LINE} bytes.")
    try:
        product = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Refused(code=_NOT_JSON, reason=f"The line is not JSON: {error.msg} at column {error.colno}.")
    if not isinstance(product, dict):
        return Refused(code=_NOT_JSON, reason="The line is not a JSON object.")
    return record_of(product)
