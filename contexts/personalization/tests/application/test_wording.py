"""Words for everything that a verdict can say."""

import re
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest
from django.utils import translation

from contexts.personalization.application import wording
from contexts.personalization.domain import policies
from contexts.personalization.domain.label import Allergen, Basis, Claim
from contexts.personalization.domain.profile import Diet, Goal, Intolerance, Sensitivity
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
    values = {"goal": "less_salt", "nutrient": "salt", "amount": str(Decimal("1.25")), "basis": "100g"}
    with translation.override("de"):
        assert "1,25" in wording.reason_text(Reason("goal_not_met", values))
    with translation.override("en"):
        assert "1.25 g" in wording.reason_text(Reason("goal_not_met", values))


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
    assert wording.evidence_text(Evidence(Place.SOURCE)) == "This concerns: source of the label."
