"""Many records of Open Food Facts at once, as a table: what an import has to know of each, and the record as
JSON as it is kept (see `open_food_facts_record`).

DuckDB works on whole columns: a record that went through Python value by value would cost fifty times as
much.
"""

from collections.abc import Mapping
from typing import Any, Final

import duckdb
import pyarrow as pa

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
_MACROS: Final = f"""
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
CREATE MACRO nutrients(told) AS list_transform(
    list_filter(told, lambda x: x.name IN ({", ".join(map(repr, sorted(WANTED_NUTRIENTS)))})
        AND isfinite(x."100g")),
    lambda x: {{'name': x.name, '100g': CAST(x."100g" AS VARCHAR)}});
-- What is empty is left out. Inside a text a quotation mark follows a backslash: no text can look like this.
CREATE MACRO without_nothing(json) AS
    without_null_characters(regexp_replace(json, ',"[a-z_]+":(null|""|\\[\\]|\\{{\\}})', '', 'g'));
CREATE MACRO eco_data(told) AS CASE WHEN told LIKE '{{%' THEN list_transform(
    [TRY(json_extract(told,
        ['$.agribalyse.code', '$.agribalyse.name_en', '$.agribalyse.co2_total', '$.missing']))],
    lambda x: {{'agribalyse': {{'code': x[1], 'name_en': x[2], 'co2_total': x[3]}}, 'missing': x[4]}})[1] END;
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
    CASE WHEN len(list_filter(own_names, lambda x: x.text <> '')) > 0 THEN own_names ELSE generic_names END
        AS names,
    coalesce(brands, '') AS brands, coalesce(quantity, '') AS quantity, ingredients,
    allergens_tags AS allergens, traces_tags AS traces, labels_tags AS labels, categories_tags AS categories,
    coalesce(nutriscore_grade, '') AS nutriscore, CAST(last_modified_t AS BIGINT) AS modified,
    without_nothing(CAST(to_json(struct_pack(
        code := coalesce(code, ''),
        language := language,
        names := own_names,
        generic_names := generic_names,
        ingredients := ingredients,
        brands := brands,
        allergens := allergens_tags,
        traces := traces_tags,
        labels := labels_tags,
        categories := categories_tags,
        nutrients := nutrients(nutriments),
        quantity := quantity,
        quantity_unit := product_quantity_unit,
        nutriscore := nutriscore_grade,
        nova := nova_group,
        eco_score := environmental_score_score,
        eco_data := eco_data(environmental_score_data),
        origins := origins,
        modified := last_modified_t,
        additives := additives_tags,
        serving := serving_size,
        serving_quantity := serving_quantity
    )) AS VARCHAR)) AS record
FROM told
"""


def workbench() -> duckdb.DuckDBPyConnection:
    """Where tables are worked on: one core, little memory, nothing on the disk."""
    connection = duckdb.connect(config={"threads": 1, "memory_limit": "256MB"})
    connection.execute("SET enable_progress_bar = false")
    connection.execute(_MACROS)
    return connection


def records_of_parquet(
    batch: pa.Table, *, first: int, on: duckdb.DuckDBPyConnection, missing: Mapping[str, pa.DataType]
) -> pa.Table:
    """The rows of a Parquet export, of which the first has the number `first`, as RECORDS.

    `missing` are columns of the export that this one does not have.
    """
    for name, kind in missing.items():
        batch = batch.append_column(name, pa.nulls(len(batch), kind))
    numbers = pa.array(range(first, first + len(batch)), pa.int64())
    on.register("export", batch.append_column("number", numbers))
    try:
        return on.sql(_OF_PARQUET).to_arrow_table()
    finally:
        on.unregister("export")


def records_of_rows(rows: list[dict[str, Any]]) -> pa.Table:
    """Records that were read one by one."""
    return pa.Table.from_pylist(rows, schema=RECORDS)
