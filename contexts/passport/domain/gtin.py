"""Global Trade Item Numbers: 8, 12, 13 or 14 digits with a check digit, kept as GTIN-14."""

from typing import Final

from contexts.passport.domain.refusals import GtinCheckDigit, GtinLength, GtinZero

#: GTIN-8, GTIN-12, GTIN-13 and GTIN-14 (GS1 General Specifications, section 3.3.2: AI 01).
LENGTHS: Final = frozenset({8, 12, 13, 14})
#: What stands between the indicator and the check digit of a GTIN-14 that nothing has.
NOTHING: Final = "0" * 12


def gtin14(text: str) -> str:
    """The GTIN, zeros put in front to make 14 digits.

    Raises GtinLength, GtinCheckDigit, or GtinZero where between the indicator and the check digit are zeros
    alone: GS1 issues no such company prefix (GS1 General Specifications, section 1.4).
    """
    if len(text) not in LENGTHS or not (text.isascii() and text.isdecimal()):
        raise GtinLength(ai="01", position=wrong_place(text))
    padded = text.zfill(14)
    if not has_right_check_digit(padded):
        raise GtinCheckDigit(ai="01", position=len(text) - 1)
    if padded[1:13] == NOTHING:
        raise GtinZero(ai="01", position=0)
    return padded


def wrong_place(text: str) -> int:
    """The first character that is no digit, or the end of what is too short or too long."""
    return next((at for at, character in enumerate(text) if character not in "0123456789"), len(text))


def has_right_check_digit(digits: str) -> bool:
    """Whether the last of some decimal digits is the check digit of the others.

    GS1 General Specifications, section 7.9.1: counted from the right, digits weigh 1, 3, 1, 3, ...; the sum
    is a multiple of 10.
    """
    values = digits.encode("ascii")
    ones, threes = values[-1::-2], values[-2::-2]
    return (sum(ones) + 3 * sum(threes) - ord("0") * (len(ones) + 3 * len(threes))) % 10 == 0


def check_digit(digits: str) -> str:
    """The check digit for some decimal digits (GS1 General Specifications, section 7.9.1)."""
    values = digits.encode("ascii")
    total = 3 * sum(values[-1::-2]) + sum(values[-2::-2])
    return str(-(total - ord("0") * (3 * len(values[-1::-2]) + len(values[-2::-2]))) % 10)
