"""`manage.py down`: stop what `manage.py up` started, also when the supervisor itself was killed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from packytrace import supervisor


class Command(BaseCommand):
    """Stop the stack of this state folder and its embedded server; does nothing when nothing runs."""

    help = "Stop what `up` started from the same state folder."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        stopped = supervisor.stop_running(settings.STATE)
        if settings.DATABASE_EMBEDDED and settings.EMBEDDED_SERVER.running():
            settings.EMBEDDED_SERVER.stop()
            stopped += 1
        self.stdout.write(f"Stopped {stopped} processes." if stopped else "Nothing was running.")
