"""Golden cases: products and people whose verdict somebody has checked by hand, with the reason.

They ship with the product: before a ruleset is switched on, `manage.py rulesets compare` shows which of them
it changes. A file below `rulesets/golden/` is TOML:

    [labels.milk-chocolate]           # fields as in `label_json`
    language = "it"
    ingredients = { it = "zucchero, latte intero in polvere" }
    allergens = ["milk"]
    verified = true

    [profiles.milk-allergy]           # fields as in `profile_json`
    allergens = { milk = "contains" }

    [[cases]]
    name = "Milk chocolate, allergic to milk"          # unlike all others, in all files
    label = "milk-chocolate"                           # or: gtin = "...", a product of the catalogue
    profile = "milk-allergy"                           # or the profile itself, as a table
    outcome = "avoid"
    findings = ["allergen_contained"]                  # codes of the reasons that speak against the product
    missing = []                                       # what the verdict says it lacks; left out: nothing
    met = []                                           # the goals that it says are met; left out: none
    language = "it"                                    # of the label's text that the case is about
    why = "Milk is declared (Regulation (EU) No 1169/2011, Annex II, point 7)."
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from contexts.personalization.domain.judging import judge
from contexts.personalization.domain.label import Label
from contexts.personalization.domain.label_json import LabelRefused, label_from_json
from contexts.personalization.domain.profile import Goal, HealthProfile, ProfileRefused
from contexts.personalization.domain.profile_json import profile_from_json
from contexts.personalization.domain.rulesets import FOLDER, Ruleset
from contexts.personalization.domain.verdict import Missing, Outcome, Verdict

GOLDEN: Final = FOLDER / "golden"

_CASE: Final = {
    "name", "label", "gtin", "profile", "outcome", "findings", "missing", "met", "language", "why",
}  # fmt: skip


class CasesRefused(Exception):
    """A file of golden cases that is not sound. Says where and why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a verdict says, as far as a case tells it."""

    outcome: Outcome
    findings: frozenset[str]
    """Codes of the reasons of all findings that speak against the product."""
    missing: frozenset[Missing] = frozenset()
    """What the verdict lacks."""
    met: frozenset[Goal] = frozenset()
    """The goals that it says are met."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A product, a person, and what the verdict must be."""

    name: str
    label: Label | None
    """None where the product is one of the catalogue."""
    gtin: str | None
    profile: HealthProfile
    expected: Seen
    language: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A case that one ruleset judges otherwise than the other."""

    case: Case
    before: Seen
    after: Seen


def shipped_cases() -> tuple[Case, ...]:
    """All cases that ship with the product. Raises CasesRefused."""
    return read_files(sorted(GOLDEN.glob("*.toml")))


def read_files(paths: Iterable[Path]) -> tuple[Case, ...]:
    """All cases of some files. Raises CasesRefused: a file is not sound, or two cases have one name."""
    cases: dict[str, Case] = {}
    for path in paths:
        for case in read_cases(path.read_text(encoding="utf-8"), file=path.name):
            if case.name in cases:
                raise CasesRefused(f"{path.name}: there are two cases {case.name!r}.")
            cases[case.name] = case
    return tuple(cases.values())


def read_cases(text: str, *, file: str) -> tuple[Case, ...]:
    """The cases of one file's text. Raises CasesRefused."""
    try:
        document = tomllib.loads(text, parse_float=Decimal)
        if unknown := document.keys() - {"labels", "profiles", "cases"}:
            raise CasesRefused(f"{file}: nothing is known of {', '.join(sorted(unknown))}.")
        labels = {name: label_from_json(label) for name, label in document.get("labels", {}).items()}
        profiles = {name: profile_from_json(entry) for name, entry in document.get("profiles", {}).items()}
        return tuple(_case(case, labels, profiles) for case in document.get("cases", []))
    except (tomllib.TOMLDecodeError, LabelRefused, ProfileRefused, KeyError, ValueError) as error:
        raise CasesRefused(f"{file}: {type(error).__name__}: {error}") from error


def seen(*, label: Label, profile: HealthProfile, ruleset: Ruleset) -> Seen:
    """What a ruleset says of a product for a person."""
    return _seen(judge(label=label, profile=profile, ruleset=ruleset))


def changes(cases: Iterable[tuple[Case, Label]], *, before: Ruleset, after: Ruleset) -> Iterator[Change]:
    """The cases that two rulesets judge otherwise: outcome or findings."""
    for case, label in cases:
        old = seen(label=label, profile=case.profile, ruleset=before)
        new = seen(label=label, profile=case.profile, ruleset=after)
        if old != new:
            yield Change(case=case, before=old, after=new)


def _seen(verdict: Verdict) -> Seen:
    against = (finding for finding in verdict.findings if finding.outcome is not Outcome.GOOD_FOR_YOU)
    met = (finding.reason.values["goal"] for finding in verdict.findings if finding.reason.code == "goal_met")
    return Seen(
        outcome=verdict.outcome,
        findings=frozenset(finding.reason.code for finding in against),
        missing=frozenset(verdict.missing),
        met=frozenset(map(Goal, met)),
    )


def _case(
    case: Mapping[str, object], labels: Mapping[str, Label], profiles: Mapping[str, HealthProfile]
) -> Case:
    if unknown := case.keys() - _CASE:
        raise ValueError(f"a case has no {', '.join(sorted(unknown))}")
    if ("label" in case) is ("gtin" in case):
        raise ValueError(f"{case['name']}: a case has either a label or a gtin")
    if not case["why"]:
        raise ValueError(f"{case['name']}: a case says why")
    profile = case["profile"]
    return Case(
        name=str(case["name"]),
        label=labels[str(case["label"])] if "label" in case else None,
        gtin=str(case["gtin"]) if "gtin" in case else None,
        profile=profiles[profile] if isinstance(profile, str) else profile_from_json(profile),
        expected=Seen(
            outcome=Outcome(case["outcome"]),
            findings=frozenset(_codes(case["findings"])),
            missing=frozenset(map(Missing, _codes(case.get("missing", [])))),
            met=frozenset(map(Goal, _codes(case.get("met", [])))),
        ),
        language=str(case["language"]),
        why=str(case["why"]),
    )


def _codes(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise ValueError("findings, missing and met are lists of codes")
    return value
