"""What operators watch: facts that wait, letters, and how far consumers are behind. Plain numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connections

from packytrace.databases import roles
from packytrace.facts.fact import Consumer
from packytrace.facts.log import Log
from packytrace.facts.relay import PUBLISHERS


@dataclass(frozen=True, kw_only=True)
class OutboxState:
    """How many facts of a context wait for the relay, and for how many seconds the oldest has."""

    waiting: int
    oldest: float
    dead: int
    """Facts that the log refused and that wait for an operator."""


def outboxes() -> Mapping[str, OutboxState]:
    """The state of every publishing context's outbox, read in the context's own role.

    The oldest fact's age counts from when it happened.
    """
    return {context: _outbox(context) for context in PUBLISHERS}


def letters() -> Mapping[tuple[str, str], int]:
    """Letters per (context, consumer); a consumer without any is not in it."""
    found: dict[tuple[str, str], int] = {}
    for context in roles.CONTEXTS:
        with connections[context].cursor() as cursor:
            cursor.execute("SELECT consumer, count(*) FROM dead_letter GROUP BY consumer")
            found.update({(context, consumer): count for consumer, count in cursor})
    return found


def lag(*, consumers: Iterable[Consumer], log: Log) -> Mapping[tuple[str, str], int]:
    """Facts per (consumer, topic) that are in the log and not handled yet. Raises LogUnavailable."""
    return {
        (consumer.name, topic): behind
        for consumer in consumers
        for topic, behind in log.lag(consumer).items()
    }


def _outbox(context: str) -> OutboxState:
    with connections[context].cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM outbox),"
            " (SELECT EXTRACT(EPOCH FROM clock_timestamp() - occurred_at) FROM outbox ORDER BY id LIMIT 1),"
            " (SELECT count(*) FROM outbox_dead)"
        )
        waiting, oldest, dead = cursor.fetchone()
    return OutboxState(waiting=waiting, oldest=max(0.0, float(oldest or 0.0)), dead=dead)
