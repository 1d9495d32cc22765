"""Facts that measurement tells, and those it listens to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from contexts.measurement.application import people
from contexts.measurement.application.recording import record_scan
from contexts.measurement.application.replaying import start_over
from contexts.measurement.domain import windows
from contexts.measurement.domain.releases import AggregateReleased, Cell
from packytrace.facts import outbox
from packytrace.facts.fact import Consumer, Fact
from packytrace.people.erasing import Eraser


def _handle(fact: Fact) -> None:
    if fact.type == "ProductScanned":
        _product_scanned(fact)


def _product_scanned(fact: Fact) -> None:
    """A scan counts for the brand that owns the product; without a tenant nobody may ever see it."""
    data = fact.data
    if "brandId" not in data or not data["productKnown"] or data.get("optedOut"):
        return
    account = data.get("accountId")
    record_scan(
        brand_id=UUID(data["brandId"]),
        gtin=data["gtin"],
        visitor_id=UUID(data["visitorId"]),
        account_id=UUID(account) if account else None,
        scanned_at=datetime.fromisoformat(data["scannedAt"]),
    )


def _hear_of_people(fact: Fact) -> None:
    if fact.type == "VisitorLinkedToAccount":
        people.link(visitor_id=UUID(fact.data["visitorId"]), account_id=UUID(fact.data["accountId"]))
    elif fact.type == "ConsentWithdrawn" and fact.data["purpose"] == "measurement":
        people.erase(person_ids=[UUID(fact.data["personId"])])


def _aggregate_released(event: AggregateReleased) -> dict[str, Any]:
    return {
        "releaseId": str(event.release_id),
        "brandId": str(event.brand_id),
        "cube": event.cube.value,
        "windowStart": windows.start_of(event.day).isoformat(),
        "windowEnd": windows.end_of(event.day).isoformat(),
        "k": event.k,
        "cells": [_cell(cell) for cell in event.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    figures = cell.figures
    return {
        "cellId": str(cell.cell_id),
        **({"gtin": cell.gtin} if cell.gtin else {}),
        "scans": figures.scans if figures else None,
        "people": figures.people if figures else None,
        "status": "released" if figures else "suppressed",
    }


outbox.register(
    AggregateReleased,
    context="measurement",
    fact="AggregateReleased",
    aggregate_type="brand",
    key=lambda event: str(event.brand_id),
    payload=_aggregate_released,
    occurred_at=lambda event: event.released_at,
)

CONSUMERS = (
    Consumer(
        name="measurement",
        context="measurement",
        topics=frozenset({"passport.scans.v1"}),
        handle=_handle,
        empty=start_over,
    ),
    Eraser(context="measurement", erase=lambda person_ids: people.erase(person_ids=person_ids)).consumer(
        also=_hear_of_people
    ),
)
