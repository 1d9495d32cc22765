"""Releases as measurement publishes them."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID


class Cube(Enum):
    """The tables of numbers that are shown; cells of other cubes are passed over."""

    PRODUCT_DAY = "scans_by_product_day"
    BRAND_DAY = "scans_by_brand_day"
    STORED_DAY = "stored_by_product_day"
    FINISHED_WEEK = "finished_by_product_week"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One number that may be shown; without figures, the statement that there is one that may not."""

    cell_id: UUID
    gtin: str
    """Empty in the cube per brand."""
    scans: int | None
    people: int | None
    """Households in the cubes of fridges."""
    items: int | None = None
    """In the cubes of fridges, in place of scans."""
    outcome: str = ""
    """In the cube of finished items: `used`, `wasted` or `given`."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """The cells of one brand, cube and window."""

    release_id: UUID
    brand_id: UUID
    cube: Cube
    day: date
    """The window's first."""
    k: int
    cells: tuple[Cell, ...]
