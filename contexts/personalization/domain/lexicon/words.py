"""A text's words, and the form in which they are compared."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Letters and digits with what may stand between them unseen: combining accents, soft hyphens, joiners.
#: Raised digits mark footnotes.
WORD: Final = re.compile("[^\\W_¹²³⁰⁴-⁹]+(?:[\u0300-\u036f\u00ad\u200b-\u200d\u2060]+[^\\W_¹²³⁰⁴-⁹]*)*")
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060]")
_PLAIN_LETTERS: Final = str.maketrans({
    "ø": "o",
    "đ": "d",
    "ł": "l",
    "\u0131": "i",
    "æ": "ae",
    "œ": "oe",
})  # fmt: skip
#: Longer runs of letters are no words: they are read, but not kept.
_LONGEST_KEPT: Final = 40


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    lower = unicodedata.normalize("NFKD", _UNSEEN.sub("", word).casefold()).casefold()
    return "".join(c for c in lower if not unicodedata.combining(c)).translate(_PLAIN_LETTERS)


_kept_fold: Final = lru_cache(maxsize=8192)(_fold)


def folded(word: str) -> str:
    """The word in lower case without accents: `Crème`, `crème` and `CREME` are one."""
    return _kept_fold(word) if len(word) <= _LONGEST_KEPT else _fold(word)


def folded_words(text: str) -> tuple[str, ...]:
    """The text's words, each folded."""
    return tuple(folded(match[0]) for match in WORD.finditer(text))
