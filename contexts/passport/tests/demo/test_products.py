"""The demo catalogue is complete, right in itself, and plainly a demo."""

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport import demo
from contexts.passport.application.demo_catalogue import PRODUCTS
from contexts.passport.demo.journeys import WRITTEN_ON, journey_as_of
from contexts.passport.demo.product import DemoProduct
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.ingredients import emphasised_in
from contexts.passport.domain.label import Claim
from contexts.passport.domain.sections import StepKind

STATIC = Path(demo.__file__).parent.parent / "static"
EVERY = pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.label.names["en"])


def test_twenty_products_of_three_brands_one_unverified() -> None:
    assert len({product.gtin for product in PRODUCTS}) == len(PRODUCTS) == 20
    assert {product.brand for product in PRODUCTS} == set(demo.BRANDS)
    assert sum(not product.verified for product in PRODUCTS) == 1


def test_every_allergen_of_the_annex_is_on_some_label() -> None:
    assert {allergen for product in PRODUCTS for allergen in product.label.allergens} == set(Allergen)


@EVERY
def test_the_gtin_is_a_demonstration_and_right(product: DemoProduct) -> None:
    assert gtin14(product.gtin) == product.gtin
    assert product.gtin.startswith("0952")


#: What a pack that says this must not contain.
EXCLUDED = {
    Claim.VEGAN: {
        Allergen.CRUSTACEANS,
        Allergen.EGGS,
        Allergen.FISH,
        Allergen.MILK,
        Allergen.MOLLUSCS,
    },
    Claim.GLUTEN_FREE: {Allergen.GLUTEN},
}


@EVERY
def test_no_claim_contradicts_the_list_beside_it(product: DemoProduct) -> None:
    for claim in product.label.claims:
        assert not EXCLUDED.get(claim, set()) & set(product.label.allergens)


@EVERY
def test_the_label_is_complete(product: DemoProduct) -> None:
    assert set(product.label.known()) | NOT_OF_EVERY_PACK == set(product.label.__slots__) - {"language"}
    assert not set(product.label.allergens) & set(product.label.traces)


#: What a label has only where there is something to say.
NOT_OF_EVERY_PACK = {
    "additives",
    "alcohol",
    "allergens",
    "certificates",
    "claims",
    "fruits_vegetables_legumes",
    "generic_names",
    "other_allergens",
    "other_traces",
    "portion",
    "traces",
}


@EVERY
def test_both_languages_name_the_same_allergens(product: DemoProduct) -> None:
    named = {code: emphasised_in(runs) for code, runs in product.label.ingredients.items()}
    assert len(named) == 2
    assert set(named.values()) == {frozenset(product.label.allergens)}
    assert set(named) == set(product.label.names) == set(product.label.storage)


@EVERY
def test_energy_follows_from_the_nutrients(product: DemoProduct) -> None:
    """Regulation (EU) 1169/2011 Annex XIV: kJ and kcal for each gram."""
    table = product.label.nutrition
    assert table is not None
    assert None not in (table.fat, table.carbohydrate, table.protein, table.fibre)
    fat, rest, fibre = table.fat or 0, (table.carbohydrate or 0) + (table.protein or 0), table.fibre or 0
    assert table.energy_kj == (37 * fat + 17 * rest + 8 * fibre).quantize(Decimal(1))  # type: ignore[union-attr]
    assert table.energy_kcal == (9 * fat + 4 * rest + 2 * fibre).quantize(Decimal(1))  # type: ignore[union-attr]


@EVERY
def test_the_journey_goes_from_origin_to_shop_and_never_back_in_time(product: DemoProduct) -> None:
    kinds = [step.kind for step in product.journey]
    assert kinds == sorted(kinds, key=list(StepKind).index)
    assert set(kinds) == set(StepKind)
    dates = [step.date for step in product.journey if step.date]
    assert dates == sorted(dates)


@EVERY
@given(day=st.dates(min_value=date(2025, 1, 1), max_value=date(2040, 12, 31)))
def test_the_journey_is_over_and_in_season_whenever_it_is_told(product: DemoProduct, day: date) -> None:
    told = journey_as_of(product, day=day)
    dates = [step.date for step in told if step.date]
    assert [(step.kind, step.place) for step in told] == [(step.kind, step.place) for step in product.journey]
    assert dates == sorted(dates)
    assert timedelta(0) < day - dates[-1] <= timedelta(days=30 if product.is_fresh else 366)
    for step, written in zip(told, product.journey, strict=True):
        if step.date and written.date and not product.is_fresh:
            assert (step.date.month, step.date.day) == (written.date.month, written.date.day)


@EVERY
def test_told_on_the_day_it_was_written_a_journey_is_as_it_was_written(product: DemoProduct) -> None:
    assert journey_as_of(product, day=WRITTEN_ON) == product.journey


@EVERY
def test_it_says_what_kind_of_food_it_is(product: DemoProduct) -> None:
    assert len(product.categories) >= 3
    assert all(re.fullmatch(r"en:[a-z]+(-[a-z]+)*", tag) for tag in product.categories)


@EVERY
def test_the_picture_is_small_and_only_draws(product: DemoProduct) -> None:
    drawing = (STATIC / product.picture).read_text(encoding="utf-8")
    assert len(drawing.encode()) < 4_000
    names = Counter(element.tag.rpartition("}")[2] for element in ET.fromstring(drawing).iter())
    assert not {"script", "style", "image", "foreignObject", "use", "a"} & set(names)
    assert not re.search(r"\bstyle=|\bon\w+=|href", drawing)
    assert "DEMO" in drawing


def test_no_picture_is_left_over() -> None:
    drawn = {f"passport/demo/{path.name}" for path in (STATIC / "passport/demo").iterdir()}
    assert drawn == {product.picture for product in PRODUCTS}
