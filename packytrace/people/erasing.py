"""Forgetting people in one context: their rows, and every fact about them that is still on its way.

Once when identity asks and once more when all contexts have acknowledged: what was in flight at the first
time has landed by the second. In between and afterwards nothing about them is taken: see `is_erased`.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connections

from packytrace.facts import outbox
from packytrace.facts.fact import Consumer, Fact
from packytrace.facts.topics import CONSUMER_RETENTION

Erase = Callable[[Collection[UUID]], None]
"""Deletes every row that a context has of these people, in the transaction at hand; again changes nothing."""

PEOPLE: Final = "identity.people.v1"
"""The topic on which identity asks."""


@dataclass(frozen=True, kw_only=True)
class ErasureAcknowledged:
    """A context has erased a person, or found nothing to erase. Names no one."""

    erasure_id: UUID
    context: str
    at: datetime


class Eraser:
    """One context's answer to ErasureRequested and ErasureCompleted."""

    def __init__(self, *, context: str, erase: Erase) -> None:
        self._context = context
        self._erase = erase
        # A type per context: the outbox knows a fact's topic by the type of its event.
        self._acknowledged = type(f"ErasureAcknowledgedBy_{context}", (ErasureAcknowledged,), {})
        outbox.register(
            self._acknowledged,
            context=context,
            fact="ErasureAcknowledged",
            aggregate_type="erasure",
            key=lambda event: str(event.erasure_id),
            payload=_acknowledgement,
            occurred_at=lambda event: event.at,
        )

    def handle(self, fact: Fact) -> None:
        """Take a fact of `PEOPLE`; runs in the consumer's transaction. Other facts pass."""
        if fact.type == "ErasureRequested":
            self._requested(
                erasure_id=UUID(fact.data["erasureId"]),
                person_ids=[UUID(person_id) for person_id in fact.data["personIds"]],
            )
        elif fact.type == "ErasureCompleted":
            self._completed(erasure_id=UUID(fact.data["erasureId"]))

    def consumer(self, *, also: Callable[[Fact], None] | None = None) -> Consumer:
        """A consumer of `PEOPLE`. `also` hears each fact too, before a person is forgotten."""

        def handle(fact: Fact) -> None:
            if also is not None:
                also(fact)
            self.handle(fact)

        return Consumer(
            name=f"{self._context}-people", context=self._context, topics=frozenset({PEOPLE}), handle=handle
        )

    def _requested(self, *, erasure_id: UUID, person_ids: list[UUID]) -> None:
        now = datetime.now(UTC)
        # First: what comes later sees it, once this is committed.
        remember_erased(person_ids=person_ids, until=(now + CONSUMER_RETENTION).date(), using=self._context)
        with connections[self._context].cursor() as cursor:
            cursor.execute(
                "INSERT INTO erasure (erasure_id, person_ids) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                [erasure_id, person_ids],
            )
        self._forget(person_ids)
        outbox.publish(
            self._acknowledged(erasure_id=erasure_id, context=self._context, at=now), using=self._context
        )

    def _completed(self, *, erasure_id: UUID) -> None:
        with connections[self._context].cursor() as cursor:
            cursor.execute("DELETE FROM erasure WHERE erasure_id = %s RETURNING person_ids", [erasure_id])
            row = cursor.fetchone()
        if row is not None:
            self._forget(row[0])

    def _forget(self, person_ids: Collection[UUID]) -> None:
        self._erase(person_ids)
        forget_facts(person_ids=person_ids, using=self._context)


def digest_of(person_id: UUID) -> bytes:
    """What is kept of an erased person's id, 32 bytes: SHA-256, tagged with its purpose."""
    return hashlib.sha256(b"packytrace erased person" + person_id.bytes).digest()


def remember_erased(*, person_ids: Collection[UUID], until: date, using: str) -> None:
    """Take nothing about these people up to a day, in the transaction at hand; lets go whose day is over."""
    with connections[using].cursor() as cursor:
        # In the order of the key, so that two erasures that meet do not lock crosswise.
        cursor.execute(
            "INSERT INTO erased_person (digest, until)"
            " SELECT digest, %s FROM unnest(%s::bytea[]) AS digest ORDER BY digest"
            " ON CONFLICT (digest) DO UPDATE SET until = greatest(erased_person.until, excluded.until)",
            [until, [digest_of(person_id) for person_id in set(person_ids)]],
        )
        cursor.execute("DELETE FROM erased_person WHERE until < %s", [datetime.now(UTC).date()])


def is_erased(*, person_ids: Collection[UUID], using: str) -> bool:
    """Whether one of these people was erased here: then nothing about them is taken. One query."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM erased_person WHERE digest = ANY(%s::bytea[]))",
            [[digest_of(person_id) for person_id in person_ids]],
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def forget_facts(*, person_ids: Collection[UUID], using: str) -> None:
    """Delete the facts about these people that a context has not sent, could not send or could not handle.

    In the transaction at hand. A fact that the relay is just sending is waited for: it is in the log then,
    which identity cleans.
    """
    patterns = [f"%{person_id}%" for person_id in person_ids]
    needles = [str(person_id).encode() for person_id in person_ids]
    with connections[using].cursor() as cursor:
        # A fact's key is one of the payload's values.
        cursor.execute("DELETE FROM outbox WHERE payload::text LIKE ANY(%s::text[])", [patterns])
        cursor.execute("DELETE FROM outbox_dead WHERE payload::text LIKE ANY(%s::text[])", [patterns])
        # Bytes are compared with bytes: a message that nobody could read may be no text.
        cursor.execute(
            "DELETE FROM dead_letter WHERE EXISTS"
            " (SELECT FROM unnest(%s::bytea[]) AS needle WHERE position(needle IN message) > 0)",
            [needles],
        )


def _acknowledgement(event: ErasureAcknowledged) -> dict[str, Any]:
    return {"erasureId": str(event.erasure_id), "context": event.context, "at": event.at.isoformat()}
