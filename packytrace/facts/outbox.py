"""Publishing: a context's domain event becomes a validated fact in its outbox, in the transaction at hand."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from uuid import UUID, uuid4

import orjson
from django.db import connections

from contracts.registry import contract
from packytrace.facts import topics

E = TypeVar("E")


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
    """Say which fact a domain event is; called by a context's facts.py when the apps are loaded."""
    topics.topic_of(context=context, fact=fact)
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
    return [row[0] for row in rows]


def _row(event: object) -> tuple[UUID, str, str, str, int, str, datetime, str]:
    try:
        mapping = _MAPPINGS[type(event)]
    except KeyError:
        raise UnregisteredEvent(f"{type(event).__name__} has no mapping in its context's facts.py.") from None
    payload = mapping.payload(event)
    contract(fact=mapping.fact, version=mapping.version).check_written(payload)
    return (
        uuid4(),
        mapping.aggregate_type,
        mapping.key(event),
        mapping.fact,
        mapping.version,
        orjson.dumps(payload).decode(),
        mapping.occurred_at(event).astimezone(UTC),
        "{}",
    )
