"""The nutrition declaration: Regulation (EU) 1169/2011 Art. 30 and Annex XV, per 100 g or 100 ml and per
portion; what it is of a day's reference intake, and whether that is low, medium or high."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final


class Basis(Enum):
    """What the values are of (Art. 32(2))."""

    GRAMS = "100 g"
    MILLILITRES = "100 ml"


#: Fat gives 37 kJ and 9 kcal a gram, more than anything else that is eaten (Annex XIV). A little above, for
#: rounding and for density: 100 ml of oil weighs less than 100 g, 100 ml of syrup up to 140 g.
MOST_KJ: Final = Decimal(3800)
MOST_KCAL: Final = Decimal(910)
#: Grams of one nutrient, or of those that exclude each other, in 100 g; in 100 ml of the densest liquids more
#: fits.
MOST_GRAMS: Final = {Basis.GRAMS: Decimal(100), Basis.MILLILITRES: Decimal(140)}
#: Each of five values may have been rounded up by half a gram.
_ROUNDING: Final = Decimal("2.5")


class ImpossibleNutrition(Exception):
    """Values that no food can have: somebody mixed up the portion and 100 g, or the unit."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Nutrition:
    """Energy in kJ and kcal, the rest in grams. None is "not stated", which is not zero.

    Raises ImpossibleNutrition: one value that cannot be says that the table as a whole is of something else.
    """

    basis: Basis = Basis.GRAMS
    energy_kj: Decimal | None = None
    energy_kcal: Decimal | None = None
    fat: Decimal | None = None
    saturates: Decimal | None = None
    carbohydrate: Decimal | None = None
    sugars: Decimal | None = None
    fibre: Decimal | None = None
    protein: Decimal | None = None
    salt: Decimal | None = None

    def __post_init__(self) -> None:
        most = MOST_GRAMS[self.basis]
        limits = {"energy_kj": MOST_KJ, "energy_kcal": MOST_KCAL}
        for name, value in self.stated():
            if not value.is_finite() or not 0 <= value <= limits.get(name, most):
                raise ImpossibleNutrition(f"{name} of {value} in {self.basis.value}")
        whole = sum(value or 0 for value in (self.fat, self.carbohydrate, self.protein, self.salt))
        if whole > most + _ROUNDING:
            raise ImpossibleNutrition(
                f"fat, carbohydrate, protein and salt of {whole} g in {self.basis.value}"
            )

    def stated(self) -> Iterator[tuple[str, Decimal]]:
        """Name and value of everything that is stated, in the order of Annex XV."""
        for name in self.__slots__[1:]:  # all but the basis
            value = getattr(self, name)
            if value is not None:
                yield name, value


@dataclass(frozen=True, kw_only=True, slots=True)
class Portion:
    """What a label calls a portion or consumption unit (Art. 33).

    Raises ImpossibleNutrition for an amount that nobody eats at once.
    """

    amount: Decimal
    """In grams or millilitres, as `basis` says."""
    basis: Basis = Basis.GRAMS
    words: str = ""
    """As the label puts it, such as "2 biscuits (25 g)"."""

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or not 0 < self.amount <= MOST_IN_PORTION:
            raise ImpossibleNutrition(f"a portion of {self.amount} {self.unit}")

    @property
    def unit(self) -> str:
        """The unit of the amount: `g` or `ml`."""
        return "g" if self.basis is Basis.GRAMS else "ml"


#: Grams or millilitres: above, somebody gave the whole pack, or milligrams.
MOST_IN_PORTION: Final = Decimal(2000)


def portion_of(words: str) -> Portion | None:
    """The portion that words give the amount of, the last one where there are several: `0.25 pizza (129 g)`,
    `1 glass (2 dl)`. None where they give none, or one that nobody eats at once."""
    amounts = _AMOUNT.findall(words)
    if not amounts:
        return None
    number, unit = amounts[-1]
    factor, basis = _UNITS[unit.lower()]
    try:
        return Portion(amount=Decimal(number.replace(",", ".")) * factor, basis=basis, words=words)
    except ImpossibleNutrition:
        return None


def per_portion(*, nutrition: Nutrition, portion: Portion) -> Mapping[str, Decimal]:
    """What one portion has of everything that is stated, exactly; nothing where the portion is in grams and
    the table is for millilitres or the other way round, for the density is not known."""
    if portion.basis is not nutrition.basis:
        return {}
    return {name: value * portion.amount / 100 for name, value in nutrition.stated()}


_UNITS: Final[Mapping[str, tuple[Decimal, Basis]]] = {
    "g": (Decimal(1), Basis.GRAMS),
    "gr": (Decimal(1), Basis.GRAMS),
    "kg": (Decimal(1000), Basis.GRAMS),
    "ml": (Decimal(1), Basis.MILLILITRES),
    "cl": (Decimal(10), Basis.MILLILITRES),
    "dl": (Decimal(100), Basis.MILLILITRES),
    "l": (Decimal(1000), Basis.MILLILITRES),
}
_AMOUNT: Final = re.compile(
    r"(?<![\d.,])([0-9]{1,4}(?:[.,][0-9]{1,3})?)\s{0,2}(g|gr|kg|ml|cl|dl|l)(?![^\W_])", re.IGNORECASE
)

#: Daily reference intakes of an average adult: Annex XIII, part B. Fibre has none.
REFERENCE_INTAKES: Final[Mapping[str, Decimal]] = {
    "energy_kj": Decimal(8400),
    "energy_kcal": Decimal(2000),
    "fat": Decimal(70),
    "saturates": Decimal(20),
    "carbohydrate": Decimal(260),
    "sugars": Decimal(90),
    "protein": Decimal(50),
    "salt": Decimal(6),
}


def of_reference_intake(name: str, amount: Decimal) -> Decimal | None:
    """The percentage of the reference intake that an amount is, exactly; None for what has no reference."""
    reference = REFERENCE_INTAKES.get(name)
    return None if reference is None else amount * 100 / reference


class Level(Enum):
    """How much there is of a nutrient: the colours of the United Kingdom's front-of-pack label, in words."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Limits:
    """Most of a low level and most of a medium one, in 100 g or 100 ml; above the third in a portion,
    high."""

    low: Decimal
    medium: Decimal
    portion: Decimal


#: Department of Health, Food Standards Agency and others: Guide to creating a front of pack nutrition label
#: for pre-packed products sold through retail outlets (2013, updated 2016), tables 2 (food) and 3 (drinks).
_FOOD: Final[Mapping[str, _Limits]] = {
    "fat": _Limits(low=Decimal(3), medium=Decimal("17.5"), portion=Decimal(21)),
    "saturates": _Limits(low=Decimal("1.5"), medium=Decimal(5), portion=Decimal(6)),
    "sugars": _Limits(low=Decimal(5), medium=Decimal("22.5"), portion=Decimal(27)),
    "salt": _Limits(low=Decimal("0.3"), medium=Decimal("1.5"), portion=Decimal("1.8")),
}
_DRINK: Final[Mapping[str, _Limits]] = {
    "fat": _Limits(low=Decimal("1.5"), medium=Decimal("8.75"), portion=Decimal("10.5")),
    "saturates": _Limits(low=Decimal("0.75"), medium=Decimal("2.5"), portion=Decimal(3)),
    "sugars": _Limits(low=Decimal("2.5"), medium=Decimal("11.25"), portion=Decimal("13.5")),
    "salt": _Limits(low=Decimal("0.3"), medium=Decimal("0.75"), portion=Decimal("0.9")),
}
#: The criteria of a portion hold for portions above these, of food in grams and of drinks in millilitres.
_PORTION_OF_FOOD: Final = Decimal(100)
_PORTION_OF_DRINK: Final = Decimal(150)


def levels(
    *, nutrition: Nutrition, portion: Portion | None = None, is_drink: bool | None = None
) -> Mapping[str, Level]:
    """The level of fat, saturates, sugars and salt, as far as they are stated.

    A drink has limits of its own. Where nobody says whether it is one, what is measured in millilitres is.
    """
    drink = nutrition.basis is Basis.MILLILITRES if is_drink is None else is_drink
    limits, large = (_DRINK, _PORTION_OF_DRINK) if drink else (_FOOD, _PORTION_OF_FOOD)
    eaten = per_portion(nutrition=nutrition, portion=portion) if portion and portion.amount > large else {}
    return {
        name: _level(value, limits[name], eaten.get(name))
        for name, value in nutrition.stated()
        if name in limits
    }


def _level(value: Decimal, limits: _Limits, in_portion: Decimal | None) -> Level:
    if value > limits.medium or (in_portion is not None and in_portion > limits.portion):
        return Level.HIGH
    return Level.LOW if value <= limits.low else Level.MEDIUM
