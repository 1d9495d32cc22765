"""Intolerances to lactose, gluten, fructose and histamine, as far as labels tell of them.

Which substances each keeps away from, with the sources, is in the ruleset. An amount that would be tolerated
is not on a label: what is contained counts, however little.
"""

from collections.abc import Iterator

from contexts.personalization.domain.policies.exclusions import excluded
from contexts.personalization.domain.profile import Intolerance
from contexts.personalization.domain.reading import Reading
from contexts.personalization.domain.rulesets import Ruleset
from contexts.personalization.domain.verdict import Finding


def findings(reading: Reading, intolerance: Intolerance, ruleset: Ruleset) -> Iterator[Finding]:
    """What speaks against the product for somebody with the intolerance."""
    rule = ruleset.intolerances[intolerance]
    return excluded(reading, rule, ruleset, policy="intolerance", subject=intolerance.value)
