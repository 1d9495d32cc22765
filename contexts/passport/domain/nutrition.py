"""The nutrition declaration: Regulation (EU) 1169/2011 Art. 30 and Annex XV, per 100 g or 100 ml."""

from collections.abc import Iterator
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
