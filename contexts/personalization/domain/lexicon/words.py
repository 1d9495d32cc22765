"""A text's words, and the form in which they are compared."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

#: An E number; or letters with what may stand between them unseen: combining accents, soft hyphens, joiners;
#: or digits: "latte12%" is two words. Raised digits mark footnotes.
WORD: Final = re.compile(
    "(?<![^\\W_])[eE][0-9]{3,4}(?:[a-i]|i{1,3}|iv|v)?(?![^\\W_])"
    "|[^\\W\\d_¹²³⁰⁴-⁹₀-₉]+(?:[\u0300-\u036f\u00ad\u200b-\u200d\u2060]+[^\\W\\d_¹²³⁰⁴-⁹₀-₉]*)*"
    "|[\\d₀-₉]+"
)
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200d\u2060]")
#: Combining characters of Latin letters; U+034F between them is none.
_ACCENTS: Final = re.compile("[\u0300-\u034e\u0350-\u036f]+")
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
    lower = _ACCENTS.sub("", lower)
    if lower.isascii():
        return lower
    return "".join(c for c in lower if not unicodedata.combining(c)).translate(_PLAIN_LETTERS)


_kept_fold: Final = lru_cache(maxsize=8192)(_fold)


def folded(word: str) -> str:
    """The word in lower case without accents: `Crème`, `crème` and `CREME` are one."""
    return _kept_fold(word) if len(word) <= _LONGEST_KEPT else _fold(word)


def folded_words(text: str) -> tuple[str, ...]:
    """The text's words, each folded."""
    return tuple(folded(match[0]) for match in WORD.finditer(text))


def own_words(text: str) -> tuple[str, ...]:
    """The same of what a person says about themselves: nothing of it is kept."""
    return tuple(_fold(match[0]) for match in WORD.finditer(text))


#: Texts that are folded together as they are one by one: letters, and what is no letter and stays so. Two of
#: the Latin letters are folded to something else than letters.
_SIMPLE: Final = re.compile("[\x00-\x7f\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u013e\u0141-\u0148\u014a-\u017f]*")


def beginnings(texts: Sequence[str]) -> Sequence[str]:
    """Of each of a person's own texts how its first word begins, folded: three letters of it, or all but the
    last three. Of a text without a word it is empty. Nothing of it is kept."""
    joined = "\n".join(texts)
    if _SIMPLE.fullmatch(joined) and len(plain := _fold(joined).split("\n")) == len(texts):
        firsts = [text.partition(" ")[0] for text in plain]
        firsts = [
            first if first.isalnum() else next(iter(own_words(text)), "")
            for first, text in zip(firsts, texts, strict=True)
        ]
    else:
        firsts = [next(iter(own_words(text)), "") for text in texts]
    return [first[:-3] if len(first) > 6 else first[:3] for first in firsts]
