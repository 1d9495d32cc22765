"""What may hold traces of an allergen of the profile calls for care, or is to be avoided.

Traces are what the label says may be there without being meant to: Regulation (EU) No 1169/2011, Art.
36(3)(a). Where the data tell nothing of traces at all, the policy on completeness says so.
"""

from collections.abc import Iterator
from typing import Final

from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import Sensitivity
from contexts.personalization.domain.reading import SUBSTANCE_OF, Reading
from contexts.personalization.domain.verdict import Code, Finding, Outcome, Reason

POLICY: Final = "traces"


def findings(reading: Reading, allergen: Allergen, sensitivity: Sensitivity) -> Iterator[Finding]:
    """One where there may be traces, unless the allergen is contained anyhow."""
    substance = SUBSTANCE_OF[allergen]
    evidence = reading.traces.get(substance)
    if evidence is None or substance in reading.contained:
        return
    strict = sensitivity is Sensitivity.TRACES_TOO
    yield Finding(
        POLICY,
        Outcome.AVOID if strict else Outcome.BE_CAREFUL,
        Reason("traces_to_avoid" if strict else "traces_possible", {"allergen": allergen.value}),
        evidence,
        Code.TRACES,
    )
