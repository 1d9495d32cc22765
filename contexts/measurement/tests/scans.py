"""Scans as they arrive from passport, for tests."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction

from contexts.measurement.facts import CONSUMERS
from packytrace.facts.fact import Consumer, Fact

BRAND = UUID("5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e05")
OTHER_BRAND = UUID("5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e06")
MILK, OATS, JAM = "09521001000017", "09521001000024", "09521001000031"
NOON = datetime(2025, 3, 14, 12, tzinfo=UTC)
"""A moment in the window of Friday 14 March 2025."""


def product_scanned(
    *,
    visitor_id: UUID | None = None,
    account_id: UUID | None = None,
    brand_id: UUID | None = BRAND,
    gtin: str = MILK,
    at: datetime = NOON,
    known: bool = True,
    opted_out: bool = False,
) -> Fact:
    """The fact that somebody scanned something."""
    scan_id = uuid4()
    return Fact(
        id=uuid4(),
        type="ProductScanned",
        version=1,
        context="passport",
        key=str(scan_id),
        occurred_at=at,
        correlation_id=None,
        data={
            "scanId": str(scan_id),
            "visitorId": str(visitor_id or uuid4()),
            "gtin": gtin,
            "productKnown": known,
            "scannedAt": at.isoformat(),
            "channel": "link",
            **({"accountId": str(account_id)} if account_id else {}),
            **({"brandId": str(brand_id)} if brand_id else {}),
            **({"optedOut": True} if opted_out else {}),
        },
    )


def person_fact(kind: str, /, **values: object) -> Fact:
    """A fact of identity about somebody; ids and lists of them as JSON has them."""
    return Fact(
        id=uuid4(),
        type=kind,
        version=1,
        context="identity",
        key="",
        occurred_at=NOON,
        correlation_id=None,
        data={
            name: [str(one) for one in value] if isinstance(value, list) else str(value)
            for name, value in values.items()
        },
    )


def receive(*facts: Fact) -> None:
    """Handle facts of scans as the consumer loop does: each in a transaction."""
    _handle(facts, consumer=CONSUMERS[0])


def hear(*facts: Fact) -> None:
    """The same of facts about people."""
    _handle(facts, consumer=CONSUMERS[1])


def _handle(facts: Sequence[Fact], *, consumer: Consumer) -> None:
    for fact in facts:
        with transaction.atomic(using="measurement"):
            consumer.handle(fact)


def receive_crowd(
    people: int, *, gtin: str = MILK, brand_id: UUID = BRAND, at: datetime = NOON, times: int = 1
) -> None:
    """So many people scan a product, each so many times."""
    visitors = [uuid4() for _ in range(people)]
    receive(
        *(
            product_scanned(visitor_id=visitor, gtin=gtin, brand_id=brand_id, at=at)
            for visitor in visitors
            for _ in range(times)
        )
    )
