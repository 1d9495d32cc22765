"""Retention: raw facts are destroyed in time, whatever else works or fails."""

from datetime import datetime

import structlog
from django.db import transaction

from contexts.measurement.application.closing import destroy, destroy_week
from contexts.measurement.domain import windows
from contexts.measurement.models import Week, Window

_log = structlog.get_logger(__name__)


def purge(*, now: datetime) -> int:
    """Destroy raw facts and keys of windows, days and weeks, that started 14 days ago or earlier; returns how
    many.

    They were never released: nobody managed to close them in time.
    """
    expired = Window.objects.filter(closed_at=None, day__lte=windows.last_expired_day(now=now))
    weeks = Week.objects.filter(closed_at=None, monday__lte=windows.last_expired_day(now=now))
    return sum(_destroy_unreleased(window=window, now=now) for window in expired.order_by("day")) + sum(
        _destroy_unreleased_week(week=week, now=now) for week in weeks.order_by("monday")
    )


def _destroy_unreleased(*, window: Window, now: datetime) -> bool:
    with transaction.atomic(using="measurement"):
        locked = Window.objects.select_for_update().get(day=window.day)
        if locked.closed_at is not None:
            return False
        destroy(window=locked, now=now)
    _log.error("window_expired_unreleased", day=window.day.isoformat())
    return True


def _destroy_unreleased_week(*, week: Week, now: datetime) -> bool:
    with transaction.atomic(using="measurement"):
        locked = Week.objects.select_for_update().get(monday=week.monday)
        if locked.closed_at is not None:
            return False
        destroy_week(week=locked, now=now)
    _log.error("week_expired_unreleased", monday=week.monday.isoformat())
    return True
