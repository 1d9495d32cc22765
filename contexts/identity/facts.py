"""Facts that identity tells, and those it listens to (none yet)."""

from datetime import UTC
from typing import Any

from contexts.identity.domain.brands import BrandChanged
from packytrace.facts import outbox
from packytrace.facts.fact import Consumer

CONSUMERS: tuple[Consumer, ...] = ()


def _brand_changed(event: BrandChanged) -> dict[str, Any]:
    return {
        "brandId": str(event.brand_id),
        "name": event.name,
        "slug": event.slug,
        "status": event.status.value,
        "changedAt": event.changed_at.astimezone(UTC).isoformat(),
    }


outbox.register(
    BrandChanged,
    context="identity",
    fact="BrandChanged",
    aggregate_type="brand",
    key=lambda event: str(event.brand_id),
    payload=_brand_changed,
    occurred_at=lambda event: event.changed_at,
)
