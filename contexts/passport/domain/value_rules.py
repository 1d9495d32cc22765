"""Rules for what a value says, beyond its length and characters.

Source: the linters that the GS1 Barcode Syntax Dictionary names, and the sections of the GS1 General
Specifications behind them. Two of its linters are not here: coupon codes of North America (8110, 8112) and UN
package types (7041) are read by their characters alone.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from contexts.passport.domain import refusals
from contexts.passport.domain.code_lists import COUNTRIES, COUNTRY_LETTERS, CURRENCIES
from contexts.passport.domain.gtin import has_right_check_digit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Whether part of a value is right on a day, and how it is refused otherwise."""

    holds: Callable[[str, date], bool]
    refusal: type[refusals.CodeRefused] = refusals.AiMeaning
    from_end: int | None = None
    """Where in the part to point at, counted from its end; its beginning where this is not said."""

    def place(self, part: str) -> int:
        """The offset in the part to point at."""
        return 0 if self.from_end is None else max(0, len(part) - self.from_end)


def date_of(*, value: str, ai: str, today: date) -> date:
    """The date that six digits YYMMDD mean on the day of the scan; DD=00 is the last day of the month.

    GS1 General Specifications, section 3.4 (dates) and section 7.12 (century): two digits of a year that are
    51 or more ahead of today's belong to the last century, 50 or more behind to the next. Raises AiDate.
    """
    year_of_century, month, day = int(value[:2]), int(value[2:4]), int(value[4:])
    ahead = year_of_century - today.year % 100
    century = today.year // 100 - (ahead >= 51) + (ahead <= -50)
    year = century * 100 + year_of_century
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        raise refusals.AiDate(ai=ai) from None


def _is_date(part: str, today: date) -> bool:
    month, day = part[2:4], part[4:]
    if month == "02" and day == "29":
        try:
            date_of(value=part, ai="", today=today)
        except refusals.AiDate:
            return False
        return True
    return day <= _LAST_DAYS.get(month, "")


#: Of each month, a leap year's 29 February aside.
_LAST_DAYS: Final = {
    "01": "31", "02": "28", "03": "31", "04": "30", "05": "31", "06": "30",
    "07": "31", "08": "31", "09": "30", "10": "31", "11": "30", "12": "31",
}  # fmt: skip


def _is_birthday(part: str, today: date) -> bool:
    try:
        date(int(part[:4]), int(part[4:6]), int(part[6:]))
    except ValueError:
        return False
    return True


_PERCENT: Final = re.compile("[^%]*(?:%[0-9A-Fa-f]{2}[^%]*)*")
_SEQUENCE: Final = re.compile("([1-9])/([1-9])")
_IBAN: Final = re.compile("[A-Z]{2}[0-9A-Z]{9,}")
_MEDIA: Final = re.compile("0[1-9]|10|[89][0-9]")

#: The 82 characters in the order of their weights, and the 32 of check characters (section 7.9.5).
_WEIGHTED: Final = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_CHECKING: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)


def check_pair(text: str) -> str:
    """The two check characters of up to 23 others, as a Global Model Number ends in them (section 7.9.5)."""
    total = sum(
        _WEIGHTED.index(character) * prime for character, prime in zip(reversed(text), _PRIMES, strict=False)
    )
    return _CHECKING[total % 1021 >> 5] + _CHECKING[total % 1021 & 31]


def _is_iban(part: str) -> bool:
    """ISO 13616: the country and two check digits first; moved behind, all is 1 modulo 97, A being 10."""
    if not _IBAN.fullmatch(part) or part[:2] not in COUNTRY_LETTERS:
        return False
    return int("".join(str(int(character, 36)) for character in part[4:] + part[:4])) % 97 == 1


def _is_piece(part: str) -> bool:
    return "00" < part[:2] <= part[2:]


def _is_sequence(part: str) -> bool:
    found = _SEQUENCE.fullmatch(part)
    return found is not None and found[1] <= found[2]


RULES: Final[Mapping[str, Rule]] = {
    "check": Rule(
        holds=lambda part, _: has_right_check_digit(part), refusal=refusals.AiCheckDigit, from_end=1
    ),
    "pair": Rule(
        holds=lambda part, _: check_pair(part[:-2]) == part[-2:], refusal=refusals.AiCheckDigit, from_end=2
    ),
    "prefix": Rule(
        # No company prefix has fewer digits than four.
        holds=lambda part, _: len(part) >= 4 and part[:4].isdecimal(),
        refusal=refusals.AiPrefix,
    ),
    "date": Rule(holds=_is_date, refusal=refusals.AiDate),
    "day": Rule(
        holds=lambda part, today: part[4:] != "00" and _is_date(part, today), refusal=refusals.AiDate
    ),
    "birthday": Rule(holds=_is_birthday),
    # Hours alone, or hours and minutes.
    "time": Rule(holds=lambda part, _: part[:2] < "24" and part[2:] < "60", refusal=refusals.AiTime),
    "minute": Rule(holds=lambda part, _: part < "60", refusal=refusals.AiTime),
    "country": Rule(holds=lambda part, _: part in COUNTRIES, refusal=refusals.AiCountry),
    "anywhere": Rule(holds=lambda part, _: part in COUNTRIES or part == "999", refusal=refusals.AiCountry),
    "alpha": Rule(holds=lambda part, _: part in COUNTRY_LETTERS, refusal=refusals.AiCountry),
    "currency": Rule(holds=lambda part, _: part in CURRENCIES, refusal=refusals.AiCurrency),
    "latitude": Rule(holds=lambda part, _: part <= "1800000000"),
    "longitude": Rule(holds=lambda part, _: part <= "3600000000"),
    "percent": Rule(holds=lambda part, _: _PERCENT.fullmatch(part) is not None),
    "iban": Rule(holds=lambda part, _: _is_iban(part)),
    "piece": Rule(holds=lambda part, _: _is_piece(part)),
    "sequence": Rule(holds=lambda part, _: _is_sequence(part)),
    "media": Rule(holds=lambda part, _: _MEDIA.fullmatch(part) is not None),
    "yesno": Rule(holds=lambda part, _: part in "01"),
    "sex": Rule(holds=lambda part, _: part in "0129"),  # ISO/IEC 5218
    "winding": Rule(holds=lambda part, _: part in "019"),
    "hyphen": Rule(holds=lambda part, _: part == "-"),
    "zero": Rule(holds=lambda part, _: part == "0"),
    "some": Rule(holds=lambda part, _: part.strip("0") != ""),
    "natural": Rule(holds=lambda part, _: part[0] != "0"),
    "letter": Rule(holds=lambda part, _: not part.isdecimal()),
    "importer": Rule(holds=lambda part, _: part.isalnum() or part in "-_"),
}
