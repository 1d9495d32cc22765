"""The safety laws of a verdict over real products, mapped as the deployable maps them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.tests.real_products import real_products
from contexts.personalization.application import wording
from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance, Sensitivity
from contexts.personalization.domain.verdict import Code, Missing, Outcome, Verdict
from packytrace.wiring import screened_product

#: One for each entry that a profile can have.
ENTRIES = [
    *(HealthProfile(allergens={allergen: Sensitivity.CONTAINS}) for allergen in Allergen),
    *(HealthProfile(intolerances=frozenset({entry})) for entry in Intolerance),
    *(HealthProfile(diets=frozenset({entry})) for entry in Diet),
    *(HealthProfile(goals=frozenset({entry})) for entry in Goal),
    HealthProfile(avoided=("palm oil", "zucchero", "Palmfett", "sucre", "sal")),
]


@pytest.fixture(scope="module")
def labels() -> list[Label]:
    """The sample's products that the catalogue takes."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    found = [
        screened_product(StoredEntry(entry=product.entry, data_version=1, updated_at=at)).label
        for product in real_products()
    ]
    assert len(found) > 150
    return found


def verdict(label: Label, profile: HealthProfile) -> Verdict:
    return judge(label=label, profile=profile, ruleset=ruleset_in_force())


def test_declared_allergens_are_avoid_and_traces_careful(labels: list[Label]) -> None:
    for label in labels:
        for sensitivity in Sensitivity:
            for allergen in label.allergens:
                asked = HealthProfile(allergens={allergen: sensitivity})
                assert verdict(label, asked).outcome is Outcome.AVOID
            for allergen in label.traces:
                asked = HealthProfile(allergens={allergen: sensitivity})
                least = Outcome.AVOID if sensitivity is Sensitivity.TRACES_TOO else Outcome.BE_CAREFUL
                assert verdict(label, asked).outcome >= least


def test_what_nobody_verified_is_never_good_but_for_a_goal(labels: list[Label]) -> None:
    for label in labels:
        for profile in ENTRIES:
            found = verdict(label, profile)
            assert (found.outcome is Outcome.GOOD_FOR_YOU) <= bool(profile.goals)
            assert found.missing


def test_what_no_tag_tells_of_traces_is_missing_for_who_avoids_traces(labels: list[Label]) -> None:
    """Two of the sample's products have tags of traces, and some lists a sentence of them."""
    asked = HealthProfile(allergens=dict.fromkeys(Allergen, Sensitivity.TRACES_TOO))
    silent = [label for label in labels if Missing.TRACES in verdict(label, asked).missing]
    assert len(silent) > 100
    assert all(not label.traces and verdict(label, asked).outcome > Outcome.GOOD_FOR_YOU for label in silent)


def test_an_entry_or_an_allergen_more_never_improves_a_verdict(labels: list[Label]) -> None:
    everything = HealthProfile(
        allergens=dict.fromkeys(Allergen, Sensitivity.TRACES_TOO),
        intolerances=frozenset(Intolerance),
        diets=frozenset(Diet),
        goals=frozenset(Goal),
        avoided=ENTRIES[-1].avoided,
    )
    for place, label in enumerate(replace(label, verified=True) for label in labels):
        worst = max(verdict(label, entry).outcome for entry in ENTRIES)
        assert verdict(label, everything).outcome >= worst
        allergen = list(Allergen)[place % len(Allergen)]
        for worse in (
            replace(label, allergens=label.allergens | {allergen}),
            replace(label, traces=label.traces | {allergen}),
        ):
            for entry in ENTRIES:
                assert verdict(worse, entry).outcome >= verdict(label, entry).outcome


def test_every_finding_has_words_and_evidence(labels: list[Label]) -> None:
    told = set()
    for label in labels:
        for profile in ENTRIES:
            for finding in verdict(label, profile).findings:
                assert wording.reason_text(finding.reason)
                assert all(wording.evidence_text(evidence) for evidence in finding.evidence)
                told.add(finding.code)
    assert told == set(Code)
