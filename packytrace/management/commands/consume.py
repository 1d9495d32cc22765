"""`manage.py consume`: lets the contexts hear each other's facts until it is stopped."""

import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from packytrace.databases import roles
from packytrace.databases.connections import require_passwords
from packytrace.facts.consuming import consume
from packytrace.facts.fact import Consumer
from packytrace.facts.log import configured_log


class Command(BaseCommand):
    """Run consumers, each in a thread of its own; several processes share the work."""

    help = "Handle facts; SIGTERM or Ctrl-C stops it. Without options: every consumer of every context."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--consumer", action="append", metavar="NAME", help="only this one; repeatable")
        parser.add_argument(
            "--context",
            action="append",
            choices=roles.CONTEXTS,
            help="only those of this context; repeatable",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        consumers = _chosen(names=options["consumer"], contexts=options["context"])
        contexts = sorted({consumer.context for consumer in consumers})
        require_passwords(roles.app(context) for context in contexts)
        if not settings.KAFKA_BOOTSTRAP_SERVERS:
            require_passwords(roles.reader(context) for context in contexts)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        consume(consumers=consumers, log=configured_log(), stop=stop)


def _chosen(*, names: list[str] | None, contexts: list[str] | None) -> list[Consumer]:
    from packytrace import wiring  # knows every context

    every = wiring.consumers()
    if unknown := set(names or ()) - {consumer.name for consumer in every}:
        known = ", ".join(sorted(consumer.name for consumer in every))
        raise CommandError(f"No consumer is called {', '.join(sorted(unknown))}. There are: {known}.")
    return [
        consumer
        for consumer in every
        if (not names or consumer.name in names) and (not contexts or consumer.context in contexts)
    ]
