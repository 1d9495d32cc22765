"""The verdict on top of a passport: what the product is for the person who looks at it, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language

from contexts.personalization.application.errors import (
    ConsentRequired,
    NoProfile,
    ProfileErased,
    ProfileUnreadable,
)
from contexts.personalization.application.ports import Product
from contexts.personalization.application.verdicts import verdict_of
from contexts.personalization.application.wording import evidence_lines, name, reason_text
from contexts.personalization.domain.verdict import Evidence, Finding, Outcome, Verdict

#: Reasons that show at once; the others are one tap away.
_AT_ONCE: Final = 4
#: Places on the label that a reason quotes.
_QUOTED: Final = 3

_ICONS: Final[Mapping[Outcome, str]] = {
    Outcome.GOOD_FOR_YOU: "check",
    Outcome.BE_CAREFUL: "alert",
    Outcome.AVOID: "close",
}
_TONES: Final[Mapping[Outcome, str]] = {
    Outcome.GOOD_FOR_YOU: "tone-good",
    Outcome.BE_CAREFUL: "tone-warn",
    Outcome.AVOID: "tone-danger",
}
_WITHOUT_VERDICT: Final[Mapping[type[Exception], str]] = {
    ConsentRequired: "no_consent",
    NoProfile: "no_profile",
    ProfileErased: "erased",
    ProfileUnreadable: "unreadable",
}


@dataclass(frozen=True, kw_only=True)
class ShownFinding:
    """One reason as it stands on the panel."""

    outcome: str
    icon: str
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShownVerdict:
    """A verdict in the words of the active language."""

    outcome: str
    icon: str
    tone: str
    findings: tuple[ShownFinding, ...]
    more: tuple[ShownFinding, ...]
    missing: tuple[str, ...]
    ruleset_version: str


def verdict_panel(*, account_id: UUID, product: Product) -> bytes:
    """The fragment, in the active language; it may be stored by nobody.

    Without a consent or a profile it is one line that leads to them; where the profile cannot be opened, a
    short note. Three queries at most.
    """
    try:
        verdict = verdict_of(account_id=account_id, product=product, at=datetime.now(UTC))
    except tuple(_WITHOUT_VERDICT) as reason:
        return _line(_WITHOUT_VERDICT[type(reason)], back=reverse("passport:passport", args=[product.gtin]))
    context = {"verdict": shown(verdict), "profile_address": reverse("personalization:profile")}
    return render_to_string("personalization/_panel.html", context).encode()


def _line(state: str, *, back: str) -> bytes:
    query = urlencode({"next": back})
    context = {
        "state": state,
        "setup_address": f"{reverse('personalization:setup')}?{query}",
        "change_address": f"{reverse('personalization:change')}?{query}",
        "profile_address": reverse("personalization:profile"),
    }
    return render_to_string("personalization/_no_verdict.html", context).encode()


def shown(verdict: Verdict) -> ShownVerdict:
    """A verdict in words."""
    findings = tuple(_shown(finding) for finding in verdict.findings)
    return ShownVerdict(
        outcome=name(verdict.outcome),
        icon=_ICONS[verdict.outcome],
        tone=_TONES[verdict.outcome],
        findings=findings[:_AT_ONCE],
        more=findings[_AT_ONCE:],
        missing=tuple(name(missing) for missing in verdict.missing),
        ruleset_version=verdict.ruleset_version,
    )


def _shown(finding: Finding) -> ShownFinding:
    return ShownFinding(
        outcome=name(finding.outcome),
        icon=_ICONS[finding.outcome],
        reason=reason_text(finding.reason),
        evidence=evidence_lines(_quoted(finding.evidence))[:_QUOTED],
    )


def _quoted(evidence: Sequence[Evidence]) -> Sequence[Evidence]:
    """What is worth quoting: a list of ingredients in five languages says the same five times.

    The reader's own language is enough where the list has it; what only another one says is quoted from that.
    """
    read = get_language()
    if not any(each.language == read for each in evidence):
        return evidence
    return [each for each in evidence if each.language in {None, read}]
