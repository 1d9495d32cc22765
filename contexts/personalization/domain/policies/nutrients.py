"""Amounts of the nutrition declaration, as policies compare them and reasons tell them."""

from decimal import Decimal
from typing import Final

from contexts.personalization.domain.label import Nutrition
from contexts.personalization.domain.rulesets import Nutrient
from contexts.personalization.domain.verdict import Evidence, Missing, Place

#: Energy of a gram in kcal: Regulation (EU) No 1169/2011, Annex XIV.
KCAL_OF_A_GRAM: Final = {
    Nutrient.PROTEIN: Decimal(4),
    Nutrient.CARBOHYDRATE: Decimal(4),
    Nutrient.SUGARS: Decimal(4),
    Nutrient.SATURATES: Decimal(9),
    Nutrient.FIBRE: Decimal(2),
}

#: A kilocalorie of the thermochemical kind, as the factors of Annex XIV have it.
_KJ_OF_A_KCAL: Final = Decimal("4.184")

EVIDENCE: Final = {nutrient: Evidence(Place.NUTRITION, nutrient.value) for nutrient in Nutrient}
MISSING: Final = {nutrient: Missing(nutrient.value) for nutrient in Nutrient}


def amount_of(nutrition: Nutrition, nutrient: Nutrient) -> Decimal | None:
    """Grams, or kcal of energy, in 100 g or 100 ml. None is not stated; what is below zero states nothing."""
    if nutrient is not Nutrient.ENERGY:
        return _possible(getattr(nutrition, nutrient.value))
    kcal, kj = _possible(nutrition.energy_kcal), _possible(nutrition.energy_kj)
    return kj / _KJ_OF_A_KCAL if kcal is None and kj is not None else kcal


def _possible(amount: Decimal | None) -> Decimal | None:
    return amount if amount is not None and amount.is_finite() and amount >= 0 else None


def energy_percent(*, grams: Decimal, kcal: Decimal, nutrient: Nutrient) -> Decimal:
    """Part of the energy that comes from a nutrient; 0 where there is no energy."""
    return grams * KCAL_OF_A_GRAM[nutrient] * 100 / kcal if kcal else Decimal(0)


def plain(amount: Decimal) -> str:
    """A number in digits, to two places at most and without an exponent."""
    text = f"{amount:.2f}"
    return text.rstrip("0").rstrip(".")
