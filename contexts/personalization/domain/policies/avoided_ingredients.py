"""The ingredients that a person avoids, in the person's own words, wherever the label names them."""

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
from contexts.personalization.domain.verdict import Code, Evidence, Finding, Outcome, Place, Reason

POLICY: Final = "avoided"


def findings(label: Label, profile: HealthProfile) -> Iterator[Finding]:
    """Avoid for each word that is contained, be careful where there may be traces of it."""
    if not profile.avoided:
        return
    words = read(label).words
    for word in perhaps_mentioned(profile.avoided, profile.avoided_beginnings, among=words):
        wanted = wanted_of(word)
        contained, traces = _found(label, wanted) if wanted else ((), ())
        if contained:
            reason = Reason("avoided_contained", {"ingredient": word})
            yield Finding(POLICY, Outcome.AVOID, reason, contained, Code.INGREDIENTS)
        elif traces:
            reason = Reason("avoided_traces", {"ingredient": word})
            yield Finding(POLICY, Outcome.BE_CAREFUL, reason, traces, Code.TRACES)


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
