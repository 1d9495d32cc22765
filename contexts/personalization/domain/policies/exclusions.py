"""What a diet and an intolerance have in common: substances to keep away from, and claims that vouch."""

from collections.abc import Collection, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from contexts.personalization.domain.policies.claims import contradicted_claims, is_contradicted
from contexts.personalization.domain.reading import Reading
from contexts.personalization.domain.rulesets import Exclusion, Ruleset
from contexts.personalization.domain.substances import Substance, with_implied
from contexts.personalization.domain.verdict import Code, Evidence, Finding, Outcome, Reason


def excluded(
    reading: Reading, rule: Exclusion, ruleset: Ruleset, *, policy: str, subject: str
) -> Iterator[Finding]:
    """The findings of one diet or intolerance, called `subject` in their reasons.

    What is to be avoided is not also doubtful for the same words: "pork gelatine" leaves no doubt.
    """
    vouched = any(
        claim in reading.claims and not is_contradicted(reading, claim, ruleset) for claim in rule.claims
    )
    contained, contained_at = reading.substances, reading.contained
    avoid = contained & rule.avoid
    careful = contained & rule.careful
    if not vouched:
        avoid |= contained & rule.avoid_unless_claimed
        careful |= contained & rule.careful_unless_claimed
    careful = careful.difference(avoid, *(_GENERAL[substance] for substance in avoid))
    if avoid:
        told = {evidence for substance in avoid for evidence in contained_at[substance]}
        careful = frozenset(
            substance for substance in careful if not told.issuperset(contained_at[substance])
        )
        found = _in_order(avoid)
        yield _finding(reading, found, Outcome.AVOID, "excluded", policy=policy, subject=subject)
        yield from contradicted_claims(reading, found, ruleset, policy=policy)
    if careful:
        found = _in_order(careful)
        yield _finding(reading, found, Outcome.BE_CAREFUL, "doubtful", policy=policy, subject=subject)
    if rule.together is not None:
        one, other = (_in_order(contained & side) for side in rule.together)
        if one and other:
            yield _finding(reading, [*one, *other], Outcome.AVOID, "together", policy=policy, subject=subject)
    traces = _in_order((reading.traced & rule.traces) - contained)
    if traces:
        yield Finding(
            policy,
            Outcome.BE_CAREFUL,
            _reason(reading, "traces", traces, policy=policy, subject=subject),
            _evidence(reading.traces[substance] for substance in traces),
            Code.TRACES,
        )


def _finding(
    reading: Reading,
    substances: Collection[Substance],
    outcome: Outcome,
    code: str,
    *,
    policy: str,
    subject: str,
) -> Finding:
    return Finding(
        policy,
        outcome,
        _reason(reading, code, substances, policy=policy, subject=subject),
        _evidence(reading.contained[substance] for substance in substances),
        Code.INGREDIENTS,
    )


def _reason(
    reading: Reading, code: str, substances: Iterable[Substance], *, policy: str, subject: str
) -> Reason:
    named = tuple(
        MILK_OR_LACTOSE if substance is Substance.LACTOSE and not reading.lists_lactose else substance.value
        for substance in substances
    )
    return Reason(f"{policy}_{code}", {policy: subject, "substances": named})


def _evidence(parts: Iterable[tuple[Evidence, ...]]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(evidence for part in parts for evidence in part))


def _in_order(substances: AbstractSet[Substance]) -> list[Substance]:
    """In the order of the enumeration, without what others among them are kinds of: pork says meat."""
    if not substances:
        return []
    general = frozenset().union(*(_GENERAL[substance] for substance in substances))
    return sorted(substances - general, key=_ORDER.__getitem__)


#: What a reason calls lactose where the label names only the milk or the cheese that it is in.
MILK_OR_LACTOSE: Final = "milk_or_lactose"

_ORDER: Final = {substance: place for place, substance in enumerate(Substance)}
#: What else one is a kind of.
_GENERAL: Final = {substance: frozenset(with_implied((substance,))) - {substance} for substance in Substance}
