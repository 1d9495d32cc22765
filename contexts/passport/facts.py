"""Facts that passport tells, and those it listens to.

ProductScanned is not registered here: the statement that records a scan writes its fact, too, because part of
the payload is known only inside it (`contexts.passport.application.scans.record_scan`).
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from contexts.passport.application.erasing import erase
from contexts.passport.application.links import link_visitor
from contexts.passport.domain.catalogue import CatalogueEntryChanged
from contexts.passport.domain.recalls import RecallAnnounced
from contexts.passport.domain.scans import UnknownProductReported
from packytrace.facts import outbox
from packytrace.facts.fact import Consumer, Fact
from packytrace.people.erasing import Eraser


def _visitor_linked(fact: Fact) -> None:
    if fact.type == "VisitorLinkedToAccount":
        link_visitor(
            visitor_id=UUID(fact.data["visitorId"]),
            account_id=UUID(fact.data["accountId"]),
            linked_at=datetime.fromisoformat(fact.data["linkedAt"]),
        )


def _erase(person_ids: Collection[UUID]) -> None:
    erase(person_ids=person_ids)


CONSUMERS: tuple[Consumer, ...] = (Eraser(context="passport", erase=_erase).consumer(also=_visitor_linked),)


def _catalogue_entry_changed(event: CatalogueEntryChanged) -> dict[str, Any]:
    return {
        "gtin": event.gtin,
        "brandId": event.brand_id and str(event.brand_id),
        "name": event.name,
        "brandName": event.brand_name,
        "changeKind": event.kind.value,
        "dataVersion": event.data_version,
        "changedAt": event.at.isoformat(),
    }


outbox.register(
    CatalogueEntryChanged,
    context="passport",
    fact="CatalogueEntryChanged",
    aggregate_type="catalogue_entry",
    key=lambda event: event.gtin,
    payload=_catalogue_entry_changed,
    occurred_at=lambda event: event.at,
)


def _recall_announced(event: RecallAnnounced) -> dict[str, Any]:
    recall = event.recall
    serials = {"serialFrom": recall.serial_from, "serialTo": recall.serial_to} if recall.serial_from else {}
    return {
        "recallId": str(event.recall_id),
        "gtin": recall.gtin,
        "lots": list(recall.lots),
        **serials,
        "reason": recall.reason.value,
        "text": recall.text,
        "announcedAt": event.at.isoformat(),
        "withdrawn": event.withdrawn,
    }


outbox.register(
    RecallAnnounced,
    context="passport",
    fact="RecallAnnounced",
    aggregate_type="recall",
    key=lambda event: event.recall.gtin,
    payload=_recall_announced,
    occurred_at=lambda event: event.at,
)


def _unknown_product_reported(event: UnknownProductReported) -> dict[str, Any]:
    return {
        "reportId": str(event.report_id),
        "visitorId": str(event.visitor_id),
        "gtin": event.gtin,
        "reportedAt": event.at.isoformat(),
    }


outbox.register(
    UnknownProductReported,
    context="passport",
    fact="UnknownProductReported",
    aggregate_type="unknown_product_report",
    key=lambda event: str(event.report_id),
    payload=_unknown_product_reported,
    occurred_at=lambda event: event.at,
)
