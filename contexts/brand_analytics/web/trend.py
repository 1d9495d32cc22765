"""The trend as a drawing: lines over days, with a gap wherever there is no number.

Drawn on the server, in the units of a view box that is stretched to the place it gets; labels are text beside
it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contexts.brand_analytics.domain.insights import Course, Day, DayState

WIDTH: Final = 1000
HEIGHT: Final = 300
_MOST_STEPS: Final = 5
_MOST_LABELS: Final = 7


@dataclass(frozen=True, kw_only=True)
class Band:
    """The place of one day."""

    x: str
    width: str
    hidden: bool
    says: str
    """What the day has to tell, in words."""


@dataclass(frozen=True, kw_only=True)
class Trend:
    """A drawing and the labels around it."""

    scans: str
    """Path of the line of scans."""
    people: str
    """Path of the line of people."""
    scans_alone: str
    """Path of the scans of days whose neighbours have no number: lines without length, hence dots."""
    people_alone: str
    area: str
    """Path of the area below the scans."""
    bands: tuple[Band, ...]
    grid: tuple[str, ...]
    """Heights of the lines across, from the top."""
    numbers: tuple[int, ...]
    """What those lines stand for, from the top to 0."""
    days: tuple[str, ...]
    """Dates at the foot, evenly spread, each at the start of its part."""
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def has_hidden_days(self) -> bool:
        """Whether the legend must explain the bands of days without a number."""
        return any(band.hidden for band in self.bands)


def draw(course: Course) -> Trend:
    """Draw a course with at least one day."""
    step = _step(max((day.scans or 0 for day in course.days), default=0))
    steps = max(1, ceil(max((day.scans or 0 for day in course.days), default=0) / step))
    top = step * steps
    width = WIDTH / len(course.days)

    def at(index: int, value: int) -> str:
        return f"{_text((index + 0.5) * width)} {_text(HEIGHT - HEIGHT * value / top)}"

    parts = _parts(len(course.days))
    return Trend(
        scans=_line(course.days, at=at, value=lambda day: day.scans),
        people=_line(course.days, at=at, value=lambda day: day.people),
        scans_alone=_dots(course.days, at=at, value=lambda day: day.scans),
        people_alone=_dots(course.days, at=at, value=lambda day: day.people),
        area=_area(course.days, at=at),
        bands=tuple(
            Band(
                x=_text(index * width),
                width=_text(width),
                hidden=day.state is DayState.HIDDEN,
                says=_says(day),
            )
            for index, day in enumerate(course.days)
        ),
        grid=tuple(_text(HEIGHT * number / steps) for number in range(steps + 1)),
        numbers=tuple(step * number for number in range(steps, -1, -1)),
        days=tuple(
            date_format(course.days[number * len(course.days) // parts].day, "MONTH_DAY_FORMAT")
            for number in range(parts)
        ),
    )


def _step(largest: int) -> int:
    """The smallest of 1, 2, 5, 10, 20, 50, ... that needs at most five steps to the largest number."""
    step, factors = 1, (2, 5 / 2, 2)
    turn = 0
    while largest > step * _MOST_STEPS:
        step = int(step * factors[turn % 3])
        turn += 1
    return step


def _parts(days: int) -> int:
    """Into how many equal parts the foot is divided: as many dates as fit on a phone."""
    return max(number for number in range(1, _MOST_LABELS + 1) if days % number == 0)


def _runs(days: Sequence[Day]) -> list[list[tuple[int, Day]]]:
    """Days with numbers that follow each other; what lies between has none."""
    grouped = groupby(enumerate(days), key=lambda item: item[1].scans is not None)
    return [list(run) for known, run in grouped if known]


def _line(days: Sequence[Day], *, at: Callable[[int, int], str], value: Callable[[Day], int | None]) -> str:
    return "".join(
        "M" + "L".join(at(index, value(day) or 0) for index, day in run)
        for run in _runs(days)
        if len(run) > 1
    )


def _dots(days: Sequence[Day], *, at: Callable[[int, int], str], value: Callable[[Day], int | None]) -> str:
    return "".join(
        f"M{at(index, value(day) or 0)}h0" for run in _runs(days) if len(run) == 1 for index, day in run
    )


def _area(days: Sequence[Day], *, at: Callable[[int, int], str]) -> str:
    paths = []
    for run in _runs(days):
        points = [at(index, day.scans or 0) for index, day in run]
        paths.append(f"M{at(run[0][0], 0)}L{'L'.join(points)}L{at(run[-1][0], 0)}Z")
    return "".join(paths)


def _says(day: Day) -> str:
    date = date_format(day.day, "SHORT_DATE_FORMAT")
    match day.state:
        case DayState.SHOWN:
            scans = ngettext("%(n)s scan", "%(n)s scans", day.scans or 0) % {"n": day.scans}
            people = ngettext("%(n)s person", "%(n)s people", day.people or 0) % {"n": day.people}
            return _("%(date)s: %(scans)s, %(people)s") % {"date": date, "scans": scans, "people": people}
        case DayState.HIDDEN:
            return _("%(date)s: hidden by privacy rules") % {"date": date}
        case DayState.QUIET:
            return _("%(date)s: no scans") % {"date": date}
        case DayState.MISSING:
            return _("%(date)s: not released") % {"date": date}


def _text(number: float) -> str:
    """A number as SVG reads it in every language."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
