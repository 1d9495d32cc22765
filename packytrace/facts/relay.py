"""The relay: takes committed facts off the outboxes and appends them to the log, in order per key."""

import math
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

import psycopg
import structlog

from contracts.errors import ContractError
from packytrace.databases import roles
from packytrace.databases.connections import connect
from packytrace.facts import outbox, outbox_rows, postgres_log, topics
from packytrace.facts.backoff import Backoff
from packytrace.facts.envelope import OutboxRow, to_message
from packytrace.facts.log import MAX_MESSAGE_BYTES, Log, LogUnavailable, Message
from packytrace.facts.outbox_rows import SHARDS
from packytrace.facts.transient import is_transient

#: The contexts that publish, in the order of the declaration.
PUBLISHERS: Final = tuple(dict.fromkeys(topic.owner for topic in topics.TOPICS))

#: Facts in one transaction of the relay.
BATCH: Final = 4000
#: Seconds between two looks at empty outboxes; a hint comes earlier.
POLL: Final = 0.1
#: A relay that found fewer facts than this waits a moment before it looks again, so that single facts do not
#: cost a transaction each.
SMALL: Final = 200
GATHER: Final = 0.01
#: Seconds between two looks at how many relays there are.
COUNT_EVERY: Final = 1.0
#: Seconds between two rounds of deleting what is older than its retention.
TRIM_EVERY: Final = 600.0
#: Seconds after which the server ends a relay that hangs with a transaction open: others wait for its shards.
HANGING: Final = 60
#: Keys of a context that may wait for their next try before the relay reads no further.
MOST_STALLED: Final = 10_000

_BEHIND: Final = "An earlier fact of the same key is set aside."
#: By this name of their sessions relays know of each other.
_NAME: Final = "packytrace relay"

_logger = structlog.get_logger(__name__)


class Stalled:
    """Keys of a context whose facts the log did not take: each waits longer after each failure."""

    def __init__(self) -> None:
        self._until: dict[str, tuple[float, Backoff]] = {}

    def __len__(self) -> int:
        return len(self._until)

    def waiting(self) -> list[str]:
        """The keys that are not tried yet."""
        now = time.monotonic()
        return [key for key, (until, _) in self._until.items() if until > now]

    def note(self, *, failed: set[str], done: set[str]) -> None:
        """Let failed keys wait; forget those that went through."""
        if self._until:
            for key in done:
                self._until.pop(key, None)
        now = time.monotonic()
        for key in failed:
            _, backoff = self._until.get(key, (0.0, Backoff(first=0.5, longest=60.0)))
            self._until[key] = (now + backoff.failed(), backoff)


@dataclass(kw_only=True)
class Outcome:
    """What became of the rows of a batch, and their keys."""

    relayed: list[int] = field(default_factory=list)
    dead: dict[int, str] = field(default_factory=dict)
    """The log will never take these; with the reason."""
    failed: set[str] = field(default_factory=set)
    """Keys of facts that stay in the outbox."""
    done: set[str] = field(default_factory=set)


class Relay:
    """Moves facts from the outboxes to one log; any number may run side by side."""

    def __init__(self, *, log: Log, contexts: Sequence[str] = PUBLISHERS, batch: int = BATCH) -> None:
        self._log = log
        self._appender = log.appender()
        self._batch = batch
        self._stalled = {context: Stalled() for context in contexts}
        self._fair_share = SHARDS
        """Shards of a context that this relay takes in one transaction."""
        self._count_at = 0.0
        self._connection: psycopg.Connection[Any] | None = None
        self._backoff = Backoff(first=0.1, longest=5.0)
        self._in_doubt = True
        """Whether the log answers is not known. So at the start, too: connecting to Kafka takes a second, for
        which the first fact need not wait."""
        self._trim_at = 0.0
        self.relayed = 0
        """Facts relayed since the start."""
        self.trouble = ""
        """Why nothing moves, or not all of it."""
        self.turned_at = time.time()
        """When `run` last went round, Unix time."""

    def run(self, stop: threading.Event) -> None:
        """Relay until `stop` is set; what is under way is finished first."""
        try:
            while not stop.is_set():
                self.turned_at = time.time()
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
        """One look at every context that has facts; returns how many facts moved.

        Raises LogUnavailable or a psycopg.Error when the log or the database does not answer.
        """
        if self._in_doubt:
            self._appender.check()
            self._in_doubt = False
        moved = 0
        for context in outbox_rows.contexts_with_facts(self._connected(), contexts=self._stalled):
            moved += self._relay(context)
        if not any(self._stalled.values()):
            self.trouble = ""
        return moved

    def retry(self, *, context: str, key: str) -> int:
        """Try a key's dead facts again, in order; returns how many went into the log.

        Stops at the first that is refused again, which keeps its place. Raises LogUnavailable.
        """
        relayed = 0
        while self._retry_oldest(context=context, key=key):
            relayed += 1
        return relayed

    def warm_up(self) -> None:
        """Connect to the log and the database now. Raises what `run_once` raises."""
        self._connected()
        self._appender.check()

    def close(self) -> None:
        """Let go of the log and the database."""
        self._appender.close()
        self._disconnect()

    def _relay(self, context: str) -> int:
        """Relay what a context has: alone all of its shards at once, beside others some after the other, so
        that each relay finds shards to take."""
        self._count_when_due()
        return sum(
            self._relay_shards(context, range(first, min(first + self._fair_share, SHARDS)))
            for first in range(0, SHARDS, self._fair_share)
        )

    def _relay_shards(self, context: str, numbers: Sequence[int]) -> int:
        stalled = self._stalled[context]
        waiting = stalled.waiting()
        if len(waiting) >= MOST_STALLED:
            return 0
        connection = self._connected()
        with connection.transaction():
            shards = outbox_rows.take_free_shards(connection, context=context, numbers=numbers)
            if not shards:
                return 0
            # A statement of its own: only one that begins after the shards are ours sees all that the relay
            # before us has deleted.
            rows = outbox_rows.read(
                connection, context=context, shards=shards, without=waiting, limit=self._batch
            )
            if not rows:
                return 0
            held = outbox_rows.held_keys(connection, context=context)
            outcome = self._append(connection, context=context, rows=rows, held=held)
            outbox_rows.set_aside(connection, context=context, dead=outcome.dead)
            outbox_rows.delete(connection, context=context, ids=outcome.relayed)
        self.relayed += len(outcome.relayed)
        if outcome.failed:
            # Does nobody answer? Then no key is to blame, and this was no attempt.
            self._appender.check()
        stalled.note(failed=outcome.failed, done=outcome.done)
        return len(outcome.relayed) + len(outcome.dead)

    def _append(
        self,
        connection: psycopg.Connection[Any],
        *,
        context: str,
        rows: Sequence[OutboxRow],
        held: set[tuple[str, str]],
    ) -> Outcome:
        """Append what may be appended; what is behind a fact that is set aside joins it."""
        outcome = Outcome()
        sent: list[OutboxRow] = []
        messages: list[Message] = []
        for row in rows:
            if held and (outbox_rows.topic_of(context=context, fact=row.type), row.key) in held:
                outcome.dead[row.id] = _BEHIND
                continue
            try:
                message = to_message(row, context=context)
                refusal = _refusal(message)
            except (topics.UndeclaredFact, ContractError) as error:
                refusal = str(error)
            if refusal:
                outcome.dead[row.id] = refusal
                held.add((outbox_rows.topic_of(context=context, fact=row.type), row.key))
                continue
            sent.append(row)
            messages.append(message)
        appended = self._appender.append(messages, connection=connection) if messages else None
        if appended is None or not (appended.failed or appended.refused):
            outcome.relayed = [row.id for row in sent]
        else:
            for place, row in enumerate(sent):
                if place in appended.failed:
                    outcome.failed.add(row.key)
                elif place in appended.refused:
                    outcome.dead[row.id] = appended.refused[place]
                else:
                    outcome.relayed.append(row.id)
            self.trouble = next(iter(appended.failed.values()), self.trouble)
            _logger.warning(
                "facts_not_appended",
                log=self._log.name,
                failed=len(appended.failed),
                refused=len(appended.refused),
                reason=self.trouble,
            )
        outcome.done = {row.key for row in sent} - outcome.failed
        return outcome

    def _retry_oldest(self, *, context: str, key: str) -> bool:
        connection = self._connected()
        with connection.transaction():
            outbox_rows.take_shard_of(connection, context=context, key=key)
            row = outbox_rows.read_oldest_dead(connection, context=context, key=key)
            if row is None:
                return False
            outcome = self._append(connection, context=context, rows=[row], held=set())
            outbox_rows.explain_dead(connection, context=context, reasons=outcome.dead)
            outbox_rows.delete_dead(connection, context=context, ids=outcome.relayed)
        if outcome.failed:
            raise LogUnavailable(self.trouble)
        return bool(outcome.relayed)

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

    def _count_when_due(self) -> None:
        if time.monotonic() < self._count_at:
            return
        self._count_at = time.monotonic() + COUNT_EVERY
        relays = outbox_rows.count_relays(self._connected(), name=_NAME)
        self._fair_share = math.ceil(SHARDS / max(1, relays))

    def _trim_when_due(self) -> None:
        if time.monotonic() < self._trim_at:
            return
        self._trim_at = time.monotonic() + TRIM_EVERY
        connection = self._connected()
        for context in self._stalled:
            if expired := outbox_rows.expire_dead(connection, context=context):
                _logger.warning("dead_facts_expired", context=context, facts=expired)
        postgres_log.trim(connection)

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            self._connection = connect(roles.RELAY)
            self._connection.execute(f"SET idle_in_transaction_session_timeout = '{HANGING}s'")
            self._connection.execute(f"SET application_name = '{_NAME}'")
            # The planner cannot know how many keys fall into a shard. Guessing, it would sort all of the
            # outbox for each batch instead of walking along its ids.
            self._connection.execute("SET enable_seqscan = off")
            self._connection.execute("SET enable_sort = off")
            self._connection.execute(f"LISTEN {outbox.CHANNEL}")
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None


def _refusal(message: Message) -> str:
    """Why no log would take the message; empty when it may."""
    if len(message.value) <= MAX_MESSAGE_BYTES:
        return ""
    return f"{len(message.value)} bytes: a message has {MAX_MESSAGE_BYTES} at most."
