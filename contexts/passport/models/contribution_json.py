"""How what a source says of a product is kept as JSON, and read back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.models.label_json import (
    Json,
    eco_from_json,
    journey_from_json,
    label_from_json,
    label_to_json,
    sources_from_json,
    sources_to_json,
)


def said_to_json(entry: CatalogueEntry, *, at: datetime) -> Json:
    """What a source says, taken over at a moment. What it does not say is left out."""
    written: dict[str, Any] = {
        "said": label_to_json(
            label=entry.label,
            journey=entry.journey,
            eco=entry.eco,
            picture=entry.picture,
            categories=entry.categories,
        ),
        "sources": sources_to_json(entry.sources),
        "brand_name": entry.brand_name,
        "brand_id": entry.brand_id and str(entry.brand_id),
        "is_demo": entry.is_demo,
    }
    return {"at": at.isoformat(), **{name: value for name, value in written.items() if value}}


def said_from_json(written: Mapping[str, Any], *, gtin: str) -> CatalogueEntry:
    """What `said_to_json` wrote."""
    said = written.get("said", {})
    brand_id = written.get("brand_id")
    return CatalogueEntry(
        gtin=gtin,
        label=label_from_json(said),
        sources=sources_from_json(written.get("sources", ())),
        brand_name=written.get("brand_name", ""),
        brand_id=UUID(brand_id) if brand_id else None,
        picture=said.get("picture"),
        categories=tuple(said.get("categories", ())),
        journey=journey_from_json(said),
        eco=eco_from_json(said),
        is_demo=written.get("is_demo", False),
    )
