"""Quantities: how much of something, exactly.

Amounts are decimals, never floats: parts that are taken away and what is left add up to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

#: The most of anything, in its own unit, and the smallest step.
MOST: Final = Decimal(1_000_000)
STEP: Final = Decimal("0.001")

_NONE: Final = Decimal(0)
_ONE: Final = Decimal(1)
_THOUSAND: Final = Decimal(1000)


class Unit(StrEnum):
    """What an amount counts."""

    GRAM = "g"
    KILOGRAM = "kg"
    MILLILITRE = "ml"
    LITRE = "l"
    PIECE = "piece"
    PACK = "pack"


#: What an amount is kept in, and how many of these the unit is.
_SMALL: Final[Mapping[Unit, tuple[Unit, Decimal]]] = MappingProxyType(
    {
        Unit.GRAM: (Unit.GRAM, _ONE),
        Unit.KILOGRAM: (Unit.GRAM, _THOUSAND),
        Unit.MILLILITRE: (Unit.MILLILITRE, _ONE),
        Unit.LITRE: (Unit.MILLILITRE, _THOUSAND),
        Unit.PIECE: (Unit.PIECE, _ONE),
        Unit.PACK: (Unit.PACK, _ONE),
    }
)

_LARGE: Final[Mapping[Unit, Unit]] = MappingProxyType({Unit.GRAM: Unit.KILOGRAM, Unit.MILLILITRE: Unit.LITRE})


class QuantityRefused(ValueError):
    """An amount that no quantity has. `rule` has a place for each of `allowed`."""

    def __init__(self, *, field: str, rule: str, **allowed: str | int) -> None:
        super().__init__(f"{field}: {rule % allowed}")
        self.field = field
        self.rule = rule
        self.allowed = allowed


#: What `QuantityRefused` says, for the translators.
NOT_MORE_THAN_NOTHING: Final = "must be more than 0"
TOO_MUCH: Final = "must be at most %(most)s"
TOO_FINE: Final = "must have at most 3 decimals"
DOES_NOT_FIT: Final = "must be in a unit that fits %(unit)s"
RULES_OF_QUANTITIES: Final = (NOT_MORE_THAN_NOTHING, TOO_MUCH, TOO_FINE, DOES_NOT_FIT)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount of something: above 0, at most MOST, in steps of STEP.

    Raises QuantityRefused for any other amount, NaN and infinity included. Zero comes only from `none_of` and
    from subtracting: it is what an item can have left, never what a person asks for.
    """

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        amount = self.amount
        if not amount.is_finite() or amount <= _NONE:
            raise QuantityRefused(field="amount", rule=NOT_MORE_THAN_NOTHING)
        if amount > MOST:
            raise QuantityRefused(field="amount", rule=TOO_MUCH, most=str(MOST))
        if amount != rounded(amount):
            raise QuantityRefused(field="amount", rule=TOO_FINE)

    @staticmethod
    def none_of(unit: Unit) -> "Quantity":
        """Zero."""
        return exactly(_NONE, unit)

    @property
    def small(self) -> "Quantity":
        """The same in grams, millilitres, pieces or packs: what items are reckoned in."""
        unit, factor = _SMALL[self.unit]
        return self if unit is self.unit else exactly(self.amount * factor, unit)

    @property
    def readable(self) -> "Quantity":
        """The same in kilograms or litres from 1,000 g or ml on; otherwise in the small unit."""
        small = self.small
        large = _LARGE.get(small.unit)
        if large is None or small.amount < _THOUSAND:
            return small
        amount = small.amount / _THOUSAND
        return exactly(amount, large) if amount == rounded(amount) else small

    def in_unit(self, unit: Unit) -> "Quantity":
        """The same in another unit.

        Raises QuantityRefused: units of different things (g and ml, g and pieces); an amount that has more
        than 3 decimals, or is more than MOST, in the other unit.
        """
        if unit is self.unit:
            return self
        ours, factor = _SMALL[self.unit]
        theirs, per = _SMALL[unit]
        if ours is not theirs:
            raise QuantityRefused(field="unit", rule=DOES_NOT_FIT, unit=str(unit.value))
        return Quantity(self.amount * factor / per, unit)


def exactly(amount: Decimal, unit: Unit) -> Quantity:
    """A quantity that was reckoned from valid ones: zero and sums above MOST included."""
    quantity = object.__new__(Quantity)
    object.__setattr__(quantity, "amount", amount)
    object.__setattr__(quantity, "unit", unit)
    return quantity


def rounded(amount: Decimal) -> Decimal:
    """An amount of at most MOST in whole steps, half to even."""
    return amount.quantize(STEP, rounding=ROUND_HALF_EVEN)
