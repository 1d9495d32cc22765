"""What a label says of substances: its parts put side by side, read once for everyone."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from contexts.personalization.domain.ingredient_text import (
    LANGUAGES,
    Mention,
    Presence,
    is_readable,
    items_in,
    mentions,
    words_of,
)
from contexts.personalization.domain.label import Allergen, Claim, Label
from contexts.personalization.domain.substances import Substance, with_implied
from contexts.personalization.domain.verdict import Evidence, Place

#: Labels that are kept read. What is kept is of products alone, nothing of a person.
_KEPT: Final = 2048

#: Each of the fourteen is a substance of the same name.
SUBSTANCE_OF: Final = {allergen: Substance(allergen.value) for allergen in Allergen}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Reading:
    """Where a label says that a substance is contained, or may be there in traces. Known by its identity."""

    contained: Mapping[Substance, tuple[Evidence, ...]]
    """Declared or mentioned: where both speak, both are here."""
    traces: Mapping[Substance, tuple[Evidence, ...]]
    """The same of traces, of what is also contained too."""
    substances: frozenset[Substance]
    """The keys of `contained`. Two sets meet without asking an enumeration's members for their hash."""
    traced: frozenset[Substance]
    """The keys of `traces`."""
    claims: Mapping[Claim, Evidence]
    ingredients_stated: bool
    ingredients_readable: bool
    """Whether the lists can be read, all that matter of them: see `_is_readable`."""
    unread_declarations: tuple[Evidence, ...]
    """What the label declares as an allergen or a trace of one in words that we do not know."""
    lists_lactose: bool
    """Whether the list names lactose itself, not only milk that holds it."""
    words: str
    """All words, as `perhaps_mentioned` takes them."""


def read(label: Label) -> Reading:
    """Read a label. Total: any label reads, linear in its length; again costs a look-up."""
    return _read(
        label.language,
        tuple(label.ingredients.items()),
        label.allergens,
        label.traces,
        label.other_allergens,
        label.other_traces,
        label.claims,
    )


@lru_cache(maxsize=_KEPT)
def _read(
    language: str,
    ingredients: tuple[tuple[str, str], ...],
    allergens: frozenset[Allergen],
    traces: frozenset[Allergen],
    other_allergens: tuple[str, ...],
    other_traces: tuple[str, ...],
    claims: frozenset[Claim],
) -> Reading:
    contained: dict[Substance, list[Evidence]] = {}
    accidental: dict[Substance, list[Evidence]] = {}
    for allergen in Allergen:
        if allergen in allergens:
            for substance in with_implied((SUBSTANCE_OF[allergen],)):
                _add(contained, substance, Evidence(Place.ALLERGENS, allergen.value))
        if allergen in traces:
            for substance in with_implied((SUBSTANCE_OF[allergen],)):
                _add(accidental, substance, Evidence(Place.TRACES, allergen.value))
    unread: list[Evidence] = []
    for words, place, found in (
        (other_allergens, Place.ALLERGENS, contained),
        (other_traces, Place.TRACES, accidental),
    ):
        for word in words:
            substances = _substances_of(word, language)
            for substance in substances:
                _add(found, substance, Evidence(place, word))
            if not substances and not is_readable(word):
                unread.append(Evidence(place, word))
    lists_lactose = False
    for code, text in ingredients:
        milk_at = -1
        named = mentions(text, language=code)
        phrases = _phrases(text, named)
        for mention in named:
            if mention.substance in _HOLDS_LACTOSE:
                milk_at = mention.start
            elif mention.substance is Substance.LACTOSE and mention.presence is Presence.CONTAINED:
                # What names milk or cheese names it before its lactose.
                lists_lactose = lists_lactose or mention.start != milk_at
            start, end = phrases[mention.start]
            evidence = Evidence(Place.INGREDIENTS, text[start:end], code, start, end)
            _add(
                contained if mention.presence is Presence.CONTAINED else accidental,
                mention.substance,
                evidence,
            )
    return Reading(
        contained={substance: tuple(evidence) for substance, evidence in contained.items()},
        traces={substance: tuple(evidence) for substance, evidence in accidental.items()},
        substances=frozenset(contained),
        traced=frozenset(accidental),
        claims={claim: Evidence(Place.CLAIMS, claim.value) for claim in Claim if claim in claims},
        ingredients_stated=any(map(str.isalpha, "".join(text for _, text in ingredients))),
        ingredients_readable=_is_readable(ingredients, language),
        unread_declarations=tuple(unread),
        lists_lactose=lists_lactose,
        words=words_of((*other_allergens, *other_traces, *(text for _, text in ingredients))),
    )


def _phrases(text: str, named: Iterable[Mention]) -> Mapping[int, tuple[int, int]]:
    """The passage that each mention is quoted in, by where it begins. Words that say the same one after the
    other are one: "durum wheat"."""
    found: dict[int, tuple[int, set[object]]] = {}
    for mention in named:
        _, said = found.setdefault(mention.start, (mention.end, set()))
        said.add((mention.presence, mention.substance))
    groups: list[list[int]] = []
    for start, (_, said) in found.items():
        before = found[groups[-1][-1]] if groups else (0, None)
        if groups and before[1] == said and _IS_GAP(text, before[0], start):
            groups[-1].append(start)
        else:
            groups.append([start])
    return {start: (group[0], found[group[-1]][0]) for group in groups for start in group}


_IS_GAP: Final = re.compile("[ \u00a0-]").fullmatch
_HOLDS_LACTOSE: Final = (Substance.MILK, Substance.CHEESE)


def _is_readable(ingredients: tuple[tuple[str, str], ...], main: str) -> bool:
    """Whether one of the lists can be read, and none that cannot may say more: neither the one in the
    product's main language nor one with more items."""
    read, unread, is_main_unread = 0, 0, False
    for code, text in ingredients:
        if code in LANGUAGES and is_readable(text):
            read = max(read, items_in(text))
        elif text.strip():
            unread = max(unread, items_in(text))
            is_main_unread = is_main_unread or code == main
    return read > 0 and not is_main_unread and unread <= read


def _substances_of(word: str, language: str) -> Sequence[Substance]:
    """What a source's own word for an allergen names: in the label's language, else in English."""
    found = mentions(word, language=language) or mentions(word, language="en")
    return list(dict.fromkeys(mention.substance for mention in found))


def _add(found: dict[Substance, list[Evidence]], substance: Substance, evidence: Evidence) -> None:
    told = found.setdefault(substance, [])
    if not told or told[-1] != evidence:
        told.append(evidence)
