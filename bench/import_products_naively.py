"""The usual import: each record understood in Python, objects through Django's ORM, a fact for each. Used by
`bench.import_products` alone."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import orjson

from bench.load import set_up_django


def main(path: Path, products: int) -> None:
    """Import so many products of an export under GTINs that nobody has."""
    set_up_django()
    from django.db import transaction

    from contexts.passport.application.search_words import index_of
    from contexts.passport.application.sources.open_food_facts import understood
    from contexts.passport.application.sources.open_food_facts_export import open_export
    from contexts.passport.application.sources.open_food_facts_record import record_from_json
    from contexts.passport.application.sources.record import RecordRefused
    from contexts.passport.models import CatalogueEntry, OutboxFact

    now, done = datetime.now(UTC), 0
    with open_export(path) as export:
        for batch in export.batches(start=0, rows=2_000):
            entries, facts = [], []
            for record in batch.records.column("record").to_pylist():
                try:
                    entry = understood(record_from_json(orjson.loads(record)), read_on=now.date()).entry
                except RecordRefused:
                    continue
                gtin = f"9{entry.gtin[1:]}"
                entries.append(
                    CatalogueEntry(
                        gtin=gtin,
                        name=entry.name,
                        brand_name=entry.brand_name,
                        record=record,
                        record_at=now,
                        card={"names": dict(entry.label.names)},
                        words=index_of(entry),
                        updated_at=now,
                    )
                )
                facts.append(
                    OutboxFact(
                        event_id=uuid4(),
                        aggregate_type="catalogue_entry",
                        aggregate_id=gtin,
                        type="CatalogueEntryChanged",
                        version=1,
                        payload={"gtin": gtin, "name": entry.name, "changeKind": "created"},
                        occurred_at=now,
                    )
                )
            with transaction.atomic(using="passport"):
                CatalogueEntry.objects.bulk_create(entries)
                OutboxFact.objects.bulk_create(facts)
            done += len(batch.records)
            if done >= products:
                return


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
