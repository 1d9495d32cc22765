"""What the ruleset in force says of every golden case, what they cover, and that a broken file is refused."""

from collections import Counter

import pytest

from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain import golden
from contexts.personalization.domain.golden import Case, CasesRefused
from contexts.personalization.domain.ingredient_text import LANGUAGES
from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Allergen, Claim
from contexts.personalization.domain.label_json import LabelRefused, label_from_json
from contexts.personalization.domain.profile import Diet, Goal, HealthProfile, Intolerance
from contexts.personalization.domain.verdict import Finding, Missing, Outcome

IN_FORCE = ruleset_in_force()
CASES = [case for case in golden.shipped_cases() if case.label]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_golden_case_is_met(case: Case) -> None:
    assert golden.seen(label=case.label, profile=case.profile, ruleset=IN_FORCE) == case.expected, case.why


def findings() -> list[Finding]:
    return [
        finding
        for case in CASES
        for finding in judge(label=case.label, profile=case.profile, ruleset=IN_FORCE).findings
    ]


def test_the_cases_are_many_and_in_all_languages() -> None:
    by_language = Counter(case.language for case in CASES)
    assert len(CASES) >= 150
    assert all(by_language[language] >= 25 for language in LANGUAGES), by_language


def test_every_policy_is_seen_with_every_outcome_that_it_can_give() -> None:
    good, careful, avoid = Outcome
    assert {(finding.policy, finding.outcome) for finding in findings()} == {
        ("allergens", avoid),
        ("traces", careful),
        ("traces", avoid),
        ("intolerance", careful),
        ("intolerance", avoid),
        ("diet", careful),
        ("diet", avoid),
        ("goals", good),
        ("goals", careful),
        ("avoided", careful),
        ("avoided", avoid),
        ("completeness", good),
        ("completeness", careful),
    }


def test_every_entry_of_a_profile_is_seen_with_every_outcome() -> None:
    told = {
        (finding.reason.code, value) for finding in findings() for value in finding.reason.values.values()
    }
    for allergen in Allergen:
        for code in (
            "allergen_contained",
            "allergen_only_in_ingredients",
            "traces_possible",
            "traces_to_avoid",
        ):
            assert (code, allergen.value) in told
        assert any(
            allergen in case.profile.allergens and case.expected.outcome is Outcome.GOOD_FOR_YOU
            for case in CASES
        )
    for goal in Goal:
        assert {("goal_met", goal.value), ("goal_not_met", goal.value)} <= told
    for entries, kind in (("intolerances", Intolerance), ("diets", Diet)):
        for entry in kind:
            outcomes = {case.expected.outcome for case in CASES if entry in getattr(case.profile, entries)}
            assert outcomes == set(Outcome), entry
    assert {case.expected.outcome for case in CASES if case.profile.is_empty} == {Outcome.GOOD_FOR_YOU}
    assert {missing for case in CASES for missing in case.expected.missing} >= {
        Missing.INGREDIENTS,
        Missing.READABLE_INGREDIENTS,
        Missing.ENERGY,
        Missing.VERIFICATION,
    }
    assert {claim for case in CASES for claim in case.label.claims} == set(Claim)


@pytest.mark.parametrize(
    ("diet", "text", "named"),
    [
        (Diet.VEGAN, "zucchero, latte in polvere", ("milk",)),
        (Diet.VEGAN, "sugar, lactose", ("milk",)),
        (Diet.HALAL, "manteca de cerdo", ("pork",)),
        (Diet.VEGETARIAN, "Speisegelatine, Karmin", ("gelatine", "carmine")),
    ],
)
def test_a_reason_names_what_the_diet_is_about(diet: Diet, text: str, named: tuple[str, ...]) -> None:
    """Not lactose to a vegan, nor the same words once as forbidden and once as doubtful."""
    label = label_from_json({"ingredients": {"": text}, "verified": True})
    verdict = judge(label=label, profile=HealthProfile(diets=frozenset({diet})), ruleset=IN_FORCE)
    assert [
        finding.reason.values["substances"] for finding in verdict.findings if finding.policy == "diet"
    ] == [named]


CASE = """
[labels.a]
verified = true
[profiles.b]
allergens = { milk = "contains" }
[[cases]]
name = "n"
label = "a"
profile = "b"
outcome = "avoid"
findings = []
language = "en"
why = "w"
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[labels.a]", "[label.a]"),
        ('label = "a"', 'label = "c"'),
        ('label = "a"', 'label = "a"\ngtin = "1"'),
        ('outcome = "avoid"', 'outcome = "bad"'),
        ("findings = []", 'finding = ""'),
        ("findings = []", 'findings = ""'),
        ("findings = []", "findings = [1]"),
        ("findings = []", 'findings = []\nmissing = ["salad"]'),
        ("findings = []", 'findings = []\nmet = ["more_salad"]'),
        ('profile = "b"', 'profile = { diets = ["carnivore"] }'),
        ('why = "w"', 'why = ""'),
        ("milk", "kiwi"),
        ("verified = true", "verified = 1"),
        ("[[cases]]", "[[cases]"),
    ],
)
def test_a_file_that_is_not_sound_is_refused(old: str, new: str) -> None:
    assert len(golden.read_cases(CASE, file="f")) == 1
    with pytest.raises(CasesRefused, match=r"^f: "):
        golden.read_cases(CASE.replace(old, new), file="f")


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"brand": "x"},
        {"language": 1},
        {"ingredients": "milk"},
        {"ingredients": {"en": 1}},
        {"allergens": ["kiwi"]},
        {"claims": "vegan"},
        {"other_traces": [1]},
        {"traces_stated": "no"},
        {"nutrition": {"basis": "1 kg"}},
        {"nutrition": {"sugars": "5"}},
        {"nutrition": {"sugars": -1}},
        {"nutrition": {"sugars": float("nan")}},
        {"nutrition": {"alcohol": 1}},
    ],
)
def test_what_is_no_label_is_refused(document: object) -> None:
    with pytest.raises(LabelRefused):
        label_from_json(document)
