"""What a brand is shown: made of Released Cells and of nothing else, so that it tells no more than they do.

Scans add up over days. People do not: who scans on two days is a person of each, and nobody knows any more
that it was the same one. Therefore people are only ever said per day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from contexts.brand_analytics.domain.periods import Choice, Period


class DayState(Enum):
    """What is known of a day."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    """There were scans; too few people to show, or shown they would tell of too few."""
    QUIET = "no scans"
    MISSING = "not released"
    """Its window was never released."""


@dataclass(frozen=True, kw_only=True)
class Day:
    """One window. Figures are numbers where it is shown, 0 where it was quiet, else None."""

    day: date
    state: DayState
    scans: int | None = None
    people: int | None = None

    @classmethod
    def released(cls, *, day: date, has_cell: bool, scans: int | None, people: int | None) -> "Day":
        """A day as its release tells it."""
        if not has_cell:
            return cls(day=day, state=DayState.QUIET, scans=0, people=0)
        if scans is None or people is None:
            return cls(day=day, state=DayState.HIDDEN)
        return cls(day=day, state=DayState.SHOWN, scans=scans, people=people)


@dataclass(frozen=True, kw_only=True)
class Course:
    """Day after day, without gaps, the oldest first."""

    days: tuple[Day, ...]

    @property
    def shown(self) -> tuple[Day, ...]:
        """The days with numbers."""
        return tuple(day for day in self.days if day.state is DayState.SHOWN)

    @property
    def has_numbers(self) -> bool:
        """False: not enough data yet."""
        return bool(self.shown)

    @property
    def scans(self) -> int | None:
        """Scans on the days that can be shown; None where there is no such day."""
        return sum(day.scans or 0 for day in self.shown) if self.shown else None

    @property
    def people_per_day(self) -> int | None:
        """People on an average day among those that can be shown; None where there is no such day."""
        return round(sum(day.people or 0 for day in self.shown) / len(self.shown)) if self.shown else None

    @property
    def busiest(self) -> Day | None:
        """The day with the most people, the latest of equals; None where no day can be shown."""
        return max(self.shown, key=lambda day: (day.people or 0, day.day), default=None)

    def count(self, state: DayState) -> int:
        """How many days are in a state."""
        return sum(day.state is state for day in self.days)


def course(*, period: Period, since: date, released: Mapping[date, Day]) -> Course:
    """The days of a period, from the brand's first release on; days without a release are missing."""
    first = max(period.first, since)
    days = (first + timedelta(days=number) for number in range((period.last - first).days + 1))
    return Course(days=tuple(released.get(day, Day(day=day, state=DayState.MISSING)) for day in days))


@dataclass(frozen=True, kw_only=True)
class Product:
    """One product over a period. Days without a scan of it have no cell and count nowhere."""

    gtin: str
    name: str
    """Empty where no source states one."""
    scans: int | None
    """Scans on the days that can be shown; None where there is no such day."""
    people_per_day: int | None
    """People on an average day among those that can be shown."""
    days_shown: int
    days_hidden: int


def by_scans(products: Sequence[Product]) -> tuple[Product, ...]:
    """The most scanned first; those without a number last, by name."""
    return tuple(
        sorted(products, key=lambda product: (product.scans is None, -(product.scans or 0), product.name))
    )


@dataclass(frozen=True, kw_only=True)
class Insights:
    """What the console shows of a brand and a period."""

    brand_name: str
    period: Period | None
    """None: no window was released yet."""
    choices: tuple[Choice, ...]
    k: int | None
    """How many people the latest cells needed to be shown."""
    course: Course
    products: tuple[Product, ...]

    @property
    def has_numbers(self) -> bool:
        """False: not enough data yet."""
        return self.course.has_numbers or any(product.scans is not None for product in self.products)

    @property
    def product_days(self) -> int:
        """Cells of products: one for each product and day on which somebody scanned it."""
        return sum(product.days_shown + product.days_hidden for product in self.products)

    @property
    def product_days_hidden(self) -> int:
        """How many of those cells privacy rules hide."""
        return sum(product.days_hidden for product in self.products)

    @property
    def hidden_share(self) -> float | None:
        """The share of product-days that privacy rules hide, 0 to 1; None where there is no cell.

        A share of cells: whether a cell is hidden is public, how many scans are behind it is not.
        """
        return self.product_days_hidden / self.product_days if self.product_days else None


@dataclass(frozen=True, kw_only=True)
class ProductInsights:
    """What the console shows of one product and a period."""

    gtin: str
    name: str
    period: Period | None
    choices: tuple[Choice, ...]
    k: int | None
    course: Course
