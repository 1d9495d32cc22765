"""Records of Open Food Facts as rows of the catalogue, many at once: checked, named, with what they are found
by, and, for products that the catalogue does not have, as the lines that PostgreSQL copies."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import duckdb
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from contexts.passport.application.search_words import (
    CATEGORY,
    CATEGORY_NAME,
    DIET,
    GRADE,
    HAS,
    KNOWN,
    LONGEST_TEXT,
    MOST_KINDS,
    diets_of,
    words_in,
)
from contexts.passport.application.sources import open_food_facts_tables
from contexts.passport.application.sources.open_food_facts import ALLERGEN_OF_TAG, CLAIM_OF_TAG
from contexts.passport.application.sources.open_food_facts_record import digest_of
from contexts.passport.application.sources.open_food_facts_tables import streamed
from contexts.passport.domain.text import folded

#: Why a record makes no entry, by the name of the reason: what `open_food_facts.understood` would say.
REASONS: Final = {
    "not_a_gtin": "The code does not have 8, 12, 13 or 14 digits.",
    "wrong_check_digit": "The last digit of the code does not fit the others.",
    "zeros": "The code is zeros alone: no product has it.",
    "demonstration_gtin": "GS1 keeps the prefix 952 for demonstrations: no product has it.",
    "no_name": "No language has a name for the product.",
}

#: `domain.text.cleaned` and `shortened`: tests hold them side by side. What a macro is given it may work out
#: each time that it names it, so that what costs something is named once.
_MACROS: Final = (
    r"""
-- Text of Latin letters and signs that is clean already, as nearly all is.
CREATE MACRO is_clean(t) AS regexp_full_match(t, '{clean}+( {clean}+)*');
CREATE MACRO cleaned(t) AS CASE WHEN is_clean(t) THEN t ELSE trim(regexp_replace(
    nfc_normalize(regexp_replace(t, '[\x00-\x08\x0e-\x1b\x7f-\x{84}\x{86}-\x{9f}\x{200b}\x{2028}\x{2029}' ||
        '\x{feff}\x{fff9}-\x{ffff}\x{202a}-\x{202e}\x{2066}-\x{2069}]', '', 'g')),
    '[\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]+', ' ', 'g')) END;
CREATE MACRO shortened(t) AS CASE WHEN length(t) <= 500 THEN t ELSE rtrim(left(t, 499)) || '…' END;
CREATE MACRO language_of(said) AS
    CASE WHEN regexp_full_match(said, '[a-z]{2,3}') AND said <> 'xx' THEN said ELSE 'und' END;
CREATE MACRO spoken_in(texts, main) AS list_filter(list_transform(texts, lambda x:
    {'k': language_of(CASE WHEN x.lang = 'main' THEN main ELSE x.lang END), 'v': cleaned(x.text)}),
    lambda x: x.v <> '');
CREATE MACRO once(texts) AS CASE WHEN len(texts) = 1 AND length(texts[1].v) <= 500 THEN texts
    ELSE list_filter(list_transform(texts, lambda x: {'k': x.k, 'v': shortened(x.v)}),
    lambda x, place: list_position(list_transform(texts, lambda y: y.k), x.k) = place) END;
CREATE MACRO at_place(digits, place) AS digits // place % 10;
CREATE MACRO check_sum(n) AS 3 * ({odd}) + {even};
""".replace("{clean}", r"[!-~\xa1-\x{17e}\x{2010}-\x{2027}\x{2030}-\x{205e}\x{20ac}\x{2122}]")
    .replace("{odd}", " + ".join(f"at_place(n, {10**place})" for place in range(1, 14, 2)))
    .replace("{even}", " + ".join(f"at_place(n, {10**place})" for place in range(0, 14, 2)))
)

#: What of RECORDS is looked at here.
_NEEDED: Final = (
    "code",
    "language",
    "names",
    "brands",
    "quantity",
    "ingredients",
    "nutriscore",
    "categories",
)
#: What of them is kept beside what is told of them.
_KEPT: Final = ("number", "code", "modified", "record", "allergens", "traces", "labels", "categories")

_TOLD: Final = (
    r"""
WITH heard AS (
    SELECT *, spoken_in(names, language) AS heard, lpad(code, 14, '0') AS padded,
        cleaned(split_part(brands, ',', 1)) AS brand,
        regexp_full_match(code, '[0-9]{8}|[0-9]{12,14}') AS is_digits
    FROM records
), named AS (
    SELECT *, once(heard) AS spoken, shortened(brand) AS brand_name,
        CASE WHEN is_digits THEN CAST(code AS BIGINT) END AS digits
    FROM heard
), titled AS (
    SELECT *, CASE WHEN len(spoken) = 1 THEN spoken[1].v ELSE coalesce(
        list_filter(spoken, lambda x: x.k = language_of(language))[1].v,
        list_filter(spoken, lambda x: x.k = 'en')[1].v,
        list_sort(spoken)[1].v) END AS name
    FROM named
)
SELECT
    padded AS gtin, name, brand_name,
    CASE
        WHEN NOT is_digits THEN 'not_a_gtin'
        WHEN check_sum(digits) % 10 <> 0 THEN 'wrong_check_digit'
        WHEN padded[2:13] = '000000000000' THEN 'zeros'
        WHEN padded LIKE '0952%' THEN 'demonstration_gtin'
        WHEN name IS NULL THEN 'no_name'
    END AS refusal,
    concat_ws(' ', CASE WHEN len(spoken) = 1 THEN name
        ELSE array_to_string(list_transform(spoken, lambda x: x.v), ' ') END, brand_name) AS text,
    concat('{"names":{',
        array_to_string(list_transform(spoken, lambda x: '"' || x.k || '":' || json_of(x.v)), ','),
        CASE WHEN quantity = '' THEN '}}' ELSE '},"quantity":' || json_of(cleaned(quantity)) || '}' END)
        AS card,
    concat('{"gtin":"', padded, '","brandId":null,"name":', json_of(name), ',"brandName":',
        CASE WHEN brand_name = '' THEN 'null' ELSE json_of(brand_name) END) AS fact,
    concat(CASE WHEN len(list_filter(ingredients, lambda x: x.text <> '')) > 0 THEN '''{known}'' ' END,
        CASE WHEN nutriscore IN ('a', 'b', 'c', 'd', 'e') THEN '''{grade}' || nutriscore || '''' END)
        AS facts,
    {kinds} AS kinds,
    CAST(uuidv7() AS VARCHAR) AS event_id
FROM titled
""".replace("{known}", KNOWN)
    .replace("{grade}", GRADE)
    .replace(
        "{kinds}",
        f"""list_filter(categories, lambda tag:
        regexp_full_match(tag, '[a-z]{{2,3}}:[^\\s:]+') AND tag <> 'en:null')[-{MOST_KINDS}:]""",
    )
)

_TAGS: Final = pa.list_(pa.string())
_TOLD_COLUMNS: Final = pa.schema([
    ("gtin", pa.string()),
    ("name", pa.string()),
    ("brand_name", pa.string()),
    ("refusal", pa.string()),
    ("text", pa.string()),  # what words it is found by are in
    ("card", pa.string()),  # JSON
    ("fact", pa.string()),  # the beginning of the fact's JSON
    ("facts", pa.string()),  # what is known of its label, as it is found
    ("kinds", _TAGS),  # its most special categories
    ("event_id", pa.string()),
])  # fmt: skip

#: What the lines are copied into.
ENTRY_COLUMNS: Final = (
    "gtin, name, brand_name, card, words, record, record_at, source_modified, source_record, content_digest,"
    " updated_at, data_version, contributions, is_demo"
)
FACT_COLUMNS: Final = "event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers"
#: What stands for no value in the lines: a control character, which no value has.
NULL: Final = "\x01"


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a table of records makes."""

    products: pa.Table
    """In the order of their GTINs; of two records of one product the one that counts comes first."""
    refused: pa.Table
    """`number`, `code` and `refusal` of the others, in the order of the export."""


def workbench() -> duckdb.DuckDBPyConnection:
    """Where rows are made."""
    connection = open_food_facts_tables.workbench()
    connection.execute(_MACROS)
    return connection


def rows_of(tables: Iterable[pa.Table], *, rows: int, on: duckdb.DuckDBPyConnection) -> Iterator[Rows]:
    """Check tables of records, at most so many in each, and make rows of them: of each table in its turn.

    What `tables` raises is raised after all that was made of the tables before.
    """
    waiting: deque[pa.Table] = deque()
    told: list[pa.RecordBatch] = []

    def needed() -> Iterator[pa.RecordBatch]:
        for table in tables:
            waiting.append(table)
            yield from table.select(_NEEDED).to_batches()

    def made() -> Iterator[Rows]:
        while waiting and sum(map(len, told)) >= len(waiting[0]):
            records, all_told = waiting.popleft(), pa.Table.from_batches(told, _TOLD_COLUMNS)
            told[:] = all_told.slice(len(records)).to_batches()
            yield _rows(records, all_told.slice(0, len(records)))

    for part in streamed(_TOLD, tables=needed(), named="records", rows=rows, on=on):
        told.append(part)
        yield from made()
    yield from made()


def _rows(records: pa.Table, told: pa.Table) -> Rows:
    for name in _KEPT:
        told = told.append_column(name, records.column(name))
    accepted = pc.is_null(told.column("refusal"))
    refused = told.select(["number", "code", "refusal"]).filter(pc.invert(accepted))
    products = told.drop_columns("refusal").filter(accepted).combine_chunks()
    products = products.append_column("digest", _digests(products.column("record")))
    order = pc.sort_indices(
        products, sort_keys=[("gtin", "ascending"), ("modified", "descending"), ("code", "descending")]
    )
    return Rows(products=products.take(order), refused=refused)


def _digests(records: pa.ChunkedArray) -> pa.Array:
    """Tell each record's text from others."""
    return pa.array([digest_of(text) for text in _texts(records)], pa.int64())


def _texts(column: pa.ChunkedArray) -> Iterator[memoryview]:
    """The texts of a column without a null, as they lie in the memory."""
    for chunk in column.chunks:
        large = chunk.cast(pa.large_string())
        _, offsets, text = large.buffers()
        if len(large):
            view, places = memoryview(text), memoryview(offsets).cast("q")
            for first, after in pairwise(places[large.offset : large.offset + len(large) + 1]):
                yield view[first:after]


# --- what products are found by ---

#: Words and tags of which is remembered what stands for them, some 30 MB; with more it begins anew.
_MOST_SAYINGS: Final = 150_000


class _Sayings(dict[str, str]):
    """What stands for a word or a tag: worked out once, for most come again and again."""

    def __init__(self, say: Callable[[str], str]) -> None:
        super().__init__()
        self._say = say

    def __missing__(self, each: str) -> str:
        if len(self) >= _MOST_SAYINGS:
            self.clear()
        said = self[each] = self._say(each)
        return said


class Wording:
    """What products are found by, as `search_words.index_of` says it of one, but for facts that only
    understanding a whole record tells."""

    def __init__(self) -> None:
        self.unkept: set[str] = set()
        """Words that came up since this was last emptied; some of them may have come up before."""
        self._names = _Sayings(lambda text: self._indexed(text, mark=":1A"))
        self._kinds = _Sayings(lambda tag: self._indexed(tag.partition(":")[2], mark=""))

    def words_of(self, products: pa.Table) -> pa.ChunkedArray:
        """For each product, what a tsvector is made of. PostgreSQL takes a word once that is in it twice."""
        names = self._names_of(products.column("text").combine_chunks())
        kinds = _said(products.column("kinds"), self._kinds)
        facts = (
            _said(products.column(name), sayings)
            for name, sayings in (
                ("categories", _CATEGORY_FACTS),
                ("allergens", _ALLERGEN_FACTS),
                ("traces", _ALLERGEN_FACTS),
                ("labels", _DIET_FACTS),
            )
        )
        return pc.binary_join_element_wise(
            names, kinds, *facts, products.column("facts").combine_chunks(), " "
        )

    def _names_of(self, texts: pa.StringArray) -> pa.StringArray:
        names = _said(pc.split_pattern(texts, " "), self._names)
        # Of a text that is longer than what is looked at, the beginning counts as a whole.
        is_long = pc.greater(pc.utf8_length(names), LONGEST_TEXT)
        long = [self._indexed(text, mark=":1A") for text in texts.filter(is_long).to_pylist()]
        return pc.replace_with_mask(names, is_long, pa.array(long, pa.string())) if long else names

    def _indexed(self, text: str, *, mark: str) -> str:
        words = words_in(folded(text))
        self.unkept.update(words)
        return " ".join(f"'{word}'{mark}" for word in words)


def _quoted(*facts: str) -> str:
    return " ".join(f"'{fact}'" for fact in facts)


_CATEGORY: Final = re.compile(CATEGORY_NAME)
_CATEGORY_FACTS: Final = _Sayings(
    lambda tag: _quoted(CATEGORY + tag) if _CATEGORY.fullmatch(tag) and tag != "en:null" else ""
)
_ALLERGEN_FACTS: Final = _Sayings(
    lambda tag: _quoted(HAS + ALLERGEN_OF_TAG[tag].value) if tag in ALLERGEN_OF_TAG else ""
)
_DIET_FACTS: Final = _Sayings(
    lambda tag: (
        _quoted(*(DIET + diet for diet in sorted(diets_of([CLAIM_OF_TAG[tag]]))))
        if tag in CLAIM_OF_TAG
        else ""
    )
)


def _said(lists: pa.ListArray | pa.ChunkedArray, sayings: Mapping[str, str]) -> pa.StringArray:
    """What stands for the items of each list, with a space between them; nothing for a list that is null."""
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.combine_chunks()
    items = lists.flatten().dictionary_encode()
    said = pa.array([sayings[item] for item in items.dictionary.to_pylist()], pa.string())
    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    after = pc.cumulative_sum(lengths)
    offsets = pa.concat_arrays([pa.array([0], after.type), after])
    return pc.binary_join(pa.ListArray.from_arrays(offsets, pc.fill_null(said.take(items.indices), "")), " ")


# --- what is copied ---


def entry_lines(products: pa.Table, *, words: pa.StringArray, at: datetime) -> bytes:
    """Lines of new entries, for ENTRY_COLUMNS."""
    name, brand_name, card, record = (
        products.column(name) for name in ("name", "brand_name", "card", "record")
    )
    modified = pc.fill_null(products.column("modified").cast(pa.string()), NULL)
    digest = products.column("digest").cast(pa.string())
    moment = at.isoformat()
    return _lines(
        *(products.column("gtin"), name, brand_name, card, words, record, moment, modified),
        *(products.column("code"), digest, moment, "1", "{}", "f\n"),
    )


def fact_lines(products: pa.Table, *, at: datetime, headers: Mapping[str, str]) -> bytes:
    """Lines of the facts that they were created, for FACT_COLUMNS."""
    moment = at.isoformat()
    rest = f',"changeKind":"created","dataVersion":1,"changedAt":"{moment}"}}'
    payload = pc.binary_join_element_wise(products.column("fact"), rest, "")
    return _lines(
        *(products.column("event_id"), "catalogue_entry", products.column("gtin"), "CatalogueEntryChanged"),
        *("1", payload, moment, orjson.dumps(headers).decode() + "\n"),
    )


def _lines(*columns: pa.ChunkedArray | str) -> bytes:
    """Rows as `COPY` reads them: tabs between the values, none of which has one, and backslashes doubled."""
    lines = pc.binary_join_element_wise(*columns, "\t")
    return b"".join(_whole(chunk) for chunk in lines.chunks).replace(b"\\", b"\\\\")


def _whole(chunk: pa.StringArray) -> memoryview:
    """The texts of an array one after the other, as they lie in the memory."""
    if len(chunk) == 0:
        return memoryview(b"")
    large = chunk.cast(pa.large_string())
    _, offsets, text = large.buffers()
    places = memoryview(offsets).cast("q")
    return memoryview(text)[places[large.offset] : places[large.offset + len(large)]]
