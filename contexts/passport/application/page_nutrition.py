"""The nutrition table as a page shows it: of 100 g or ml, of a portion, as a share of an adult's reference
intake, and how much that is in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.passport.domain.nutrition import (
    Level,
    Nutrition,
    Portion,
    levels,
    of_reference_intake,
    per_portion,
)

#: The rows of Annex XV: name, whether it is a part of the row above, unit.
_NUTRIENTS: Final = {
    "energy_kj": (gettext_noop("Energy"), False, "kJ"),
    "energy_kcal": (gettext_noop("Energy"), False, "kcal"),
    "fat": (gettext_noop("Fat"), False, "g"),
    "saturates": (gettext_noop("of which saturates"), True, "g"),
    "carbohydrate": (gettext_noop("Carbohydrate"), False, "g"),
    "sugars": (gettext_noop("of which sugars"), True, "g"),
    "fibre": (gettext_noop("Fibre"), False, "g"),
    "protein": (gettext_noop("Protein"), False, "g"),
    "salt": (gettext_noop("Salt"), False, "g"),
}
_LEVELS: Final = {
    Level.LOW: gettext_noop("low"),
    Level.MEDIUM: gettext_noop("medium"),
    Level.HIGH: gettext_noop("high"),
}
_HUNDREDTH: Final = Decimal("0.01")
_ONE: Final = Decimal(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class NutritionRow:
    """A line of the nutrition table."""

    label: str
    indent: bool
    per_100: str
    unit: str
    per_portion: str | None = None
    intake: str | None = None
    """Per cent of an average adult's reference intake: of a portion where there is one, else of the basis."""
    level: str | None = None
    """`low`, `medium` or `high`: the code, for the colour."""
    level_words: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NutritionTable:
    """The whole table."""

    basis: str
    rows: tuple[NutritionRow, ...]
    portion: str | None = None
    """What a portion is, in the label's words."""


def table_of(nutrition: Nutrition, *, portion: Portion | None) -> NutritionTable:
    """The table of a label. A portion that is measured otherwise than the table has no column."""
    eaten = per_portion(nutrition=nutrition, portion=portion) if portion else {}
    found = levels(nutrition=nutrition, portion=portion)
    return NutritionTable(
        basis=nutrition.basis.value.replace(" ", "\N{NO-BREAK SPACE}"),
        rows=tuple(_rows(nutrition, eaten=eaten, found=found)),
        portion=portion.words or f"{number_format(portion.amount)} {portion.unit}"
        if portion and eaten
        else None,
    )


def _rows(
    nutrition: Nutrition, *, eaten: Mapping[str, Decimal], found: Mapping[str, Level]
) -> Iterator[NutritionRow]:
    for name, value in nutrition.stated():
        label, indent, unit = _NUTRIENTS[name]
        level = found.get(name)
        share = of_reference_intake(name, eaten.get(name, value))
        yield NutritionRow(
            label=_(label),
            indent=indent,
            per_100=_amount(value, unit=unit),
            unit=unit,
            per_portion=_amount(eaten[name], unit=unit) if name in eaten else None,
            intake=None if share is None else _whole(share),
            level=level and level.value,
            level_words=level and _(_LEVELS[level]),
        )


def _amount(value: Decimal, *, unit: str) -> str:
    """As a label writes it: energy whole, grams with at most two decimals; a trace is not nothing."""
    if unit in {"kJ", "kcal"}:
        return _whole(value)
    if 0 < value < _HUNDREDTH:
        return f"<{number_format(_HUNDREDTH)}"
    return number_format(value.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP).normalize())


def _whole(value: Decimal) -> str:
    return number_format(value.quantize(_ONE, rounding=ROUND_HALF_UP))
