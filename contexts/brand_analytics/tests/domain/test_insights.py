"""The view of a brand is made of released numbers, and says nothing that they do not."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from contexts.brand_analytics.domain.insights import Course, Day, DayState, Product, by_scans, course
from contexts.brand_analytics.domain.periods import PERIODS, Period, choices

LAST = date(2025, 3, 14)
periods = st.builds(Period, days=st.sampled_from(PERIODS), last=st.just(LAST))


@st.composite
def days(draw: st.DrawFn) -> dict[date, Day]:
    """What was released of up to a hundred days."""
    found = {}
    for ago in draw(st.sets(st.integers(0, 100))):
        day = LAST - timedelta(days=ago)
        people = draw(st.none() | st.integers(5, 500))
        found[day] = Day.released(
            day=day,
            has_cell=draw(st.booleans()),
            scans=None if people is None else people + draw(st.integers(0, 50)),
            people=people,
        )
    return found


@given(period=periods, released=days(), since_days=st.integers(0, 120))
def test_a_course_has_every_day_once(period: Period, released: dict[date, Day], since_days: int) -> None:
    since = LAST - timedelta(days=since_days)
    shown = course(period=period, since=since, released=released)
    first = max(period.first, since)
    assert [day.day for day in shown.days] == [
        first + timedelta(days=n) for n in range((LAST - first).days + 1)
    ]
    assert all(day == released.get(day.day, Day(day=day.day, state=DayState.MISSING)) for day in shown.days)


@given(period=periods, released=days())
def test_sums_are_those_of_the_shown_days(period: Period, released: dict[date, Day]) -> None:
    shown = course(period=period, since=date.min, released=released)
    numbers = [day for day in shown.days if day.state is DayState.SHOWN]
    assert shown.has_numbers == bool(numbers)
    assert sum(shown.count(state) for state in DayState) == len(shown.days) == period.days
    if not numbers:
        assert (shown.scans, shown.people_per_day, shown.busiest) == (None, None, None)
        return
    assert shown.scans == sum(day.scans or 0 for day in numbers)
    people = [day.people or 0 for day in numbers]
    assert shown.people_per_day is not None
    assert min(people) <= shown.people_per_day <= max(people)
    assert shown.busiest is not None
    assert shown.busiest.people == max(people)


@given(released=days())
def test_hidden_days_have_no_number(released: dict[date, Day]) -> None:
    for day in released.values():
        if day.state in {DayState.HIDDEN, DayState.MISSING}:
            assert (day.scans, day.people) == (None, None)
        if day.state is DayState.QUIET:
            assert (day.scans, day.people) == (0, 0)


def test_no_course_at_all() -> None:
    assert Course(days=()).scans is None


@given(released_days=st.integers(1, 400), selected=st.sampled_from(PERIODS))
def test_a_longer_period_is_offered_once_it_shows_more(released_days: int, selected: int) -> None:
    offered = choices(selected=selected, first=LAST - timedelta(days=released_days - 1), last=LAST)
    assert [choice.days for choice in offered] == list(PERIODS)
    assert [choice.days for choice in offered if choice.selected] == [selected]
    assert [choice.available for choice in offered] == [True, released_days > 7, released_days > 28]


@given(scans=st.lists(st.none() | st.integers(5, 1000)))
def test_the_most_scanned_product_comes_first(scans: list[int | None]) -> None:
    products = [
        Product(gtin=f"{n:014}", name="", scans=number, people_per_day=None, days_shown=0, days_hidden=0)
        for n, number in enumerate(scans)
    ]
    numbers = [product.scans for product in by_scans(products)]
    shown = [number for number in numbers if number is not None]
    assert shown == sorted(shown, reverse=True)
    assert numbers[len(shown) :] == [None] * (len(numbers) - len(shown))
