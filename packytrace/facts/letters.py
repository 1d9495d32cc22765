"""Letters: facts that a consumer could not handle, set aside with the later facts of their keys."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from packytrace.facts import locks, topics
from packytrace.facts.envelope import to_fact
from packytrace.facts.fact import Consumer
from packytrace.facts.handling import apply, describe
from packytrace.facts.locks import AdvisoryLock
from packytrace.facts.log import Received
from packytrace.facts.transient import is_transient

#: Why a fact is set aside that nobody has tried yet.
BEHIND: Final = "An earlier fact of the same key is set aside."


@dataclass(frozen=True, slots=True)
class Letter:
    """A fact that was set aside; the fields are the table's columns."""

    id: int
    consumer: str
    topic: str
    event_id: UUID
    key: str
    message: bytes
    reason: str
    attempts: int
    set_aside_at: datetime
    expires_at: datetime | None


_COLUMNS: Final = ", ".join(field.name for field in fields(Letter))


class StillFails(Exception):
    """A letter was tried again and the consumer still cannot handle it; the text says why, without values."""


def held_keys(consumer: Consumer) -> set[tuple[str, str]]:
    """(topic, key) of everything the consumer has set aside, inside its transaction.

    Where there is anything, nobody tries letters again until the transaction is over: else the last letter of
    a key could be resolved between this look and the setting aside of the key's next fact, which would then
    lie there alone.
    """
    with connections[consumer.context].cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM dead_letter WHERE consumer = %s)", [consumer.name])
        if cursor.fetchone() != (True,):
            return set()
        cursor.execute(locks.TAKE, AdvisoryLock.LETTERS.of(consumer.context, consumer.name))
        cursor.execute("SELECT DISTINCT topic, key FROM dead_letter WHERE consumer = %s", [consumer.name])
        return set(cursor.fetchall())


def set_aside(received: Received, *, consumer: Consumer, event_id: UUID, reason: str, attempts: int) -> None:
    """Keep a message for an operator, inside the consumer's transaction."""
    retention = topics.topic_named(received.topic).retention
    with connections[consumer.context].cursor() as cursor:
        cursor.execute(
            "INSERT INTO dead_letter"
            " (consumer, topic, event_id, key, message, reason, attempts, set_aside_at, expires_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, clock_timestamp(), %s)",
            [
                consumer.name,
                received.topic,
                event_id,
                received.key,
                received.value,
                reason,
                attempts,
                None if retention is None else received.appended_at + retention,
            ],
        )


def pending(*, context: str, letter_id: int | None = None) -> list[Letter]:
    """The context's letters in the order of their setting aside; only one of them when its id is given."""
    with connections[context].cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM dead_letter WHERE id = COALESCE(%s::bigint, id) ORDER BY id",  # noqa: S608 - our own field names
            [letter_id],
        )
        return [Letter(*row) for row in cursor]


def retry(*, consumer: Consumer, topic: str, key: str) -> int:
    """Try a key's letters again, oldest first, until none is left; returns how many are resolved.

    Raises StillFails at the first that fails: it and those after it stay where they are.
    """
    resolved = 0
    while _retry_oldest(consumer=consumer, topic=topic, key=key):
        resolved += 1
    return resolved


def drop(*, context: str, letter_id: int) -> bool:
    """Give a letter up: its fact never takes effect. Whether there was one."""
    with connections[context].cursor() as cursor:
        cursor.execute("DELETE FROM dead_letter WHERE id = %s", [letter_id])
        return bool(cursor.rowcount)


def _retry_oldest(*, consumer: Consumer, topic: str, key: str) -> bool:
    """Handle the oldest letter of a key and delete it, in one transaction; whether there was one."""
    number: int | None = None
    try:
        with transaction.atomic(using=consumer.context), connections[consumer.context].cursor() as cursor:
            cursor.execute(locks.TAKE, AdvisoryLock.LETTERS.of(consumer.context, consumer.name))
            cursor.execute(
                "SELECT id, message FROM dead_letter WHERE consumer = %s AND topic = %s AND key = %s"
                " ORDER BY id LIMIT 1",
                [consumer.name, topic, key],
            )
            if (found := cursor.fetchone()) is None:
                return False
            number, message = found
            if (fact := to_fact(bytes(message), topic=topic)) is not None:
                apply(fact, consumer=consumer, topic=topic)
            cursor.execute("DELETE FROM dead_letter WHERE id = %s", [number])
    except Exception as error:
        # A handler may raise anything; what it raised is told in our words and counted.
        if number is None or is_transient(error):
            raise
        reason = describe(error)
        with connections[consumer.context].cursor() as cursor:
            cursor.execute(
                "UPDATE dead_letter SET attempts = attempts + 1, reason = %s WHERE id = %s", [reason, number]
            )
        raise StillFails(reason) from error
    return True
