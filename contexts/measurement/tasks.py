"""What measurement does on schedule."""

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from contexts.measurement.application import closing, retention

_log = structlog.get_logger(__name__)


@shared_task(name="measurement.close_windows")
def close_windows() -> None:
    """Close every window that is due."""
    for closed in closing.close_windows(now=timezone.now(), k=settings.MEASUREMENT_K):
        _log.info(
            "window_closed",
            day=closed.day.isoformat(),
            days=closed.days,
            brands=closed.brands,
            cells_released=closed.cells_shown,
            cells_suppressed=closed.cells_hidden,
        )


@shared_task(name="measurement.purge")
def purge() -> None:
    """Destroy what may not be kept any longer: on its own, because closing may fail."""
    retention.purge(now=timezone.now())
