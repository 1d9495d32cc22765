"""What a record of Open Food Facts becomes."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.application.sources.open_food_facts import NAME, Record, understood
from contexts.passport.application.sources.open_food_facts_export import open_export
from contexts.passport.application.sources.record import RecordRefused, Refused, Understood
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import Claim, Nova, NutriScore
from contexts.passport.domain.nutrition import Basis
from contexts.passport.tests import exports

TODAY = date(2026, 5, 1)


def made(record: Record) -> Understood:
    return understood(record, read_on=TODAY)


def record(tmp_path: Path, **changed: Any) -> Record:
    (row,) = next(
        iter(
            open_export(exports.parquet(tmp_path / "one.parquet", [exports.product(**changed)])).batches(
                start=0, rows=10
            )
        )
    ).rows
    assert isinstance(row.read, Record)
    return row.read


def test_an_ordinary_product(tmp_path: Path) -> None:
    entry = made(record(tmp_path)).entry
    label = entry.label
    assert (entry.gtin, entry.name, entry.brand_name) == (
        "0" + exports.code(1),
        "Oat biscuits 1",
        "Mill & Sons",
    )
    assert label.allergens == (Allergen.GLUTEN, Allergen.MILK)
    assert label.traces == (Allergen.NUTS,)
    assert label.claims == (Claim.VEGETARIAN, Claim.ORGANIC)
    assert text_of(label.ingredients["en"]) == "Oats, sugar, milk"
    assert (label.nutri_score, label.nova) == (NutriScore.D, Nova.ULTRA_PROCESSED)
    assert label.nutrition is not None
    assert dict(label.nutrition.stated()) == {
        "energy_kj": Decimal("1900.5"),
        "fat": Decimal("18.2"),
        "salt": Decimal("0.22"),
    }
    (source,) = entry.sources
    assert source.name == NAME
    assert "ODbL" in source.licence
    assert source.url == f"https://world.openfoodfacts.org/product/{exports.code(1)}"
    assert (source.fetched, source.modified) == (TODAY, datetime.fromtimestamp(exports.MODIFIED, tz=UTC))
    assert not source.verified
    assert entry.unsourced() == frozenset()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": "4000000000012"}, "wrong_check_digit"),
        ({"code": "12345"}, "not_a_gtin"),
        ({"code": "0000000000000"}, "zeros"),
        ({"code": "٤٠٠٠٠٠٠٠٠٠٠١٢"}, "not_a_gtin"),
        ({"code": ""}, "not_a_gtin"),
        ({"code": None}, "not_a_gtin"),
        ({"code": "9521001000017"}, "demonstration_gtin"),
        ({"product_name": []}, "no_name"),
        ({"product_name": None}, "no_name"),
        ({"product_name": exports.texts(en="\u202e \0 ")}, "no_name"),
    ],
)
def test_records_that_make_no_entry(tmp_path: Path, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        made(record(tmp_path, **changed))
    assert refused.value.refused.code == code
    assert refused.value.refused.reason


def test_the_generic_name_stands_in(tmp_path: Path) -> None:
    entry = made(record(tmp_path, product_name=[], generic_name=exports.texts(fr="Biscuits"))).entry
    assert entry.label.names == {"fr": "Biscuits"}


@pytest.mark.parametrize("nutrient", ["fat", "carbohydrates", "energy-kcal", "proteins"])
def test_an_impossible_table_is_left_out_with_the_grade_that_was_computed_from_it(
    tmp_path: Path, nutrient: str
) -> None:
    result = made(record(tmp_path, nutriments=exports.nutriments(**{nutrient: 1200.0, "salt": 1.0})))
    assert [refused.code for refused in result.left_out] == ["impossible_nutrition"]
    assert result.entry.label.nutrition is None
    assert result.entry.label.nutri_score is None
    assert result.entry.label.nova is not None


def test_units_beside_a_value_do_not_count(tmp_path: Path) -> None:
    """The unit is the one somebody typed the value in; what is per 100 g is in grams."""
    nutrition = made(record(tmp_path, nutriments=exports.nutriments(salt=0.03))).entry.label.nutrition
    assert nutrition is not None
    assert nutrition.salt == Decimal("0.03")


def test_salt_follows_from_sodium_and_kilojoules_from_energy(tmp_path: Path) -> None:
    nutrition = made(
        record(tmp_path, nutriments=exports.nutriments(sodium=0.4, energy=837.0))
    ).entry.label.nutrition
    assert nutrition is not None
    assert (nutrition.salt, nutrition.energy_kj) == (Decimal(1), Decimal(837))


def test_a_drink_is_measured_in_millilitres(tmp_path: Path) -> None:
    nutrition = made(record(tmp_path, product_quantity_unit="ml")).entry.label.nutrition
    assert nutrition is not None
    assert nutrition.basis is Basis.MILLILITRES


def test_allergens_that_the_list_sets_apart_are_never_lost(tmp_path: Path) -> None:
    label = made(
        record(tmp_path, allergens_tags=[], ingredients_text=exports.texts(fr="Sucre, _lait_, _noisettes_"))
    ).entry.label
    assert label.allergens == (Allergen.MILK, Allergen.NUTS)


def test_tags_in_any_language_and_beyond_the_annex(tmp_path: Path) -> None:
    label = made(
        record(
            tmp_path,
            ingredients_text=[],
            allergens_tags=[
                "fr:avoine",
                "en:sulphur-dioxide-and-sulphites",
                "en:apple",
                "en:none",
                "de:kiwi",
            ],
        )
    ).entry.label
    assert label.allergens == (Allergen.GLUTEN, Allergen.SULPHITES)
    assert label.other_allergens == ("apple", "kiwi")


def test_a_list_that_is_too_long_is_left_out_and_never_cut(tmp_path: Path) -> None:
    result = made(record(tmp_path, ingredients_text=exports.texts(en="sugar, " * 5_000 + "milk")))
    assert result.entry.label.ingredients == {}
    assert [refused.code for refused in result.left_out] == ["ingredients_too_long"]
    assert "ingredients" not in result.entry.sources[0].fields


def test_ten_thousand_characters_of_name_are_shortened(tmp_path: Path) -> None:
    entry = made(record(tmp_path, product_name=exports.texts(en="x" * 10_000), brands="y" * 10_000)).entry
    assert len(entry.name) == len(entry.brand_name) == 500
    assert entry.name.endswith("…")


@pytest.mark.parametrize(("score", "kept"), [(None, None), (73, 73), (112, 100), (-8, 0)])
def test_the_green_score_explains_itself(tmp_path: Path, score: int | None, kept: int | None) -> None:
    data = orjson.dumps({
        "agribalyse": {"name_en": "Shortbread", "co2_total": 3.17},
        "missing": {"origins": 1},
    }).decode()  # fmt: skip
    eco = made(record(tmp_path, environmental_score_score=score, environmental_score_data=data)).entry.eco
    if kept is None:
        assert eco is None
        return
    assert eco is not None
    assert eco.score == kept
    assert f"Green-Score of {score}." in eco.explanation
    assert "“Shortbread”: 3.2 kg CO2e per kg" in eco.explanation
    assert "where the ingredients come from" in eco.explanation


@pytest.mark.parametrize("data", ["not json", "[]", "null", '{"agribalyse": 7, "missing": "x"}', None])
def test_broken_details_of_the_score_do_no_harm(tmp_path: Path, data: str | None) -> None:
    eco = made(record(tmp_path, environmental_score_score=50, environmental_score_data=data)).entry.eco
    assert eco is not None
    assert eco.explanation == "Open Food Facts gives it a Green-Score of 50."


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(exports.json_product())), ANYTHING))
def test_no_line_of_json_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, changed: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "one.jsonl"
    # The standard library's: it writes numbers of any size, and NaN, which is no JSON.
    line = json.dumps({**exports.json_product(), **changed}).encode()
    exports.json_lines(path, [line])
    for batch in open_export(path).batches(start=0, rows=10):
        for row in batch.rows:
            assert isinstance(row.read, Record | Refused)
            if isinstance(row.read, Record):
                try:
                    result = made(row.read)
                except RecordRefused:
                    continue
                assert result.entry.unsourced() == frozenset()


def test_claims_are_what_labels_say_and_nothing_else(tmp_path: Path) -> None:
    tags = ["en:the-vegan-society", "en:vegan", "fr:label-rouge", "en:no-gluten", "en:palm-oil-free", ""]
    assert made(record(tmp_path, labels_tags=tags)).entry.label.claims == (Claim.VEGAN, Claim.GLUTEN_FREE)
    entry = made(record(tmp_path, labels_tags=None)).entry
    assert entry.label.claims == ()
    assert "claims" not in entry.sources[0].fields


def test_categories_are_the_tags_from_general_to_special(tmp_path: Path) -> None:
    tags = [
        "en:dairies",
        "en:yogurts",
        "de:skyr",
        "en:dairies",
        "Yogurts",
        "",
        "en:two words",
        f"en:{'x' * 200}",
    ]
    entry = made(record(tmp_path, categories_tags=tags)).entry
    assert entry.categories == ("en:dairies", "en:yogurts", "de:skyr")
    assert "categories" in entry.sources[0].fields
    many = [f"en:kind-{number}" for number in range(60)]
    assert made(record(tmp_path, categories_tags=many)).entry.categories == tuple(many[-40:])
    entry = made(record(tmp_path, categories_tags=None)).entry
    assert entry.categories == ()
    assert "categories" not in entry.sources[0].fields


def test_claims_of_real_products() -> None:
    claims = Counter(
        claim
        for batch in open_export(exports.sample()).batches(start=0, rows=200)
        for row in batch.rows
        if isinstance(row.read, Record)
        for claim in _claims(row.read)
    )
    assert claims == {
        Claim.GLUTEN_FREE: 5,
        Claim.VEGAN: 4,
        Claim.VEGETARIAN: 4,
        Claim.KOSHER: 4,
        Claim.ORGANIC: 3,
        Claim.LACTOSE_FREE: 2,
        Claim.NO_ADDED_SUGAR: 1,
    }


def _claims(read: Record) -> tuple[Claim, ...]:
    try:
        return made(read).entry.label.claims
    except RecordRefused:
        return ()
