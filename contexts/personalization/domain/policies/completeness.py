"""What a label does not tell: silence is never Good for you where a rule needs to know.

Which rule needs what is in the ruleset. The list of ingredients is asked for and not the declaration of
allergens: a product without any has none to declare (Regulation (EU) No 1169/2011, Art. 21). Whether there
may be traces is another matter: a pack names them or not as it likes (Art. 36(3)(a)), and data that have no
word on traces may be of a pack that does. A value that is missing in the nutrition declaration is told by
the policy that looks for it.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.profile import Diet, HealthProfile, Sensitivity
from contexts.personalization.domain.reading import Reading
from contexts.personalization.domain.rulesets import Requirement, Requirements, Ruleset
from contexts.personalization.domain.verdict import (
    Code,
    Evidence,
    Finding,
    Missing,
    Outcome,
    Place,
    Reason,
)

POLICY: Final = "completeness"


def findings(reading: Reading, *, traces_stated: bool, verified: bool) -> dict[Requirement, Finding]:
    """What this label does not tell."""
    found = {}
    if not reading.ingredients_stated:
        found[Requirement.INGREDIENTS] = _finding("ingredients_not_stated", Missing.INGREDIENTS)
    elif not reading.ingredients_readable:
        found[Requirement.INGREDIENTS] = _finding("ingredients_not_readable", Missing.READABLE_INGREDIENTS)
    elif reading.unread_declarations:
        unread = _finding("ingredients_not_readable", Missing.READABLE_INGREDIENTS)
        found[Requirement.INGREDIENTS] = unread._replace(evidence=reading.unread_declarations)
    if not traces_stated:
        found[Requirement.TRACES] = _finding("traces_not_stated", Missing.TRACES, place=Place.TRACES)
    if not verified:
        found[Requirement.VERIFICATION] = _finding(
            "label_not_verified", Missing.VERIFICATION, place=Place.SOURCE, code=Code.UNVERIFIED_DATA
        )
    return found


def asked(
    incomplete: Mapping[Requirement, Finding],
    profile: HealthProfile,
    ruleset: Ruleset,
    *,
    told_of: Collection[Allergen],
    is_clear: bool,
) -> Iterator[Finding]:
    """Be careful for each thing that is not told and a rule of this profile needs.

    Whether there may be traces is asked of the allergens whose traces are avoided too, but for those that the
    label names anyhow (`told_of`), as contained or as a trace.

    That nobody verified the label is told to whoever has a profile, with nothing against the product where no
    rule needs it. Where it alone is against the product (`is_clear`: no other policy found anything), its
    reason says so: who sees it on many products must be able to tell it from a reason to leave them.
    """
    if not incomplete or profile.is_empty:
        return
    for requirement, finding in incomplete.items():
        if any(requirement in requires for requires in _requirements(profile, ruleset)):
            if requirement is Requirement.TRACES:
                unknown = _traces_avoided(profile, told_of)
                if not unknown:
                    continue
                values = {"allergens": unknown, **finding.reason.values}
                finding = finding._replace(reason=Reason(finding.reason.code, values))
            if requirement is Requirement.VERIFICATION and is_clear:
                finding = finding._replace(reason=_NOT_VERIFIED_ALONE)
            is_clear = False
            yield finding
        elif requirement is Requirement.VERIFICATION:
            yield finding._replace(outcome=Outcome.GOOD_FOR_YOU)


_NOT_VERIFIED_ALONE: Final = Reason(
    "nothing_found_but_not_verified", {"missing": (Missing.VERIFICATION.value,)}
)


def _traces_avoided(profile: HealthProfile, told_of: Collection[Allergen]) -> tuple[str, ...]:
    avoided = profile.allergens.get
    return tuple(
        allergen.value
        for allergen in Allergen
        if avoided(allergen) is Sensitivity.TRACES_TOO and allergen not in told_of
    )


def _requirements(profile: HealthProfile, ruleset: Ruleset) -> Iterator[Requirements]:
    if profile.allergens:
        yield ruleset.allergens.requires
    if profile.avoided:
        yield ruleset.avoided.requires
    for intolerance in profile.intolerances:
        yield ruleset.intolerances[intolerance].requires
    for diet in profile.diets:
        yield ruleset.low_carb.requires if diet is Diet.LOW_CARB else ruleset.diets[diet].requires
    for goal in profile.goals:
        yield ruleset.goals[goal].requires


def _finding(
    reason: str, missing: Missing, *, place: Place = Place.INGREDIENTS, code: Code = Code.MISSING_DATA
) -> Finding:
    values = {"missing": (missing.value,)}
    return Finding(POLICY, Outcome.BE_CAREFUL, Reason(reason, values), (Evidence(place),), code)
