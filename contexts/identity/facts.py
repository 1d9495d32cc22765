"""Facts that identity tells, and those it listens to."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contexts.identity.application import erasures
from contexts.identity.domain.brands import BrandChanged
from contexts.identity.domain.consents import ConsentGranted, ConsentWithdrawn
from contexts.identity.domain.erasures import HOLDERS, ErasureCompleted, ErasureRequested
from contexts.identity.domain.visitors import VisitorLinkedToAccount
from packytrace.facts import outbox
from packytrace.facts.fact import Consumer, Fact


def _handle(fact: Fact) -> None:
    if fact.type == "ErasureAcknowledged":
        erasures.acknowledge(
            erasure_id=UUID(fact.data["erasureId"]), context=fact.context, now=datetime.now(UTC)
        )


CONSUMERS: tuple[Consumer, ...] = (
    Consumer(
        name="identity-erasures",
        context="identity",
        topics=frozenset(f"{context}.erasures.v1" for context in HOLDERS),
        handle=_handle,
    ),
)


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


def _erasure_requested(event: ErasureRequested) -> dict[str, Any]:
    return {
        "erasureId": str(event.erasure_id),
        "personIds": [str(person_id) for person_id in event.person_ids],
        "requestedAt": _moment(event.requested_at),
    }


def _erasure_completed(event: ErasureCompleted) -> dict[str, Any]:
    return {"erasureId": str(event.erasure_id), "at": _moment(event.at)}


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
outbox.register(
    ErasureRequested,
    context="identity",
    fact="ErasureRequested",
    aggregate_type="erasure",
    key=lambda event: str(event.erasure_id),
    payload=_erasure_requested,
    occurred_at=lambda event: event.requested_at,
)
outbox.register(
    ErasureCompleted,
    context="identity",
    fact="ErasureCompleted",
    aggregate_type="erasure",
    key=lambda event: str(event.erasure_id),
    payload=_erasure_completed,
    occurred_at=lambda event: event.at,
)
