"""Periods: whole windows only, ending with the last one that was released."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

#: What can be asked for, in days. Nothing in between: the difference of two freely chosen periods would be a
#: number that nobody decided to show.
PERIODS: Final = (7, 28, 90)

#: What is shown where nobody chose.
USUAL: Final = 28


@dataclass(frozen=True, kw_only=True)
class Period:
    """So many windows of one day in UTC."""

    days: int
    last: date
    """Itself included."""

    @property
    def first(self) -> date:
        """Itself included."""
        return self.last - timedelta(days=self.days - 1)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One period of the choice."""

    days: int
    selected: bool
    available: bool
    """Whether it shows anything that a shorter one does not."""


def choices(*, selected: int, first: date, last: date) -> tuple[Choice, ...]:
    """The periods of a brand whose windows were released from `first` to `last`."""
    released = (last - first).days + 1
    shorter = (0, *PERIODS)
    return tuple(
        Choice(days=days, selected=days == selected, available=released > less)
        for days, less in zip(PERIODS, shorter, strict=False)
    )
