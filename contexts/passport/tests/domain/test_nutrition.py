"""A nutrition table that no food can have is refused; portions, reference intakes and levels of one that can
be."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.nutrition import (
    Basis,
    ImpossibleNutrition,
    Level,
    Nutrition,
    Portion,
    levels,
    of_reference_intake,
    per_portion,
    portion_of,
)

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


# --- Portions, reference intakes, levels ---


@pytest.mark.parametrize(
    ("words", "amount", "basis"),
    [
        ("0.25 pizza (129 g)", "129", Basis.GRAMS),
        ("2 biscuits (25,5 g)", "25.5", Basis.GRAMS),
        ("1 glass (2 dl)", "200", Basis.MILLILITRES),
        ("0.33l", "330", Basis.MILLILITRES),
        ("1 bar", None, None),
        ("", None, None),
        ("5 kg", None, None),
        ("0 g", None, None),
        ("3 large eggs, 12 glasses", None, None),
    ],
)
def test_a_portion_in_words(words: str, amount: str | None, basis: Basis | None) -> None:
    portion = portion_of(words)
    assert (portion and portion.amount) == (amount and Decimal(amount))
    assert (portion and portion.basis) == basis
    assert portion is None or portion.words == words


@given(st.text(max_size=30))
def test_any_words_are_a_portion_or_none(words: str) -> None:
    portion = portion_of(words)
    assert portion is None or 0 < portion.amount <= 2000


def test_a_portion_has_its_share_of_everything() -> None:
    table = Nutrition(energy_kj=Decimal(840), sugars=Decimal(9), fibre=Decimal(2), salt=Decimal("1.2"))
    portion = per_portion(nutrition=table, portion=Portion(amount=Decimal(50)))
    assert portion == {
        "energy_kj": Decimal(420),
        "sugars": Decimal("4.5"),
        "fibre": Decimal(1),
        "salt": Decimal("0.6"),
    }
    shares = {name: of_reference_intake(name, amount) for name, amount in portion.items()}
    assert shares == {"energy_kj": 5, "sugars": 5, "fibre": None, "salt": 10}
    drink = Portion(amount=Decimal(50), basis=Basis.MILLILITRES)
    assert per_portion(nutrition=table, portion=drink) == {}


@pytest.mark.parametrize(
    ("name", "low", "medium", "drink_low", "drink_medium"),
    [
        ("fat", "3", "17.5", "1.5", "8.75"),
        ("saturates", "1.5", "5", "0.75", "2.5"),
        ("sugars", "5", "22.5", "2.5", "11.25"),
        ("salt", "0.3", "1.5", "0.3", "0.75"),
    ],
)
def test_levels_of_food_and_drink(
    name: str, low: str, medium: str, drink_low: str, drink_medium: str
) -> None:
    def level(value: Decimal, basis: Basis) -> Level:
        return levels(nutrition=Nutrition(basis=basis, **{name: value}))[name]

    little = Decimal("0.01")
    for basis, limits in ((Basis.GRAMS, (low, medium)), (Basis.MILLILITRES, (drink_low, drink_medium))):
        least, most = map(Decimal, limits)
        found = [level(value, basis) for value in (least, least + little, most, most + little)]
        assert found == [Level.LOW, Level.MEDIUM, Level.MEDIUM, Level.HIGH]


def test_a_large_portion_can_be_high_where_a_hundred_grams_are_not() -> None:
    meal = Nutrition(fat=Decimal(6), salt=Decimal(1), protein=Decimal(5))
    assert levels(nutrition=meal) == {"fat": Level.MEDIUM, "salt": Level.MEDIUM}
    large = Portion(amount=Decimal(400))
    assert levels(nutrition=meal, portion=large) == {"fat": Level.HIGH, "salt": Level.HIGH}
    small = Portion(amount=Decimal(100))
    assert levels(nutrition=meal, portion=small) == levels(nutrition=meal)


def test_oil_in_millilitres_is_no_drink_where_somebody_says_so() -> None:
    sauce = Nutrition(basis=Basis.MILLILITRES, sugars=Decimal(4))
    assert levels(nutrition=sauce) == {"sugars": Level.MEDIUM}
    assert levels(nutrition=sauce, is_drink=False) == {"sugars": Level.LOW}


TABLES = st.builds(
    Nutrition,
    basis=st.sampled_from(Basis),
    fat=st.none() | GRAMS,
    sugars=st.none() | GRAMS,
    salt=st.none() | GRAMS,
)


@given(TABLES, st.none() | st.decimals("0.1", 2000, places=1))
def test_every_table_has_levels(table: Nutrition, amount: Decimal | None) -> None:
    portion = None if amount is None else Portion(amount=amount, basis=table.basis)
    assert levels(nutrition=table, portion=portion).keys() <= {"fat", "saturates", "sugars", "salt"}
