"""GS1 Company Prefixes: which numbers a company may give to its products.

GS1 General Specifications, section 1.4: GS1 gives a company the first digits of its GTINs, and the company
gives the rest. A GTIN-8 has no company prefix: GS1 gives each of them one by one (section 2.1.6).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused, gettext_noop

SHORTEST: Final = 6
LONGEST: Final = 12
#: Digits of a GTIN-14 between its indicator and its check digit.
_BODY: Final = 12
#: Leading digits that no company has for products sold everywhere (GS1 General Specifications, section 1.4.2:
#: numbers for use within one company, periodicals and books, refund receipts, coupons, GTIN-8).
_NOT_FOR_COMPANIES: Final = ("00000", "02", "04", "2", "977", "978", "979", "98", "99")


class Kind(StrEnum):
    """What is claimed."""

    COMPANY_PREFIX = "company_prefix"
    GTIN_8 = "gtin_8"
    """One single number."""


class PrefixRefused(ValueError):
    """What was typed cannot be claimed. The text is marked for translation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A block of numbers that somebody says is theirs."""

    kind: Kind
    digits: str

    @property
    def first(self) -> int:
        """The first number of the block, as `number_of` counts."""
        return int(self.digits[:-1] if self.kind is Kind.GTIN_8 else self.digits.ljust(_BODY, "0"))

    @property
    def after(self) -> int:
        """The number behind the last one of the block."""
        size = 1 if self.kind is Kind.GTIN_8 else int(10 ** (_BODY - len(self.digits)))
        return self.first + size

    def holds(self, gtin: str) -> bool:
        """Whether a GTIN-14 is of the block, whatever its indicator digit: cases of a product are, too."""
        return self.first <= number_of(gtin) < self.after


def number_of(gtin: str) -> int:
    """The place of a GTIN-14 among all numbers that GS1 gives: without indicator and check digit."""
    return int(gtin[1:-1])


def is_gtin8(gtin: str) -> bool:
    """Whether a GTIN-14 is a GTIN-8 with zeros before it."""
    return gtin.startswith("000000")


def claim_of(text: str) -> Claim:
    """What a company prefix, as somebody types it, claims. Raises PrefixRefused."""
    digits = "".join(text.split()).replace("-", "")
    if not (digits.isascii() and digits.isdecimal()):
        raise PrefixRefused(gettext_noop("A company prefix has digits alone: leave out everything else."))
    if not SHORTEST <= len(digits) <= LONGEST:
        raise PrefixRefused(
            gettext_noop(
                "A company prefix has 6 to 12 digits: it stands in the certificate that GS1 sent you."
            )
        )
    if digits.startswith(_NOT_FOR_COMPANIES):
        raise PrefixRefused(
            gettext_noop(
                "GS1 gives no company numbers that begin like this: they are for use inside a shop, for"
                " books, periodicals and coupons."
            )
        )
    return Claim(kind=Kind.COMPANY_PREFIX, digits=digits)


def single_claim_of(text: str) -> Claim:
    """The claim of one GTIN-8. Raises PrefixRefused."""
    digits = "".join(text.split())
    try:
        gtin = gtin14(digits)
    except CodeRefused as refused:
        raise PrefixRefused(
            gettext_noop("This is no GTIN-8: type the eight digits under the bars of the small barcode.")
        ) from refused
    if not is_gtin8(gtin):
        raise PrefixRefused(
            gettext_noop("This is no GTIN-8: type the eight digits under the bars of the small barcode.")
        )
    if gtin[6:].startswith(("0", "2")):
        raise PrefixRefused(
            gettext_noop("GTIN-8 that begin with 0 or 2 are for use inside one shop: they belong to nobody.")
        )
    return Claim(kind=Kind.GTIN_8, digits=gtin[6:])
