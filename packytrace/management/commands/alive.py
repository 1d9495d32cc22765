"""`manage.py alive`: whether a part on this host does its work; for health checks of containers."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from packytrace.clockwork import beat_complaints
from packytrace.facts.heartbeat import complaints


class Command(BaseCommand):
    """Exit code 0 when the part is well; else 1, and a sentence that says why. Asks no database."""

    help = "Say whether a part on this host gave a sign of life and has no lasting trouble."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("part", choices=["relay", "consumers", "beat"])

    def handle(self, *_args: Any, part: str, **_options: Any) -> None:
        said = list(beat_complaints() if part == "beat" else complaints(part))
        if said:
            self.stdout.write(" ".join(said))
            sys.exit(1)
