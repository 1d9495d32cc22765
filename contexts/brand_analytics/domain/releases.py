"""Releases as measurement publishes them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID


class Cube(Enum):
    """The tables of numbers that are shown; cells of other cubes are passed over."""

    PRODUCT_DAY = "scans_by_product_day"
    BRAND_DAY = "scans_by_brand_day"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number that may be shown; without figures, the statement that there is one that may not."""

    cell_id: UUID
    gtin: str
    """Empty in the cube per brand."""
    scans: int | None
    people: int | None


@dataclass(frozen=True, kw_only=True)
class Release:
    """The cells of one brand, cube and window."""

    release_id: UUID
    brand_id: UUID
    cube: Cube
    day: date
    k: int
    cells: tuple[Cell, ...]
