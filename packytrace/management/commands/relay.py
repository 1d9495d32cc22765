"""`manage.py relay`: takes committed facts to the log until it is stopped."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from packytrace.databases import roles
from packytrace.databases.connections import require_passwords
from packytrace.facts.heartbeat import Heartbeat, Sign
from packytrace.facts.log import configured_log
from packytrace.facts.relay import Relay


class Command(BaseCommand):
    """Relay facts; any number may run side by side."""

    help = "Take committed facts from the outboxes to the log; SIGTERM or Ctrl-C stops it."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        require_passwords([roles.RELAY])
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        log = configured_log()
        relay = Relay(log=log)
        with Heartbeat(
            part="relay",
            describe=lambda: Sign(
                turned_at=relay.turned_at,
                trouble=relay.trouble,
                values={"log": log.name, "relayed": relay.relayed},
            ),
        ):
            relay.run(stop)
