"""What a record of Open Food Facts becomes."""

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.application.sources.open_food_facts import NAME, Record, understood
from contexts.passport.application.sources.open_food_facts_json import record_of
from contexts.passport.application.sources.record import RecordRefused, Understood
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import Claim, Nova, NutriScore
from contexts.passport.domain.nutrition import Basis
from contexts.passport.tests import exports
from contexts.passport.tests.real_products import real_products, record_of_row

TODAY = date(2026, 5, 1)


def made(record: Record) -> Understood:
    return understood(record, read_on=TODAY)


def record(**changed: Any) -> Record:
    return record_of_row(exports.product(**changed))


def test_an_ordinary_product() -> None:
    entry = made(record()).entry
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
def test_records_that_make_no_entry(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(RecordRefused) as refused:
        made(record(**changed))
    assert refused.value.refused.code == code
    assert refused.value.refused.reason


def test_the_generic_name_stands_in() -> None:
    entry = made(record(product_name=[], generic_name=exports.texts(fr="Biscuits"))).entry
    assert entry.label.names == {"fr": "Biscuits"}


@pytest.mark.parametrize("nutrient", ["fat", "carbohydrates", "energy-kcal", "proteins"])
def test_an_impossible_table_is_left_out_with_the_grade_that_was_computed_from_it(nutrient: str) -> None:
    result = made(record(nutriments=exports.nutriments(**{nutrient: 1200.0, "salt": 1.0})))
    assert [refused.code for refused in result.left_out] == ["impossible_nutrition"]
    assert result.entry.label.nutrition is None
    assert result.entry.label.nutri_score is None
    assert result.entry.label.nova is not None


def test_units_beside_a_value_do_not_count() -> None:
    """The unit is the one somebody typed the value in; what is per 100 g is in grams."""
    nutrition = made(record(nutriments=exports.nutriments(salt=0.03))).entry.label.nutrition
    assert nutrition is not None
    assert nutrition.salt == Decimal("0.03")


def test_salt_follows_from_sodium_and_kilojoules_from_energy() -> None:
    nutrition = made(record(nutriments=exports.nutriments(sodium=0.4, energy=837.0))).entry.label.nutrition
    assert nutrition is not None
    assert (nutrition.salt, nutrition.energy_kj) == (Decimal(1), Decimal(837))


def test_a_drink_is_measured_in_millilitres() -> None:
    nutrition = made(record(product_quantity_unit="ml")).entry.label.nutrition
    assert nutrition is not None
    assert nutrition.basis is Basis.MILLILITRES


def test_allergens_that_the_list_sets_apart_are_never_lost() -> None:
    label = made(
        record(allergens_tags=[], ingredients_text=exports.texts(fr="Sucre, _lait_, _noisettes_"))
    ).entry.label
    assert label.allergens == (Allergen.MILK, Allergen.NUTS)


def test_tags_in_any_language_and_beyond_the_annex() -> None:
    label = made(
        record(
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


def test_a_list_that_is_too_long_is_left_out_and_never_cut() -> None:
    result = made(record(ingredients_text=exports.texts(en="sugar, " * 5_000 + "milk")))
    assert result.entry.label.ingredients == {}
    assert [refused.code for refused in result.left_out] == ["ingredients_too_long"]
    assert "ingredients" not in result.entry.sources[0].fields


def test_ten_thousand_characters_of_name_are_shortened() -> None:
    entry = made(record(product_name=exports.texts(en="x" * 10_000), brands="y" * 10_000)).entry
    assert len(entry.name) == len(entry.brand_name) == 500
    assert entry.name.endswith("…")


@pytest.mark.parametrize(("score", "kept"), [(None, None), (73, 73), (112, 100), (-8, 0)])
def test_the_green_score_explains_itself(score: int | None, kept: int | None) -> None:
    data = orjson.dumps({
        "agribalyse": {"name_en": "Shortbread", "co2_total": 3.17},
        "missing": {"origins": 1},
    }).decode()  # fmt: skip
    eco = made(record(environmental_score_score=score, environmental_score_data=data)).entry.eco
    if kept is None:
        assert eco is None
        return
    assert eco is not None
    assert eco.score == kept
    assert f"Green-Score of {score}." in eco.explanation
    assert "“Shortbread”: 3.2 kg CO2e per kg" in eco.explanation
    assert "where the ingredients come from" in eco.explanation


@pytest.mark.parametrize("data", ["not json", "[]", "null", '{"agribalyse": 7, "missing": "x"}', None])
def test_broken_details_of_the_score_do_no_harm(data: str | None) -> None:
    eco = made(record(environmental_score_score=50, environmental_score_data=data)).entry.eco
    assert eco is not None
    assert eco.explanation == "Open Food Facts gives it a Green-Score of 50."


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(exports.json_product())), ANYTHING))
def test_no_json_breaks_the_reader(changed: dict[str, Any]) -> None:
    try:
        result = made(record_of({**exports.json_product(), **changed}))
    except RecordRefused:
        return
    assert result.entry.unsourced() == frozenset()


def test_claims_are_what_labels_say_and_nothing_else() -> None:
    tags = ["en:the-vegan-society", "en:vegan", "fr:label-rouge", "en:no-gluten", "en:palm-oil-free", ""]
    assert made(record(labels_tags=tags)).entry.label.claims == (Claim.VEGAN, Claim.GLUTEN_FREE)
    entry = made(record(labels_tags=None)).entry
    assert entry.label.claims == ()
    assert "claims" not in entry.sources[0].fields


def test_categories_are_the_tags_from_general_to_special() -> None:
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
    entry = made(record(categories_tags=tags)).entry
    assert entry.categories == ("en:dairies", "en:yogurts", "de:skyr")
    assert "categories" in entry.sources[0].fields
    many = [f"en:kind-{number}" for number in range(60)]
    assert made(record(categories_tags=many)).entry.categories == tuple(many[-40:])
    entry = made(record(categories_tags=None)).entry
    assert entry.categories == ()
    assert "categories" not in entry.sources[0].fields


def test_claims_of_real_products() -> None:
    claims = Counter(claim for product in real_products() for claim in product.entry.label.claims)
    assert claims == {
        Claim.GLUTEN_FREE: 5,
        Claim.VEGAN: 4,
        Claim.VEGETARIAN: 4,
        Claim.KOSHER: 4,
        Claim.ORGANIC: 3,
        Claim.LACTOSE_FREE: 2,
        Claim.NO_ADDED_SUGAR: 1,
    }


# --- What the scores are computed from ---


def test_the_name_of_the_food_is_told_where_it_is_another() -> None:
    names = {"product_name": exports.texts(en="Goldies", de="Goldies")}
    generic = exports.texts(en="Oat biscuits", de="goldies")
    label = made(record(**names, generic_name=generic)).entry.label
    assert label.generic_names == {"en": "Oat biscuits"}


def test_additives_are_the_source_s_reading() -> None:
    tags = ["en:e322", "en:e322i", "en:e500ii", "en:e160ai", "fr:e322", "en:x", "en:e322", ""]
    assert made(record(additives_tags=tags)).entry.label.additives == ("E322", "E322i", "E500ii", "E160ai")


@pytest.mark.parametrize(
    ("changed", "amount"),
    [
        ({"serving_size": "2 biscuits (25 g)", "serving_quantity": "30"}, "25"),
        ({"serving_size": "2 biscuits", "serving_quantity": "30.0"}, "30"),
        ({"serving_size": "2 biscuits", "serving_quantity": None}, None),
        ({"serving_size": "", "serving_quantity": "nan"}, None),
        ({"serving_size": "1 pack", "serving_quantity": "25000"}, None),
    ],
)
def test_a_portion(changed: dict[str, Any], amount: str | None) -> None:
    portion = made(record(**changed)).entry.label.portion
    assert (portion and portion.amount) == (amount and Decimal(amount))
    assert portion is None or portion.words == changed["serving_size"]


@pytest.mark.parametrize(("alcohol", "taken"), [(4.8, "4.8"), (0.0, "0"), (140.0, None)])
def test_alcohol_by_volume_none_of_it_included(alcohol: float, taken: str | None) -> None:
    entry = made(record(nutriments=exports.nutriments(alcohol=alcohol))).entry
    assert entry.label.alcohol == (None if taken is None else Decimal(taken))
    assert ("alcohol" in entry.known()) == (taken is not None)


def test_the_share_of_fruits_is_the_newer_estimate() -> None:
    older = exports.nutriments(**{"fruits-vegetables-legumes": 20})
    newer = exports.nutriments(**{"fruits-vegetables-legumes-estimate-from-ingredients": 30})
    assert made(record(nutriments=older)).entry.label.fruits_vegetables_legumes == 20
    assert made(record(nutriments=[*older, *newer])).entry.label.fruits_vegetables_legumes == 30


@pytest.mark.parametrize(
    ("version", "kept", "left_out"),
    [("2023", NutriScore.D, []), ("", NutriScore.D, []), ("2021", None, ["nutri_score_of_other_rules"])],
)
def test_a_grade_of_other_rules_is_none_of_2023(
    version: str, kept: NutriScore | None, left_out: list[str]
) -> None:
    result = made(record(nutriscore_version=version))
    assert result.entry.label.nutri_score is kept
    assert [refused.code for refused in result.left_out] == left_out


def test_marks_of_how_it_was_grown_are_kept_for_the_eco_score() -> None:
    tags = ["en:organic", "en:green-dot", "en:demeter", "en:demeter"]
    assert made(record(labels_tags=tags)).entry.label.certificates == ("en:organic", "en:demeter")


def test_allergens_stand_out_wherever_the_list_names_them() -> None:
    text = "Oats, sójový lecitin, whey. May contain hazelnuts."
    label = made(
        record(ingredients_text=exports.texts(en=text), allergens_tags=[], traces_tags=[])
    ).entry.label
    assert [run.text for run in label.ingredients["en"] if run.is_allergen] == [
        "Oats",
        "sójový",
        "whey",
        "hazelnuts",
    ]
    assert label.allergens == (Allergen.GLUTEN, Allergen.SOYBEANS, Allergen.MILK)
    assert label.traces == (Allergen.NUTS,)


@pytest.mark.parametrize(
    ("tags", "traces"),
    [
        ([], None),
        (["en:null"], None),
        (["en:none"], ()),
        (["en:kiwi"], ()),
        (["en:nuts"], (Allergen.NUTS,)),
    ],
)
def test_no_tag_of_traces_says_nothing(tags: list[str], traces: tuple[Allergen, ...] | None) -> None:
    assert made(record(traces_tags=tags)).entry.label.traces == traces


def test_no_category_is_not_one() -> None:
    assert made(record(categories_tags=["en:null"])).entry.categories == ()
