"""Dead facts: what the log refused, with the later facts of their keys; `Relay.retry` sends them again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connections
from psycopg import sql

from packytrace.databases import roles
from packytrace.databases.connections import connect


@dataclass(frozen=True, slots=True)
class DeadFact:
    """A fact that could not be relayed."""

    id: int
    event_id: UUID
    key: str
    type: str
    version: int
    payload: str
    reason: str
    set_aside_at: datetime


_COLUMNS: Final = "id, event_id, aggregate_id, type, version, payload::text, reason, set_aside_at"


def pending(*, context: str, fact_id: int | None = None) -> list[DeadFact]:
    """The context's dead facts in the order of their publishing; only one when its id is given."""
    with connections[context].cursor() as cursor:
        cursor.execute(
            f"SELECT {_COLUMNS} FROM outbox_dead WHERE id = COALESCE(%s::bigint, id) ORDER BY id",  # noqa: S608 - a constant
            [fact_id],
        )
        return [DeadFact(*row) for row in cursor]


def drop(*, context: str, fact_id: int) -> bool:
    """Give a fact up: no other context ever hears of it. Whether there was one.

    As the relay's role: a context itself only looks at what the log refused.
    """
    with connect(roles.RELAY) as connection:
        deleted = connection.execute(
            sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(context, "outbox_dead")), [fact_id]
        )
        return bool(deleted.rowcount)
