"""Many records of Open Food Facts at once, as a table: what an import has to know of each, and the record as
JSON as it is kept (see `open_food_facts_record`).

DuckDB works on whole columns: a record that went through Python value by value would cost fifty times as
much.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from contexts.passport.application.errors import ExportUnreadable
from contexts.passport.application.sources.open_food_facts import WANTED_NUTRIENTS

_PER_LANGUAGE: Final = pa.list_(pa.struct([("lang", pa.string()), ("text", pa.string())]))
_TAGS: Final = pa.list_(pa.string())

#: What an import has to know of a record, whatever the export's form.
RECORDS: Final = pa.schema([
    ("number", pa.int64()),  # the row of the export, counted from 1
    ("code", pa.string()),
    ("language", pa.string()),
    ("names", _PER_LANGUAGE),
    ("brands", pa.string()),
    ("quantity", pa.string()),
    ("ingredients", _PER_LANGUAGE),
    ("allergens", _TAGS),
    ("traces", _TAGS),
    ("labels", _TAGS),
    ("categories", _TAGS),
    ("nutriscore", pa.string()),
    ("modified", pa.int64()),
    ("record", pa.string()),
])  # fmt: skip

#: In most texts per language `main` is a copy of the one other: then it is left out. What is more complicated
#: is kept as it is, for whoever reads the record.
_MACROS: Final = """
-- PostgreSQL stores no U+0000. Escaped backslashes stand aside meanwhile, as a character that JSON never has.
CREATE MACRO without_null_characters(json) AS CASE WHEN contains(json, '\\u0000') THEN
    replace(replace(replace(json, '\\\\', chr(1)), '\\u0000', ''), chr(1), '\\\\') ELSE json END;
CREATE MACRO without_copy(texts, main) AS CASE
    WHEN len(texts) = 2 AND texts[1].lang = 'main' AND texts[2].lang = main AND texts[2].text <> ''
    THEN texts[2:2]
    WHEN len(texts) = 3 AND texts[1].lang = 'main' AND texts[2].lang = main AND texts[3].lang = main
        AND texts[2].text <> ''
    THEN CASE WHEN contains(texts[3].text, '<span class="allergen">') THEN texts[3:3] ELSE texts[2:2] END
    ELSE texts END;
CREATE MACRO json_of(said) AS CAST(to_json(said) AS VARCHAR);
-- What is empty is left out.
CREATE MACRO named(name, text) AS CASE WHEN text <> '' THEN ',"' || name || '":' || json_of(text) END;
CREATE MACRO listed(name, list) AS CASE WHEN len(list) > 0 THEN ',"' || name || '":' || json_of(list) END;
CREATE MACRO counted(name, number) AS ',"' || name || '":' || number;
CREATE MACRO eco_data(told) AS list_transform([TRY(json_extract(told,
    ['$.agribalyse.code', '$.agribalyse.name_en', '$.agribalyse.co2_total', '$.missing']))],
    lambda x: concat(',"eco_data":{"agribalyse":{"code":', coalesce(x[1], 'null'), ',"name_en":',
        coalesce(x[2], 'null'), ',"co2_total":', coalesce(x[3], 'null'), '},"missing":',
        coalesce(x[4], 'null'), '}'))[1];
"""

#: The columns of the Parquet export, as `open_food_facts_export` checks them, read as records.
_OF_PARQUET: Final = """
WITH told AS (
    SELECT *, coalesce(lang, '') AS language, without_copy(product_name, coalesce(lang, '')) AS own_names,
        without_copy(generic_name, coalesce(lang, '')) AS generic_names,
        without_copy(ingredients_text, coalesce(lang, '')) AS ingredients
    FROM export
)
SELECT
    number, coalesce(code, '') AS code, language,
    CASE WHEN len(list_filter(own_names, lambda x: regexp_matches(x.text, '[^\\s\\pZ\\pC]'))) > 0
        THEN own_names ELSE generic_names END
        AS names,
    coalesce(brands, '') AS brands, coalesce(quantity, '') AS quantity, ingredients,
    allergens_tags AS allergens, traces_tags AS traces, labels_tags AS labels, categories_tags AS categories,
    coalesce(nutriscore_grade, '') AS nutriscore, CAST(last_modified_t AS BIGINT) AS modified,
    without_null_characters(concat(
        '{"code":', json_of(coalesce(code, '')),
        named('language', language),
        listed('names', own_names),
        listed('generic_names', generic_names),
        listed('ingredients', ingredients),
        named('brands', brands),
        listed('allergens', allergens_tags),
        listed('traces', traces_tags),
        listed('labels', labels_tags),
        listed('categories', categories_tags),
        ',"nutrients":{' || nutrients || '}',
        named('quantity', quantity),
        named('quantity_unit', product_quantity_unit),
        named('nutriscore', nutriscore_grade),
        counted('nova', nova_group),
        counted('eco_score', environmental_score_score),
        CASE WHEN environmental_score_data LIKE '{%' THEN eco_data(environmental_score_data) END,
        named('origins', origins),
        counted('modified', last_modified_t),
        listed('additives', additives_tags),
        named('serving', serving_size),
        named('serving_quantity', serving_quantity),
        '}'
    )) AS record
FROM told
"""


def workbench() -> duckdb.DuckDBPyConnection:
    """Where tables are worked on: one core, little memory, nothing on the disk."""
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "128MB"})
    connection.execute("SET enable_progress_bar = false; SET streaming_buffer_size = '256KB'")
    connection.execute(_MACROS)
    return connection


def streamed(
    query: str,
    *,
    tables: Iterator[pa.RecordBatch],
    named: str,
    rows: int,
    on: duckdb.DuckDBPyConnection,
) -> Iterator[pa.RecordBatch]:
    """What a query makes of tables that come one after the other, row by row and in their order, so many rows
    at a time: planned once, where a plan for each table would cost as much as the work.

    An ExportUnreadable that `tables` raises is raised after all that was made of the tables before.
    """
    failed: list[ExportUnreadable] = []

    def all_tables() -> Iterator[pa.RecordBatch]:
        # Out of DuckDB an error would come as text and before what was made: it is raised below, at the end.
        try:
            yield from tables
        except ExportUnreadable as error:
            failed.append(error)

    told = all_tables()
    if (first := next(told, None)) is not None:
        on.register(named, pa.RecordBatchReader.from_batches(first.schema, chain([first], told)))
        try:
            yield from on.sql(query).to_arrow_reader(rows)
        finally:
            on.unregister(named)
    if failed:
        raise failed[0]


def records_of_parquet(
    tables: Iterator[pa.RecordBatch],
    *,
    rows: int,
    on: duckdb.DuckDBPyConnection,
    missing: Mapping[str, pa.DataType],
) -> Iterator[pa.Table]:
    """The rows of a Parquet export, each with its `number`, as RECORDS, at most so many at a time.

    `missing` are columns of the export that this one does not have.
    """
    complete = (
        pa.RecordBatch.from_arrays(
            [
                *table.columns,
                _nutrients(table.column("nutriments")),
                *(pa.nulls(len(table), kind) for kind in missing.values()),
            ],
            names=[*table.schema.names, "nutrients", *missing],
        ).drop_columns("nutriments")
        for table in tables
    )
    for records in streamed(_OF_PARQUET, tables=complete, named="export", rows=rows, on=on):
        yield pa.Table.from_batches([records])


_WANTED: Final = pa.array(sorted(WANTED_NUTRIENTS))


def _nutrients(told: pa.Array) -> pa.Array:
    """The members of a JSON object for each list of nutrients, of which only a part is read; null for none.

    No name of those that are read has a character that JSON escapes.
    """
    each = told.flatten()
    name, amount = each.field("name"), each.field("100g")
    is_read = pc.and_(pc.is_in(name, _WANTED), pc.fill_null(pc.is_finite(amount), False))
    after = pc.cumulative_sum(is_read.cast(pa.int32()))
    ends = pc.cumulative_sum(pc.fill_null(pc.list_value_length(told), 0))
    places = pa.concat_arrays([pa.array([0], pa.int32()), after])
    ends = pa.concat_arrays([pa.array([0], ends.type), ends])
    members = pc.binary_join_element_wise(
        '"', name.filter(is_read), '":', amount.filter(is_read).cast(pa.string()), ""
    )
    joined = pc.binary_join(pa.ListArray.from_arrays(places.take(ends), members), ",")
    return pc.if_else(pc.equal(joined, ""), None, joined)


def records_of_rows(rows: list[dict[str, Any]]) -> pa.Table:
    """Records that were read one by one."""
    return pa.Table.from_pylist(rows, schema=RECORDS)
