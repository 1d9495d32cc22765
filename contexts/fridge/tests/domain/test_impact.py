"""The table of impacts against the source it was derived from."""

import csv
import tomllib
from decimal import Decimal
from importlib import resources
from statistics import median

from contexts.fridge.domain.impact import impacts
from contexts.fridge.domain.storage_guidance import UNKNOWN, guidance
from tests import parts

CODE, SUBGROUP, CO2E = 0, 3, 13
HUNDREDTH = Decimal("0.01")


def test_every_figure_is_the_median_of_the_foods_that_are_named() -> None:
    path = parts.shared("data", "agribalyse-3.0.1-synthese.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    heading = next(number for number, row in enumerate(rows) if row[CODE].startswith("Code"))
    assert rows[heading][CO2E].startswith("Changement climatique")
    foods = [row for row in rows[heading + 1 :] if row[CO2E] not in {"", "-"}]
    by_code = {row[CODE]: Decimal(row[CO2E]) for row in foods}
    table = resources.files("contexts.fridge.domain").joinpath("guidance", "impact-2026.1.toml")
    for kind, row in tomllib.loads(table.read_text(encoding="utf-8"))["kind"].items():
        if "codes" in row:
            named = [by_code[code] for code in row["codes"]]
        else:
            named = [Decimal(food[CO2E]) for food in foods if food[SUBGROUP] == row["subgroup"]]
        assert abs(median(named) - Decimal(row["kg_co2e"])) <= HUNDREDTH / 2, kind


def test_only_kinds_that_exist_have_a_figure_and_only_a_few_have_none() -> None:
    told = set(impacts().kinds)
    known = set(guidance().rows)
    assert told <= known
    assert known - told == {UNKNOWN, "tea", "meat_alternative"}
    assert all(0 <= impact.inedible < 1 for impact in impacts().kinds.values())
    assert all(impact.kg_co2e > 0 for impact in impacts().kinds.values())
