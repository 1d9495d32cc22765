"""The words of five languages, ready to be looked up: each language's in the light of the text's own."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import ModuleType
from typing import Final, NamedTuple

from contexts.personalization.domain.lexicon import english, french, german, italian, spanish
from contexts.personalization.domain.lexicon.inflection import PLURALS
from contexts.personalization.domain.lexicon.statements import STATEMENTS, Way
from contexts.personalization.domain.lexicon.words import folded_words
from contexts.personalization.domain.substances import Substance

MODULES: Final[Mapping[str, ModuleType]] = {
    "de": german,
    "en": english,
    "es": spanish,
    "fr": french,
    "it": italian,
}
#: ISO 639-1 codes of the languages that we read.
LANGUAGES: Final = frozenset(MODULES)

_Words = tuple[str, ...]


class Phrase(NamedTuple):
    """What one or more words name; nothing, where they only look like something that is looked for."""

    rest: _Words
    """The words after the first."""
    substances: tuple[Substance, ...]
    is_residue: bool = False
    """Whether it is an exception of Annex II: made from it, with hardly anything of it left."""


class Lexicon:
    """What words name in a text of one language."""

    def __init__(self, language: str) -> None:
        """Of a text in that language; of one in an unknown language, where it is none of the five."""
        meanings: dict[_Words, tuple[tuple[Substance, ...], bool]] = {}
        own = MODULES.get(language)
        if own is not None:
            meanings.update(_meanings(language, own))
        foreign: dict[_Words, tuple[tuple[Substance, ...], bool]] = {}
        kept_out = set() if own is None else _phrases(own.FOREIGN)
        for other, module in MODULES.items():
            if other == language:
                continue
            for words, (substances, is_residue) in _meanings(other, module).items():
                if words in kept_out or words in meanings:
                    continue
                known, was_residue = foreign.get(words, ((), is_residue))
                foreign[words] = (
                    tuple(dict.fromkeys((*known, *substances))),
                    is_residue and (was_residue or not known),
                )
        self._phrases: dict[str, tuple[Phrase, ...]] = {}
        for words, (substances, is_residue) in {**foreign, **meanings}.items():
            phrase = Phrase(words[1:], substances, is_residue)
            self._phrases[words[0]] = (*self._phrases.get(words[0], ()), phrase)
        for first, phrases in self._phrases.items():
            self._phrases[first] = tuple(sorted(phrases, key=lambda phrase: len(phrase.rest), reverse=True))
        self._in_compound = lru_cache(maxsize=8192)(_in_compound)

    def phrases(self, word: str) -> Sequence[Phrase]:
        """The phrases that begin with this folded word, the longest first."""
        known = self._phrases.get(word)
        if known is not None:
            return known
        if len(word) < _SHORTEST_COMPOUND:
            return ()
        return self._in_compound(word) if len(word) <= _LONGEST_COMPOUND else _in_compound(word)


@lru_cache(maxsize=len(LANGUAGES) + 1)
def _lexicon(language: str) -> Lexicon:
    return Lexicon(language)


def lexicon(language: str) -> Lexicon:
    """The lexicon for a text in that language, whatever it is."""
    return _lexicon(language if language in LANGUAGES else "")


def _phrases(text: str) -> set[_Words]:
    """The phrases of a comma-separated list, folded; German umlauts also as they are spelled without."""
    found = set()
    for phrase in text.split(","):
        words = folded_words(phrase)
        if words:
            found.add(words)
            found.add(folded_words(phrase.translate(_SPELLED_OUT)))
    return found


_SPELLED_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _meanings(language: str, module: ModuleType) -> Mapping[_Words, tuple[tuple[Substance, ...], bool]]:
    """What each phrase of a language names, and whether as a residue: plurals, but what is listed goes
    first."""
    listed: dict[_Words, tuple[tuple[Substance, ...], bool]] = {}
    for substances, text in module.WORDS.items():
        for words in _phrases(text):
            known, _ = listed.get(words, ((), False))
            listed[words] = (tuple(dict.fromkeys((*known, *substances))), False)
    for substances, text in module.TRACES_OF.items():
        listed.update(dict.fromkeys(_phrases(text), (substances, True)))
    listed.update(dict.fromkeys(_phrases(module.OTHER_THINGS), ((), False)))
    meanings = dict(listed)
    for words, meaning in listed.items():
        for plural in _plurals(words, language):
            meanings.setdefault(plural, meaning)
    return meanings


def _plurals(words: _Words, language: str) -> Iterator[_Words]:
    plurals = PLURALS[language]
    firsts = {words[0], *plurals(words[0])}
    if len(words) == 1:
        yield from ((first,) for first in firsts)
        return
    for first in firsts:
        for last in {words[-1], *plurals(words[-1])}:
            yield (first, *words[1:-1], last)


# --- German compounds ---

_SHORTEST_COMPOUND: Final = 6
_LONGEST_COMPOUND: Final = 40
#: Shorter words stand by chance inside longer ones: "senf" in "Erbsenfaser".
_SHORTEST_INSIDE: Final = 5


def _elements() -> Mapping[str, tuple[Substance, ...]]:
    short = _phrases(german.ELEMENTS)
    left_out = _phrases(german.NOT_ELEMENTS)
    found: dict[str, tuple[Substance, ...]] = {}
    for substances, text in german.WORDS.items():
        for words in _phrases(text) - left_out:
            if len(words) == 1 and (len(words[0]) >= _SHORTEST_INSIDE or words in short):
                found[words[0]] = tuple(dict.fromkeys((*found.get(words[0], ()), *substances)))
    for words in _phrases(german.OTHER_THINGS) | _phrases(german.LOOK_ALIKES):
        if len(words) == 1 and len(words[0]) >= _SHORTEST_INSIDE:
            found[words[0]] = ()
    return found


_ELEMENTS: Final = _elements()


def _alternatives(elements: Iterable[str]) -> str:
    """The longest first, so that what stands at a place is read as the longest word that begins there."""
    return "|".join(sorted(map(re.escape, elements), key=len, reverse=True))


_LONG: Final = _alternatives(element for element in _ELEMENTS if len(element) >= _SHORTEST_INSIDE)
_SHORT: Final = _alternatives(element for element in _ELEMENTS if len(element) < _SHORTEST_INSIDE)
_ELEMENT: Final = re.compile(f"{_LONG}|^(?:{_SHORT})|(?:{_SHORT})$")


def _in_compound(word: str) -> Sequence[Phrase]:
    """What a word names that is put together from others: "Haselnusscremefüllung"."""
    substances = dict.fromkeys(
        substance for match in _ELEMENT.finditer(word) for substance in _ELEMENTS[match[0]]
    )
    return (Phrase((), tuple(substances)),) if substances else ()


# --- statements ---


def _statements() -> Mapping[str, tuple[tuple[_Words, Way], ...]]:
    found: dict[str, list[tuple[_Words, Way]]] = {}
    for way, text in STATEMENTS.items():
        for words in _phrases(text):
            found.setdefault(words[0], []).append((words[1:], way))
    return {
        first: tuple(sorted(ways, key=lambda way: len(way[0]), reverse=True)) for first, ways in found.items()
    }


_STATEMENTS: Final = _statements()


def statements(word: str) -> Sequence[tuple[_Words, Way]]:
    """The statements that begin with this folded word: the words after it, the longest first, and the way."""
    return _STATEMENTS.get(word, ())
