"""Retention: what may not be kept any longer is destroyed, whatever else works or fails."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from contexts.measurement.application.closing import destroy
from contexts.measurement.domain import windows
from contexts.measurement.models import InboxFact, Window

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Purged:
    """What was destroyed."""

    windows: int
    """Windows that were never released: nobody managed to close them in time."""
    handled_facts: int
    """Ids of facts that no log holds any more."""


def purge(*, now: datetime) -> Purged:
    """Destroy raw facts and keys of windows that started 14 days ago or earlier, released or not.

    Also forgets the ids of facts handled 14 days ago or earlier: the logs keep no consumer-side fact longer,
    and one that came again all the same would be too old to be taken in.
    """
    expired = Window.objects.filter(closed_at=None, day__lte=windows.last_expired_day(now=now))
    destroyed = sum(_destroy_unreleased(window=window, now=now) for window in expired.order_by("day"))
    forgotten, _ = InboxFact.objects.filter(handled_at__lte=now - windows.RAW_LIFETIME).delete()
    return Purged(windows=destroyed, handled_facts=forgotten)


def _destroy_unreleased(*, window: Window, now: datetime) -> bool:
    with transaction.atomic(using="measurement"):
        locked = Window.objects.select_for_update().get(day=window.day)
        if locked.closed_at is not None:
            return False
        destroy(window=locked, now=now)
    _log.error("window_expired_unreleased", day=window.day.isoformat())
    return True
