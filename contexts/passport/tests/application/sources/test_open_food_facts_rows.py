"""What an import does with whole columns is what the domain does with one record."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.passport.application.search_words import facts_of, kinds_of, names_of, words_in
from contexts.passport.application.sources.open_food_facts import understood
from contexts.passport.application.sources.open_food_facts_export import open_export
from contexts.passport.application.sources.open_food_facts_record import digest_of, record_from_json
from contexts.passport.application.sources.open_food_facts_rows import (
    REASONS,
    Rows,
    Wording,
    rows_of,
    workbench,
)
from contexts.passport.application.sources.record import RecordRefused
from contexts.passport.domain.text import cleaned, folded, shortened
from contexts.passport.tests import exports

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def rows(path: Path) -> tuple[list[dict[str, Any]], Rows]:
    """All records of an export, and the rows that they make."""
    with open_export(path) as export, workbench() as on:
        (batch,) = export.batches(start=0, rows=1_000)
        (made,) = rows_of([batch.records], rows=1_000, on=on)
        return batch.records.to_pylist(), made


def marked(index: str) -> tuple[set[str], set[str], set[str]]:
    """What a product is found by: words of its name, words of its kind, facts."""
    words = [word for word in index.split() if not word.startswith("'/")]
    names = {word.removesuffix("':1A").strip("'") for word in words if word.endswith(":1A")}
    kinds = {word.strip("'") for word in words if not word.endswith(":1A")}
    return names, kinds, {word.strip("'") for word in index.split() if word.startswith("'/")}


@pytest.mark.parametrize("of", ["real products", "all kinds of codes"])
def test_each_row_says_what_its_record_is_understood_to_say(tmp_path: Path, of: str) -> None:
    codes = ["", "1", "00000000", "4000000000006", "9521001000017", "00004000000000006", "40000000000x6"]
    path = (
        exports.sample()
        if of == "real products"
        else exports.parquet(
            tmp_path / "export",
            [
                *(exports.product(number, code=code) for number, code in enumerate(codes)),
                exports.product(8, product_name=exports.texts(main="M", fr="F")),
                exports.product(9, product_name=exports.texts(main="M", it="I"), lang="xx"),
                exports.product(10, product_name=[], generic_name=exports.texts(en="Generic")),
                exports.product(11, product_name=exports.texts(en=" \u202e "), generic_name=[]),
                exports.product(
                    14, product_name=exports.texts(en=" \u202e "), generic_name=exports.texts(en="Generic")
                ),
                exports.product(12, labels_tags=["en:vegan"], categories_tags=["en:a'b", "x", "fr:pâtés"]),
                exports.product(13, product_name=exports.texts(en="nul\0l \\u0000 \\ tab\t")),
            ],
        )
    )
    records, made = rows(path)
    refused = {row["number"]: row["refusal"] for row in made.refused.to_pylist()}
    wording = Wording()
    products = {
        row["number"]: (row, *marked(index))
        for row, index in zip(
            made.products.to_pylist(), wording.words_of(made.products).to_pylist(), strict=True
        )
    }
    assert refused.keys() | products.keys() == {record["number"] for record in records}
    for record in records:
        read = record_from_json(orjson.loads(record["record"]))
        if (code := refused.get(record["number"])) is not None:
            with pytest.raises(RecordRefused) as error:
                understood(read, read_on=NOW.date())
            assert (code, REASONS[code]) == (error.value.refused.code, error.value.refused.reason)
            continue
        entry = understood(read, read_on=NOW.date()).entry
        row, names, kinds, told = products[record["number"]]
        assert (row["gtin"], row["name"], row["brand_name"]) == (entry.gtin, entry.name, entry.brand_name)
        assert orjson.loads(row["card"])["names"] == entry.label.names
        assert names == set(names_of(entry))
        assert kinds == set(kinds_of(entry))
        assert names | kinds <= wording.unkept
        assert row["digest"] == digest_of(row["record"].encode())
        # What a list of ingredients names beyond what is declared, the search looks up in the record; and a
        # grade is found as it is published, though we show none beside a nutrition table that cannot be.
        sure = ("/in/", "/known", "/diet/")
        assert {fact for fact in told if fact.startswith(sure)} == {
            fact for fact in facts_of(entry) if fact.startswith(sure)
        }
        if entry.label.nutrition is not None:
            assert told <= set(facts_of(entry))


TEXT = st.text(max_size=40) | st.text(
    st.sampled_from(
        [
            "a",
            "B",
            " ",
            "\t",
            "\x85",
            "\u202e",
            "\u2067",
            "e",
            "\u0301",
            "ß",
            "İ",
            "\u2028",
            "\0",
            "\\",
            "'",
            "\xa0",
        ]
    ),
    max_size=12,
)


@settings(max_examples=25)
@given(st.lists(TEXT, min_size=20, max_size=60))
def test_names_are_cleaned_as_everywhere(texts: list[str]) -> None:
    texts = [*texts, "x" * 501, "<b>bold</b>" * 1_000, "حليب " * 2_000]
    with workbench() as on:
        on.register("texts", pa.table({"t": texts}))
        found = on.sql("SELECT shortened(cleaned(t)) FROM texts").fetchall()
    assert [text for (text,) in found] == [shortened(cleaned(text), limit=500) for text in texts]


@settings(max_examples=25)
@given(st.lists(TEXT, min_size=1, max_size=30))
def test_words_are_those_of_a_name_as_everywhere(texts: list[str]) -> None:
    texts = [*map(cleaned, texts), "", "x" * 501, "ﷺ " * 200, "Crème Brûlée " * 100, "<b>bold</b>" * 80]
    nothing = pa.nulls(len(texts), pa.list_(pa.string()))
    products = pa.table(
        dict.fromkeys(("kinds", "categories", "allergens", "traces", "labels"), nothing)
        | {"text": texts, "facts": [""] * len(texts)}
    )
    found = Wording().words_of(products).to_pylist()
    assert [marked(index)[0] for index in found] == [set(words_in(folded(text))) for text in texts]


#: Each character that text may be of that is left as it is, and those around them.
CLEAN = [*map(chr, range(0x20, 0x250)), *map(chr, range(0x2000, 0x2130)), "a  b", " a", "a "]


def test_text_that_is_left_as_it_is_is_clean() -> None:
    with workbench() as on:
        on.register("texts", pa.table({"t": CLEAN}))
        found = [text for (text,) in on.sql("SELECT t FROM texts WHERE is_clean(t)").fetchall()]
    assert found == [cleaned(text) for text in found]
    assert {"ß", "é", "İ", "ž", "\u2013", "€"} <= set(found)
