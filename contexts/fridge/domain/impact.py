"""Impact: what wasted food weighs on the climate, and what an average household wastes, with sources."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Final

from contexts.fridge.domain.storage_guidance import Source

CURRENT: Final = "2026.1"
_ALL: Final = Decimal(1)
_GRAMS_OF_A_KILOGRAM: Final = Decimal(1000)
_DAYS_OF_A_YEAR: Final = Decimal("365.2425")


@dataclass(frozen=True, kw_only=True, slots=True)
class FoodImpact:
    """Of one kind of food."""

    kg_co2e: Decimal
    """For one kg of food that is eaten."""
    inedible: Decimal
    """Share of what is bought that nobody eats: peel, bones, shells."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HouseholdAverage:
    """What households of some part of the world waste, inedible parts included."""

    area: str
    """`eu` or `world`."""
    kg: Decimal
    """For each person and year."""
    source: Source

    def grams(self, *, people: int, days: int) -> Decimal:
        """For so many people and days."""
        return self.kg * _GRAMS_OF_A_KILOGRAM * people * days / _DAYS_OF_A_YEAR


@dataclass(frozen=True, kw_only=True, slots=True)
class Impacts:
    """One version of the table."""

    kinds: Mapping[str, FoodImpact]
    co2e_source: Source
    inedible_source: Source
    averages: tuple[HouseholdAverage, ...]

    def avoidable_co2e(self, *, kind: str, grams: Decimal) -> Decimal | None:
        """kg CO2e of the part of wasted food that could have been eaten; None for a kind without a figure."""
        impact = self.kinds.get(kind)
        if impact is None:
            return None
        return grams / _GRAMS_OF_A_KILOGRAM * (_ALL - impact.inedible) * impact.kg_co2e


@cache
def impacts(version: str = CURRENT) -> Impacts:
    """A version of the table. Raises FileNotFoundError for one that never was."""
    file = resources.files(__package__).joinpath("guidance", f"impact-{version}.toml")
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return Impacts(
        kinds={
            kind: FoodImpact(kg_co2e=Decimal(row["kg_co2e"]), inedible=Decimal(row.get("inedible", 0)))
            for kind, row in table["kind"].items()
        },
        co2e_source=_source(table["source"]["co2e"]),
        inedible_source=_source(table["source"]["inedible"]),
        averages=tuple(
            HouseholdAverage(area=area, kg=Decimal(row["kg"]), source=_source(row))
            for area, row in table["average"].items()
        ),
    )


def _source(row: Mapping[str, str | int]) -> Source:
    return Source(name=str(row["name"]), url=str(row["url"]), year=int(row["year"]))
