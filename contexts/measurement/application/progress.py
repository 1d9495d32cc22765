"""How far the windows are closed."""

from datetime import date

from django.db.models import Max

from contexts.measurement.models import Window


def is_closed(*, day: date) -> bool:
    """Whether the window of a day is closed: nothing counts in it any more."""
    return Window.objects.filter(day=day, closed_at__isnull=False).exists()


def last_closed_day() -> date | None:
    """The latest window that is closed; None before the first."""
    found: date | None = Window.objects.filter(closed_at__isnull=False).aggregate(day=Max("day"))["day"]
    return found
