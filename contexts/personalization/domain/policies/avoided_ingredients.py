"""The ingredients that a person avoids, in the person's own words, wherever the label names them."""

from collections.abc import Iterable, Iterator
from typing import Final

from contexts.personalization.domain.ingredient_text import Presence, mentions_of, perhaps_mentioned
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
        contained, traces = _found(label, word)
        if contained:
            reason = Reason("avoided_contained", {"ingredient": word})
            yield Finding(POLICY, Outcome.AVOID, reason, contained, Code.INGREDIENTS)
        elif traces:
            reason = Reason("avoided_traces", {"ingredient": word})
            yield Finding(POLICY, Outcome.BE_CAREFUL, reason, traces, Code.TRACES)


def _found(label: Label, word: str) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    contained = list(_named(label.other_allergens, label.language, word, Place.ALLERGENS))
    traces = list(_named(label.other_traces, label.language, word, Place.TRACES))
    for language, text in label.ingredients.items():
        for mention in mentions_of(text, language=language, word=word):
            evidence = Evidence(Place.INGREDIENTS, mention.text, language, mention.start, mention.end)
            (contained if mention.presence is Presence.CONTAINED else traces).append(evidence)
    return tuple(contained), tuple(traces)


def _named(words: Iterable[str], language: str, word: str, place: Place) -> Iterator[Evidence]:
    """Where a source's own words for allergens name it."""
    for named in words:
        if mentions_of(named, language=language, word=word):
            yield Evidence(place, named)
