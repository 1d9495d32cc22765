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

#: `domain.text.cleaned`, `shortened` and, for Latin letters, `folded`: tests hold them side by side. What a
#: macro is given it may work out each time that it names it, so that what costs something is named once.
_MACROS: Final = (
    r"""
CREATE MACRO cleaned(t) AS CASE WHEN regexp_full_match(t, '[!-~]+( [!-~]+)*') THEN t ELSE trim(regexp_replace(
    nfc_normalize(regexp_replace(t, '[\x00-\x08\x0e-\x1b\x7f-\x{84}\x{86}-\x{9f}\x{200b}\x{2028}\x{2029}' ||
        '\x{feff}\x{fff9}-\x{ffff}\x{202a}-\x{202e}\x{2066}-\x{2069}]', '', 'g')),
    '[\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]+', ' ', 'g')) END;
CREATE MACRO shortened(t) AS CASE WHEN length(t) <= 500 THEN t ELSE rtrim(left(t, 499)) || '…' END;
-- Letters that are Latin ones once their accents are gone, and signs that are none.
CREATE MACRO is_latin(t) AS
    regexp_full_match(t, '[ -~©«®°·»À-ÖØ-öø-ıĴ-ķĹ-ľŁ-ňŌ-ž\x{2013}\x{2014}\x{2018}-\x{201e}…€]*');
CREATE MACRO without_accents(t) AS CASE WHEN regexp_full_match(t, '[ -~]*') THEN lower(t) ELSE
    replace(replace(replace(replace(translate(lower(strip_accents(t)), 'øđðłħŧı', 'oddlhti'),
        'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ß', 'ss') END;
CREATE MACRO folded_latin(t) AS trim(regexp_replace(without_accents(t), '[^a-z0-9]+', ' ', 'g'));
CREATE MACRO language_of(said) AS
    CASE WHEN regexp_full_match(said, '[a-z]{2,3}') AND said <> 'xx' THEN said ELSE 'und' END;
CREATE MACRO spoken_in(texts, main) AS list_filter(list_transform(texts, lambda x:
    {'k': language_of(CASE WHEN x.lang = 'main' THEN main ELSE x.lang END), 'v': cleaned(x.text)}),
    lambda x: x.v <> '');
CREATE MACRO once(texts) AS list_filter(
    list_transform(texts, lambda x: {'k': x.k, 'v': shortened(x.v)}),
    lambda x, place: list_position(list_transform(texts, lambda y: y.k), x.k) = place);
CREATE MACRO at_place(digits, place) AS digits // place % 10;
CREATE MACRO check_sum(n) AS 3 * ({odd}) + {even};
CREATE MACRO words_of(t) AS CASE WHEN length(t) <= {longest_word} THEN t ELSE array_to_string(list_transform(
    string_split(rtrim(left(t, {longest})), ' '), lambda word: left(word, {longest_word})), ' ') END;
CREATE MACRO indexed(words, mark) AS
    CASE WHEN words <> '' THEN '''' || replace(words, ' ', '''' || mark || ' ''') || '''' || mark END;
CREATE MACRO quoted(words) AS CASE WHEN len(words) > 0
    THEN '''' || array_to_string(words, ''' ''') || '''' END;
CREATE MACRO copied(t) AS replace(t, '\', '\\');
""".replace("{longest_word}", str(LONGEST_WORD))
    .replace("{longest}", str(LONGEST_TEXT))
    .replace("{odd}", " + ".join(f"at_place(n, {10**place})" for place in range(1, 14, 2)))
    .replace("{even}", " + ".join(f"at_place(n, {10**place})" for place in range(0, 14, 2)))
)

_TOLD: Final = r"""
CREATE OR REPLACE TEMP TABLE told AS
WITH heard AS (
    SELECT *, spoken_in(names, language) AS heard, lpad(code, 14, '0') AS padded,
        cleaned(split_part(brands, ',', 1)) AS brand,
        regexp_full_match(code, '[0-9]{8}|[0-9]{12,14}') AS is_digits,
        list_filter(categories, lambda tag: regexp_full_match(tag, '{category}') AND tag <> 'en:null')
            AS kinds
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
    number, code, modified, record, padded AS gtin, name, brand_name, quantity, spoken,
    CASE
        WHEN NOT is_digits THEN 'not_a_gtin'
        WHEN check_sum(digits) % 10 <> 0 THEN 'wrong_check_digit'
        WHEN padded[2:13] = '000000000000' THEN 'zeros'
        WHEN padded LIKE '0952%' THEN 'demonstration_gtin'
        WHEN name IS NULL THEN 'no_name'
    END AS refusal,
    concat_ws(' ', CASE WHEN len(spoken) = 1 THEN spoken[1].v
        ELSE array_to_string(list_transform(spoken, lambda x: x.v), ' ') END, brand_name) AS name_text,
    coalesce(array_to_string(list_transform({most_special}, lambda tag: split_part(tag, ':', 2)), ' '), '')
        AS kind_text,
    kinds, list_concat(allergens, traces) AS contained, labels, nutriscore,
    len(list_filter(ingredients, lambda x: x.text <> '')) > 0 AS is_known
FROM titled
""".replace("{category}", CATEGORY_NAME.replace("'", "''")).replace(
    "{most_special}",
    f"""list_filter(categories, lambda tag:
        regexp_full_match(tag, '[a-z]{{2,3}}:[^\\s:]+') AND tag <> 'en:null')[-{MOST_KINDS}:]""",
)


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
    SELECT *, words_of(name_folded) AS name_words, words_of(kind_folded) AS kind_words
    FROM told POSITIONAL JOIN folded
    WHERE refusal IS NULL
), carded AS (
    SELECT *, concat_ws(' ', indexed(name_words, ':1A'), indexed(kind_words, ''), quoted(flatten([
            kind_facts(kinds), allergen_facts(contained), diet_facts(labels), known_facts(is_known),
            grade_facts(nutriscore)]))) AS words,
        CAST(to_json({'names': map_from_entries(spoken)}) AS VARCHAR) AS named
    FROM worded
), indexed AS (
    SELECT *, CASE WHEN quantity = '' THEN named ELSE left(named, -1) || ',"quantity":'
            || CAST(to_json(cleaned(quantity)) AS VARCHAR) || '}' END AS card,
        CAST(md5_number_lower(record) >> 1 AS BIGINT) AS digest
    FROM carded
)
SELECT number, gtin, code, modified, digest, name, brand_name, card, name_words, kind_words, words, record,
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
        "SELECT is_latin(name_text), folded_latin(name_text), name_text, is_latin(kind_text),"
        " folded_latin(kind_text), kind_text FROM told"
    ).to_arrow_table()
    words = {"name_folded": _folded(texts, first=0), "kind_folded": _folded(texts, first=3)}
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
    """The folded texts: DuckDB's where a text has Latin letters alone, else `domain.text.folded`'s."""
    plain, words = (texts.column(first + place).combine_chunks() for place in range(2))
    others = pc.invert(plain)
    replacements = [folded(text) for text in texts.column(first + 2).filter(others).to_pylist()]
    return pc.replace_with_mask(words, others, pa.array(replacements, pa.string()))
