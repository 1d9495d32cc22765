"""Facts that measurement tells, and those it listens to."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from contexts.measurement.application import people
from contexts.measurement.application.recording import record_finished, record_scan, record_stored
from contexts.measurement.application.replaying import start_over
from contexts.measurement.domain import windows
from contexts.measurement.domain.disclosure import Figures, Holdings
from contexts.measurement.domain.releases import AggregateReleased, Cell, Cube
from packytrace.facts import outbox
from packytrace.facts.fact import Consumer, Fact
from packytrace.people.erasing import Eraser


def _handle(fact: Fact) -> None:
    match fact.type:
        case "ProductScanned":
            _product_scanned(fact)
        case "ItemStored" if "brandId" in fact.data:
            record_stored(
                **_held(fact.data),
                stored_on=date.fromisoformat(fact.data["storedOn"]),
            )
        case "ItemFinished" if "brandId" in fact.data:
            record_finished(
                **_held(fact.data),
                finished_on=date.fromisoformat(fact.data["finishedOn"]),
                outcome=fact.data["outcome"],
                tenths=fact.data["shareTenths"],
            )
        case "HolderForgotten":
            people.forget_holder(holder=UUID(fact.data["holderRef"]))


def _held(data: Mapping[str, Any]) -> dict[str, Any]:
    """Of how much of which product, and of whom: the household of this one window."""
    return {
        "brand_id": UUID(data["brandId"]),
        "gtin": data["gtin"],
        "holder": UUID(data["holderRef"]),
        "packs": data.get("packs", 1),
    }


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
        "windowEnd": (windows.start_of(event.day) + _length(event)).isoformat(),
        "k": event.k,
        "cells": [_cell(cell, cube=event.cube) for cell in event.cells],
    }


def _length(event: AggregateReleased) -> timedelta:
    return windows.WEEK if event.is_week else timedelta(days=1)


def _cell(cell: Cell, *, cube: Cube) -> dict[str, Any]:
    return {
        "cellId": str(cell.cell_id),
        **({"gtin": cell.gtin} if cell.gtin else {}),
        **({"outcome": cell.outcome.value} if cell.outcome else {}),
        **_figures(cell, cube=cube),
        "status": "released" if cell.figures else "suppressed",
    }


def _figures(cell: Cell, *, cube: Cube) -> dict[str, int | None]:
    match cell.figures:
        case Figures(scans=scans, people=people):
            return {"scans": scans, "people": people}
        case Holdings(items=items, holders=holders):
            return {"items": items, "people": holders}
        case None:
            counted = "scans" if cube in {Cube.BRAND_DAY, Cube.PRODUCT_DAY} else "items"
            return {counted: None, "people": None}


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
        topics=frozenset({"passport.scans.v1", "fridge.items.v1"}),
        handle=_handle,
        empty=start_over,
    ),
    Eraser(context="measurement", erase=lambda person_ids: people.erase(person_ids=person_ids)).consumer(
        also=_hear_of_people
    ),
)
