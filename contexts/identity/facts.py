"""Facts that identity tells, and those it listens to (none yet)."""

from datetime import UTC, datetime
from typing import Any

from contexts.identity.domain.brands import BrandChanged
from contexts.identity.domain.consents import ConsentGranted, ConsentWithdrawn
from contexts.identity.domain.visitors import VisitorLinkedToAccount
from packytrace.facts import outbox
from packytrace.facts.fact import Consumer

CONSUMERS: tuple[Consumer, ...] = ()


def _brand_changed(event: BrandChanged) -> dict[str, Any]:
    return {
        "brandId": str(event.brand_id),
        "name": event.name,
        "slug": event.slug,
        "status": event.status.value,
        "changedAt": _moment(event.changed_at),
    }


def _visitor_linked(event: VisitorLinkedToAccount) -> dict[str, Any]:
    return {
        "visitorId": str(event.visitor_id),
        "accountId": str(event.account_id),
        "linkedAt": _moment(event.linked_at),
    }


def _consent(event: ConsentGranted | ConsentWithdrawn) -> dict[str, Any]:
    return {
        "personId": str(event.person_id),
        "purpose": event.purpose.value,
        "noticeVersion": event.notice_version,
        "at": _moment(event.at),
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


outbox.register(
    BrandChanged,
    context="identity",
    fact="BrandChanged",
    aggregate_type="brand",
    key=lambda event: str(event.brand_id),
    payload=_brand_changed,
    occurred_at=lambda event: event.changed_at,
)
outbox.register(
    VisitorLinkedToAccount,
    context="identity",
    fact="VisitorLinkedToAccount",
    aggregate_type="account",
    key=lambda event: str(event.account_id),
    payload=_visitor_linked,
    occurred_at=lambda event: event.linked_at,
)
outbox.register(
    ConsentGranted,
    context="identity",
    fact="ConsentGranted",
    aggregate_type="person",
    key=lambda event: str(event.person_id),
    payload=_consent,
    occurred_at=lambda event: event.at,
)
outbox.register(
    ConsentWithdrawn,
    context="identity",
    fact="ConsentWithdrawn",
    aggregate_type="person",
    key=lambda event: str(event.person_id),
    payload=_consent,
    occurred_at=lambda event: event.at,
)
