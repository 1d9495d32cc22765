"""What a brand is called, and what changes about it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

#: Longest name and slug that the contract BrandChanged carries.
LONGEST_NAME: Final = 200
LONGEST_SLUG: Final = 80

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class BrandStatus(StrEnum):
    """Whether a brand's users may work with its data."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class BrandChanged:
    """A brand was registered, renamed, suspended or reinstated; says how it is now."""

    brand_id: UUID
    name: str
    slug: str
    status: BrandStatus
    changed_at: datetime


def tidy_name(text: str) -> str | None:
    """A brand's name with single spaces and composed characters (Unicode NFC), or None if it is none.

    A name has 1 to 200 characters and none that cannot be seen: those would make two brands look like one.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if not 1 <= len(name) <= LONGEST_NAME:
        return None
    return None if any(unicodedata.category(character)[0] == "C" for character in name) else name


def is_slug(text: str) -> bool:
    """Whether a text can name a brand in addresses: lower case letters, digits and single hyphens."""
    return len(text) <= LONGEST_SLUG and _SLUG.fullmatch(text) is not None
