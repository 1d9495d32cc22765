"""Facts that passport tells, and those it listens to."""

from typing import Any

from contexts.passport.domain.catalogue import CatalogueEntryChanged
from packytrace.facts import outbox
from packytrace.facts.fact import Consumer

CONSUMERS: tuple[Consumer, ...] = ()


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
