"""GS1 element strings: what a code other than a link says, in brackets for people, with FNC1 for machines.

GS1 General Specifications, section 7.8: identifiers follow each other, each with its value. Only what can be
taken apart in one way is accepted; what the values mean is judged elsewhere.
"""

import re
from collections.abc import Iterator
from typing import Final

from contexts.passport.domain import refusals
from contexts.passport.domain.application_identifiers import (
    ATTRIBUTE_FORMATS,
    GTIN,
    NOT_WITH_GTIN,
    PRIMARY_KEYS,
    QUALIFIER_FORMATS,
)

#: What prints as nothing: the group separator that readers send for FNC1 (section 7.8.4), and the caret that
#: stands for FNC1 where it is written down. No value can contain either.
_SEPARATORS: Final = "\x1d^"
#: What readers send before a code whose first character is FNC1 (section 5.1.3): GS1-128, GS1 DataBar,
#: GS1 DataMatrix, GS1 QR Code and GS1 DotCode.
_SYMBOLOGIES: Final = ("]C1", "]e0", "]d2", "]Q3", "]J1")

_KNOWN: Final = frozenset({GTIN, *PRIMARY_KEYS, *QUALIFIER_FORMATS, *ATTRIBUTE_FORMATS, *NOT_WITH_GTIN})
#: Characters of values that end by themselves, by the identifier's first two digits (section 7.8.5).
_FIXED: Final = {
    "00": 18, "01": 14, "02": 14, "03": 14, "04": 16,
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 6),
    "20": 2,
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 6),
    "41": 13,
}  # fmt: skip

#: A value that has a bracket could begin the next element: it is not guessed where one ends.
_BRACKETED: Final = re.compile(r"[ ]*\(([0-9]{2,4})\)[ ]*([^() ]*(?:[ ]+[^() ]+)*)[ ]*")

Elements = tuple[tuple[str, str], ...]
"""Identifiers and their values, in the order of the code."""


def is_element_string(text: str) -> bool:
    """Whether a text can only be meant as an element string."""
    return text.startswith(("(", *_SYMBOLOGIES)) or any(separator in text for separator in _SEPARATORS)


def elements_of(text: str) -> Elements:
    """The elements of an element string, in either form.

    Raises ElementsMalformed, and UnknownAi where an identifier is needed to know where its value ends.
    """
    return tuple(_bracketed(text) if text.startswith("(") else _separated(text))


def _bracketed(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        element = _BRACKETED.match(text, place)
        if element is None:
            raise refusals.ElementsMalformed
        ai, value = element.groups()
        # The digits of a GTIN are printed in groups; in any other value a space has no place.
        yield ai, value.replace(" ", "") if ai == GTIN else value
        place = element.end()


def _separated(text: str) -> Iterator[tuple[str, str]]:
    left = text[3:] if text.startswith(_SYMBOLOGIES) else text
    left = left.replace("^", "\x1d").removeprefix("\x1d")
    while left:
        ai = next((left[:length] for length in (2, 3, 4) if left[:length] in _KNOWN), None)
        if ai is None:
            number = left[:4]
            if number.isascii() and number.isdecimal():
                raise refusals.UnknownAi(ai=number)
            raise refusals.ElementsMalformed
        left = left[len(ai) :]
        value = left.partition("\x1d")[0]
        if fixed := _FIXED.get(ai[:2]):
            value = value[:fixed]
        yield ai, value
        left = left[len(value) :].removeprefix("\x1d")
