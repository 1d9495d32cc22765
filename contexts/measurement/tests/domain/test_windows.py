"""Windows are days in UTC: every moment is in one, and none is open for ever."""

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from contexts.measurement.domain import windows

offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.builds(datetime.fromtimestamp, st.integers(1_577_836_800, 4_102_444_800), offsets)


@given(moment=moments)
def test_every_moment_is_in_exactly_its_window(moment: datetime) -> None:
    day = windows.day_of(moment)
    assert windows.start_of(day) <= moment < windows.end_of(day)
    assert windows.end_of(day) == windows.start_of(day + timedelta(days=1))


@given(now=moments, days_ago=st.integers(-3, 20))
def test_what_is_due_agrees_with_the_last_due_day(now: datetime, days_ago: int) -> None:
    day = windows.day_of(now) - timedelta(days=days_ago)
    assert windows.is_due(day=day, now=now) == (day <= windows.last_due_day(now=now))


def test_a_window_is_due_two_hours_after_its_end() -> None:
    day = date(2025, 3, 14)
    assert not windows.is_due(day=day, now=datetime(2025, 3, 15, 1, 59, 59, tzinfo=UTC))
    assert windows.is_due(day=day, now=datetime(2025, 3, 15, 2, tzinfo=UTC))


@given(scanned_at=moments, age=st.timedeltas(timedelta(0), timedelta(days=20)))
def test_a_scan_is_too_late_after_fourteen_days(scanned_at: datetime, age: timedelta) -> None:
    """While windows are closed as they fall due, and but for the two hours in which they are not yet due."""
    last_closed = windows.last_due_day(now=scanned_at + age)
    too_late = windows.is_too_late(day=windows.day_of(scanned_at), last_closed=last_closed)
    if age >= timedelta(days=14) + windows.GRACE:
        assert too_late
    if age < timedelta(days=13):
        assert not too_late


@given(now=moments)
def test_no_raw_fact_outlives_fourteen_days(now: datetime) -> None:
    """Every window that is not expired has started less than fourteen days ago."""
    first_kept = windows.last_expired_day(now=now) + timedelta(days=1)
    assert now - windows.start_of(first_kept) < timedelta(days=14)
