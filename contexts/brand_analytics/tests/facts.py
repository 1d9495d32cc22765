"""Facts as they arrive at brand analytics, for tests."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from contexts.brand_analytics.facts import CONSUMERS
from contracts.registry import contract
from packytrace.facts.fact import Fact

BRAND = UUID("5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e05")
OTHER_BRAND = UUID("5a0c4a52-5c1e-4b7a-9d20-0c6a1f3b7e06")
MILK, OATS, JAM = "09521001000017", "09521001000024", "09521001000031"
FRIDAY = date(2025, 3, 14)

Figures = tuple[int, int]
"""Scans and people."""


def fact(type_: str, data: Mapping[str, Any], *, key: str) -> Fact:
    """A fact that its contract lets through."""
    contract(fact=type_).check_written(data)
    return Fact(
        id=uuid4(),
        type=type_,
        version=1,
        context="somebody",
        key=key,
        occurred_at=datetime(2025, 3, 15, 2, tzinfo=UTC),
        correlation_id=None,
        data=data,
    )


def released(
    cells: Mapping[str, Figures | None],
    *,
    cube: str = "scans_by_product_day",
    brand_id: UUID = BRAND,
    day: date = FRIDAY,
    k: int = 10,
) -> Fact:
    """Released cells by GTIN; None is a suppressed one. An empty GTIN is the brand's."""
    start = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    return fact(
        "AggregateReleased",
        {
            "releaseId": str(uuid4()),
            "brandId": str(brand_id),
            "cube": cube,
            "windowStart": start.isoformat(),
            "windowEnd": (start + timedelta(days=1)).isoformat(),
            "k": k,
            "cells": [
                {
                    "cellId": str(uuid4()),
                    **({"gtin": gtin} if gtin else {}),
                    "scans": figures[0] if figures else None,
                    "people": figures[1] if figures else None,
                    "status": "released" if figures else "suppressed",
                }
                for gtin, figures in cells.items()
            ],
        },
        key=str(brand_id),
    )


def fridges_released(
    cells: Mapping[tuple[str, str], Figures | None], *, brand_id: UUID = BRAND, day: date = FRIDAY
) -> Fact:
    """Released cells of fridges, items and households by GTIN and outcome; of what was stored where the
    outcome is empty, else of the week that begins on the day."""
    finished = any(outcome for _gtin, outcome in cells)
    start = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    return fact(
        "AggregateReleased",
        {
            "releaseId": str(uuid4()),
            "brandId": str(brand_id),
            "cube": "finished_by_product_week" if finished else "stored_by_product_day",
            "windowStart": start.isoformat(),
            "windowEnd": (start + timedelta(days=7 if finished else 1)).isoformat(),
            "k": 10,
            "cells": [
                {
                    "cellId": str(uuid4()),
                    "gtin": gtin,
                    **({"outcome": outcome} if outcome else {}),
                    "items": figures[0] if figures else None,
                    "people": figures[1] if figures else None,
                    "status": "released" if figures else "suppressed",
                }
                for (gtin, outcome), figures in cells.items()
            ],
        },
        key=str(brand_id),
    )


def day_released(
    *,
    total: Figures | None = None,
    products: Mapping[str, Figures | None] | None = None,
    quiet: bool = False,
    brand_id: UUID = BRAND,
    day: date = FRIDAY,
) -> tuple[Fact, Fact]:
    """Both cubes of a day."""
    return (
        released({} if quiet else {"": total}, cube="scans_by_brand_day", brand_id=brand_id, day=day),
        released(products or {}, brand_id=brand_id, day=day),
    )


def product_named(gtin: str, name: str | None, *, brand_id: UUID | None = BRAND, version: int = 1) -> Fact:
    """An entry of the catalogue was made or changed."""
    return fact(
        "CatalogueEntryChanged",
        {
            "gtin": gtin,
            "brandId": str(brand_id) if brand_id else None,
            "name": name,
            "brandName": None,
            "changeKind": "created" if version == 1 else "updated",
            "dataVersion": version,
            "changedAt": "2025-03-01T06:00:00+00:00",
        },
        key=gtin,
    )


def brand_changed(
    name: str, *, brand_id: UUID = BRAND, status: str = "active", at: str = "2025-02-01T08:00:00+00:00"
) -> Fact:
    """A brand was made or changed."""
    return fact(
        "BrandChanged",
        {
            "brandId": str(brand_id),
            "name": name,
            "slug": "alpenglanz",
            "status": status,
            "changedAt": at,
        },
        key=str(brand_id),
    )


def receive(*facts: Fact) -> None:
    """Handle facts as the consumer loop does, all in one transaction."""
    (consumer,) = CONSUMERS
    with transaction.atomic(using="brand_analytics"):
        for each in facts:
            consumer.handle(each)
