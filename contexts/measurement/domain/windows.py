"""Measurement Windows: one day in UTC each, open until it is closed, closed for ever.

What becomes of items is measured in windows of an ISO week in UTC, Monday to Sunday, named by the Monday.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

#: Time after a window's end in which facts that are on their way may still arrive.
GRACE: Final = timedelta(hours=2)

WEEK: Final = timedelta(days=7)

#: Raw facts live at most this long.
RAW_LIFETIME: Final = timedelta(days=14)


def day_of(moment: datetime) -> date:
    """The day in UTC, hence the window, that a moment belongs to. The moment is aware."""
    return moment.astimezone(UTC).date()


def start_of(day: date) -> datetime:
    """Midnight in UTC at which a window starts, itself included."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def end_of(day: date) -> datetime:
    """Midnight in UTC at which a window ends, itself excluded."""
    return start_of(day) + timedelta(days=1)


def week_of(day: date) -> date:
    """The Monday of the week, hence the window, that a day lies in."""
    return day - timedelta(days=day.weekday())


def last_due_week(*, now: datetime) -> date:
    """The Monday of the latest week that may be closed now: its end and the grace have passed."""
    return week_of(day_of(now - GRACE)) - WEEK


def due_at(day: date) -> datetime:
    """The moment from which a window may be closed."""
    return end_of(day) + GRACE


def is_due(*, day: date, now: datetime) -> bool:
    """Whether a window may be closed: its end and the grace for late facts have passed."""
    return due_at(day) <= now


def last_due_day(*, now: datetime) -> date:
    """The latest window that may be closed now; all earlier ones may be closed too."""
    return day_of(now - GRACE) - timedelta(days=1)


def is_too_late(*, day: date, last_closed: date) -> bool:
    """Whether a scan of a day arrives after the life of its raw fact.

    Told by the last window that was closed, not by a clock: the windows are the time that measurement knows.
    While they are closed as they fall due, a scan is too late after 14 days. Every log has lost it by then,
    and the inbox forgets soon after that it was counted: if it came again, it would count twice.
    """
    return end_of(last_closed) - start_of(day) >= RAW_LIFETIME


def last_expired_day(*, now: datetime) -> date:
    """The latest window whose raw facts must be gone now, released or not: it started a lifetime ago."""
    return day_of(now - RAW_LIFETIME)
