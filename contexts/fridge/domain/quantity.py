"""Quantities: how much of something, exactly.

Amounts are decimals, never floats: parts that are taken away and what is left add up to the last digit.
"""

import re
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

    @staticmethod
    def one_pack() -> "Quantity":
        """A pack of which the content is not known."""
        return exactly(_ONE, Unit.PACK)

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


def as_text(amount: Decimal) -> str:
    """An amount in its shortest plain form: `1.5`, `500`; never `5E+2`."""
    return f"{amount.normalize():f}"


#: The longest text that is looked at.
_LONGEST: Final = 200

_NUMBER: Final = r"[0-9]{1,7}(?:[.,][0-9]{1,3})?"
_QUANTITY: Final = re.compile(
    rf"(?:(?:e|\u212e) )?(?:(?P<count>[0-9]{{1,4}}) ?[x\u00d7*] ?)?(?P<number>{_NUMBER})"
    r" ?(?P<unit>[^\W\d_]{1,12})\.?(?: ?(?:e|\u212e))?"
)
_ASIDE: Final = re.compile(r" ?\([^()]*\)$")
#: A point or comma before three digits may as well part thousands, unless nothing but zero is before it.
_UNSURE: Final = re.compile(r"0*[1-9][0-9]*[.,][0-9]{3}")

#: Words on labels (casefolded), with the unit and how many of it they are.
_WORDS: Final[Mapping[str, tuple[Unit, int]]] = MappingProxyType(
    {
        word: (unit, times)
        for words, unit, times in (
            ("g gr gram grams gramm gramme grammes grammi grammo gramo gramos", Unit.GRAM, 1),
            ("kg kilo kilogram kilograms kilogramm", Unit.KILOGRAM, 1),
            ("ml millilitre millilitres milliliter millilitri", Unit.MILLILITRE, 1),
            ("cl centilitre centilitres zentiliter", Unit.MILLILITRE, 10),
            ("dl decilitre deciliter", Unit.MILLILITRE, 100),
            ("l lt litre litres liter liters litro litri litros", Unit.LITRE, 1),
            ("piece pieces pc pcs stück stk pezzo pezzi pz pièce pièces pieza piezas", Unit.PIECE, 1),
            (
                "unités unità unidades egg eggs ei eier uovo uova oeuf oeufs œuf œufs huevo huevos",
                Unit.PIECE,
                1,
            ),
        )
        for word in words.split()
    }
)


def quantity_of(text: str) -> Quantity | None:
    """The whole content that a label's words state, such as `500 g`, `4 x 125 g` or `1,5 L`; what follows in
    brackets is an aside. None where it is not sure, `1.000 g` included. Takes any text."""
    if len(text) > _LONGEST:
        return None
    plain = _ASIDE.sub("", " ".join(text.casefold().split()))
    found = _QUANTITY.fullmatch(plain)
    if found is None or found["unit"] not in _WORDS or _UNSURE.fullmatch(found["number"]):
        return None
    unit, times = _WORDS[found["unit"]]
    amount = Decimal(found["number"].replace(",", ".")) * times * int(found["count"] or 1)
    try:
        return Quantity(amount, unit)
    except QuantityRefused:
        return None
