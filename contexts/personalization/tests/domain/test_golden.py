"""What the ruleset in force says of every golden case, and that a broken file of cases is refused."""

import pytest

from contexts.personalization.application.ruleset_in_force import ruleset_in_force
from contexts.personalization.domain import golden
from contexts.personalization.domain.golden import Case, CasesRefused
from contexts.personalization.domain.label_json import LabelRefused, label_from_json

IN_FORCE = ruleset_in_force()


@pytest.mark.parametrize(
    "case", [case for case in golden.shipped_cases() if case.label], ids=lambda case: case.name
)
def test_a_golden_case_is_met(case: Case) -> None:
    assert golden.seen(label=case.label, profile=case.profile, ruleset=IN_FORCE) == case.expected, case.why


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
