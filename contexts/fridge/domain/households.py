"""Households: what their names, days and roles are like."""

import unicodedata
from datetime import timedelta
from enum import StrEnum
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

#: How long an invitation lets somebody in.
INVITATION_LASTS: Final = timedelta(days=7)
#: Own places of one household: more than anybody can tell apart.
MOST_PLACES: Final = 30
MOST_MEMBERS: Final = 20
MOST_INVITATIONS: Final = 20
#: Characters of a household's and a member's name, and of a place's.
LONGEST_NAME: Final = 80
LONGEST_PLACE: Final = 60
#: Windows in days in which an item is "to be used soon" that a person can choose.
LONGEST_WINDOW: Final = 30


class Role(StrEnum):
    """What a member may do: the owner lets people in and out, and hands this over. A household has one."""

    OWNER = "owner"
    MEMBER = "member"


class HouseholdRefused(ValueError):
    """A value that no household has; `field` and `rule`, with what is allowed, say which and why."""

    def __init__(self, *, field: str, rule: str, **allowed: str | int) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule
        self.allowed = allowed


#: Currencies of the countries in which people read these pages, and of their neighbours (ISO 4217).
CURRENCIES: Final = (
    "EUR",
    "GBP",
    "CHF",
    "USD",
    "BGN",
    "CAD",
    "AUD",
    "CZK",
    "DKK",
    "HUF",
    "ISK",
    "NOK",
    "PLN",
    "RON",
    "RSD",
    "SEK",
    "TRY",
    "UAH",
    "MXN",
    "BRL",
)

#: Where most people live who read a language here: a first guess, until the browser or a person says better.
_ZONE_OF_LANGUAGE: Final = {
    "en": "Europe/Dublin",
    "it": "Europe/Rome",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "es": "Europe/Madrid",
}
#: Parts of the world in the IANA database whose names are places that a person knows; the rest are aliases.
_REGIONS: Final = (
    "Europe",
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Indian",
    "Pacific",
)


@cache
def time_zones() -> tuple[str, ...]:
    """Names of the IANA time zone database that a person can choose from, Europe's first, sorted."""
    regions = {region: number for number, region in enumerate(_REGIONS)}
    named = [name for name in available_timezones() if name.partition("/")[0] in regions and "/" in name]
    return (*sorted(named, key=lambda name: (regions[name.partition("/")[0]], name)), "UTC")


def is_time_zone(name: str) -> bool:
    """Whether a person can choose it."""
    return name in time_zones()


def zone_for(*, told: str | None, language: str | None) -> str:
    """The time zone of a new household: what the browser told where it is one, else the language's guess."""
    if told is not None and is_time_zone(told):
        return told
    return _ZONE_OF_LANGUAGE.get((language or "").partition("-")[0], "UTC")


def zone_of(name: str) -> ZoneInfo:
    """A stored time zone; UTC should this machine's database have forgotten it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def checked_zone(name: str) -> str:
    """A time zone that a person has chosen. Raises HouseholdRefused."""
    if not is_time_zone(name):
        raise HouseholdRefused(field="timeZone", rule="must be a time zone of the IANA database")
    return name


def checked_currency(code: str) -> str:
    """A currency that a person has chosen. Raises HouseholdRefused."""
    if code not in CURRENCIES:
        raise HouseholdRefused(field="currency", rule="must be of %(values)s", values=", ".join(CURRENCIES))
    return code


def checked_window(days: int) -> int:
    """From how many days on a person wants to be told to use things. Raises HouseholdRefused."""
    if not 1 <= days <= LONGEST_WINDOW:
        raise HouseholdRefused(field="useSoonDays", rule="must be from 1 to %(most)s", most=LONGEST_WINDOW)
    return days


def place_name(text: str) -> str:
    """What a place is called. Raises HouseholdRefused as `clean_name` does, and where it is empty."""
    name = clean_name(text, field="name", longest=LONGEST_PLACE)
    if not name:
        raise HouseholdRefused(field="name", rule="must not be empty")
    return name


def clean_name(text: str, *, field: str, longest: int = LONGEST_NAME) -> str:
    """A name as people type it, without white space around it and doubled inside; may be empty.

    Raises HouseholdRefused for a name that is too long or has characters that nobody can see.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if len(name) > longest:
        raise HouseholdRefused(field=field, rule="must have at most %(most)s characters", most=longest)
    if any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"} for character in name):
        raise HouseholdRefused(field=field, rule="must not hold control or invisible characters")
    return name
