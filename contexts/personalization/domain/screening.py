"""What a label says to anybody: the findings of every policy for every entry that a profile can have.

Of products alone, so it is kept for the next person: a verdict is then a choice among these findings.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from contexts.personalization.domain.label import Allergen, Label, Nutrition
from contexts.personalization.domain.policies import (
    allergens,
    completeness,
    diets,
    goals,
    intolerances,
    low_carb,
    traces,
)
from contexts.personalization.domain.profile import Diet, Goal, Intolerance, Sensitivity
from contexts.personalization.domain.reading import Reading, read
from contexts.personalization.domain.rulesets import Requirement, Ruleset
from contexts.personalization.domain.verdict import Finding

#: Labels that are kept screened.
_KEPT: Final = 2048

Findings = tuple[Finding, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Screening:
    """Findings by what a profile says, in the order of its enumerations; only where something was found."""

    allergens: Mapping[Allergen, Mapping[Sensitivity, Findings]]
    intolerances: Mapping[Intolerance, Findings]
    diets: Mapping[Diet, Findings]
    goals: Mapping[Goal, Findings]
    incomplete: Mapping[Requirement, Finding]
    """What the label does not tell, for those whose rules need it."""


def screen(label: Label, ruleset: Ruleset) -> Screening:
    """Screen a label with a ruleset. Total, linear in the label's length; again costs a look-up."""
    return _screen(read(label), label.nutrition, label.traces_stated, label.verified, ruleset)


@lru_cache(maxsize=_KEPT)
def _screen(
    reading: Reading, nutrition: Nutrition | None, traces_stated: bool, verified: bool, ruleset: Ruleset
) -> Screening:
    by_allergen = {
        allergen: {
            sensitivity: (
                *allergens.findings(reading, allergen, ruleset),
                *traces.findings(reading, allergen, sensitivity),
            )
            for sensitivity in Sensitivity
        }
        for allergen in Allergen
    }
    by_diet = {
        diet: tuple(
            low_carb.findings(nutrition, ruleset)
            if diet is Diet.LOW_CARB
            else diets.findings(reading, diet, ruleset)
        )
        for diet in Diet
    }
    by_intolerance = {
        intolerance: tuple(intolerances.findings(reading, intolerance, ruleset))
        for intolerance in Intolerance
    }
    by_goal = {goal: tuple(goals.findings(nutrition, goal, ruleset)) for goal in Goal}
    return Screening(
        allergens={allergen: found for allergen, found in by_allergen.items() if any(found.values())},
        intolerances={entry: found for entry, found in by_intolerance.items() if found},
        diets={entry: found for entry, found in by_diet.items() if found},
        goals={entry: found for entry, found in by_goal.items() if found},
        incomplete=completeness.findings(reading, traces_stated=traces_stated, verified=verified),
    )
