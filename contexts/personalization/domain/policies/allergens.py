"""What contains an allergen of the profile is to be avoided.

The fourteen substances of Regulation (EU) No 1169/2011, Annex II. A label must declare them (Art. 9(1)(c))
and emphasise them in the list of ingredients (Art. 21). Where the declaration and the list differ, the one
that names the allergen is believed, and the finding says so.
"""

from collections.abc import Iterator
from typing import Final

from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.policies.claims import contradicted_claims
from contexts.personalization.domain.reading import SUBSTANCE_OF, Reading
from contexts.personalization.domain.rulesets import Ruleset
from contexts.personalization.domain.verdict import Code, Finding, Outcome, Place, Reason

POLICY: Final = "allergens"


def findings(reading: Reading, allergen: Allergen, ruleset: Ruleset) -> Iterator[Finding]:
    """Avoid where the allergen is declared or mentioned as contained."""
    substance = SUBSTANCE_OF[allergen]
    evidence = reading.contained.get(substance)
    if evidence is None:
        return
    declared = any(part.place is Place.ALLERGENS for part in evidence)
    code = "allergen_contained" if declared else "allergen_only_in_ingredients"
    reason = Reason(code, {"allergen": allergen.value})
    yield Finding(POLICY, Outcome.AVOID, reason, evidence, Code.INGREDIENTS)
    yield from contradicted_claims(reading, (substance,), ruleset, policy=POLICY)
