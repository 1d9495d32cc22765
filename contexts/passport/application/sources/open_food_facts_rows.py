"""Records of Open Food Facts as rows of the catalogue, many at once: checked, named, with what they are found
by, and, for products that the catalogue does not have, as the lines that PostgreSQL copies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    LONGEST_WORD,
    MOST_KINDS,
    diets_of,
)
from contexts.passport.application.sources import open_food_facts_tables
from contexts.passport.application.sources.open_food_facts import ALLERGEN_OF_TAG, CLAIM_OF_TAG
from contexts.passport.domain.text import folded

#: Why a record makes no entry, by the name of the reason: what `open_food_facts.understood` would say.
REASONS: Final = {
    "not_a_gtin": "The code does not have 8, 12, 13 or 14 digits.",
    "wrong_check_digit": "The last digit of the code does not fit the others.",
    "zeros": "The code is zeros alone: no product has it.",
    "demonstration_gtin": "GS1 keeps the prefix 952 for demonstrations: no product has it.",
    "no_name": "No language has a name for the product.",
}

#: `domain.text.cleaned` and `shortened`, and what of `folded` concerns ASCII: a test holds them side by side.
_MACROS: Final = r"""
CREATE MACRO cleaned(t) AS CASE WHEN regexp_full_match(t, '[!-~]+( [!-~]+)*') THEN t ELSE trim(regexp_replace(
    nfc_normalize(regexp_replace(t, '[\x00-\x08\x0e-\x1b\x7f-\x{84}\x{86}-\x{9f}\x{200b}\x{2028}\x{2029}' ||
        '\x{feff}\x{fff9}-\x{ffff}\x{202a}-\x{202e}\x{2066}-\x{2069}]', '', 'g')),
    '[\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]+', ' ', 'g')) END;
CREATE MACRO shortened(t) AS CASE WHEN length(t) <= 500 THEN t ELSE rtrim(left(t, 499)) || '…' END;
CREATE MACRO is_plain(t) AS regexp_full_match(t, '[ -~]*');
CREATE MACRO folded_plain(t) AS trim(regexp_replace(lower(t), '[^a-z0-9]+', ' ', 'g'));
CREATE MACRO language_of(said) AS
    CASE WHEN regexp_full_match(said, '[a-z]{2,3}') AND said <> 'xx' THEN said ELSE 'und' END;
CREATE MACRO spoken_in(texts, main) AS list_transform(list_filter(texts, lambda x: cleaned(x.text) <> ''),
    lambda x: {'k': language_of(CASE WHEN x.lang = 'main' THEN main ELSE x.lang END),
        'v': shortened(cleaned(x.text))});
CREATE MACRO once(texts) AS CASE WHEN len(texts) < 2 THEN texts ELSE list_filter(texts, lambda x, place:
    list_position(list_transform(texts, lambda y: y.k), x.k) = place) END;
CREATE MACRO check_sum(digits) AS list_sum(list_transform(range(1, 15), lambda place:
    (ascii(digits[place]) - 48) * (CASE WHEN place % 2 = 1 THEN 3 ELSE 1 END)));
CREATE MACRO words_in(t) AS list_filter(list_distinct(
    list_transform(string_split(left(t, {longest}), ' '), lambda word: left(word, {longest_word}))),
    lambda word: word <> '');
CREATE MACRO quoted(words, mark) AS list_transform(words, lambda word: '''' || word || '''' || mark);
CREATE MACRO copied(t) AS replace(t, '\', '\\');
""".replace("{longest_word}", str(LONGEST_WORD)).replace("{longest}", str(LONGEST_TEXT))

_TOLD: Final = r"""
CREATE OR REPLACE TEMP TABLE told AS
WITH named AS (
    SELECT *, once(spoken_in(names, language)) AS spoken, lpad(code, 14, '0') AS padded,
        shortened(cleaned(split_part(brands, ',', 1))) AS brand_name,
        regexp_full_match(code, '[0-9]{8}|[0-9]{12,14}') AS is_digits
    FROM records
), titled AS (
    SELECT *, CASE WHEN len(spoken) = 1 THEN spoken[1].v ELSE coalesce(
        list_filter(spoken, lambda x: x.k = language_of(language))[1].v,
        list_filter(spoken, lambda x: x.k = 'en')[1].v,
        list_sort(spoken)[1].v) END AS name
    FROM named
)
SELECT
    number, code, modified, record, padded AS gtin, name, brand_name, quantity, spoken,
    CASE
        WHEN NOT is_digits THEN 'not_a_gtin'
        WHEN check_sum(padded) % 10 <> 0 THEN 'wrong_check_digit'
        WHEN padded[2:13] = '000000000000' THEN 'zeros'
        WHEN padded LIKE '0952%' THEN 'demonstration_gtin'
        WHEN name IS NULL THEN 'no_name'
    END AS refusal,
    concat_ws(' ', array_to_string(list_transform(spoken, lambda x: x.v), ' '), brand_name) AS name_text,
    coalesce(array_to_string(list_transform(list_filter(categories, lambda tag:
        regexp_full_match(tag, '[a-z]{2,3}:[^\s:]+') AND tag <> 'en:null')[-{most_kinds}:],
        lambda tag: split_part(tag, ':', 2)),
        ' '), '') AS kind_text,
    list_filter(categories, lambda tag: regexp_full_match(tag, '{category}') AND tag <> 'en:null') AS kinds,
    list_concat(allergens, traces) AS contained, labels, nutriscore,
    len(list_filter(ingredients, lambda x: x.text <> '')) > 0 AS is_known
FROM titled
""".replace("{category}", CATEGORY_NAME.replace("'", "''")).replace("{most_kinds}", str(MOST_KINDS))


def _facts(of_tags: Mapping[str, Sequence[str]]) -> str:
    """The facts that tags say, as SQL: these tags and facts are our own, no text from outside."""
    whens = " ".join(f"WHEN '{tag}' THEN {list(facts)}" for tag, facts in of_tags.items())
    return f"list_distinct(flatten(list_transform(tags, lambda tag: CASE tag {whens} ELSE [] END)))"


_FACTS: Final = f"""
CREATE MACRO allergen_facts(tags) AS {
    _facts({tag: [HAS + has.value] for tag, has in ALLERGEN_OF_TAG.items()})
};
CREATE MACRO diet_facts(tags) AS {
    _facts(
        {
            tag: [DIET + diet for diet in sorted(diets)]
            for tag, claim in CLAIM_OF_TAG.items()
            if (diets := diets_of([claim]))
        }
    )
};
CREATE MACRO kind_facts(tags) AS list_distinct(list_transform(tags, lambda tag: '{CATEGORY}' || tag));
CREATE MACRO known_facts(is_known) AS CASE WHEN is_known THEN ['{KNOWN}'] END;
CREATE MACRO grade_facts(grade) AS
    CASE WHEN grade IN ('a', 'b', 'c', 'd', 'e') THEN ['{GRADE}' || grade] END;
"""

_ROWS: Final = r"""
WITH worded AS (
    SELECT *, words_in(name_words) AS names, words_in(kind_words) AS others
    FROM told POSITIONAL JOIN folded
    WHERE refusal IS NULL
), indexed AS (
    SELECT *, array_to_string(flatten([
        quoted(names, ':1A'),
        quoted(flatten([
            list_filter(others, lambda word: NOT list_contains(names, word)), kind_facts(kinds),
            allergen_facts(contained), diet_facts(labels), known_facts(is_known), grade_facts(nutriscore)
        ]), '')
    ]), ' ') AS words,
    CASE WHEN quantity = '' THEN CAST(to_json({'names': map_from_entries(spoken)}) AS VARCHAR)
        ELSE CAST(to_json({'names': map_from_entries(spoken), 'quantity': cleaned(quantity)}) AS VARCHAR)
    END AS card,
    CAST(md5_number_lower(record) >> 1 AS BIGINT) AS digest
    FROM worded
)
SELECT number, gtin, code, modified, digest, name, brand_name, card, names, others, words, record,
    concat_ws(chr(9), gtin, copied(name), copied(brand_name), copied(card), copied(words), copied(record),
        $at, coalesce(CAST(modified AS VARCHAR), '\N'), code, digest, $at, '1', '{}', 'f')
        || chr(10) AS entry_line,
    concat_ws(chr(9), uuidv7(), 'catalogue_entry', gtin, 'CatalogueEntryChanged', '1', copied(CAST(to_json({
        'gtin': gtin, 'brandId': NULL, 'name': name, 'brandName': nullif(brand_name, ''),
        'changeKind': 'created', 'dataVersion': 1, 'changedAt': $at}) AS VARCHAR)), $at, $headers)
        || chr(10) AS fact_line
FROM indexed
ORDER BY gtin, modified DESC NULLS LAST, code DESC
"""

#: What the lines are copied into.
ENTRY_COLUMNS: Final = (
    "gtin, name, brand_name, card, words, record, record_at, source_modified, source_record, content_digest,"
    " updated_at, data_version, contributions, is_demo"
)
FACT_COLUMNS: Final = "event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers"


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
    connection.execute(_FACTS)
    return connection


def rows_of(
    records: pa.Table, *, at: datetime, headers: Mapping[str, str], on: duckdb.DuckDBPyConnection
) -> Rows:
    """Check the records and make rows of them."""
    on.register("records", records)
    on.execute(_TOLD)
    texts = on.sql(
        "SELECT is_plain(name_text), folded_plain(name_text), name_text, is_plain(kind_text),"
        " folded_plain(kind_text), kind_text FROM told"
    ).to_arrow_table()
    words = {"name_words": _folded(texts, first=0), "kind_words": _folded(texts, first=3)}
    on.register("folded", pa.table(words))
    given = {"at": at.isoformat(), "headers": orjson.dumps(headers).decode()}
    try:
        return Rows(
            products=on.sql(_ROWS, params=given).to_arrow_table(),
            refused=on.sql(
                "SELECT number, code, refusal FROM told WHERE refusal IS NOT NULL ORDER BY number"
            ).to_arrow_table(),
        )
    finally:
        on.unregister("folded")
        on.unregister("records")


def _folded(texts: pa.Table, *, first: int) -> pa.Array:
    """The folded texts: DuckDB's where a text is plain ASCII, else `domain.text.folded`'s."""
    plain, words = (texts.column(first + place).combine_chunks() for place in range(2))
    others = pc.invert(plain)
    replacements = [folded(text) for text in texts.column(first + 2).filter(others).to_pylist()]
    return pc.replace_with_mask(words, others, pa.array(replacements, pa.string()))
