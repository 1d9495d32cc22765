"""Starting over: reading everything again, which is possible until the first window is closed."""

from django.utils.translation import gettext as _

from contexts.measurement.application.errors import AlreadyReleased
from contexts.measurement.models import RawFinished, RawScan, RawStored, Week, Window


def start_over() -> None:
    """Forget every raw fact, in the transaction that sends the consumer back to the start of its topics.

    Raises AlreadyReleased once a window is closed: its scans would count a second time, in later windows.
    """
    if any(window.objects.filter(closed_at__isnull=False).exists() for window in (Window, Week)):
        raise AlreadyReleased(
            _("Windows have been released and are never counted again: measurement cannot start over.")
        )
    for raw in (RawScan, RawStored, RawFinished):
        raw.objects.all().delete()
