"""A nutrition table that no food can have is refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.nutrition import Basis, ImpossibleNutrition, Nutrition

GRAMS = st.decimals(min_value=0, max_value=25, places=2)


@given(GRAMS, GRAMS, GRAMS, GRAMS, st.sampled_from(Basis))
def test_what_fits_into_a_hundred_grams_is_taken(
    fat: Decimal, carbohydrate: Decimal, protein: Decimal, salt: Decimal, basis: Basis
) -> None:
    table = Nutrition(basis=basis, fat=fat, carbohydrate=carbohydrate, protein=protein, salt=salt)
    assert dict(table.stated()) == {
        "fat": fat,
        "carbohydrate": carbohydrate,
        "protein": protein,
        "salt": salt,
    }


@given(
    st.sampled_from(
        ["fat", "carbohydrate", "sugars", "fibre", "protein", "salt", "energy_kj", "energy_kcal"]
    ),
    st.decimals(min_value=Decimal("3800.01"))
    | st.decimals(max_value=Decimal("-0.01"))
    | st.just(Decimal("NaN")),
)
def test_a_value_that_cannot_be_refuses_the_table(name: str, value: Decimal) -> None:
    with pytest.raises(ImpossibleNutrition, match=name):
        Nutrition(**{name: value})  # type: ignore[arg-type]


def test_parts_that_exceed_the_whole_refuse_the_table() -> None:
    with pytest.raises(ImpossibleNutrition, match="120 g in 100 g"):
        Nutrition(fat=Decimal(60), carbohydrate=Decimal(60))


def test_syrup_may_weigh_more_than_water() -> None:
    assert Nutrition(basis=Basis.MILLILITRES, carbohydrate=Decimal(115)).carbohydrate == 115


def test_pure_fat_is_possible_and_nothing_beyond_it() -> None:
    Nutrition(energy_kj=Decimal(3700), energy_kcal=Decimal(900), fat=Decimal(100))
    with pytest.raises(ImpossibleNutrition, match="energy_kcal"):
        Nutrition(energy_kcal=Decimal(1540))
