"""GS1 element strings: what a code other than a link says, in brackets for people, with FNC1 for machines.

GS1 General Specifications, section 7.8: identifiers follow each other, each with its value. Only what can be
taken apart in one way is accepted; what the values mean is judged elsewhere.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from contexts.passport.domain import refusals
from contexts.passport.domain.application_identifiers import FIXED, GTIN, IDENTIFIERS

#: What prints as nothing: the group separator that readers send for FNC1 (section 7.8.4), and the caret that
#: stands for FNC1 where it is written down. No value can contain either.
_SEPARATORS: Final = re.compile("[\x1d^]")
#: What readers send before a code whose first character is FNC1 (section 5.1.3): GS1-128, GS1 DataBar,
#: GS1 DataMatrix, GS1 QR Code and GS1 DotCode.
_SYMBOLOGIES: Final = ("]C1", "]e0", "]d2", "]Q3", "]J1")
#: Digits alone are an element string where they are more than a GTIN has and begin as one.
_DIGITS: Final = re.compile("(?:00|01|02)[0-9]{14,}")

#: A value that has a bracket could begin the next element: it is not guessed where one ends.
_BRACKETED: Final = re.compile(r"[ ]*\(([0-9]{2,4})\)[ ]*([^() ]*(?:[ ]+[^() ]+)*)[ ]*")


class Element(NamedTuple):
    """An identifier and its value, with the offsets of both in the text."""

    ai: str
    value: str
    place: int
    value_place: int
    written: str

    def offset(self, position: int) -> int:
        """The offset in the text of a character of the value; printed digits may have spaces between them."""
        if self.written == self.value:
            return self.value_place + position
        places = [at for at, character in enumerate(self.written) if character != " "]
        return self.value_place + [*places, len(self.written)][position]


def is_element_string(text: str) -> bool:
    """Whether a text can only be meant as an element string."""
    if text.startswith(("(", *_SYMBOLOGIES)) or _SEPARATORS.search(text):
        return True
    return _DIGITS.fullmatch(text) is not None and _is_fixed_throughout(text)


def elements_of(text: str) -> Iterator[Element]:
    """The elements of an element string, in either form, as far as they can be told apart.

    Raises ElementsMalformed, and UnknownAi where an identifier is needed to know where its value ends.
    """
    return _bracketed(text) if text.startswith("(") else _separated(text)


def _is_fixed_throughout(digits: str) -> bool:
    """Whether digits are whole elements whose lengths GS1 has fixed: then nothing is missing between them."""
    place = 0
    while place < len(digits):
        ai = _identifier_at(digits, place)
        if ai is None or ai[:2] not in FIXED:
            return False
        place += len(ai) + FIXED[ai[:2]]
    return place == len(digits)


def _bracketed(text: str) -> Iterator[Element]:
    place = 0
    while place < len(text):
        element = _BRACKETED.match(text, place)
        if element is None:
            raise refusals.ElementsMalformed(position=place)
        ai, written = element.groups()
        # The digits of a GTIN are printed in groups; in any other value a space has no place.
        value = written.replace(" ", "") if ai == GTIN else written
        yield Element(ai, value, place=element.start(1), value_place=element.start(2), written=written)
        place = element.end()


def _separated(text: str) -> Iterator[Element]:
    place = 3 if text.startswith(_SYMBOLOGIES) else 0
    place += bool(_SEPARATORS.match(text, place))
    while place < len(text):
        ai = _identifier_at(text, place)
        if ai is None:
            number = text[place : place + 4]
            if number.isascii() and number.isdecimal():
                raise refusals.UnknownAi(ai=number, position=place)
            raise refusals.ElementsMalformed(position=place)
        start = place + len(ai)
        separator = _SEPARATORS.search(text, start)
        end = separator.start() if separator else len(text)
        if ai[:2] in FIXED:
            end = min(end, start + FIXED[ai[:2]])
        value = text[start:end]
        yield Element(ai, value, place=place, value_place=start, written=value)
        place = end + bool(_SEPARATORS.match(text, end))


def _identifier_at(text: str, place: int) -> str | None:
    """The identifier that begins here: none is the beginning of another."""
    return next((ai for length in (2, 3, 4) if (ai := text[place : place + length]) in IDENTIFIERS), None)
