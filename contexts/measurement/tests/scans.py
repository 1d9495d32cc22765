"""Scans as they arrive from passport, for tests."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.db import transaction

from contexts.measurement.facts import CONSUMERS
from packytrace.facts.fact import Fact

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
        },
    )


def receive(*facts: Fact) -> None:
    """Handle facts as the consumer loop does: each in a transaction."""
    (consumer,) = CONSUMERS
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
