"""The fourteen substances that a label must name and emphasise, and the words that labels call them by."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cache
from importlib import resources
from typing import Any, Final, TypeVar

from contexts.passport.domain.lexicon import Lexicon

T = TypeVar("T")


class Allergen(Enum):
    """A substance of Annex II of Regulation (EU) No 1169/2011, in the annex's order."""

    GLUTEN = "gluten"
    """Cereals containing gluten: wheat, rye, barley, oats and their kinds (point 1)."""
    CRUSTACEANS = "crustaceans"
    EGGS = "eggs"
    FISH = "fish"
    PEANUTS = "peanuts"
    SOYBEANS = "soybeans"
    MILK = "milk"
    """Including lactose (point 7)."""
    NUTS = "nuts"
    """Almonds, hazelnuts, walnuts, cashews, pecans, Brazil nuts, pistachios, macadamias (point 8)."""
    CELERY = "celery"
    MUSTARD = "mustard"
    SESAME = "sesame"
    SULPHITES = "sulphites"
    """Sulphur dioxide and sulphites above 10 mg/kg or 10 mg/l (point 12)."""
    LUPIN = "lupin"
    MOLLUSCS = "molluscs"


ORDER: Final = {allergen: place for place, allergen in enumerate(Allergen)}


def in_order(allergens: Iterable[Allergen]) -> tuple[Allergen, ...]:
    """Each allergen once, in the annex's order."""
    return tuple(sorted(set(allergens), key=ORDER.__getitem__))


def named_in(text: str, *, language: str | None = None) -> Iterator[tuple[int, int, Allergen]]:
    """Where a text names allergens in a language of the European Union: start, end and which one, from left
    to right and without overlaps.

    Words that are everyday words of other languages count only where `language` (ISO 639-1) is their own. The
    longest phrase wins, so that "coconut milk" names nothing. Total, and linear in the text.
    """
    return _lexicon(language if language in LANGUAGES else None).find(text)


def may_contain_in(text: str, *, language: str | None = None) -> Iterator[tuple[int, int]]:
    """Where sentences begin that tell of what is in a food by accident, such as "May contain"."""
    for start, end, _ in _sentences(language if language in LANGUAGES else None).find(text):
        yield start, end


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("tables", name).read_text(encoding="utf-8"))


def _phrases(by_language: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each phrase with its language."""
    for language, phrases in by_language.items():
        for phrase in phrases.split(","):
            yield " ".join(phrase.split()), language


_SOMETHING_ELSE: Final = "none"
_PRIVATE: Final = "~"
_TABLE: Final = tuple(
    (phrase, language, None if name == _SOMETHING_ELSE else Allergen(name))
    for name, by_language in _read("allergens.toml").items()
    for phrase, language in _phrases(by_language)
)
_BEGINNINGS: Final = tuple((*phrase, True) for phrase in _phrases(_read("may_contain.toml")))
LANGUAGES: Final = frozenset(language for _, language, _ in _TABLE)
"""The languages of the European Union, whose words are known."""


@cache
def _lexicon(language: str | None) -> Lexicon[Allergen]:
    return _of_language(_TABLE, language)


@cache
def _sentences(language: str | None) -> Lexicon[bool]:
    return _of_language(_BEGINNINGS, language)


def _of_language(table: Iterable[tuple[str, str, T | None]], language: str | None) -> Lexicon[T]:
    """What the phrases mean in a language: those of all, and those that count in it alone."""
    return Lexicon(
        (phrase.removeprefix(_PRIVATE), meaning)
        for phrase, its_language, meaning in table
        if not phrase.startswith(_PRIVATE) or its_language == language
    )
