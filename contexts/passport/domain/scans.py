"""Scans and reports of unknown products: what is recorded, and the events that tell of it."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from contexts.passport.domain.links import Registered
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.sections import ToldJourney

Channel = Literal["link", "api"]
"""`link` when a camera opened the Digital Link itself, `api` when an application or our form sent it."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_VERSION_7: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_RANDOM: Final = (1 << 80) - 1 - (0xF << 76) - (0b11 << 62)


def new_scan_id(*, at: datetime) -> UUID:
    """An id that sorts by time, so that new rows touch one end of an index: UUID version 7.

    RFC 9562, section 5.7: 48 bits of milliseconds since 1970, version and variant, 74 random bits.
    """
    random = int.from_bytes(os.urandom(10), "big") & _RANDOM
    return UUID(int=(at - _EPOCH) // _MILLISECOND << 80 | _VERSION_7 | _VARIANT | random)


def scanned_at(scan_id: UUID) -> datetime:
    """The moment, in whole milliseconds, at which a scan's id was made."""
    return _EPOCH + (scan_id.int >> 80) * _MILLISECOND


#: For so long a scan is open to the browser that made it, whoever's it is: to show what the pack says, and to
#: report a product that is missing, to whoever stands there with the pack.
JUST_SCANNED: Final = timedelta(hours=1)

#: Days that a visitor's cookie lives at most, and with it the id in it.
VISITOR_LIFETIME_DAYS: Final = 393


def owner_of(*, account_id: UUID | None, linked_to: UUID | None) -> UUID | None:
    """The one account whose scan it is: the one that it was made with, else the one that its visitor turned
    out to be. None: it is the visitor's, who has no account."""
    return account_id or linked_to


def may_read(
    *,
    visitor_id: UUID,
    account_id: UUID | None,
    linked_to: UUID | None,
    asking_visitor: UUID | None,
    asking_account: UUID | None,
    age: timedelta,
) -> bool:
    """Whether a scan, so long after it was made, may be shown: to its owner.

    A visitor's cookie outlives sessions, and others may use that browser: it opens what belongs to nobody's
    account. What belongs to one it opens for an hour, to the browser that has just scanned without saying
    whose it is; never what was scanned with an account.
    """
    if account_id is None and asking_visitor == visitor_id and (linked_to is None or age < JUST_SCANNED):
        return True
    return asking_account is not None and asking_account == owner_of(
        account_id=account_id, linked_to=linked_to
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedScan:
    """A scan that is committed."""

    scan_id: UUID
    visitor_id: UUID
    item: ScannedItem
    product_known: bool
    """Whether the catalogue had the GTIN at the moment of the scan."""
    at: datetime
    registered: Registered | None = None
    """What there was for the code; None where nobody asked."""
    journey: ToldJourney | None = None
    """Where the packs of its very lot have been; None where nobody tells it, or nobody asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownProductReported:
    """A visitor told us that we do not know a product yet: at most once per visitor and GTIN."""

    report_id: UUID
    visitor_id: UUID
    gtin: str
    at: datetime
