"""The log that facts travel through: one interface, and Kafka or PostgreSQL behind it.

Both keep the order of the facts of one key on one topic, deliver each at least once, remember per consumer
how far it has read, and let it start over. Effects happen once because of the inbox, not because of the log.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

import psycopg
from django.conf import settings

from packytrace.facts.fact import Consumer

#: No log takes a longer message. Below Kafka's own default (1,048,588 bytes with its framing), and the same
#: for both logs, so that a fact never fits one and not the other.
MAX_MESSAGE_BYTES: Final = 1_000_000


class LogUnavailable(Exception):
    """The log does not answer now; trying again later may help."""


@dataclass(frozen=True, slots=True)
class Message:
    """A fact in its envelope, ready for a log."""

    topic: str
    key: str
    value: bytes
    correlation_id: str | None


@dataclass(frozen=True, kw_only=True)
class Appended:
    """What became of a batch; whatever is neither refused nor failed is safely in the log.

    Keys are places in the batch, values say why, without any value of a payload.
    """

    refused: Mapping[int, str] = field(default_factory=dict)
    """The log will never take these."""
    failed: Mapping[int, str] = field(default_factory=dict)
    """These may or may not be in the log: append them again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A message as a reader gets it, with its place in the log."""

    topic: str
    partition: int
    position: int
    key: str
    value: bytes
    appended_at: datetime


class Appender(Protocol):
    """Writes to the log; belongs to one thread."""

    def append(self, messages: Sequence[Message], *, connection: psycopg.Connection[Any]) -> Appended:
        """Append messages in order; returns when the fate of each is known.

        `connection` is in the transaction that takes the facts off the outbox; a log in the same database
        takes part in it. After a message of a key that failed or was refused, no later one of that key
        is in the log, unless it was there before.
        """

    def check(self) -> None:
        """Raise LogUnavailable when the log does not answer."""

    def close(self) -> None:
        """Let go of connections."""


class Reader(Protocol):
    """Reads for one consumer; belongs to one thread.

    The loop is: `read`, then in the consumer's transaction `claim` and the effects, then `commit`.
    """

    def read(self, *, limit: int, timeout: float) -> Sequence[Received]:
        """The next messages, in order; waits up to `timeout` seconds for the first. Raises LogUnavailable."""

    def claim(self, received: Sequence[Received]) -> bool:
        """Inside the consumer's transaction: take these messages, which begin the unread part of the last
        read. False when another process has read on meanwhile: roll back and `rewind`."""

    def commit(self, received: Sequence[Received]) -> None:
        """After the consumer's transaction is committed: these messages are done."""

    def rewind(self) -> None:
        """Forget what was read and not committed: it is read again."""

    def close(self) -> None:
        """Let go of connections."""


class Log(Protocol):
    """One log for all topics."""

    name: str

    def appender(self) -> Appender:
        """A new writer; connects when it first writes."""

    def reader(self, consumer: Consumer) -> Reader:
        """A new reader; connects when it first reads."""

    def check(self, consumers: Iterable[Consumer]) -> None:
        """Raise LogUnavailable or a database's error when not all that the consumers read can be read."""

    def lag(self, consumer: Consumer) -> Mapping[str, int]:
        """Facts per topic that the consumer has not handled yet. Raises LogUnavailable."""

    def start_over(self, consumer: Consumer) -> None:
        """Send the consumer back to the start of its topics, inside its context's transaction.

        Raises ConsumerActive where the log can only do that while no process reads for it.
        """

    def forget(self, *, person_ids: Collection[UUID]) -> int:
        """Delete the facts that name these people, where the log can delete; returns how many."""


class ConsumerActive(Exception):
    """A consumer is being read for: stop its processes first."""


def configured_log() -> Log:
    """Kafka where `KAFKA_BOOTSTRAP_SERVERS` names brokers, else PostgreSQL."""
    if settings.KAFKA_BOOTSTRAP_SERVERS:
        from packytrace.facts.kafka_log import KafkaLog  # loads librdkafka only where it is used

        return KafkaLog(bootstrap_servers=settings.KAFKA_BOOTSTRAP_SERVERS, config=settings.KAFKA_CONFIG)
    from packytrace.facts.postgres_log import PostgresLog

    return PostgresLog()
