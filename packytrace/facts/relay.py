"""The relay: takes committed facts off the outboxes and appends them to the log, in order per key."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import psycopg
import structlog
from psycopg import sql

from contracts.errors import ContractError
from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.facts import locks, outbox, postgres_log, topics
from packytrace.facts.backoff import Backoff
from packytrace.facts.envelope import COLUMNS, OutboxRow, to_message
from packytrace.facts.locks import AdvisoryLock
from packytrace.facts.log import MAX_MESSAGE_BYTES, Appended, Log, LogUnavailable, Message
from packytrace.facts.transient import is_transient

#: The contexts that publish, in the order of the declaration.
PUBLISHERS: Final = tuple(dict.fromkeys(topic.owner for topic in topics.TOPICS))

#: Each context's keys fall into this many shards; each shard has one active relay at a time. All relays of an
#: installation must agree on it.
SHARDS: Final = 4
#: Facts in one transaction of the relay.
BATCH: Final = 2000
#: Seconds between two looks at empty outboxes; a hint comes earlier.
POLL: Final = 0.1
#: A relay that found fewer facts than this waits a moment before it looks again, so that single facts do not
#: cost a transaction each.
SMALL: Final = 200
GATHER: Final = 0.02
#: Seconds between two rounds of deleting what is older than its retention.
TRIM_EVERY: Final = 600.0
#: Seconds after which the server ends a relay that hangs with a transaction open: others wait for its shard.
HANGING: Final = 60
#: Keys that may wait for their next try before a shard stops to read on.
MOST_STALLED: Final = 10_000

_BEHIND: Final = "An earlier fact of the same key is set aside."

_logger = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Shard:
    """Part of a context's keys and what went wrong with them."""

    context: str
    number: int
    stalled: dict[str, tuple[float, Backoff]] = field(default_factory=dict)
    """Aggregate ids whose facts failed, until when they wait."""

    def waiting(self, *, now: float) -> list[str]:
        """The keys that are not tried yet."""
        return [key for key, (until, _) in self.stalled.items() if until > now]

    def note(self, *, failed: set[str], done: set[str], now: float) -> None:
        """Let failed keys wait, longer each time; forget those that went through."""
        for key in done - failed:
            self.stalled.pop(key, None)
        for key in failed:
            _, backoff = self.stalled.get(key, (0.0, Backoff(first=0.5, longest=60.0)))
            self.stalled[key] = (now + backoff.failed(), backoff)


@dataclass(kw_only=True)
class Verdict:
    """What is to become of a batch's rows."""

    relayed: list[int] = field(default_factory=list)
    dead: dict[int, str] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    done: set[str] = field(default_factory=set)


class Relay:
    """Moves facts from the outboxes to one log; any number may run side by side."""

    def __init__(self, *, log: Log, contexts: Sequence[str] = PUBLISHERS, batch: int = BATCH) -> None:
        self._log = log
        self._appender = log.appender()
        self._batch = batch
        self._shards = {
            context: [Shard(context=context, number=number) for number in range(SHARDS)]
            for context in contexts
        }
        self._connection: psycopg.Connection[Any] | None = None
        self._backoff = Backoff(first=0.1, longest=5.0)
        self._in_doubt = False
        self._trim_at = 0.0
        self.relayed = 0
        """Facts relayed since the start."""
        self.trouble = ""
        """Why nothing moves, or nothing of it."""

    def run(self, stop: threading.Event) -> None:
        """Relay until `stop` is set; what is under way is finished first."""
        try:
            while not stop.is_set():
                try:
                    moved = self.run_once()
                    self._trim_when_due()
                    self._backoff.succeeded()
                    if not stop.is_set():
                        self._rest(moved)
                except LogUnavailable as error:
                    self._wait_out(stop, reason=str(error))
                except psycopg.Error as error:
                    self._disconnect()
                    if not is_transient(error):
                        raise
                    self._wait_out(stop, reason=f"PostgreSQL: {type(error).__name__}")
        finally:
            self.close()

    def run_once(self) -> int:
        """One look at every shard that has facts; returns how many facts moved.

        Raises LogUnavailable or a psycopg.Error when the log or the database does not answer.
        """
        if self._in_doubt:
            self._appender.check()
            self._in_doubt = False
        moved = 0
        for context in self._contexts_with_facts():
            for shard in self._shards[context]:
                moved += self._relay_shard(shard)
        if not any(shard.stalled for shards in self._shards.values() for shard in shards):
            self.trouble = ""
        return moved

    def retry(self, *, context: str, key: str) -> int:
        """Try a key's dead facts again, in order; returns how many went into the log.

        Stops at the first that fails, which keeps its place. Raises LogUnavailable.
        """
        relayed = 0
        while self._retry_oldest(context=context, key=key):
            relayed += 1
        return relayed

    def close(self) -> None:
        """Let go of the log and the database."""
        self._appender.close()
        self._disconnect()

    def _retry_oldest(self, *, context: str, key: str) -> bool:
        with self._transaction() as connection:
            shard = connection.execute("SELECT hashtext(%s) & %s", [key, SHARDS - 1]).fetchone() or (0,)
            # The shard's lock: nothing newer of this key may be on its way meanwhile.
            connection.execute(locks.TAKE, AdvisoryLock.RELAY.of(context, shard[0]))
            rows = _read(
                connection,
                context=context,
                table="outbox_dead",
                condition="aggregate_id = %s",
                values=[key],
                limit=1,
            )
            if not rows:
                return False
            verdict = self._append(connection, context=context, rows=rows, held=set())
            for number, reason in verdict.dead.items():
                connection.execute(
                    sql.SQL("UPDATE {} SET reason = %s WHERE id = %s").format(
                        sql.Identifier(context, "outbox_dead")
                    ),
                    [reason, number],
                )
            _delete(connection, context=context, table="outbox_dead", ids=verdict.relayed)
        if verdict.failed:
            raise LogUnavailable(self.trouble)
        return bool(verdict.relayed)

    def _relay_shard(self, shard: Shard) -> int:
        now = time.monotonic()
        waiting = shard.waiting(now=now)
        if len(waiting) >= MOST_STALLED:
            return 0
        with self._transaction() as connection:
            (ours,) = connection.execute(
                locks.TRY, AdvisoryLock.RELAY.of(shard.context, shard.number)
            ).fetchone() or (False,)
            if not ours:
                return 0
            # A statement of its own: only one that begins after the lock is ours sees all that the relay
            # before us has deleted.
            rows = _read(
                connection,
                context=shard.context,
                table="outbox",
                condition="hashtext(aggregate_id) & %s = %s AND aggregate_id <> ALL(%s::text[])",
                values=[SHARDS - 1, shard.number, waiting],
                limit=self._batch,
            )
            if not rows:
                return 0
            held = _held_keys(connection, context=shard.context)
            verdict = self._append(connection, context=shard.context, rows=rows, held=held)
            _set_aside(connection, context=shard.context, dead=verdict.dead)
            _delete(connection, context=shard.context, table="outbox", ids=[*verdict.relayed, *verdict.dead])
        self.relayed += len(verdict.relayed)
        if verdict.failed:
            # Nobody answers: no key is to blame, and there was no attempt.
            self._appender.check()
        shard.note(failed=verdict.failed, done=verdict.done, now=now)
        return len(verdict.relayed) + len(verdict.dead)

    def _append(
        self,
        connection: psycopg.Connection[Any],
        *,
        context: str,
        rows: Sequence[OutboxRow],
        held: set[tuple[str, str]],
    ) -> Verdict:
        verdict = Verdict()
        sent: list[OutboxRow] = []
        messages: list[Message] = []
        for row in rows:
            if held and (_topic(context, row), row.key) in held:
                verdict.dead[row.id] = _BEHIND
                continue
            try:
                message = to_message(row, context=context)
            except (topics.UndeclaredFact, ContractError) as error:
                verdict.dead[row.id] = str(error)
                held.add((_topic(context, row), row.key))
                continue
            if len(message.value) > MAX_MESSAGE_BYTES:
                verdict.dead[row.id] = (
                    f"{len(message.value)} bytes: a message has {MAX_MESSAGE_BYTES} at most."
                )
                held.add((message.topic, row.key))
                continue
            sent.append(row)
            messages.append(message)
        if messages:
            appended = self._appender.append(messages, connection=connection)
            self._judge(appended, sent=sent, verdict=verdict)
        return verdict

    def _judge(self, appended: Appended, *, sent: Sequence[OutboxRow], verdict: Verdict) -> None:
        if not appended.failed and not appended.refused:
            verdict.relayed = [row.id for row in sent]
        else:
            for place, row in enumerate(sent):
                if place in appended.failed:
                    verdict.failed.add(row.key)
                elif place in appended.refused:
                    verdict.dead[row.id] = appended.refused[place]
                else:
                    verdict.relayed.append(row.id)
            self.trouble = next(iter(appended.failed.values()), "")
            if self.trouble:
                _logger.warning(
                    "facts_wait", log=self._log.name, failed=len(appended.failed), reason=self.trouble
                )
        verdict.done = {row.key for row in sent} - verdict.failed

    def _contexts_with_facts(self) -> list[str]:
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
                sql.Literal(context), sql.Identifier(context, "outbox")
            )
            for context in self._shards
        )
        return [context for (context,) in self._connected().execute(query)]

    def _rest(self, moved: int) -> None:
        if moved >= SMALL:
            return
        if moved:
            time.sleep(GATHER)
            return
        list(self._connected().notifies(timeout=POLL, stop_after=1))

    def _wait_out(self, stop: threading.Event, *, reason: str) -> None:
        if reason != self.trouble:
            _logger.warning("relay_waits", log=self._log.name, reason=reason)
        self.trouble = reason
        self._in_doubt = True
        stop.wait(self._backoff.failed())

    def _trim_when_due(self) -> None:
        if time.monotonic() < self._trim_at:
            return
        self._trim_at = time.monotonic() + TRIM_EVERY
        connection = self._connected()
        expired = {context: _expire(connection, context=context) for context in self._shards}
        for context, facts in expired.items():
            if facts:
                _logger.warning("dead_facts_expired", context=context, facts=facts)
        postgres_log.trim(connection)

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[Any]]:
        connection = self._connected()
        with connection.transaction():
            yield connection

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = connect(roles.RELAY)
            self._connection.execute(f"SET idle_in_transaction_session_timeout = '{HANGING}s'")
            self._connection.execute("SET application_name = 'packytrace relay'")
            self._connection.execute(f"LISTEN {outbox.CHANNEL}")
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None


def _topic(context: str, row: OutboxRow) -> str:
    """The topic's name; a fact that no topic carries keeps order under its own name."""
    try:
        return topics.topic_of(context=context, fact=row.type).name
    except topics.UndeclaredFact:
        return row.type


def _read(
    connection: psycopg.Connection[Any],
    *,
    context: str,
    table: str,
    condition: str,
    values: Sequence[object],
    limit: int | None = None,
) -> list[OutboxRow]:
    cursor = connection.execute(
        sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED").format(
            sql.SQL(COLUMNS), sql.Identifier(context, table), sql.SQL(condition)
        ),
        [*values, limit],
    )
    return [OutboxRow._make(row) for row in cursor.fetchall()]


def _held_keys(connection: psycopg.Connection[Any], *, context: str) -> set[tuple[str, str]]:
    """(topic, key) of the facts that are set aside: what follows them follows them there."""
    found = connection.execute(
        sql.SQL("SELECT DISTINCT type, aggregate_id FROM {}").format(sql.Identifier(context, "outbox_dead"))
    ).fetchall()
    held = set()
    for fact, key in found:
        with suppress(topics.UndeclaredFact):
            held.add((topics.topic_of(context=context, fact=fact).name, key))
            continue
        held.add((fact, key))
    return held


def _set_aside(connection: psycopg.Connection[Any], *, context: str, dead: Mapping[int, str]) -> None:
    if not dead:
        return
    _logger.error("facts_refused", context=context, facts=len(dead))
    connection.execute(
        sql.SQL(
            "INSERT INTO {} (id, event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at,"
            " headers, reason, set_aside_at)"
            " SELECT o.id, event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at,"
            " headers, why.reason, clock_timestamp()"
            " FROM {} o JOIN unnest(%s::bigint[], %s::text[]) AS why (id, reason) ON why.id = o.id"
        ).format(sql.Identifier(context, "outbox_dead"), sql.Identifier(context, "outbox")),
        [list(dead), list(dead.values())],
    )


def _delete(connection: psycopg.Connection[Any], *, context: str, table: str, ids: Sequence[int]) -> None:
    connection.execute(
        sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(sql.Identifier(context, table)), [list(ids)]
    )


def _expire(connection: psycopg.Connection[Any], *, context: str) -> int:
    """Delete dead facts that are older than their topic's retention; returns how many."""
    by_retention: dict[timedelta, list[str]] = {}
    for topic in topics.TOPICS:
        if topic.owner == context and topic.retention is not None:
            by_retention.setdefault(topic.retention, []).extend(topic.facts)
    return sum(
        connection.execute(
            sql.SQL("DELETE FROM {} WHERE type = ANY(%s) AND set_aside_at < clock_timestamp() - %s").format(
                sql.Identifier(context, "outbox_dead")
            ),
            [facts, retention],
        ).rowcount
        for retention, facts in by_retention.items()
    )
