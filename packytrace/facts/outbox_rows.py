"""What the relay does with the rows of outboxes, as its role, inside its transaction."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

import psycopg
import structlog
from psycopg import sql

from packytrace.facts import locks, topics
from packytrace.facts.envelope import COLUMNS, OutboxRow
from packytrace.facts.locks import AdvisoryLock

#: Each context's keys fall into this many shards, a power of two; each shard has one active relay at a time.
#: All relays of an installation must agree on it.
SHARDS: Final = 4

_logger = structlog.get_logger(__name__)


def contexts_with_facts(connection: psycopg.Connection[Any], *, contexts: Iterable[str]) -> list[str]:
    """Those of the contexts whose outbox is not empty."""
    query = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
            sql.Literal(context), sql.Identifier(context, "outbox")
        )
        for context in contexts
    )
    return [context for (context,) in connection.execute(query)]


def count_relays(connection: psycopg.Connection[Any], *, name: str) -> int:
    """How many sessions of the relay's role have that name."""
    (count,) = connection.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user AND application_name = %s", [name]
    ).fetchone() or (0,)
    return int(count)


def take_free_shards(
    connection: psycopg.Connection[Any], *, context: str, numbers: Sequence[int]
) -> list[int]:
    """Those of the shards that no other relay holds; they are ours until the transaction ends."""
    keys = [AdvisoryLock.RELAY.of(context, number)[1] for number in numbers]
    found = connection.execute(
        "SELECT number FROM unnest(%s::int[], %s::int[]) AS shard (number, key)"
        " WHERE pg_try_advisory_xact_lock(%s::int, key)",
        [list(numbers), keys, AdvisoryLock.RELAY.value],
    )
    return [number for (number,) in found]


def take_shard_of(connection: psycopg.Connection[Any], *, context: str, key: str) -> None:
    """Wait for the shard of a key: nothing newer of the key is on its way until the transaction ends."""
    (number,) = connection.execute("SELECT hashtext(%s) & %s", [key, SHARDS - 1]).fetchone() or (0,)
    connection.execute(locks.TAKE, AdvisoryLock.RELAY.of(context, number))


def read(
    connection: psycopg.Connection[Any],
    *,
    context: str,
    shards: Sequence[int],
    without: Sequence[str],
    limit: int,
) -> list[OutboxRow]:
    """The oldest facts of these shards, in order, without those of some keys.

    Every fact that is visible is looked at, never only those behind the last one seen: a fact with a lower
    id may be committed later.
    """
    cursor = connection.execute(
        sql.SQL(
            "SELECT {} FROM {} WHERE hashtext(aggregate_id) & %s = ANY(%s::int[])"
            " AND aggregate_id <> ALL(%s::text[]) ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
        ).format(sql.SQL(COLUMNS), sql.Identifier(context, "outbox")),
        [SHARDS - 1, list(shards), list(without), limit],
    )
    return [OutboxRow._make(row) for row in cursor.fetchall()]


def read_oldest_dead(connection: psycopg.Connection[Any], *, context: str, key: str) -> OutboxRow | None:
    """The oldest dead fact of a key."""
    row = connection.execute(
        sql.SQL("SELECT {} FROM {} WHERE aggregate_id = %s ORDER BY id LIMIT 1 FOR UPDATE").format(
            sql.SQL(COLUMNS), sql.Identifier(context, "outbox_dead")
        ),
        [key],
    ).fetchone()
    return None if row is None else OutboxRow._make(row)


def held_keys(connection: psycopg.Connection[Any], *, context: str) -> set[tuple[str, str]]:
    """(topic, key) of the facts that are set aside: what follows them follows them there."""
    found = connection.execute(
        sql.SQL("SELECT DISTINCT type, aggregate_id FROM {}").format(sql.Identifier(context, "outbox_dead"))
    )
    return {(topic_of(context=context, fact=fact), key) for fact, key in found}


def topic_of(*, context: str, fact: str) -> str:
    """The name of a fact's topic; a fact that no topic carries keeps its order under its own name."""
    with suppress(topics.UndeclaredFact):
        return topics.topic_of(context=context, fact=fact).name
    return fact


def delete(connection: psycopg.Connection[Any], *, context: str, ids: Sequence[int]) -> None:
    """Take facts off the outbox."""
    _delete(connection, sql.Identifier(context, "outbox"), ids=ids)


def delete_dead(connection: psycopg.Connection[Any], *, context: str, ids: Sequence[int]) -> None:
    """Take facts off the dead ones."""
    _delete(connection, sql.Identifier(context, "outbox_dead"), ids=ids)


def set_aside(connection: psycopg.Connection[Any], *, context: str, dead: Mapping[int, str]) -> None:
    """Move facts to the dead ones, each with its reason."""
    if not dead:
        return
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
    delete(connection, context=context, ids=list(dead))
    _logger.error("facts_set_aside", context=context, facts=len(dead), reasons=sorted(set(dead.values())))


def explain_dead(connection: psycopg.Connection[Any], *, context: str, reasons: Mapping[int, str]) -> None:
    """Note why dead facts are still dead."""
    for number, reason in reasons.items():
        connection.execute(
            sql.SQL("UPDATE {} SET reason = %s WHERE id = %s").format(sql.Identifier(context, "outbox_dead")),
            [reason, number],
        )


def expire_dead(connection: psycopg.Connection[Any], *, context: str) -> int:
    """Delete dead facts that were set aside longer ago than their topic's retention; returns how many.

    Raw facts that the log refused live no longer than those it took.
    """
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


def _delete(connection: psycopg.Connection[Any], table: sql.Identifier, *, ids: Sequence[int]) -> None:
    connection.execute(sql.SQL("DELETE FROM {} WHERE id = ANY(%s)").format(table), [list(ids)])
