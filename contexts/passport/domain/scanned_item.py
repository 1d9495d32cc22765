"""What a code says about one physical pack."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from contexts.passport.domain.refusals import AiDate


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedItem:
    """Facts of one pack as its code states them. The passport is the GTIN's; these are the pack's alone."""

    gtin: str
    """GTIN-14."""
    cpv: str | None = None
    """Consumer product variant (22)."""
    lot: str | None = None
    """Batch or lot (10)."""
    serial: str | None = None
    """Serial number (21)."""
    third_party: str | None = None
    """Third party's serial number, which stands alone beside the GTIN (235)."""
    expiry: date | None = None
    """Use-by or expiry date (17)."""
    best_before: date | None = None
    """Best-before date (15)."""
    net_weight: Decimal | None = None
    """Kilograms (310n), with as many decimals as the code gives."""
    raw: str
    """The code as it was scanned or typed: attributes and parameters that we do not read are only here."""


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
        raise AiDate(ai=ai) from None
