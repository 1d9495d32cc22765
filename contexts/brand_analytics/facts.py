"""What brand analytics listens to: brand-safe topics only. It tells nothing."""

from datetime import datetime
from uuid import UUID

from contexts.brand_analytics.application import receiving
from contexts.brand_analytics.domain.releases import Cell, Cube, Release
from packytrace.facts.fact import Consumer, Fact

_CUBES = {cube.value for cube in Cube}


def _handle(fact: Fact) -> None:
    match fact.type:
        case "AggregateReleased":
            _aggregate_released(fact)
        case "CatalogueEntryChanged":
            _catalogue_entry_changed(fact)
        case "BrandChanged":
            _brand_changed(fact)


def _aggregate_released(fact: Fact) -> None:
    data = fact.data
    if data["cube"] not in _CUBES:
        return
    receiving.keep_release(
        release=Release(
            release_id=UUID(data["releaseId"]),
            brand_id=UUID(data["brandId"]),
            cube=Cube(data["cube"]),
            day=datetime.fromisoformat(data["windowStart"]).date(),
            k=data["k"],
            cells=tuple(
                Cell(
                    cell_id=UUID(cell["cellId"]),
                    gtin=cell.get("gtin", ""),
                    scans=cell.get("scans"),
                    people=cell.get("people"),
                    items=cell.get("items"),
                    outcome=cell.get("outcome", ""),
                )
                for cell in data["cells"]
            ),
        )
    )


def _catalogue_entry_changed(fact: Fact) -> None:
    data = fact.data
    if data["brandId"] is None:
        return
    receiving.name_product(
        brand_id=UUID(data["brandId"]),
        gtin=data["gtin"],
        name=data["name"] or "",
        data_version=data["dataVersion"],
    )


def _brand_changed(fact: Fact) -> None:
    data = fact.data
    receiving.change_brand(
        brand_id=UUID(data["brandId"]),
        name=data["name"],
        slug=data["slug"],
        is_active=data["status"] == "active",
        changed_at=datetime.fromisoformat(data["changedAt"]),
    )


CONSUMERS = (
    Consumer(
        name="brand_analytics",
        context="brand_analytics",
        topics=frozenset({"measurement.aggregates.v1", "passport.catalogue.v1", "identity.brands.v1"}),
        handle=_handle,
    ),
)
