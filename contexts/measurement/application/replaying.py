"""Starting over: reading all scans again, which is possible until the first window is closed."""

from django.utils.translation import gettext as _

from contexts.measurement.application.errors import AlreadyReleased
from contexts.measurement.models import RawScan, Window


def start_over() -> None:
    """Forget every raw fact, in the transaction that sends the consumer back to the start of its topics.

    Raises AlreadyReleased once a window is closed: its scans would count a second time, in later windows.
    """
    if Window.objects.filter(closed_at__isnull=False).exists():
        raise AlreadyReleased(
            _("Windows have been released and are never counted again: measurement cannot start over.")
        )
    RawScan.objects.all().delete()
