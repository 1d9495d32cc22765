"""`manage.py database`: keeps the embedded PostgreSQL server running."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from packytrace.databases.embedded import EmbeddedServerFailed

#: Seconds between two looks at the server.
PERIOD = 1.0


class Command(BaseCommand):
    """Start the server, and start it again when it died; ends on SIGTERM and leaves the server running.

    The server is no child of this process: a supervisor that dies takes no transaction with it.
    """

    help = "Keep the embedded PostgreSQL server running."
    requires_system_checks = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.DATABASE_EMBEDDED:
            raise CommandError("DATABASE_URL is set: that server is not ours to start.")
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                settings.EMBEDDED_SERVER.start()
            except EmbeddedServerFailed as error:
                raise CommandError(str(error)) from error
            stop.wait(PERIOD)
