"""Claims that the rest of the label contradicts: the safer reading wins, and the page says so."""

from collections.abc import Collection, Iterator

from contexts.personalization.domain.label import Claim
from contexts.personalization.domain.reading import Reading
from contexts.personalization.domain.rulesets import Ruleset
from contexts.personalization.domain.substances import Substance
from contexts.personalization.domain.verdict import Code, Finding, Outcome, Reason


def is_contradicted(reading: Reading, claim: Claim, ruleset: Ruleset) -> bool:
    """Whether the label says that something is contained which the claim rules out. It then vouches for
    nothing."""
    return not _against(reading, claim, ruleset).isdisjoint(reading.substances)


def _against(reading: Reading, claim: Claim, ruleset: Ruleset) -> frozenset[Substance]:
    """What contradicts a claim on this label. Milk does not contradict "lactose-free", added lactose does."""
    against = ruleset.contradictions[claim]
    if claim is Claim.LACTOSE_FREE and reading.lists_lactose:
        against |= {Substance.LACTOSE}
    return against


def contradicted_claims(
    reading: Reading, substances: Collection[Substance], ruleset: Ruleset, *, policy: str
) -> Iterator[Finding]:
    """Avoid for each claim of the label that one of these substances, which it contains, contradicts."""
    for claim, claimed in reading.claims.items():
        against = _against(reading, claim, ruleset)
        contained = [substance for substance in substances if substance in against]
        if contained:
            evidence = dict.fromkeys(part for substance in contained for part in reading.contained[substance])
            values = {"claim": claim.value, "substances": tuple(found.value for found in contained)}
            yield Finding(
                policy,
                Outcome.AVOID,
                Reason("claim_contradicted", values),
                (claimed, *evidence),
                Code.INGREDIENTS,
            )
