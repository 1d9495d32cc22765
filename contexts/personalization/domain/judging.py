"""The verdict on a product for a person: a pure function of label, profile and ruleset."""

from collections.abc import Iterable, Iterator
from typing import Final

from contexts.personalization.domain.label import Label
from contexts.personalization.domain.policies import avoided_ingredients, completeness
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.domain.rulesets import Ruleset
from contexts.personalization.domain.screening import Screening, screen
from contexts.personalization.domain.verdict import Finding, Missing, Outcome, Verdict

_WORST_FIRST: Final = {outcome: place for place, outcome in enumerate(reversed(Outcome))}


def judge(*, label: Label, profile: HealthProfile, ruleset: Ruleset) -> Verdict:
    """Total: every label and profile has a verdict.

    Each entry of the profile is screened by itself and the worst finding wins, so no restriction can lift
    another. An empty profile asks for nothing: everything is Good for it.
    """
    screening = screen(label, ruleset)
    findings = [
        *_asked(screening, profile),
        *avoided_ingredients.findings(label, profile),
    ]
    is_clear = all(finding.outcome is Outcome.GOOD_FOR_YOU for finding in findings)
    findings += completeness.asked(
        screening.incomplete, profile, ruleset, told_of=screening.allergens.keys(), is_clear=is_clear
    )
    findings.sort(key=_severity)
    return Verdict(
        outcome=findings[0].outcome if findings else Outcome.GOOD_FOR_YOU,
        findings=tuple(findings),
        missing=_missing(findings),
        ruleset_version=ruleset.version,
    )


def _asked(screening: Screening, profile: HealthProfile) -> Iterator[Finding]:
    for allergen, by_sensitivity in screening.allergens.items():
        sensitivity = profile.allergens.get(allergen)
        if sensitivity is not None:
            yield from by_sensitivity[sensitivity]
    for intolerance, found in screening.intolerances.items():
        if intolerance in profile.intolerances:
            yield from found
    for diet, found in screening.diets.items():
        if diet in profile.diets:
            yield from found
    for goal, found in screening.goals.items():
        if goal in profile.goals:
            yield from found


def _severity(finding: Finding) -> int:
    return _WORST_FIRST[finding.outcome]


def _missing(findings: Iterable[Finding]) -> tuple[Missing, ...]:
    named = {name for finding in findings for name in finding.reason.values.get("missing", ())}
    return tuple(missing for missing in Missing if missing in named) if named else ()
