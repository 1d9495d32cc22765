"""The log in PostgreSQL: schema `log`, one table per topic, written by the relay, read by declared readers.

Why a reader may ask for `position > last` here, though it never may on an outbox: a position is drawn from a
sequence, and a sequence knows no transactions, so that of two transactions the one with the higher position
may commit first and a reader that has seen it would pass over the lower one for ever. Therefore every
transaction that appends to a topic first takes that topic's advisory lock and holds it until it is over:
positions are drawn one transaction after the other, and PostgreSQL makes a commit visible before it lets the
lock go. Whoever sees a position sees every lower one that will ever exist. A gap in the positions is a
transaction that was rolled back; nothing will fill it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import DatabaseError, InterfaceError, connections
from psycopg import sql

from packytrace.databases import provisioning, roles
from packytrace.databases.connections import connect
from packytrace.facts import locks, topics
from packytrace.facts.fact import Consumer
from packytrace.facts.locks import AdvisoryLock
from packytrace.facts.log import Appended, Appender, LogUnavailable, Message, Reader, Received
from packytrace.facts.topics import Side, Topic

#: Readers listen on this channel; a hint says only "look now" and may be lost.
CHANNEL: Final = "log"


def provision_log(connection: psycopg.Connection[Any]) -> None:
    """Make the log's tables and grants what the topics declare; running it again changes nothing.

    `connection` may act as the log's owner. A table whose topic is no longer declared keeps its facts and
    loses every grant.
    """
    with connection.transaction():
        connection.execute(locks.TAKE, AdvisoryLock.PROVISION_LOG.of("log"))
        connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(roles.LOG_OWNER)))
        for topic in topics.TOPICS:
            _create_table(connection, topic=topic)
        provisioning.settle_grants(connection, schema=roles.LOG_SCHEMA)


def trim(connection: psycopg.Connection[Any]) -> int:
    """Delete what is older than its topic's retention, as the relay's role; returns how many facts."""
    deleted = 0
    for topic in topics.TOPICS:
        if topic.retention is not None:
            deleted += connection.execute(
                sql.SQL("DELETE FROM {} WHERE appended_at < clock_timestamp() - %s").format(
                    _table(topic.table)
                ),
                [topic.retention],
            ).rowcount
    return deleted


class PostgresLog:
    """Facts in the contexts' own database."""

    name = "postgres"

    def appender(self) -> Appender:
        """A writer that takes part in the relay's transaction."""
        return PostgresAppender()

    def reader(self, consumer: Consumer) -> Reader:
        """A reader for the consumer."""
        return PostgresReader(consumer)

    def check(self, consumers: Iterable[Consumer]) -> None:
        """Look at each one's topics and offsets."""
        for consumer in consumers:
            self.lag(consumer)

    def lag(self, consumer: Consumer) -> Mapping[str, int]:
        """Facts per topic behind the consumer's offset; a gap in the positions counts as one."""
        lags: dict[str, int] = {}
        with connections[consumer.context].cursor() as cursor:
            for topic in _topics_of(consumer):
                cursor.execute(
                    sql.SQL(
                        "SELECT COALESCE((SELECT max(position) FROM {table}), 0), COALESCE((SELECT position"
                        " FROM log_offset WHERE consumer = %s AND topic = %s), 0),"
                        " COALESCE((SELECT min(position) FROM {table}), 0)"
                    ).format(table=_table(topic.table)),
                    [consumer.name, topic.name],
                )
                newest, offset, oldest = cursor.fetchone() or (0, 0, 0)
                lags[topic.name] = max(0, newest - max(offset, oldest - 1))
        return lags

    def start_over(self, consumer: Consumer) -> None:
        """Set the consumer's offsets to the start; who reads for it finds out at the next claim."""
        with connections[consumer.context].cursor() as cursor:
            cursor.execute("UPDATE log_offset SET position = 0 WHERE consumer = %s", [consumer.name])

    def forget(self, *, person_ids: Collection[UUID]) -> int:
        """Delete them as the log's eraser, whose password only the worker has.

        Reads the consumer-side topics whole: a fact names people anywhere in its payload.
        """
        patterns = [f"%{person_id}%" for person_id in person_ids]
        with connect(roles.LOG_ERASER) as connection:
            return sum(
                connection.execute(
                    sql.SQL("DELETE FROM {} WHERE message LIKE ANY(%s::text[])").format(_table(topic.table)),
                    [patterns],
                ).rowcount
                for topic in topics.TOPICS
                if topic.side is Side.CONSUMER
            )


class PostgresAppender:
    """Appends in the transaction that takes the facts off the outbox: both happen or neither."""

    def append(self, messages: Sequence[Message], *, connection: psycopg.Connection[Any]) -> Appended:
        """Append to each message's topic, topics in the order of their names so that nobody deadlocks."""
        by_topic: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            by_topic[message.topic].append(message)
        for name in sorted(by_topic):
            connection.execute(locks.TAKE, AdvisoryLock.APPEND.of(name))
            table = _table(topics.topic_named(name).table)
            into = sql.SQL("COPY {} (key, message) FROM STDIN").format(table)
            with connection.cursor() as cursor, cursor.copy(into) as copy:
                for message in by_topic[name]:
                    copy.write_row((message.key, message.value.decode()))
        connection.execute(f"NOTIFY {CHANNEL}")
        return Appended()

    def check(self) -> None:
        """Nothing to check: the outbox is in the same database."""

    def close(self) -> None:
        """Nothing to close: the connection is the relay's."""


class PostgresReader:
    """Reads as the context's reading role, on a connection of its own; offsets belong to the context and move
    in the transaction of the effects.

    Several processes may read for one consumer: `claim` lets one of them have each message.
    """

    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer
        self._topics = _topics_of(consumer)
        self._positions: dict[str, int] = {}
        self._connection: psycopg.Connection[Any] | None = None

    def read(self, *, limit: int, timeout: float) -> Sequence[Received]:
        """The next messages, topic by topic."""
        try:
            if not self._positions:
                self._positions = self._load_positions()
            received = self._select(limit=limit)
            if not received and timeout > 0:
                self._wait(timeout)
                received = self._select(limit=limit)
        except (DatabaseError, InterfaceError, psycopg.Error) as error:
            self._hang_up()
            raise LogUnavailable(f"The database does not answer ({type(error).__name__}).") from error
        return received

    def claim(self, received: Sequence[Received]) -> bool:
        """Move the offsets past the messages if they are where this reader last saw them."""
        with connections[self._consumer.context].cursor() as cursor:
            for topic, position in sorted(_last_positions(received).items()):
                cursor.execute(
                    "UPDATE log_offset SET position = %s"
                    " WHERE consumer = %s AND topic = %s AND position = %s",
                    [position, self._consumer.name, topic, self._positions[topic]],
                )
                if cursor.rowcount != 1:
                    return False
        return True

    def commit(self, received: Sequence[Received]) -> None:
        """The offsets are committed with the effects; only remember where they are."""
        self._positions.update(_last_positions(received))

    def rewind(self) -> None:
        """Read the offsets anew before the next read."""
        self._positions = {}

    def close(self) -> None:
        """Close both connections: they belong to the reader's thread."""
        self._hang_up()
        connections[self._consumer.context].close()

    def _connected(self) -> psycopg.Connection[Any]:
        """The reading role's connection, which hears of everything that is appended once it is open."""
        if self._connection is None:
            self._connection = connect(roles.reader(self._consumer.context))
            self._connection.execute(f"LISTEN {CHANNEL}")
        return self._connection

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _load_positions(self) -> dict[str, int]:
        names = [topic.name for topic in self._topics]
        with connections[self._consumer.context].cursor() as cursor:
            cursor.execute(
                "INSERT INTO log_offset (consumer, topic, position)"
                " SELECT %s, name, 0 FROM unnest(%s::text[]) AS name"
                " ON CONFLICT (consumer, topic) DO NOTHING",
                [self._consumer.name, names],
            )
            cursor.execute(
                "SELECT topic, position FROM log_offset WHERE consumer = %s AND topic = ANY(%s)",
                [self._consumer.name, names],
            )
            return dict(cursor.fetchall())

    def _select(self, *, limit: int) -> list[Received]:
        received: list[Received] = []
        with self._connected().cursor() as cursor:
            for topic in self._topics:
                cursor.execute(
                    sql.SQL(
                        "SELECT position, key, message, appended_at FROM {} WHERE position > %s"
                        " ORDER BY position LIMIT %s"
                    ).format(_table(topic.table)),
                    [self._positions[topic.name], limit - len(received)],
                )
                received.extend(
                    Received(
                        topic=topic.name,
                        partition=0,
                        position=position,
                        key=key,
                        value=message.encode(),
                        appended_at=appended_at,
                    )
                    for position, key, message, appended_at in cursor
                )
                if len(received) >= limit:
                    break
        # Another topic comes first the next time: a flood on one starves none.
        self._topics = (*self._topics[1:], *self._topics[:1])
        return received

    def _wait(self, timeout: float) -> None:
        list(self._connected().notifies(timeout=timeout, stop_after=1))


def _topics_of(consumer: Consumer) -> tuple[Topic, ...]:
    """The topics it reads. Raises NotAReader for one that is not declared for the consumer's context."""
    return tuple(topics.readable(name=name, reader=consumer.context) for name in sorted(consumer.topics))


def _last_positions(received: Sequence[Received]) -> dict[str, int]:
    return {message.topic: message.position for message in received}


def _table(name: str) -> sql.Identifier:
    return sql.Identifier(roles.LOG_SCHEMA, name)


def _create_table(connection: psycopg.Connection[Any], *, topic: Topic) -> None:
    connection.execute(
        sql.SQL(
            "CREATE TABLE IF NOT EXISTS {} ("
            "position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " key text NOT NULL,"
            " message text NOT NULL,"
            " appended_at timestamptz NOT NULL DEFAULT clock_timestamp())"
        ).format(_table(topic.table))
    )
    # Rows arrive in the order of time and leave by it: a block range index costs next to nothing.
    connection.execute(
        sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} USING brin (appended_at)").format(
            sql.Identifier(f"{topic.table}_age"), _table(topic.table)
        )
    )
