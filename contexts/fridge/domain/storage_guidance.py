"""Storage guidance: how long each kind of food keeps, with the public sources of every row but our own.

The table is a file per version in `guidance/`. A version that was in use is never changed: a new one is
added.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, Final

UNKNOWN: Final = "unknown"
"""The row for food of unknown kind: the most careful one."""
CURRENT: Final = "2026.1"


class DateKind(StrEnum):
    """Which date a pack carries: Regulation (EU) No 1169/2011, Art. 24 and Annex X."""

    USE_BY = "use_by"
    """Safety: after it food is unsafe (Regulation (EC) No 178/2002, Art. 14(2))."""
    BEST_BEFORE = "best_before"
    """Quality: after it food may still be good."""


class PlaceKind(StrEnum):
    """What a place at home is like."""

    FRIDGE = "fridge"
    FREEZER = "freezer"
    PANTRY = "pantry"


class Checked(StrEnum):
    """How the figures of a row were compared with their source."""

    READ = "read"
    """Every figure of days and months, with the source's data or a copy of its text; the table names the two
    conventions on freezing that are ours."""
    RECALLED = "recalled"
    """At least one of them was not compared with a text."""
    OWN = "own"
    """There is no source: the figures are a careful rule of ours, of quality alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where figures come from."""

    name: str
    url: str
    year: int
    """Of the edition; of the reading for a page that bears no year."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FoodKind:
    """How one kind of food keeps. Figures are the careful end of the sources' range."""

    slug: str
    name: str
    """English; pages translate it."""
    keeps_in: PlaceKind
    """Where it is kept unopened."""
    date_kind: DateKind
    """Which date its packs usually carry."""
    perishable: bool
    """Opened or thawed for too long is a matter of safety; otherwise of quality."""
    unopened_days: int | None
    """How long it usually keeps unopened where it is kept, from the day it is brought home: for estimates.
    None: nothing can be said."""
    opened_days: int
    """Days after the day of opening on which it is still good, kept in the fridge where it belongs there."""
    freezer_months: int
    """Months in the freezer at -18 °C without loss of quality."""
    thawed_hours: int
    """Hours in the fridge after thawing: a multiple of 24, reckoned in days."""
    sold_frozen: bool
    """Its printed date is meant for the freezer."""
    soon_one_in: int
    """It is to be used soon in the last of so many parts of its life."""
    piece_grams: Decimal | None
    """Typical mass of one piece."""
    pack_grams: Decimal
    """Typical mass of one pack."""
    sources: tuple[Source, ...]
    entry: str
    """What the figures were taken from, in the sources' words."""
    checked: Checked


@dataclass(frozen=True, kw_only=True, slots=True)
class Guidance:
    """One version of the storage guidance."""

    version: str
    rows: Mapping[str, FoodKind]

    def of(self, kind: str) -> FoodKind:
        """The row of a kind; the most careful one for a kind that this version does not know."""
        return self.rows.get(kind) or self.rows[UNKNOWN]


@cache
def guidance(version: str = CURRENT) -> Guidance:
    """A version of the guidance. Raises FileNotFoundError for one that never was."""
    text = resources.files(__package__).joinpath("guidance", f"{version}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    sources = {key: Source(**source) for key, source in table["source"].items()}
    rows = {slug: _row(slug, row, sources) for slug, row in table["kind"].items()}
    return Guidance(version=version, rows=rows)


def _row(slug: str, row: Mapping[str, Any], sources: Mapping[str, Source]) -> FoodKind:
    piece = row.get("piece_grams")
    return FoodKind(
        slug=slug,
        name=row["name"],
        keeps_in=PlaceKind(row["keeps_in"]),
        date_kind=DateKind(row["date_kind"]),
        perishable=row["perishable"],
        unopened_days=row.get("unopened_days"),
        opened_days=row["opened_days"],
        freezer_months=row["freezer_months"],
        thawed_hours=row["thawed_hours"],
        sold_frozen=row.get("sold_frozen", False),
        soon_one_in=row["soon_one_in"],
        piece_grams=None if piece is None else Decimal(piece),
        pack_grams=Decimal(row["pack_grams"]),
        sources=tuple(sources[key] for key in row["sources"]),
        entry=row["entry"],
        checked=Checked(row["checked"]),
    )
