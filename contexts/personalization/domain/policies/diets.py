"""Diets that leave substances out: vegan, vegetarian, pescatarian, halal, kosher.

Which substances, with the sources, is in the ruleset. A mark such as "vegan" or "halal" vouches for what a
list of ingredients leaves open; it never outweighs an ingredient that the diet leaves out.
"""

from collections.abc import Iterator

from contexts.personalization.domain.policies.exclusions import excluded
from contexts.personalization.domain.profile import Diet
from contexts.personalization.domain.reading import Reading
from contexts.personalization.domain.rulesets import Ruleset
from contexts.personalization.domain.verdict import Finding


def findings(reading: Reading, diet: Diet, ruleset: Ruleset) -> Iterator[Finding]:
    """What speaks against the product for somebody on the diet; low-carb is another policy's."""
    return excluded(reading, ruleset.diets[diet], ruleset, policy="diet", subject=diet.value)
