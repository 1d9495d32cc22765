"""Which ruleset verdicts are computed with."""

from django.conf import settings

from contexts.personalization.domain.rulesets import Ruleset, ruleset


def ruleset_in_force() -> Ruleset:
    """The one that `VERDICT_RULESET` names. Raises RulesetRefused: there is none of that version."""
    return ruleset(settings.VERDICT_RULESET)
