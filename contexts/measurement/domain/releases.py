"""Releases: what crosses the privacy wall when a window closes."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final
from uuid import UUID

from contexts.measurement.domain.disclosure import Figures, Holdings

#: As many cells as one release may hold (contract AggregateReleased): more products make several releases.
MOST_CELLS: Final = 5000


class Cube(Enum):
    """The tables of numbers that are declared in advance; no other is ever computed."""

    PRODUCT_DAY = "scans_by_product_day"
    BRAND_DAY = "scans_by_brand_day"
    STORED_DAY = "stored_by_product_day"
    FINISHED_WEEK = "finished_by_product_week"


class Outcome(Enum):
    """What became of an item."""

    USED = "used"
    WASTED = "wasted"
    GIVEN = "given"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number that may be shown, or the statement that there is one that may not."""

    cell_id: UUID
    """Random: says nothing about what it counts."""
    gtin: str | None
    """The product; None in the cube per brand."""
    figures: Figures | Holdings | None
    """None: suppressed."""
    outcome: Outcome | None = None
    """In the cube of finished items."""


@dataclass(frozen=True, kw_only=True)
class AggregateReleased:
    """The cells of one brand, cube and window, written once."""

    release_id: UUID
    brand_id: UUID
    cube: Cube
    day: date
    """The window's first."""
    k: int
    cells: tuple[Cell, ...]
    """Empty where the brand had no scan. Of fridges there is no release without a cell."""
    released_at: datetime

    @property
    def is_week(self) -> bool:
        """Whether the window is the week that begins on its day, and not the day alone."""
        return self.cube is Cube.FINISHED_WEEK
