"""The consumer loop: every fact of a consumer's topics takes effect once, in order per key.

Facts are handled in batches, one transaction each: the claim on the log, an inbox row per fact, the effects.
When a batch fails, its facts are handled one by one, so that the one at fault is found and set aside alone.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

import structlog
from django.db import connections, transaction

from packytrace.facts import letters, retention
from packytrace.facts.backoff import Backoff
from packytrace.facts.envelope import Unreadable, to_fact
from packytrace.facts.fact import Consumer, Fact
from packytrace.facts.handling import apply, describe
from packytrace.facts.heartbeat import Heartbeat, Sign
from packytrace.facts.log import Log, LogUnavailable, Received
from packytrace.facts.transient import is_transient

#: Facts in one transaction.
BATCH: Final = 500
#: Seconds that a read waits for a fact; also how long a stop may take.
WAIT: Final = 1.0
#: How often a fact is tried before it is set aside, with waits between that double from FIRST_WAIT seconds.
ATTEMPTS: Final = 5
FIRST_WAIT: Final = 0.05
#: Seconds for handling a failed batch one by one before its rest is read again: a reader that is silent for
#: minutes loses its partitions.
PATIENCE: Final = 60.0
#: Seconds between two rounds of deleting what is older than its retention.
TRIM_EVERY: Final = 3600.0

_logger = structlog.get_logger(__name__)


class Overtaken(Exception):
    """Another process reads for this consumer and was faster."""


class Stopping(Exception):
    """The process is asked to end; what is not finished will be read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A message and what could be made of it."""

    received: Received
    id: UUID
    """The fact's id; without a fact, one made from the place in the log, the same at every reading."""
    fact: Fact | None
    refusal: str = ""
    """Why it cannot be read. With neither refusal nor fact it is news to a later version: passed over."""


class ConsumerLoop:
    """Reads for one consumer, in one thread."""

    def __init__(self, *, consumer: Consumer, log: Log, stop: threading.Event) -> None:
        self.consumer = consumer
        self._reader = log.reader(consumer)
        self._stop = stop
        self._backoff = Backoff(first=0.1, longest=10.0)
        self._trim_at = 0.0
        self.handled = 0
        """Facts whose effect this loop committed."""
        self.set_aside = 0
        """Facts that this loop set aside."""
        self.trouble = ""
        """Why nothing is handled."""
        self.turned_at = time.time()
        """When `run` last went round, Unix time."""

    def run(self) -> None:
        """Consume until the stop event is set; what is under way is finished, or left for the next reader."""
        try:
            while not self._stop.is_set():
                self.turned_at = time.time()
                try:
                    self.run_once(timeout=WAIT)
                    self._trim_when_due()
                except Stopping:
                    break
                except Overtaken:
                    self._reader.rewind()
                except LogUnavailable as error:
                    self._wait_out(str(error))
                except Exception as error:
                    if not is_transient(error):
                        raise
                    self._wait_out(f"PostgreSQL: {type(error).__name__}")
                else:
                    self.trouble = ""
                    self._backoff.succeeded()
        finally:
            self.close()

    def run_once(self, *, timeout: float) -> int:
        """Read once and handle what came; returns how many messages are done with.

        Raises LogUnavailable, Overtaken, Stopping, or a transient error of the database.
        """
        incoming = [_open(received) for received in self._reader.read(limit=BATCH, timeout=timeout)]
        if not incoming:
            return 0
        try:
            self._handle(incoming)
        except Exception as error:
            # A handler may raise anything. Which fact it was the next step finds out.
            if isinstance(error, Overtaken) or is_transient(error):
                raise
            return self._handle_one_by_one(incoming)
        return len(incoming)

    def close(self) -> None:
        """Let go of the log and of this thread's connection."""
        self._reader.close()
        connections[self.consumer.context].close()

    def _handle(self, incoming: Sequence[Incoming]) -> None:
        """One transaction with the effects of these messages; then the log is told."""
        handled = set_aside = 0
        with transaction.atomic(using=self.consumer.context):
            self._claim(incoming)
            held = letters.held_keys(self.consumer)
            fresh = self._enter([one.id for one in incoming if one.fact is not None or one.refusal])
            for one in incoming:
                if one.id not in fresh:
                    continue
                # The same fact may lie twice in the log, and in one batch.
                fresh.remove(one.id)
                place = (one.received.topic, one.received.key)
                if one.refusal or place in held:
                    self._put_aside(one, reason=one.refusal or letters.BEHIND)
                    held.add(place)
                    set_aside += 1
                elif one.fact is not None:
                    apply(one.fact, consumer=self.consumer, topic=one.received.topic)
                    handled += 1
        self.handled += handled
        self.set_aside += set_aside
        self._reader.commit([one.received for one in incoming])

    def _handle_one_by_one(self, incoming: Sequence[Incoming]) -> int:
        deadline = time.monotonic() + PATIENCE
        for done, one in enumerate(incoming):
            if time.monotonic() > deadline:
                self._reader.rewind()
                return done
            self._handle_patiently(one)
        return len(incoming)

    def _handle_patiently(self, one: Incoming) -> None:
        """Try a message several times, then set it aside."""
        backoff = Backoff(first=FIRST_WAIT, longest=1.0)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._handle([one])
            except Exception as error:
                # A handler may raise anything: it is tried again a bounded number of times, then set aside.
                if isinstance(error, Overtaken) or is_transient(error):
                    raise
                reason = describe(error)
                if attempt < ATTEMPTS and self._stop.wait(backoff.failed()):
                    raise Stopping from error
            else:
                return
        with transaction.atomic(using=self.consumer.context):
            self._claim([one])
            # Taken before the look at the inbox, as everywhere: see `held_keys`.
            letters.held_keys(self.consumer)
            if self._enter([one.id]):
                self._put_aside(one, reason=reason, attempts=ATTEMPTS)
        self.set_aside += 1
        self._reader.commit([one.received])

    def _claim(self, incoming: Sequence[Incoming]) -> None:
        if not self._reader.claim([one.received for one in incoming]):
            raise Overtaken

    def _enter(self, ids: Sequence[UUID]) -> set[UUID]:
        """Enter facts into the inbox; returns those that were not there yet.

        Sorted, so that two readers in the moment of a change wait for each other instead of deadlocking.
        """
        with connections[self.consumer.context].cursor() as cursor:
            cursor.execute(
                "INSERT INTO inbox (consumer, event_id, handled_at)"
                " SELECT %s, event_id, clock_timestamp() FROM unnest(%s::uuid[]) AS event_id"
                " ORDER BY event_id"
                " ON CONFLICT (consumer, event_id) DO NOTHING RETURNING event_id",
                [self.consumer.name, list(ids)],
            )
            return {event_id for (event_id,) in cursor}

    def _put_aside(self, one: Incoming, *, reason: str, attempts: int = 0) -> None:
        _logger.error(
            "fact_set_aside",
            consumer=self.consumer.name,
            topic=one.received.topic,
            event_id=str(one.id),
            reason=reason,
        )
        letters.set_aside(
            one.received, consumer=self.consumer, event_id=one.id, reason=reason, attempts=attempts
        )

    def _wait_out(self, reason: str) -> None:
        if reason != self.trouble:
            _logger.warning("consumer_waits", consumer=self.consumer.name, reason=reason)
        self.trouble = reason
        # A connection that failed is not used again.
        connections[self.consumer.context].close()
        self._stop.wait(self._backoff.failed())
        self._reader.rewind()

    def _trim_when_due(self) -> None:
        if time.monotonic() < self._trim_at:
            return
        self._trim_at = time.monotonic() + TRIM_EVERY
        _, expired = retention.trim(self.consumer)
        if expired:
            _logger.warning("letters_expired", consumer=self.consumer.name, letters=expired)


def _open(received: Received) -> Incoming:
    place = f"{received.topic}/{received.partition}/{received.position}"
    unnamed = uuid5(NAMESPACE_URL, place)
    try:
        fact = to_fact(received.value, topic=received.topic)
    except Unreadable as error:
        return Incoming(received=received, id=unnamed, fact=None, refusal=str(error))
    return Incoming(received=received, id=unnamed if fact is None else fact.id, fact=fact)


def consume(*, consumers: Sequence[Consumer], log: Log, stop: threading.Event) -> None:
    """Run each consumer in a thread of its own until `stop` is set.

    When one ends by an unexpected error, all end and the error is raised: a process that is half alive would
    look healthy.
    """
    loops = [ConsumerLoop(consumer=consumer, log=log, stop=stop) for consumer in consumers]
    errors: list[BaseException] = []

    def run(loop: ConsumerLoop) -> None:
        try:
            loop.run()
        except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
            errors.append(error)
            stop.set()

    threads = [threading.Thread(target=run, args=[loop], name=loop.consumer.name) for loop in loops]
    with Heartbeat(part="consumers", describe=lambda: _described(loops)):
        for thread in threads:
            thread.start()
        stop.wait()
        for thread in threads:
            thread.join()
    if errors:
        raise errors[0]


def _described(loops: Sequence[ConsumerLoop]) -> Sign:
    return Sign(
        turned_at=min((loop.turned_at for loop in loops), default=time.time()),
        trouble="; ".join(f"{loop.consumer.name}: {loop.trouble}" for loop in loops if loop.trouble),
        values={
            "handled": sum(loop.handled for loop in loops),
            "set_aside": sum(loop.set_aside for loop in loops),
        },
    )
