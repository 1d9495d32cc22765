"""How far the windows are closed."""

from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Max, Min

from contexts.measurement.domain import windows
from contexts.measurement.models import Week, Window

#: How late a close may be before somebody should look: a few ticks of the schedule.
_PATIENCE: Final = timedelta(hours=1)


def is_closed(*, day: date) -> bool:
    """Whether the window of a day is closed: nothing counts in it any more."""
    return Window.objects.filter(day=day, closed_at__isnull=False).exists()


def last_closed_day() -> date | None:
    """The latest window that is closed; None before the first."""
    found: date | None = Window.objects.filter(closed_at__isnull=False).aggregate(day=Max("day"))["day"]
    return found


def oldest_overdue_day(*, now: datetime) -> date | None:
    """The first day of the oldest window, a day or a week, that should have been closed an hour ago or
    earlier; None where none is."""
    overdue = Window.objects.filter(closed_at=None, day__lte=windows.last_due_day(now=now - _PATIENCE))
    weeks = Week.objects.filter(closed_at=None, monday__lte=windows.last_due_week(now=now - _PATIENCE))
    found = (overdue.aggregate(day=Min("day"))["day"], weeks.aggregate(day=Min("monday"))["day"])
    return min((day for day in found if day is not None), default=None)
