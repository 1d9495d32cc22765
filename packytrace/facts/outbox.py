"""Publishing: a context's domain event becomes a validated fact in its outbox, in the transaction at hand."""

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import orjson
import psycopg
from django.db import connections, transaction

from contracts.errors import MessageRefused, Violation
from contracts.registry import contract
from packytrace.facts import correlation, topics

E = TypeVar("E")

#: The relay listens on this channel; a hint says only "look now" and may be lost.
CHANNEL: Final = "outbox"
#: Seconds between two hints of one process for one context: a busy relay looks by itself.
_HINT_EVERY: Final = 0.05


class NotInTransaction(RuntimeError):
    """A fact was published outside the transaction that commits what it tells of."""


class UnregisteredEvent(LookupError):
    """A domain event has no mapping to a contract."""


@dataclass(frozen=True, kw_only=True)
class FactMapping:
    """How a domain event of one context is told to the others."""

    context: str
    fact: str
    version: int
    aggregate_type: str
    key: Callable[[Any], str]
    """The aggregate's id: facts with the same key keep their order."""
    payload: Callable[[Any], Mapping[str, Any]]
    occurred_at: Callable[[Any], datetime]


_MAPPINGS: Final[dict[type, FactMapping]] = {}


def register(
    event: type[E],
    *,
    context: str,
    fact: str,
    aggregate_type: str,
    key: Callable[[E], str],
    payload: Callable[[E], Mapping[str, Any]],
    occurred_at: Callable[[E], datetime],
    version: int = 1,
) -> None:
    """Say which fact a domain event is; called by a context's facts.py when the apps are loaded.

    Raises UndeclaredFact when no topic of the context carries it, and UnknownFact when it has no contract.
    """
    topics.topic_of(context=context, fact=fact)
    contract(fact=fact, version=version).type_from(context=context)
    _MAPPINGS[event] = FactMapping(
        context=context,
        fact=fact,
        version=version,
        aggregate_type=aggregate_type,
        key=key,
        payload=payload,
        occurred_at=occurred_at,
    )


def publish(event: object, *, using: str) -> UUID:
    """Write the event's fact to the context's outbox; returns the fact's id.

    Must run inside `transaction.atomic(using=...)`, after the aggregate's version was won, so that ids order
    the facts of an aggregate. Raises NotInTransaction, UnregisteredEvent, or MessageRefused for a payload
    that breaks its contract.
    """
    return publish_all([event], using=using)[0]


def publish_all(events: Sequence[object], *, using: str) -> list[UUID]:
    """Write the facts of many events in one statement, in their order; as `publish` does for one."""
    connection = connections[using]
    if not connection.in_atomic_block:
        raise NotInTransaction(f"Publish facts inside transaction.atomic(using={using!r}).")
    rows = [_row(event) for event in events]
    if not rows:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outbox"
            " (event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers)"
            " SELECT event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers"
            " FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::smallint[], %s::jsonb[],"
            " %s::timestamptz[], %s::jsonb[]) WITH ORDINALITY"
            " AS fact (event_id, aggregate_type, aggregate_id, type, version, payload, occurred_at, headers,"
            " place)"
            " ORDER BY place",
            [list(column) for column in zip(*rows, strict=True)],
        )
    transaction.on_commit(partial(hint, using=using), using=using, robust=True)
    return [row[0] for row in rows]


def validate(*, fact: str, payload: Mapping[str, Any], key: str, version: int = 1) -> None:
    """Check a payload against its contract as a publisher must, and that `key` is the aggregate it names.

    For a use case that writes its outbox row in a statement of its own; `publish` does it by itself. Raises
    UnknownFact or MessageRefused, which say what is wrong and where, never a value.
    """
    found = contract(fact=fact, version=version)
    found.check_written(payload)
    if payload[found.subject_field] != key:
        raise MessageRefused(
            schema=found.name,
            violations=(Violation(path=f"$.{found.subject_field}", rule="must be the key of the fact"),),
        )


def headers(*, context: str, fact: str) -> dict[str, str]:
    """What goes into the outbox row's `headers`: the correlation id, where it may travel."""
    topic = topics.topic_of(context=context, fact=fact)
    current = correlation.get_brand_safe() if topic.side is topics.Side.BRAND_SAFE else correlation.get()
    return {} if current is None else {"correlationid": current}


_hinted: Final[dict[str, float]] = {}


def hint(*, using: str) -> None:
    """Wake the relay, after the commit; does nothing when this process has just done so.

    Not inside the transaction: a commit with a NOTIFY in it takes a lock of the whole server and keeps it
    while it waits for the disk, so that all such commits would queue one behind the other.
    """
    now = time.monotonic()
    if now - _hinted.get(using, 0.0) < _HINT_EVERY:
        return
    _hinted[using] = now
    connection = connections[using]
    if connection.connection is None:
        return
    with contextlib.suppress(psycopg.Error):  # the relay looks by itself before long
        connection.connection.execute(f"NOTIFY {CHANNEL}")


def _row(event: object) -> tuple[UUID, str, str, str, int, str, datetime, str]:
    try:
        mapping = _MAPPINGS[type(event)]
    except KeyError:
        raise UnregisteredEvent(f"{type(event).__name__} has no mapping in its context's facts.py.") from None
    payload = mapping.payload(event)
    key = mapping.key(event)
    validate(fact=mapping.fact, version=mapping.version, payload=payload, key=key)
    return (
        uuid4(),
        mapping.aggregate_type,
        key,
        mapping.fact,
        mapping.version,
        orjson.dumps(payload).decode(),
        mapping.occurred_at(event).astimezone(UTC),
        orjson.dumps(headers(context=mapping.context, fact=mapping.fact)).decode(),
    )
