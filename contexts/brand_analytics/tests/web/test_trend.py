"""The drawing tells no more than the table beside it: a point for each number, a gap where there is none."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.brand_analytics.domain.insights import Course, Day, DayState
from contexts.brand_analytics.tests.facts import FRIDAY
from contexts.brand_analytics.web.trend import HEIGHT, WIDTH, Trend, draw

SHOWN = st.tuples(st.integers(5, 10**6), st.integers(0, 10**6)).map(lambda pair: (pair[0] + pair[1], pair[0]))
FIGURES = st.one_of(SHOWN, st.sampled_from([DayState.HIDDEN, DayState.QUIET, DayState.MISSING]))


def _course(figures: list[tuple[int, int] | DayState]) -> Course:
    days = []
    for number, figure in enumerate(figures):
        day = FRIDAY + timedelta(days=number)
        if figure is DayState.QUIET:
            days.append(Day(day=day, state=DayState.QUIET, scans=0, people=0))
        elif isinstance(figure, DayState):
            days.append(Day(day=day, state=figure))
        else:
            days.append(Day(day=day, state=DayState.SHOWN, scans=figure[0], people=figure[1]))
    return Course(days=tuple(days))


COURSES = st.lists(FIGURES, min_size=1, max_size=90).map(_course)


def _points(path: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)]


def _value(y: float, trend: Trend) -> float:
    return (HEIGHT - y) / HEIGHT * trend.numbers[0]


@given(course=COURSES)
def test_each_number_is_a_point_at_its_day_and_height(course: Course) -> None:
    trend = draw(course)
    for path, numbers in (
        (
            trend.scans + trend.scans_alone,
            [(i, day.scans) for i, day in enumerate(course.days) if day.scans is not None],
        ),
        (
            trend.people + trend.people_alone,
            [(i, day.people) for i, day in enumerate(course.days) if day.people is not None],
        ),
    ):
        points = sorted(_points(path))
        assert len(points) == len(numbers)
        for (x, y), (index, value) in zip(points, numbers, strict=True):
            assert x == pytest.approx((index + 0.5) * WIDTH / len(course.days), abs=0.01)
            assert _value(y, trend) == pytest.approx(value, abs=trend.numbers[0] * 0.01 / HEIGHT)


@given(course=COURSES)
def test_lines_never_cross_a_day_without_a_number(course: Course) -> None:
    known = "".join("x" if day.scans is not None else " " for day in course.days).split()
    trend = draw(course)
    assert trend.area.count("M") == len(known)
    for line, alone in ((trend.scans, trend.scans_alone), (trend.people, trend.people_alone)):
        assert [run.count("L") + 1 for run in line.split("M")[1:]] == [
            len(run) for run in known if len(run) > 1
        ]
        assert alone.count("h0") == alone.count("M") == known.count("x")


@given(course=COURSES)
def test_a_hidden_day_has_a_place_and_no_number(course: Course) -> None:
    trend = draw(course)
    assert [band.hidden for band in trend.bands] == [day.state is DayState.HIDDEN for day in course.days]
    for band, day in zip(trend.bands, course.days, strict=True):
        words = band.says.split(": ")[1]
        assert any(letter.isdigit() for letter in words) == (day.state is DayState.SHOWN)


@given(course=COURSES)
def test_the_scale_fits_with_few_round_steps(course: Course) -> None:
    numbers = draw(course).numbers
    assert 2 <= len(numbers) <= 6
    assert numbers[-1] == 0
    assert numbers[0] >= max((day.scans or 0 for day in course.days), default=0)
    step = numbers[-2]
    assert [*numbers] == [step * i for i in range(len(numbers) - 1, -1, -1)]
    assert int(str(step).rstrip("0")) in {1, 2, 5}


@given(course=COURSES)
def test_dates_at_the_foot_are_evenly_spread(course: Course) -> None:
    assert 1 <= len(draw(course).days) <= 7
    assert len(course.days) % len(draw(course).days) == 0


@pytest.mark.parametrize(
    ("largest", "numbers"),
    [
        (5, (5, 4, 3, 2, 1, 0)),
        (6, (6, 4, 2, 0)),
        (11, (15, 10, 5, 0)),
        (97, (100, 80, 60, 40, 20, 0)),
        (251, (300, 200, 100, 0)),
        (1_000_000, (1_000_000, 800_000, 600_000, 400_000, 200_000, 0)),
    ],
)
def test_scales(largest: int, numbers: tuple[int, ...]) -> None:
    assert draw(_course([(largest, 5)])).numbers == numbers


@pytest.mark.parametrize(("days", "parts"), [(7, 7), (28, 7), (90, 6), (1, 1), (13, 1)])
def test_dates(days: int, parts: int) -> None:
    assert len(draw(_course([DayState.QUIET] * days)).days) == parts


def test_a_lone_day_is_a_dot() -> None:
    trend = draw(_course([DayState.HIDDEN, (20, 10), DayState.HIDDEN]))
    assert (trend.scans, trend.scans_alone) == ("", "M500 0h0")
    assert (trend.people, trend.people_alone) == ("", "M500 150h0")


def test_words() -> None:
    days = draw(_course([(30, 20), DayState.HIDDEN, DayState.QUIET, DayState.MISSING])).bands
    assert [band.says for band in days] == [
        "14 Mar 2025: 30 scans, 20 people",
        "15 Mar 2025: hidden by privacy rules",
        "16 Mar 2025: no scans",
        "17 Mar 2025: not released",
    ]
