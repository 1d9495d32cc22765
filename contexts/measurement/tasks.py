"""What measurement does on schedule."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from contexts.measurement.application import closing, retention


@shared_task(name="measurement.close_windows")
def close_windows() -> None:
    """Close every window that is due."""
    closing.close_windows(now=timezone.now(), k=settings.MEASUREMENT_K)


@shared_task(name="measurement.purge")
def purge() -> None:
    """Destroy what may not be kept any longer: on its own, because closing may fail."""
    retention.purge(now=timezone.now())
