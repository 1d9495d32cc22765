"""The low-carb diet: what carbohydrate a product has, by weight and as a part of its energy.

Thresholds with their source are in the ruleset.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from contexts.personalization.domain.label import Nutrition
from contexts.personalization.domain.policies.nutrients import (
    EVIDENCE,
    amount_of,
    energy_percent,
    plain,
)
from contexts.personalization.domain.rulesets import LowCarb, Nutrient, Requirement, Ruleset
from contexts.personalization.domain.verdict import Code, Evidence, Finding, Missing, Outcome, Place, Reason

_EVIDENCE: Final = (EVIDENCE[Nutrient.CARBOHYDRATE],)


def findings(nutrition: Nutrition | None, ruleset: Ruleset) -> Iterator[Finding]:
    """Avoid above the high threshold, be careful above the low one, and where a ruleset that needs to know is
    not told."""
    grams = None if nutrition is None else amount_of(nutrition, Nutrient.CARBOHYDRATE)
    if nutrition is None or grams is None:
        if Requirement.NUTRITION in ruleset.low_carb.requires:
            reason = Reason("carbohydrate_not_stated", {"missing": (Missing.CARBOHYDRATE.value,)})
            yield Finding("diet", Outcome.BE_CAREFUL, reason, (Evidence(Place.NUTRITION),), Code.MISSING_DATA)
        return
    rule = ruleset.low_carb
    kcal = amount_of(nutrition, Nutrient.ENERGY)
    outcome = _outcome(
        rule, grams=grams, low=rule.low[nutrition.basis], high=rule.high[nutrition.basis], kcal=kcal
    )
    if outcome is not Outcome.GOOD_FOR_YOU:
        code = "low_carb_high" if outcome is Outcome.AVOID else "low_carb_medium"
        values = {"amount": plain(grams), "basis": nutrition.basis.value}
        yield Finding("diet", outcome, Reason(code, values), _EVIDENCE, Code.NUTRITION)


def _outcome(rule: LowCarb, *, grams: Decimal, low: Decimal, high: Decimal, kcal: Decimal | None) -> Outcome:
    if grams > high:
        return Outcome.AVOID
    part = None if kcal is None else energy_percent(grams=grams, kcal=kcal, nutrient=Nutrient.CARBOHYDRATE)
    if grams <= low or (part is not None and kcal and part <= rule.energy_percent):
        return Outcome.GOOD_FOR_YOU
    return Outcome.BE_CAREFUL
