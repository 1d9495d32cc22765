"""The eco score: life cycles on a scale, and what is known to be better or worse."""

import csv
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.eco import (
    COMMON_FOODS,
    EcoScore,
    LifeCycle,
    NotScored,
    Part,
    Unknown,
    codes_of,
    life_cycle_of,
    of_life_cycle,
    of_product,
    scored,
)
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import Claim, DigitalLabel
from contexts.passport.tests.real_products import real_products
from tests import parts

PASTA = ("en:plant-based-foods", "en:pastas", "en:spaghetti")


def life_cycle(millipoints: str = "0.3") -> LifeCycle:
    return LifeCycle(code="1", name="Food", ef_millipoints=Decimal(millipoints), co2_kg=Decimal(1))


def points(result: EcoScore | NotScored, part: Part) -> int:
    assert isinstance(result, EcoScore)
    return sum(one.points for one in result.parts if one.part is part)


def test_the_scale_is_that_of_the_published_scores() -> None:
    """The life-cycle part of the Green-Score of real products, worked out again from its single score."""
    compared = 0
    for product in real_products():
        data = json.loads(product.row["environmental_score_data"] or "{}").get("agribalyse") or {}
        if data.get("score") is None:
            continue
        ours = of_life_cycle(
            life_cycle=life_cycle(str(data["ef_total"])), is_beverage=bool(data["is_beverage"])
        )
        assert ours == data["score"]
        compared += 1
    assert compared >= 10


@given(st.decimals(0, 60, places=4), st.decimals(0, 5, places=4), st.booleans())
def test_a_heavier_life_cycle_never_scores_better(light: Decimal, more: Decimal, is_beverage: bool) -> None:
    lighter, heavier = (
        of_life_cycle(life_cycle=life_cycle(str(value)), is_beverage=is_beverage)
        for value in (light, light + more)
    )
    assert 0 <= heavier <= lighter <= 100


def test_each_part_is_told() -> None:
    label = DigitalLabel(
        claims=(Claim.ORGANIC,),
        certificates=("en:fairtrade-international",),
        ingredients={"en": runs_of("Wheat, palm oil")},
    )
    result = of_product(label=label, categories=PASTA)
    assert isinstance(result, EcoScore)
    assert [(one.part, one.points, one.evidence) for one in result.parts] == [
        (Part.LIFE_CYCLE, 74, "Dried pasta, raw"),
        (Part.PRODUCTION, 15, "en:eu-organic"),
        (Part.PRODUCTION, 5, "en:fairtrade-international"),
        (Part.SPECIES, -10, "palm oil"),
    ]
    assert (result.score, result.grade.value) == (84, "A")
    assert result.unknown == (Unknown.PACKAGING, Unknown.ORIGINS)


@pytest.mark.parametrize(
    ("labels", "text", "malus"),
    [
        ((), "Palmöl", -10),
        ((), "huile de palme", -10),
        ((), "hearts of palm, ascorbyl palmitate", 0),
        (("en:sustainable-palm-oil",), "palm oil", 0),
        (("en:palm-oil-free",), "palm oil", 0),
    ],
)
def test_palm_oil_costs_unless_it_is_certified(labels: tuple[str, ...], text: str, malus: int) -> None:
    result = scored(life_cycle=life_cycle(), categories=PASTA, labels=labels, ingredients=[text])
    assert points(result, Part.SPECIES) == malus


def test_what_somebody_knows_of_packaging_and_origins_counts() -> None:
    result = scored(life_cycle=life_cycle("2"), categories=PASTA, packaging=-12, origins=3)
    assert (points(result, Part.PACKAGING), points(result, Part.ORIGINS)) == (-12, 3)
    assert isinstance(result, EcoScore)
    assert Unknown.PACKAGING not in result.unknown


@given(
    st.decimals(0, 20, places=2),
    st.sets(st.sampled_from(["en:demeter", "en:eu-organic", "en:fair-trade", "fr:bleu-blanc-coeur"])),
    st.none() | st.integers(-15, 0),
    st.none() | st.integers(-5, 20),
)
def test_a_score_is_on_its_scale(
    footprint: Decimal, labels: set[str], packaging: int | None, origins: int | None
) -> None:
    result = scored(
        life_cycle=life_cycle(str(footprint)),
        categories=PASTA,
        labels=labels,
        packaging=packaging,
        origins=origins,
    )
    assert isinstance(result, EcoScore)
    assert 0 <= result.score <= 100
    assert points(result, Part.PRODUCTION) <= 20


@pytest.mark.parametrize(
    ("categories", "reason"),
    [
        ((), Unknown.CATEGORY),
        (("en:unheard-of",), Unknown.LIFE_CYCLE),
        (("en:beverages", "en:waters"), Unknown.NOT_APPLICABLE),
    ],
)
def test_why_there_is_no_score(categories: tuple[str, ...], reason: Unknown) -> None:
    assert of_product(label=DigitalLabel(), categories=categories) == NotScored(reasons=(reason,))


def test_the_most_special_category_counts_and_a_loaded_table_before_what_is_built_in() -> None:
    categories = ("en:fats", "en:olive-oils", "en:extra-virgin-olive-oils")
    assert codes_of(categories) == ("17270",)
    built_in = life_cycle_of(categories=categories)
    assert built_in is not None
    assert built_in.name == "Olive oil, extra virgin"
    newer = life_cycle("0.7")
    assert life_cycle_of(categories=categories, loaded={"17270": newer}) is newer


def test_impossible_figures_are_refused() -> None:
    for wrong in ("-1", "NaN", "100000"):
        with pytest.raises(ValueError, match="cannot have"):
            life_cycle(wrong)


def test_what_is_built_in_is_what_agribalyse_says() -> None:
    assert len(COMMON_FOODS) >= 150
    path = parts.shared("data", "agribalyse-3.0.1-synthese.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        theirs = {row[0]: row for row in list(csv.reader(file))[3:]}
    for food in COMMON_FOODS.values():
        row = theirs[food.code]
        assert food.name == row[5]
        assert food.ef_millipoints == Decimal(f"{float(row[12]):.3g}")
        assert food.co2_kg == Decimal(f"{float(row[13]):.3g}")
