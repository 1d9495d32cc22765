"""Text from outside: made safe to store, to show and to look for, without changing what it says."""

import re
import unicodedata
from typing import Final

#: Characters that reorder what stands around them (Unicode Standard Annex 9, embeddings, overrides and
#: isolates): a product's name must not turn the page's own words around. The marks LRM, RLM and ALM stay:
#: they only say how a neutral character of the text itself is read.
_REORDERING: Final = "\u202a-\u202e\u2066-\u2069"
#: Controls, lone surrogates and noncharacters; PostgreSQL stores neither of the first two kinds. White space
#: among the controls separates words, so it becomes a space instead.
_UNPRINTABLE: Final = re.compile(
    f"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u200b\u2028\u2029\ufeff\ufff9-\uffff\ud800-\udfff{_REORDERING}]"
)
_WHITE: Final = re.compile(r"\s+")

#: Latin letters that carry no separable accent.
_PLAIN_LETTERS: Final = str.maketrans({
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ŧ": "t",
    "\u0131": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
})  # fmt: skip
_NOT_A_WORD: Final = re.compile(r"[\W_]+")


def printable(text: str) -> str:
    """The text without controls and reordering characters; its lines stay."""
    return _UNPRINTABLE.sub("", text)


def cleaned(text: str) -> str:
    """The text in Unicode's composed form, without controls and reordering characters, white space
    collapsed."""
    return _WHITE.sub(" ", unicodedata.normalize("NFC", printable(text))).strip()


def shortened(text: str, *, limit: int) -> str:
    """The text, cut to `limit` characters with an ellipsis as the last."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def folded(text: str) -> str:
    """The text as it is looked for: words in lower case without accents, one space between them.

    Total and idempotent, so that what is stored and what is typed meet: `Crème Brûlée` and `creme brulee`.
    """
    if text.isascii():
        return _NOT_A_WORD.sub(" ", text.lower()).strip()
    lower = unicodedata.normalize("NFKD", text.casefold()).casefold()
    bare = "".join(c for c in lower if not unicodedata.combining(c)).translate(_PLAIN_LETTERS)
    return _NOT_A_WORD.sub(" ", bare).strip()
