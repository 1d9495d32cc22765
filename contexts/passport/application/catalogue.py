"""The catalogue: entries written many at once, each change with its fact, and read one by one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject

from contexts.passport.domain.catalogue import CatalogueEntry, CatalogueEntryChanged, ChangeKind
from contexts.passport.domain.recalls import Reason, Recall, StandingRecall
from contexts.passport.domain.text import folded
from contexts.passport.models import CatalogueEntry as Row
from contexts.passport.models import Recall as RecallRow
from contexts.passport.models.label_json import (
    eco_from_json,
    journey_from_json,
    label_from_json,
    label_to_json,
    sources_from_json,
    sources_to_json,
)
from packytrace.facts import outbox

_DATABASE: Final = "passport"
#: Trigrams of more text than this help nobody to find a product.
_LONGEST_SEARCH_TEXT: Final = 1_000


class Fate(Enum):
    """What became of an entry that was to be written."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The catalogue says the same already."""
    OLDER = "older"
    """The catalogue has it from a newer record of the source."""
    KEPT = "kept"
    """The entry is somebody else's: a brand's, or the demo's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The fate of one entry."""

    gtin: str
    fate: Fate


def write_open_data(*, entries: Collection[CatalogueEntry], at: datetime) -> Sequence[Written]:
    """Write entries of an open source, one per GTIN; entries of a brand and of the demo are kept as they are.

    Call it inside `transaction.atomic(using="passport")`: the facts belong to the same transaction.
    """
    return _write(entries=entries, owned_by="entry.brand_id IS NOT NULL OR entry.is_demo", at=at)


def write_demo(*, entries: Collection[CatalogueEntry], at: datetime) -> Sequence[Written]:
    """Write entries of the demo, one per GTIN; what is not of the demo is kept as it is.

    Call it inside `transaction.atomic(using="passport")`: the facts belong to the same transaction.
    """
    return _write(entries=entries, owned_by="NOT entry.is_demo", at=at)


#: Writes what is new or different and tells each row's fate, in one round trip. Rows are taken in the order
#: of their key, so that two writers that meet wait for each other and never lock crosswise; whoever comes
#: second decides on what the first has committed, by the same conditions.
_WRITE: Final = """
WITH incoming AS (
    SELECT *
    FROM unnest(
        %(gtin)s::text[], %(name)s::text[], %(brand_name)s::text[], %(brand_id)s::uuid[], %(label)s::jsonb[],
        %(provenance)s::jsonb[], %(search_text)s::text[], %(is_demo)s::boolean[],
        %(source_modified)s::timestamptz[], %(source_record)s::text[], %(content_digest)s::text[]
    ) AS row (
        gtin, name, brand_name, brand_id, label, provenance, search_text, is_demo, source_modified,
        source_record, content_digest
    )
), fated AS (
    SELECT
        incoming.*,
        CASE
            WHEN entry.gtin IS NULL THEN 'created'
            WHEN {owned_by} THEN 'kept'
            WHEN {older} THEN 'older'
            WHEN incoming.content_digest <> entry.content_digest THEN 'changed'
            ELSE 'unchanged'
        END AS fate
    FROM incoming LEFT JOIN catalogue_entry AS entry USING (gtin)
), written AS (
    INSERT INTO catalogue_entry AS entry (
        gtin, name, brand_name, brand_id, label, provenance, search_text, is_demo, source_modified,
        source_record, content_digest, data_version, updated_at
    )
    SELECT
        gtin, name, brand_name, brand_id, label, provenance, search_text, is_demo, source_modified,
        source_record, content_digest, 1, %(at)s::timestamptz
    FROM fated AS incoming
    WHERE fate IN ('created', 'changed')
    ORDER BY gtin
    ON CONFLICT (gtin) DO UPDATE SET
        name = excluded.name,
        brand_name = excluded.brand_name,
        brand_id = excluded.brand_id,
        label = excluded.label,
        provenance = excluded.provenance,
        search_text = excluded.search_text,
        is_demo = excluded.is_demo,
        source_modified = excluded.source_modified,
        source_record = excluded.source_record,
        content_digest = excluded.content_digest,
        data_version = entry.data_version + 1,
        updated_at = greatest(excluded.updated_at, entry.updated_at)
    WHERE NOT ({owned_by}) AND NOT ({excluded_older}) AND excluded.content_digest <> entry.content_digest
    RETURNING gtin, data_version
)
SELECT gtin, fate, data_version FROM fated LEFT JOIN written USING (gtin) ORDER BY gtin
"""
#: Of two records of one source for a GTIN (its code with and without leading zeros) the newer wins, and of
#: two as new as each other always the same one: the order in which they stand in a file must not matter.
_OLDER: Final = """(coalesce({0}.source_modified, '-infinity'), {0}.source_record)
    < (coalesce(entry.source_modified, '-infinity'), entry.source_record)"""


def _write(*, entries: Collection[CatalogueEntry], owned_by: str, at: datetime) -> Sequence[Written]:
    if not entries:
        return ()
    by_gtin = {entry.gtin: entry for entry in entries}
    statement = _WRITE.format(
        owned_by=owned_by,
        older=_OLDER.format("incoming"),
        excluded_older=_OLDER.format("excluded"),
    )
    with connections[_DATABASE].cursor() as cursor:
        columns = zip(*(_values(entry) for entry in by_gtin.values()), strict=True)
        cursor.execute(statement, {**dict(zip(_COLUMNS, map(list, columns), strict=True)), "at": at})
        rows = cursor.fetchall()
    outbox.publish_all(
        [
            _changed(by_gtin[gtin], data_version=data_version, at=at)
            for gtin, _, data_version in rows
            if data_version is not None
        ],
        using=_DATABASE,
    )
    return [Written(gtin=gtin, fate=_fate(fate, data_version)) for gtin, fate, data_version in rows]


def _fate(decided: str, data_version: int | None) -> Fate:
    """What was decided before the write; another writer that came between makes the difference."""
    fate = Fate(decided)
    if fate is Fate.CREATED and data_version != 1:
        return Fate.CHANGED if data_version else Fate.UNCHANGED
    if fate is Fate.CHANGED and data_version is None:
        return Fate.UNCHANGED
    return fate


def _changed(entry: CatalogueEntry, *, data_version: int, at: datetime) -> CatalogueEntryChanged:
    return CatalogueEntryChanged(
        gtin=entry.gtin,
        brand_id=entry.brand_id,
        name=entry.name or None,
        brand_name=entry.brand_name or None,
        kind=ChangeKind.CREATED if data_version == 1 else ChangeKind.UPDATED,
        data_version=data_version,
        at=at,
    )


_COLUMNS: Final = (
    "gtin",
    "name",
    "brand_name",
    "brand_id",
    "label",
    "provenance",
    "search_text",
    "is_demo",
    "source_modified",
    "source_record",
    "content_digest",
)


def _values(entry: CatalogueEntry) -> tuple[object, ...]:
    label = label_to_json(
        label=entry.label,
        journey=entry.journey,
        eco=entry.eco,
        picture=entry.picture,
        categories=entry.categories,
    )
    sources = sources_to_json(entry.sources)
    brand_id = entry.brand_id and str(entry.brand_id)
    return (
        entry.gtin,
        entry.name,
        entry.brand_name,
        brand_id,
        orjson.dumps(label).decode(),
        orjson.dumps(sources).decode(),
        _search_text(entry),
        entry.is_demo,
        max((source.modified for source in entry.sources if source.modified), default=None),
        next((source.record for source in entry.sources if source.record), ""),
        _digest(entry.brand_name, brand_id, label, [{**source, "fetched": None} for source in sources]),
    )


def _digest(*content: object) -> str:
    """Of everything that an entry says. When a value was read is left out: read again, it says the same."""
    return blake2b(orjson.dumps(content, option=orjson.OPT_SORT_KEYS), digest_size=16).hexdigest()


def _search_text(entry: CatalogueEntry) -> str:
    """Names in every language and the brand, each word of them once."""
    words = folded(" ".join((entry.name, entry.brand_name, *entry.label.names.values()))).split()
    return " ".join(dict.fromkeys(words))[:_LONGEST_SEARCH_TEXT]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredEntry:
    """An entry as the catalogue holds it."""

    entry: CatalogueEntry
    data_version: int
    updated_at: datetime
    recalls: tuple[StandingRecall, ...] = ()
    """Those of the product that are not taken back, the newest first."""
    recall_turns: int = 0
    """How often recalls of it were announced or taken back."""

    @property
    def version(self) -> tuple[int, int]:
        """Changes with everything that a passport says."""
        return self.data_version, self.recall_turns


_RECALLS: Final = RecallRow.objects.filter(gtin=OuterRef("gtin"))
_TURNS: Final = Coalesce(
    Subquery(_RECALLS.values("gtin").annotate(turns=Sum("turns")).values("turns")), Value(0)
)
_STANDING: Final = ArraySubquery(
    _RECALLS.filter(withdrawn=False)
    .order_by("-announced_at", "id")
    .values(
        said=JSONObject(
            id="id",
            lots="lots",
            serial_from="serial_from",
            serial_to="serial_to",
            reason="reason",
            text="text",
            announced_at="announced_at",
        )
    )
)


def find_entry(*, gtin: str) -> StoredEntry | None:
    """The entry of a GTIN-14 with its recalls, in one query; None for a product that we do not know."""
    row = Row.objects.annotate(recalls=_STANDING, recall_turns=_TURNS).filter(gtin=gtin).first()
    if row is None:
        return None
    return StoredEntry(
        entry=CatalogueEntry(
            gtin=row.gtin,
            label=label_from_json(row.label),
            sources=sources_from_json(row.provenance),
            brand_name=row.brand_name,
            brand_id=row.brand_id,
            picture=row.label.get("picture"),
            categories=tuple(row.label.get("categories", ())),
            journey=journey_from_json(row.label),
            eco=eco_from_json(row.label),
            is_demo=row.is_demo,
        ),
        data_version=row.data_version,
        updated_at=row.updated_at,
        recalls=tuple(_standing(said, gtin=gtin) for said in row.recalls),
        recall_turns=row.recall_turns,
    )


def _standing(said: dict[str, Any], *, gtin: str) -> StandingRecall:
    return StandingRecall(
        id=UUID(said["id"]),
        recall=Recall(
            gtin=gtin,
            lots=tuple(said["lots"]),
            serial_from=said["serial_from"],
            serial_to=said["serial_to"],
            reason=Reason(said["reason"]),
            text=said["text"],
        ),
        announced_at=datetime.fromisoformat(said["announced_at"]),
    )


def version_of(*, gtin: str) -> tuple[int, int] | None:
    """`StoredEntry.version` of a GTIN: the cheapest question that tells whether its passport has changed."""
    return Row.objects.filter(gtin=gtin).values_list("data_version", _TURNS).first()
