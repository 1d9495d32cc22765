"""What a code says about one physical pack."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


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
