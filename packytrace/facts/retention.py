"""How long a context keeps what it has heard: inbox rows and letters go when the log's fact goes."""

from datetime import timedelta
from typing import Final

from django.db import connections
from django.utils import timezone

from packytrace.facts import topics
from packytrace.facts.fact import Consumer

#: A fact may still arrive for a moment after its topic's retention has ended.
_MARGIN: Final = timedelta(days=1)


def trim(consumer: Consumer) -> tuple[int, int]:
    """Delete the consumer's expired inbox rows and letters; returns how many of each.

    An inbox row goes when no log can bring its fact again; where a topic keeps facts for ever, rows stay, or
    a fact that comes again would take effect twice. A letter goes when the fact in the log does: raw facts
    that are set aside live no longer than others.
    """
    kept = [topics.topic_named(name).retention for name in consumer.topics]
    inbox = 0
    with connections[consumer.context].cursor() as cursor:
        if None not in kept:
            longest = max(span for span in kept if span is not None)
            cursor.execute(
                "DELETE FROM inbox WHERE consumer = %s AND handled_at < %s",
                [consumer.name, timezone.now() - longest - _MARGIN],
            )
            inbox = cursor.rowcount
        cursor.execute(
            "DELETE FROM dead_letter WHERE consumer = %s AND expires_at < clock_timestamp()", [consumer.name]
        )
        return inbox, cursor.rowcount
