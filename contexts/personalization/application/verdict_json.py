"""A verdict as the API tells it: codes for programs, sentences in the active language for people."""

from contexts.personalization.application import wording
from contexts.personalization.domain.verdict import Evidence, Finding, Verdict


def verdict_to_json(verdict: Verdict) -> dict[str, object]:
    """The document of a verdict. It tells of the profile: for the person alone, and never cached."""
    return {
        "outcome": verdict.outcome.value,
        "outcomeName": wording.name(verdict.outcome),
        "findings": [_finding(finding) for finding in verdict.findings],
        "missing": [missing.value for missing in verdict.missing],
        "rulesetVersion": verdict.ruleset_version,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "policy": finding.policy,
        "outcome": finding.outcome.value,
        "code": finding.reason.code,
        "values": dict(finding.reason.values),
        "reason": wording.reason_text(finding.reason),
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
    }


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {
        "place": evidence.place.value,
        "text": evidence.text,
        "language": evidence.language,
        "start": evidence.start,
        "end": evidence.end,
    }
