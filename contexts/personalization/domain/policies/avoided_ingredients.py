"""The ingredients that a person avoids, in the person's own words, wherever the label names them.

Words are compared as text, so only with a list in their own language: without one, that they are not found
says nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from contexts.personalization.domain.ingredient_text import (
    Presence,
    Wanted,
    passages_of,
    perhaps_mentioned,
    wanted_of,
)
from contexts.personalization.domain.label import Label
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.domain.reading import read
from contexts.personalization.domain.verdict import Code, Evidence, Finding, Missing, Outcome, Place, Reason

POLICY: Final = "avoided"


def findings(label: Label, profile: HealthProfile) -> Iterator[Finding]:
    """Avoid for each word that is contained, be careful where there may be traces of it, or where words that
    are not found could not be compared."""
    if not profile.avoided:
        return
    not_contained = len(profile.avoided)
    words = read(label).words
    for word in perhaps_mentioned(profile.avoided, profile.avoided_beginnings, among=words):
        wanted = wanted_of(word)
        contained, traces = _found(label, wanted) if wanted else ((), ())
        if contained:
            reason = Reason("avoided_contained", {"ingredient": word})
            yield Finding(POLICY, Outcome.AVOID, reason, contained, Code.INGREDIENTS)
            not_contained -= 1
        elif traces:
            reason = Reason("avoided_traces", {"ingredient": word})
            yield Finding(POLICY, Outcome.BE_CAREFUL, reason, traces, Code.TRACES)
    listed = [language for language, text in label.ingredients.items() if any(map(str.isalpha, text))]
    # Where there is no list at all, the policy on completeness says so.
    if not_contained and profile.language and listed and profile.language not in listed:
        yield _not_compared(profile.language, listed)


def _not_compared(language: str, listed: Iterable[str]) -> Finding:
    values: dict[str, str | tuple[str, ...]] = {
        "language": language,
        "languages": tuple(listed),
        "missing": (Missing.COMPARABLE_INGREDIENTS.value,),
    }
    reason = Reason("avoided_not_compared", values)
    return Finding(POLICY, Outcome.BE_CAREFUL, reason, (Evidence(Place.INGREDIENTS),), Code.MISSING_DATA)


def _found(label: Label, wanted: Wanted) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    contained = list(_named(label.other_allergens, label.language, wanted, Place.ALLERGENS))
    traces = list(_named(label.other_traces, label.language, wanted, Place.TRACES))
    for language, text in label.ingredients.items():
        for mention in passages_of(text, language=language, wanted=wanted):
            evidence = Evidence(Place.INGREDIENTS, mention.text, language, mention.start, mention.end)
            (contained if mention.presence is Presence.CONTAINED else traces).append(evidence)
    return tuple(contained), tuple(traces)


def _named(words: Iterable[str], language: str, wanted: Wanted, place: Place) -> Iterator[Evidence]:
    """Where a source's own words for allergens name it."""
    for named in words:
        if passages_of(named, language=language, wanted=wanted):
            yield Evidence(place, named)
