"""Finding what words mean in a text of any language: whole words, beginnings of words and words inside words.

A lexicon's phrases are written as labels do, without regard to case or accents, which lists of ingredients
drop or misread:

- `skimmed milk`: these words, one after the other;
- `pšeničn* mouk*`: words that begin so, for languages that inflect;
- `*weizen*`: a word that has this inside, and `*mehl` one that ends so, for languages that write compounds as
  one word.

A phrase may mean nothing (None): "coconut milk" is written down so that the milk in it is not found. The
longest phrase wins over what is inside it, and of one length the one that says more letters.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, Generic, TypeVar

from contexts.passport.domain.text import folded

T = TypeVar("T")

_WORD: Final = re.compile(r"[^\W_]+")
#: What may stand between the words of one phrase; between digits a comma, too, as in `propane-1,2-diol`.
_GAP: Final = re.compile("[\\s'\u2019\u2010-]{1,3}")

_Word = tuple[str, bool]
"""The folded word of a phrase, and whether it is only the beginning of one."""
_Phrase = tuple[tuple[_Word, ...], T | None]
"""The words of a phrase, and what it means."""
#: Words whose look-up is remembered: lists of ingredients repeat a few thousand.
_REMEMBERED: Final = 8192
#: Letters of a word above which it is none that comes again, and too large to keep.
_LONG: Final = 40


class Lexicon(Generic[T]):
    """What phrases mean. Built once; finding is total and linear in the text."""

    def __init__(self, meanings: Iterable[tuple[str, T | None]]) -> None:
        self._phrases: dict[_Word, list[_Phrase[T]]] = {}
        self._inside: dict[str, T | None] = {}
        self._endings: dict[str, T | None] = {}
        for phrase, meaning in meanings:
            if phrase.startswith("*"):
                (self._inside if phrase.endswith("*") else self._endings)[folded(phrase)] = meaning
                continue
            words = tuple(_words_of(phrase))
            self._phrases.setdefault(words[0], []).append((words, meaning))
        self._beginnings = _lengths(word for word, is_beginning in self._phrases if is_beginning)
        self._lengths_of_endings = _lengths(self._endings)
        longest_first = sorted(self._inside, key=len, reverse=True)
        self._any_inside = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        self._known = lru_cache(maxsize=_REMEMBERED)(self._look_up)

    def find(self, text: str) -> Iterator[tuple[int, int, T]]:
        """Where the text says what: start, end and meaning, from left to right and without overlaps."""
        words = [
            ((_folded_word if len(word[0]) <= _LONG else _fold)(word[0]), word.start(), word.end())
            for word in _WORD.finditer(text)
        ]
        after = 0
        for place, (word, start, end) in enumerate(words):
            if place < after:
                continue
            phrases, of_part = (self._known if len(word) <= _LONG else self._look_up)(word)
            for phrase, meaning in phrases:
                if _stands_at(phrase, words[place : place + len(phrase)], text):
                    after = place + len(phrase)
                    if meaning is not None:
                        yield start, words[after - 1][2], meaning
                    break
            else:
                if of_part is not None:
                    yield start, end, of_part

    def _look_up(self, word: str) -> tuple[tuple[_Phrase[T], ...], T | None]:
        """The phrases that a word may begin, the one that wins first; and what the word means by a part."""
        phrases = [phrase for key in self._keys(word) for phrase in self._phrases.get(key, ())]
        phrases.sort(key=lambda phrase: _weight(phrase[0]), reverse=True)
        return tuple(phrases), self._of_part(word)

    def _of_part(self, word: str) -> T | None:
        """What the first part means that is inside a word, for the first part of a compound says which kind
        of the last it is; else what the longest ending means."""
        if self._any_inside is not None and (inside := self._any_inside.search(word)):
            return self._inside[inside[0]]
        for length in reversed(self._lengths_of_endings):
            if length <= len(word) and (ending := word[-length:]) in self._endings:
                return self._endings[ending]
        return None

    def _keys(self, word: str) -> Iterator[_Word]:
        yield word, False
        for length in self._beginnings:
            if length > len(word):
                return
            yield word[:length], True


def _lengths(words: Iterable[str]) -> range:
    """The lengths that the words have, from the shortest to the longest."""
    lengths = {len(word) for word in words}
    return range(min(lengths, default=1), max(lengths, default=0) + 1)


def _words_of(phrase: str) -> Iterator[_Word]:
    for word in re.findall(r"[^\W_]+\*?", phrase):
        yield folded(word), word.endswith("*")


def _weight(words: Sequence[_Word]) -> tuple[int, int]:
    """More words before fewer; then more letters, a whole word before its beginning."""
    return len(words), sum(2 * len(word) + (not is_beginning) for word, is_beginning in words)


def _fold(word: str) -> str:
    return word.lower() if word.isascii() else folded(word).replace(" ", "")


_folded_word: Final = lru_cache(maxsize=_REMEMBERED)(_fold)


def _stands_at(phrase: tuple[_Word, ...], found: Sequence[tuple[str, int, int]], text: str) -> bool:
    return (
        len(phrase) == len(found)
        and all(
            word.startswith(wanted) if is_beginning else word == wanted
            for (wanted, is_beginning), (word, _, _) in zip(phrase, found, strict=True)
        )
        and all(
            _GAP.fullmatch(text, end, start) or (text[end:start] == "," and one.isdigit() and other.isdigit())
            for (one, _, end), (other, start, _) in pairwise(found)
        )
    )
