"""`manage.py alive`: whether a part on this host does its work; for health checks of containers."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from packytrace.facts.heartbeat import complaints

#: Seconds. Beat saves its schedule after each turn, and turns at least every 5 minutes.
BEAT_SAVES: Final = 900.0


class Command(BaseCommand):
    """Exit code 0 when the part is well; else 1, and a sentence that says why. Asks no database."""

    help = "Say whether a part on this host gave a sign of life and has no lasting trouble."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=["relay", "consumers", "beat"])

    def handle(self, *_args: Any, part: str, **_options: Any) -> None:
        said = list(_beat() if part == "beat" else complaints(part))
        if said:
            self.stdout.write(" ".join(said))
            sys.exit(1)


def _beat() -> Iterator[str]:
    schedule = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    # Python's dbm adds an ending to the name, which one depends on the library behind it.
    saved = [file.stat().st_mtime for file in schedule.parent.glob(f"{schedule.name}*") if file.is_file()]
    age = time.time() - max(saved, default=0.0)
    if not saved:
        yield f"beat has saved no schedule at {schedule}."
    elif age > BEAT_SAVES:
        yield f"beat saved its schedule {age:.0f} s ago."
