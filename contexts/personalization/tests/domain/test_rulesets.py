"""Rulesets: strict to read, and two may exist at once."""

from decimal import Decimal

import pytest

from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Allergen, Basis, Label
from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance, Sensitivity
from contexts.personalization.domain.rulesets import (
    FOLDER,
    RulesetRefused,
    read_ruleset,
    ruleset,
    versions,
)
from contexts.personalization.domain.verdict import Outcome

TEXT = (FOLDER / "2026.1.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("version", versions())
def test_a_ruleset_has_a_rule_for_everything_that_a_profile_can_hold(version: str) -> None:
    read = ruleset(version)
    assert read.version == version
    assert {*read.diets, Diet.LOW_CARB} == set(Diet)
    assert set(read.intolerances) == set(Intolerance)
    assert set(read.goals) == set(Goal)


def test_numbers_are_exact() -> None:
    assert ruleset("2026.1").goals[Goal.LESS_SALT].low == {
        Basis.GRAMS: Decimal("0.3"),
        Basis.MILLILITRES: Decimal("0.3"),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version = "2026.1"', ""),
        ('version = "2026.1"', 'version = "a b"'),
        ('version = "2026.1"', 'version = "2026.1"\npolicy = 1'),
        ("[goals.less_salt]", "[goals.less_spice]"),
        ("[diets.halal]", "[diets.low_carb]"),
        ('avoid = ["gluten"]', 'avoid = ["glutten"]'),
        ('avoid = ["gluten"]', 'avoid = ["gluten", "gluten"]'),
        ('avoid = ["gluten"]', "avoid = []"),
        ('avoid = ["gluten"]', 'avoid = "gluten"'),
        ('nutrient = "salt"', 'nutrient = "pepper"'),
        ("low = { 100g = 0.3, 100ml = 0.3 }", "low = { 100g = 0.3 }"),
        ("low = { 100g = 0.3, 100ml = 0.3 }", "low = { 100g = -1, 100ml = 0.3 }"),
        ("low = { 100g = 0.3, 100ml = 0.3 }", "low = { 100g = nan, 100ml = 0.3 }"),
        ("low = { 100g = 0.3, 100ml = 0.3 }", "low = { 100g = true, 100ml = 0.3 }"),
        ("low = { 100g = 0.3, 100ml = 0.3 }", "low = { 100g = 3, 100ml = 3 }"),
        ("source = { energy_percent = 12 }", "source = { energy_percent = 21 }"),
        ("source = { energy_percent = 12 }", "source = { per_100g = 12 }"),
        ("source = { energy_percent = 12 }", "source = {}"),
        ('nutrient = "protein"', 'nutrient = "salt"'),
        ('vegan = [\n    "crust', 'carnivore = [\n    "crust'),
        ("[allergens]", "[allergens"),
        ("[avoided]\nrequires = [", '[avoided]\nrequires = ["traces", '),
    ],
)
def test_a_ruleset_that_is_not_sound_is_refused(old: str, new: str) -> None:
    assert old in TEXT
    with pytest.raises(RulesetRefused):
        read_ruleset(TEXT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("version", "outcome"), [("2026.1", Outcome.GOOD_FOR_YOU), ("2026.2", Outcome.BE_CAREFUL)]
)
def test_a_verdict_of_an_earlier_version_can_be_computed_again(version: str, outcome: Outcome) -> None:
    """The second asks what the data say of traces, the first did not."""
    label = Label(ingredients={"en": "rice flour, sugar"}, verified=True)
    profile = HealthProfile(allergens={Allergen.GLUTEN: Sensitivity.TRACES_TOO})
    assert judge(label=label, profile=profile, ruleset=ruleset(version)).outcome is outcome


def test_a_version_that_is_not_there_is_refused_and_the_others_named() -> None:
    with pytest.raises(RulesetRefused, match=r"2026\.1"):
        ruleset("../rulesets/2026.1")
