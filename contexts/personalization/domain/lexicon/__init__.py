"""The words of five languages, ready to be looked up: each language's in the light of the text's own."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from types import ModuleType
from typing import Final, NamedTuple

from contexts.personalization.domain.lexicon import english, french, german, italian, spanish
from contexts.personalization.domain.lexicon.everyday import EVERYDAY
from contexts.personalization.domain.lexicon.inflection import PLURALS, singulars
from contexts.personalization.domain.lexicon.statements import STATEMENTS, Way
from contexts.personalization.domain.lexicon.words import folded, folded_words
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
_Meaning = tuple[tuple[Substance, ...], bool]
"""What a phrase names, and whether as a residue."""


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
        self._language = language
        own = MODULES.get(language)
        self._kept_out = frozenset() if own is None else frozenset(_phrases(own.FOREIGN))
        self._merged: dict[str, tuple[Phrase, ...]] = {}

    def phrases(self, word: str) -> Sequence[Phrase]:
        """The phrases that begin with this folded word, the longest first."""
        known = self._merged.get(word)
        if known is None and (entries := vocabulary().get(word)):
            known = self._merged[word] = self._merge(entries)
        if known:
            return known
        if len(word) < _SHORTEST_COMPOUND:
            return ()
        return _kept_in_compound(word) if len(word) <= _LONGEST_COMPOUND else _in_compound(word)

    def _merge(self, entries: Sequence["_Entry"]) -> tuple[Phrase, ...]:
        """What phrases with one first word name: what they do in the text's own language, or else in all
        others."""
        own = {
            words: (substances, is_residue)
            for language, words, substances, is_residue in entries
            if language == self._language
        }
        foreign: dict[_Words, _Meaning] = {}
        for _, words, substances, is_residue in entries:
            if words in own or words in self._kept_out:
                continue
            known, was_residue = foreign.get(words, ((), is_residue))
            foreign[words] = (
                tuple(dict.fromkeys((*known, *substances))),
                is_residue and (was_residue or not known),
            )
        found = [Phrase(words[1:], *meaning) for words, meaning in {**foreign, **own}.items()]
        return tuple(sorted(found, key=lambda phrase: len(phrase.rest), reverse=True))


@cache
def _lexicon(language: str) -> Lexicon:
    return Lexicon(language)


def lexicon(language: str) -> Lexicon:
    """The lexicon for a text in that language, whatever it is."""
    return _lexicon(language if language in LANGUAGES else "")


class _Entry(NamedTuple):
    """What a phrase names in one language."""

    language: str
    words: _Words
    substances: tuple[Substance, ...]
    is_residue: bool


@cache
def vocabulary() -> Mapping[str, Sequence[_Entry]]:
    """What the phrases of all languages name, by their first word; made once per process."""
    entries: dict[str, list[_Entry]] = {}
    for language, module in MODULES.items():
        for words, meaning in _meanings(language, module).items():
            entries.setdefault(words[0], []).append(_Entry(language, words, *meaning))
    return entries


@cache
def _known_words() -> frozenset[str]:
    return (
        EVERYDAY
        | {
            word
            for entries in vocabulary().values()
            for entry in entries
            for word in entry.words
            if len(word) >= _SHORTEST_KNOWN
        }
        - _HEADINGS
    )


def is_known(word: str) -> bool:
    """Whether lists of ingredients in one of the five languages have this folded word."""
    known = _known_words()
    return (
        word in known
        or not known.isdisjoint(singulars(word))
        or (len(word) >= _SHORTEST_COMPOUND and bool(lexicon("").phrases(word)))
    )


#: What stands above a list and says nothing of it.
_HEADINGS: Final = frozenset(
    folded_words("ingredient ingredients ingredienti ingrediente ingredientes ingrédient ingrédients zutaten")
)
#: Shorter ones are small words of many languages.
_SHORTEST_KNOWN: Final = 3


def _phrases(text: str) -> set[_Words]:
    """The phrases of a comma-separated list, folded; German umlauts also as they are spelled without."""
    spelled_out = text.translate(_SPELLED_OUT)
    found = {folded_words(phrase) for phrase in folded(text).split(",")}
    if spelled_out != text:
        found.update(folded_words(phrase) for phrase in folded(spelled_out).split(","))
    found.discard(())
    return found


_SPELLED_OUT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def _meanings(language: str, module: ModuleType) -> Mapping[_Words, _Meaning]:
    """What each phrase of a language names, and whether as a residue: plurals, but what is listed goes
    first."""
    listed: dict[_Words, _Meaning] = {}
    for substances, text in module.WORDS.items():
        for words in _phrases(text):
            known, _ = listed.get(words, ((), False))
            listed[words] = (tuple(dict.fromkeys((*known, *substances))) if known else substances, False)
    for substances, text in module.TRACES_OF.items():
        listed.update(dict.fromkeys(_phrases(text), (substances, True)))
    listed.update(dict.fromkeys(_phrases(module.OTHER_THINGS), ((), False)))
    meanings = dict(listed)
    for words, meaning in listed.items():
        for plural in _plurals(words, language):
            meanings.setdefault(plural, meaning)
    return meanings


def _plurals(words: _Words, language: str) -> Sequence[_Words]:
    plurals = PLURALS[language]
    firsts = {words[0], *plurals(words[0])}
    if len(words) == 1:
        return [(first,) for first in firsts]
    lasts = {words[-1], *plurals(words[-1])}
    middle = words[1:-1]
    return [(first, *middle, last) for first in firsts for last in lasts]


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


#: Written in one word by who leaves out a space.
_ENGLISH_COMPOUND: Final = re.compile(
    "(?:whole|skimmed|skim|dried|malted|roasted)?"
    "(milk|whey|butter|cream|cheese|wheat|barley|rye|oat|spelt|malt|soya|soy|soybean|egg|fish|shrimp|prawn|crab"
    "|almond|hazelnut|walnut|cashew|pecan|pistachio|nut|peanut|mustard|sesame|celery|lupin)"
    "(?:powder|flour|lecithin|seed|butter|paste|protein|meal|malt|flake|starch|oil|milk|cream|fat|solid|bran|germ"
    "|kernel|drink|extract|isolate|concentrate|bean|salt|stick|sauce|syrup)?s?(?:powder)?"
)


def _in_compound(word: str) -> Sequence[Phrase]:
    """What a word names that is put together from others: "Haselnusscremefüllung", "milkpowder"."""
    if match := _ENGLISH_COMPOUND.fullmatch(word):
        own = (entry for entry in vocabulary()[match[1]] if entry.language == "en")
        return tuple(Phrase((), entry.substances) for entry in own if len(entry.words) == 1)
    substances = dict.fromkeys(
        substance for match in _ELEMENT.finditer(word) for substance in _ELEMENTS[match[0]]
    )
    return (Phrase((), tuple(substances)),) if substances else ()


_kept_in_compound: Final = lru_cache(maxsize=8192)(_in_compound)


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
