"""Goals: more protein and fibre; less sugar, salt and saturated fat; fewer calories.

A goal is met where Regulation (EC) No 1924/2006, Annex, allows the nutrition claim ("high protein", "high
fibre", "low sugars", "low sodium/salt", "low saturated fat", "low energy"; per 100 g of food or 100 ml of
drink). More of something is not met below "source of"; less of something is not met where a public
front-of-pack scheme calls the amount high. The amounts and the schemes are in the ruleset. A goal that is not
met calls for care and never forbids; between met and not met there is nothing to say, nor of more of
something in what gives no energy, such as water.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from contexts.personalization.domain.label import Basis, Nutrition
from contexts.personalization.domain.policies.nutrients import (
    EVIDENCE,
    MISSING,
    amount_of,
    energy_percent,
    plain,
)
from contexts.personalization.domain.profile import Goal
from contexts.personalization.domain.rulesets import (
    LessOf,
    Level,
    MoreOf,
    Nutrient,
    Requirement,
    Ruleset,
)
from contexts.personalization.domain.verdict import Code, Evidence, Finding, Outcome, Place, Reason

POLICY: Final = "goals"

_NO_NUTRITION: Final = Nutrition()


def findings(nutrition: Nutrition | None, goal: Goal, ruleset: Ruleset) -> Iterator[Finding]:
    """One where the goal is met, not met, or cannot be judged."""
    stated = nutrition or _NO_NUTRITION
    rule = ruleset.goals[goal]
    met, missing = _more(stated, rule) if isinstance(rule, MoreOf) else _less(stated, rule)
    if missing is not None:
        yield _not_judged(goal, missing, mandatory=Requirement.NUTRITION in rule.requires)
    elif met is not None:
        yield _judged(goal, rule, stated, met=met)


_Judgement = tuple[bool | None, Nutrient | None]
"""Whether the goal is met (None: neither) and, if that cannot be told, which value is missing."""


def _less(nutrition: Nutrition, rule: LessOf) -> _Judgement:
    amount = amount_of(nutrition, rule.nutrient)
    if amount is None:
        return None, rule.nutrient
    if amount > rule.high[nutrition.basis]:
        return False, None
    if amount > rule.low[nutrition.basis]:
        return None, None
    if rule.low_energy_percent is None:
        return True, None
    kcal = amount_of(nutrition, Nutrient.ENERGY)
    if kcal is None:
        return None, Nutrient.ENERGY
    part = energy_percent(grams=amount, kcal=kcal, nutrient=rule.nutrient)
    return part <= rule.low_energy_percent or None, None


def _more(nutrition: Nutrition, rule: MoreOf) -> _Judgement:
    grams = amount_of(nutrition, rule.nutrient)
    if grams is None:
        return None, rule.nutrient
    kcal = amount_of(nutrition, Nutrient.ENERGY)
    if kcal is not None and kcal <= rule.energy_free:
        return None, None
    if _reaches(rule.high, nutrition.basis, grams=grams, kcal=kcal, nutrient=rule.nutrient):
        return True, None
    if _reaches(rule.source, nutrition.basis, grams=grams, kcal=kcal, nutrient=rule.nutrient):
        return None, None
    return (None, Nutrient.ENERGY) if kcal is None else (False, None)


def _reaches(level: Level, basis: Basis, *, grams: Decimal, kcal: Decimal | None, nutrient: Nutrient) -> bool:
    if level.per_100g is not None and basis is Basis.GRAMS and grams >= level.per_100g:
        return True
    if not kcal:
        return False
    if level.per_100kcal is not None and grams * 100 >= level.per_100kcal * kcal:
        return True
    return (
        level.energy_percent is not None
        and energy_percent(grams=grams, kcal=kcal, nutrient=nutrient) >= level.energy_percent
    )


def _judged(goal: Goal, rule: LessOf | MoreOf, nutrition: Nutrition, *, met: bool) -> Finding:
    amount = amount_of(nutrition, rule.nutrient)
    return Finding(
        POLICY,
        Outcome.GOOD_FOR_YOU if met else Outcome.BE_CAREFUL,
        Reason(
            "goal_met" if met else "goal_not_met",
            {
                "goal": goal.value,
                "nutrient": rule.nutrient.value,
                "amount": plain(amount or Decimal(0)),
                "basis": nutrition.basis.value,
                **_criterion(rule, nutrition, grams=amount or Decimal(0)),
            },
        ),
        (EVIDENCE[rule.nutrient],),
        Code.NUTRITION,
    )


def _criterion(rule: LessOf | MoreOf, nutrition: Nutrition, *, grams: Decimal) -> dict[str, str]:
    """What the amount was compared with, and the amount as it was compared: so that anybody can check it."""
    told: dict[str, Decimal | None] = {}
    if isinstance(rule, LessOf):
        told |= {"low": rule.low[nutrition.basis], "high": rule.high[nutrition.basis]}
        told["low_energy_percent"] = rule.low_energy_percent
        by_energy, by_kcal = rule.low_energy_percent is not None, False
    else:
        for name, level in (("source", rule.source), ("high", rule.high)):
            told |= {f"{name}_{way}": getattr(level, way) for way in Level.__slots__}
        by_energy = rule.high.energy_percent is not None
        by_kcal = rule.high.per_100kcal is not None
    kcal = amount_of(nutrition, Nutrient.ENERGY)
    if kcal and by_energy:
        told["energy_percent"] = energy_percent(grams=grams, kcal=kcal, nutrient=rule.nutrient)
    if kcal and by_kcal:
        told["per_100kcal"] = grams * 100 / kcal
    return {name: plain(value) for name, value in told.items() if value is not None}


def _not_judged(goal: Goal, nutrient: Nutrient, *, mandatory: bool) -> Finding:
    return Finding(
        POLICY,
        Outcome.BE_CAREFUL if mandatory else Outcome.GOOD_FOR_YOU,
        Reason("goal_not_judged", {"goal": goal.value, "missing": (MISSING[nutrient].value,)}),
        (Evidence(Place.NUTRITION),),
        Code.MISSING_DATA,
    )
