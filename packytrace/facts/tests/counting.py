"""What the tests of facts tell and hear: numbered facts of many keys, and a table of what was heard.

They travel as ProductScanned of passport and are heard by measurement; the number is the microsecond of the
moment at which the fact happened. Shared by the tests and by the processes that the tests kill.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.db import connections, transaction

from packytrace.facts import outbox
from packytrace.facts.fact import Consumer, Fact

TOPIC: Final = "passport.scans.v1"
_START: Final = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The number-th thing that happened to an aggregate."""

    key: UUID
    number: int

    @property
    def at(self) -> datetime:
        """The moment that carries the number."""
        return _START + timedelta(microseconds=self.number)


outbox.register(
    Counted,
    context="passport",
    fact="ProductScanned",
    aggregate_type="counted",
    key=lambda event: str(event.key),
    payload=lambda event: {
        "scanId": str(event.key),
        "visitorId": "00000002-5c1e-4b7a-9d20-0c6a1f3b7e02",
        "gtin": "09521002000023",
        "productKnown": False,
        "scannedAt": event.at.isoformat(),
        "channel": "link",
    },
    occurred_at=lambda event: event.at,
)


class Poison(Exception):
    """What a handler raises at a fact that it cannot handle; the text stands for a value of the payload."""


def new_keys(count: int) -> list[UUID]:
    """Keys that no other test has."""
    return [uuid4() for _ in range(count)]


def tell(*, key: UUID, numbers: Iterable[int]) -> None:
    """Publish numbered facts of a key, each in a transaction of its own."""
    for number in numbers:
        with transaction.atomic(using="passport"):
            outbox.publish(Counted(key=key, number=number), using="passport")


def tell_next(*, key: UUID) -> int:
    """Publish a key's next fact as a use case does: win the aggregate's version first, then publish."""
    with transaction.atomic(using="passport"):
        with connections["passport"].cursor() as cursor:
            cursor.execute(
                "INSERT INTO counted (key, number) VALUES (%s, 1)"
                " ON CONFLICT (key) DO UPDATE SET number = counted.number + 1 RETURNING number",
                [key],
            )
            (number,) = cursor.fetchone()
        outbox.publish(Counted(key=key, number=number), using="passport")
    return int(number)


def number_of(fact: Fact) -> int:
    """The number that a fact carries."""
    return (fact.occurred_at - _START) // timedelta(microseconds=1)


def hear(fact: Fact, *, consumer: str) -> None:
    """Write down what was heard, in the order of hearing."""
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO heard (consumer, key, number) VALUES (%s, %s, %s)",
            [consumer, fact.key, number_of(fact)],
        )


def listener(name: str, *, poison: Iterable[tuple[UUID, int]] = ()) -> Consumer:
    """A consumer that writes down what it hears and fails at the poison."""
    wrong = {(str(key), number) for key, number in poison}

    def handle(fact: Fact) -> None:
        hear(fact, consumer=name)
        if (fact.key, number_of(fact)) in wrong:
            raise Poison(fact.key)

    def empty() -> None:
        with connections["measurement"].cursor() as cursor:
            cursor.execute("DELETE FROM heard WHERE consumer = %s", [name])

    return Consumer(name=name, context="measurement", topics=frozenset({TOPIC}), handle=handle, empty=empty)


def heard(consumer: str, *, keys: Sequence[UUID]) -> dict[UUID, list[int]]:
    """What a consumer heard of each key, in the order of hearing; looked at from outside."""
    found: dict[UUID, list[int]] = {key: [] for key in keys}
    with administrator() as admin:
        rows = admin.execute(
            "SELECT key, number FROM measurement.heard WHERE consumer = %s AND key = ANY(%s) ORDER BY place",
            [consumer, list(keys)],
        )
        for key, number in rows:
            found[key].append(number)
    return found


def administrator() -> psycopg.Connection:
    """A connection of the administrator, who may do anything."""
    return psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True)
