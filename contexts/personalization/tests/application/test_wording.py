"""Words for everything that a verdict can say."""

import re
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest
from django.utils import translation

from contexts.personalization.application import wording
from contexts.personalization.application.errors import RULES_OF_PROFILES
from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain import policies, profile, profile_json
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Allergen, Basis, Claim, Label, Nutrition
from contexts.personalization.domain.policies import goals
from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance, Sensitivity
from contexts.personalization.domain.rulesets import Nutrient
from contexts.personalization.domain.substances import Substance
from contexts.personalization.domain.verdict import Evidence, Missing, Outcome, Place, Reason

KINDS = (
    Allergen, Basis, Claim, Diet, Goal, Intolerance, Missing, Nutrient, Outcome, Place, Sensitivity, Substance
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_value_has_a_name(kind: type[Enum]) -> None:
    assert all(wording.name(value) for value in kind)


def test_every_reason_that_a_policy_gives_has_a_sentence() -> None:
    written = {
        code
        for path in Path(policies.__file__).parent.glob("*.py")
        for code in re.findall(
            r'"((?:allergen|claim|traces|low_carb|avoided|goal|ingredients|carbohydrate|label|nothing)_[a-z_]+)"',
            path.read_text(encoding="utf-8"),
        )
    }
    of_exclusions = {
        f"{policy}_{code}"
        for policy in ("diet", "intolerance")
        for code in ("excluded", "doubtful", "together", "traces")
    }
    assert written | of_exclusions == set(wording.REASONS)


def test_amounts_are_told_in_the_way_of_the_language() -> None:
    values = {
        "goal": "less_salt", "nutrient": "salt", "amount": str(Decimal("1.25")), "basis": "100g",
        "low": "0.3", "high": "1",
    }  # fmt: skip
    with translation.override("de"):
        assert "1,25" in wording.reason_text(Reason("goal_not_met", values))
    with translation.override("en"):
        assert "1.25 g" in wording.reason_text(Reason("goal_not_met", values))


@pytest.mark.parametrize(
    ("goal", "nutrition", "criterion"),
    [
        (
            Goal.MORE_PROTEIN,
            Nutrition(protein=Decimal("7.5"), energy_kcal=Decimal(500)),
            (
                "Protein: 7.5 g per 100 g, 6 % of the energy; a source has at least 12 % of the energy, high"
                " means at least 20 % of the energy (Regulation (EC) No 1924/2006)."
            ),
        ),
        (
            Goal.MORE_FIBRE,
            Nutrition(fibre=Decimal(8), energy_kcal=Decimal(400)),
            (
                "Fibre: 8 g per 100 g, 2 g per 100 kcal; a source has at least 3 g per 100 g or 1.5 g per 100"
                " kcal, high means at least 6 g per 100 g or 3 g per 100 kcal (Regulation (EC) No 1924/2006)."
            ),
        ),
        (
            Goal.LESS_SUGAR,
            Nutrition(sugars=Decimal("12.3")),
            (
                "Sugars: 12.3 g per 100 g; low means at most 5 g (Regulation (EC) No 1924/2006), much means"
                " more than 10 g."
            ),
        ),
        (
            Goal.LESS_SATURATED_FAT,
            Nutrition(saturates=Decimal(1), energy_kcal=Decimal(100)),
            (
                "Saturated fat: 1 g per 100 g, 9 % of the energy; low means at most 1.5 g and 10 % of the"
                " energy (Regulation (EC) No 1924/2006)."
            ),
        ),
        (
            Goal.FEWER_CALORIES,
            Nutrition(basis=Basis.MILLILITRES, energy_kcal=Decimal(2)),
            "Energy: 2 kcal per 100 ml; low means at most 20 kcal (Regulation (EC) No 1924/2006).",
        ),
    ],
)
def test_whoever_has_the_pack_can_check_a_goal(goal: Goal, nutrition: Nutrition, criterion: str) -> None:
    (finding,) = goals.findings(nutrition, goal, ruleset_in_force())
    assert wording.reason_text(finding.reason).endswith(f"). {criterion}")


def test_the_languages_that_cannot_be_compared_are_named() -> None:
    values = {"language": "de", "languages": ("it", "xx", ""), "missing": ("comparable_ingredients",)}
    assert "are in German; the list of this product is in Italian, xx, an unknown language:" in (
        wording.reason_text(Reason("avoided_not_compared", values))
    )


@pytest.mark.parametrize(
    ("text", "named"), [("whole milk", "milk or lactose"), ("sugar, lactose, milk", "lactose")]
)
def test_what_holds_lactose_is_named_as_the_label_has_it(text: str, named: str) -> None:
    label = Label(ingredients={"en": text}, verified=True)
    intolerant = HealthProfile(intolerances=frozenset({Intolerance.LACTOSE}))
    verdict = judge(label=label, profile=intolerant, ruleset=ruleset_in_force())
    assert wording.reason_text(verdict.findings[0].reason).endswith(f": {named}.")


def test_a_persons_own_words_stay_as_they_are() -> None:
    text = wording.reason_text(Reason("avoided_contained", {"ingredient": "100 %(x)s <b>"}))
    assert "100 %(x)s <b>" in text


def test_evidence_names_the_place_and_what_stands_there() -> None:
    assert (
        wording.evidence_text(Evidence(Place.ALLERGENS, "nuts"))
        == "On the label: declared allergens, “nuts”."
    )
    assert "kiwi" in wording.evidence_text(Evidence(Place.ALLERGENS, "kiwi"))
    assert "(it), “latte”" in wording.evidence_text(Evidence(Place.INGREDIENTS, "latte", "it", 0, 5))
    assert wording.evidence_text(Evidence(Place.SOURCE)) == "This concerns: where the data come from."
    twice = (
        Evidence(Place.INGREDIENTS, "latte", "it", 0, 5),
        Evidence(Place.INGREDIENTS, "latte", "it", 9, 14),
    )
    assert len(wording.evidence_lines(twice)) == 1


def test_every_rule_of_a_profile_is_there_for_the_translators() -> None:
    rules = {
        rule
        for module in (profile, profile_json)
        for rule in re.findall(r'rule="([^"]+)"', Path(module.__file__).read_text(encoding="utf-8"))
    }
    assert rules == set(RULES_OF_PROFILES)
