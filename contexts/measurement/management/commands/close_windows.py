"""`manage.py close_windows`: what Celery beat does every hour, by hand."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contexts.measurement.application.closing import close_windows
from contexts.measurement.domain.disclosure import ThresholdTooLow


class Command(BaseCommand):
    """Close the windows that are due; running it again, or twice at once, changes nothing."""

    help = "Release what is safe of every Measurement Window that is due, and destroy its raw facts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            closed = close_windows(now=timezone.now(), k=settings.MEASUREMENT_K)
        except ThresholdTooLow as error:
            raise CommandError(f"{error} Set MEASUREMENT_K to 5 or more.") from error
        for window in closed:
            length = "" if window.days == 1 else f", {window.days} days"
            self.stdout.write(
                f"{window.day}{length}: brands {window.brands}, cells released {window.cells_shown},"
                f" suppressed {window.cells_hidden}."
            )
        if not closed:
            self.stdout.write("No window is due.")
