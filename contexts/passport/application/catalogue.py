"""The catalogue: what sources say of products, written many at once, each change with its fact; and read one
by one, as one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any, Final
from uuid import UUID

import orjson
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, JSONObject

from contexts.passport.application.search_words import index_of, kinds_of, names_of
from contexts.passport.application.sources.open_food_facts import understood
from contexts.passport.application.sources.open_food_facts_record import digest_of, moment, record_from_json
from contexts.passport.application.sources.record import RecordRefused
from contexts.passport.domain.catalogue import CatalogueEntry, CatalogueEntryChanged, ChangeKind
from contexts.passport.domain.precedence import Contribution, Origin, merged
from contexts.passport.domain.recalls import Reason, Recall, StandingRecall
from contexts.passport.domain.text import shortened
from contexts.passport.models import CatalogueEntry as Row
from contexts.passport.models import Recall as RecallRow
from contexts.passport.models.contribution_json import said_from_json, said_to_json
from contexts.passport.models.label_json import Json, sources_from_json
from packytrace.facts import outbox

_DATABASE: Final = "passport"
_OPEN: Final = Origin.OPEN_FOOD_FACTS.value
#: Of a name in a list or in a fact; the label has all of it.
_LONGEST_NAME: Final = 500


class Fate(Enum):
    """What became of an entry that was to be written."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The catalogue says the same already."""
    OLDER = "older"
    """The catalogue has it from a newer record of the source."""
    WITHDRAWN = "withdrawn"
    """Nobody says anything of the product any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """The fate of one entry."""

    gtin: str
    fate: Fate


def contribute(*, contributions: Collection[Contribution], at: datetime) -> Sequence[Written]:
    """Write what sources say of products beside what others say of them; each change of an entry is told.

    A contribution takes the place of its origin's earlier one, unless it is older by the source's own date or
    says the same. Of two contributions of one origin for a GTIN the last counts.

    Call it inside `transaction.atomic(using="passport")`: the facts belong to the same transaction.
    """
    said: dict[str, dict[Origin, Contribution]] = {}
    for contribution in contributions:
        said.setdefault(contribution.entry.gtin, {})[contribution.origin] = contribution
    if not said:
        return ()
    share_catalogue()
    fates: dict[str, Fate] = {}
    # Whom another writer came before decides on what that one has written: by then it holds the rows' locks.
    while waiting := sorted(said.keys() - fates.keys()):
        drafts = []
        for held in _held(waiting):
            fate, changed = _decided(held, said[held.gtin], at=at)
            if changed:
                drafts.append(_Draft.of(held, changed, at=at))
            else:
                fates[held.gtin] = fate
        for draft in _write(drafts, at=at):
            fates[draft.gtin] = Fate.CREATED if draft.is_new else Fate.CHANGED
    return [Written(gtin=gtin, fate=fates[gtin]) for gtin in sorted(fates)]


def weighed(*, contributions: Collection[Contribution], at: datetime) -> Sequence[Written]:
    """What `contribute` would make of contributions, at most one for each GTIN, if it were called now. Writes
    nothing."""
    said = {one.entry.gtin: one for one in contributions}
    found = []
    for held in _held(sorted(said)) if said else ():
        contribution = said[held.gtin]
        fate, changed = _decided(held, {contribution.origin: contribution}, at=at)
        if changed:
            fate = Fate.CHANGED if held.exists else Fate.CREATED
        found.append(Written(gtin=held.gtin, fate=fate))
    return found


def withdraw(*, gtin: str, origin: Origin, at: datetime) -> Fate:
    """Take back what an origin says of a product; with the last of them the product's entry goes, too.

    What it said stays in the history. Call it inside `transaction.atomic(using="passport")`.
    """
    _lock(shared=False)
    (held,) = _held([gtin])
    if origin.value not in held.contributions:
        return Fate.UNCHANGED
    draft = _Draft.of(held, {origin: None}, at=at)
    if draft.contributions:
        _write([draft], at=at)
        return Fate.CHANGED
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_REMOVE, {"gtin": gtin, "data_version": draft.data_version, "at": at})
    outbox.publish(
        _changed(
            entry_of(gtin, held.contributions),
            data_version=draft.data_version,
            kind=ChangeKind.WITHDRAWN,
            at=at,
        ),
        using=_DATABASE,
    )
    return Fate.WITHDRAWN


def touch(*, gtins: Collection[str], at: datetime) -> Mapping[str, int]:
    """Tell that something has changed that belongs to entries and is kept beside them, such as where a lot
    has been; answers their new versions. Who has no entry is left out.

    Call it inside `transaction.atomic(using="passport")`, after `share_catalogue`.
    """
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_TOUCH, {"gtins": list(gtins), "at": at})
        rows = cursor.fetchall()
    outbox.publish_all(
        [
            CatalogueEntryChanged(
                gtin=gtin,
                brand_id=brand_id,
                name=name or None,
                brand_name=brand_name or None,
                kind=ChangeKind.UPDATED,
                data_version=data_version,
                at=at,
            )
            for gtin, data_version, brand_id, name, brand_name in rows
        ],
        using=_DATABASE,
    )
    return {row[0]: row[1] for row in rows}


#: One number for the catalogue among the advisory locks of its database. Writers share it; whoever takes an
#: entry away holds it alone, so that no version of an entry is counted twice.
_CATALOGUE_LOCK: Final = 0x7061_636B_0001


def share_catalogue() -> None:
    """What a writer does first in its transaction: while it writes, no entry is taken away."""
    _lock(shared=True)


def _lock(*, shared: bool) -> None:
    name = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(f"SELECT {name}(%s)", [_CATALOGUE_LOCK])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Held:
    """What the catalogue has of a GTIN, or had last."""

    gtin: str
    exists: bool
    data_version: int
    contributions: Mapping[str, Json]


#: Open Food Facts' record, which stands in columns of its own, as one of the contributions.
_RECORD: Final = """CASE WHEN entry.record = '' THEN '{}' ELSE
    jsonb_build_object('open_food_facts', jsonb_build_object(
        'at', to_char(entry.record_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'),
        'record', entry.record::jsonb)) END"""
_HELD: Final = """
SELECT gtin, entry.gtin IS NOT NULL, coalesce(entry.data_version, (
        SELECT max(data_version) FROM contribution_change AS change
        WHERE change.gtin = wanted.gtin AND change.withdrawn
    ), 0), coalesce(entry.contributions || {record}, '{}')
FROM unnest(%s::text[]) AS wanted (gtin) LEFT JOIN catalogue_entry AS entry USING (gtin)""".replace(
    "{record}", _RECORD
)


def _held(gtins: Sequence[str]) -> list[_Held]:
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_HELD, [list(gtins)])
        return [
            _Held(gtin=gtin, exists=exists, data_version=data_version, contributions=orjson.loads(said))
            for gtin, exists, data_version, said in cursor.fetchall()
        ]


def _decided(
    held: _Held, said: Mapping[Origin, Contribution], *, at: datetime
) -> tuple[Fate, dict[Origin, Json | None]]:
    """Which of the contributions change the entry; and the fate of one of which none does."""
    fate, changed = Fate.UNCHANGED, dict[Origin, Json | None]()
    for origin, contribution in said.items():
        written = _to_json(contribution, at=at)
        before = held.contributions.get(origin.value)
        if before is None:
            changed[origin] = written
        elif _age(written) < _age(before):
            fate = Fate.OLDER
        elif _content(written) != _content(before):
            changed[origin] = written
    return fate, changed


def _to_json(contribution: Contribution, *, at: datetime) -> Json:
    if contribution.record is None:
        return said_to_json(contribution.entry, at=at)
    return {"at": at.isoformat(), "record": dict(contribution.record)}


def _age(written: Json) -> tuple[datetime, str]:
    """What the newest is: of two records of one source for a GTIN (its code with and without leading zeros)
    the newer wins, and of two as new as each other always the same one, in whatever order they come."""
    modified, record = _source_record(written)
    return modified or datetime.min.replace(tzinfo=UTC), record


def _source_record(written: Json) -> tuple[datetime | None, str]:
    """When the source last changed its record, and its own key of it."""
    if record := written.get("record"):
        return moment(record.get("modified")), record.get("code", "")
    sources = sources_from_json(written.get("sources", ()))
    return (
        max((source.modified for source in sources if source.modified), default=None),
        next((source.record for source in sources if source.record), ""),
    )


def _content(written: Json) -> Json:
    """What is said. When it was read is left out: read again, it says the same."""
    content = {name: value for name, value in written.items() if name != "at"}
    if "sources" in content:
        content["sources"] = [{**source, "fetched": None} for source in content["sources"]]
    return content


@dataclass(frozen=True, kw_only=True, slots=True)
class _Draft:
    """An entry's next version."""

    gtin: str
    entry: CatalogueEntry
    contributions: Mapping[str, Json]
    changed: Collection[Origin]
    is_new: bool
    data_version: int

    @classmethod
    def of(cls, held: _Held, changed: Mapping[Origin, Json | None], *, at: datetime) -> "_Draft":
        merged_with = {**held.contributions, **{origin.value: said for origin, said in changed.items()}}
        contributions = {origin: said for origin, said in merged_with.items() if said is not None}
        return cls(
            gtin=held.gtin,
            entry=entry_of(held.gtin, contributions),
            contributions=contributions,
            changed=tuple(changed),
            is_new=not held.exists,
            data_version=held.data_version + 1,
        )


#: Rows are taken in the order of their key, so that two writers that meet wait for each other and never lock
#: crosswise. A row of which another has made the next version meanwhile is locked and left as it is.
_WRITE: Final = """
WITH incoming AS (
    SELECT *
    FROM unnest(
        %(gtin)s::text[], %(name)s::text[], %(brand_name)s::text[], %(brand_id)s::uuid[],
        %(contributions)s::jsonb[], %(record)s::text[], %(record_at)s::timestamptz[], %(card)s::jsonb[],
        %(words)s::tsvector[], %(is_demo)s::boolean[], %(source_modified)s::bigint[],
        %(source_record)s::text[], %(content_digest)s::bigint[], %(data_version)s::int[]
    ) AS row (
        gtin, name, brand_name, brand_id, contributions, record, record_at, card, words, is_demo,
        source_modified, source_record, content_digest, data_version
    )
), written AS (
    INSERT INTO catalogue_entry AS entry (
        gtin, name, brand_name, brand_id, contributions, record, record_at, card, words, is_demo,
        source_modified, source_record, content_digest, data_version, updated_at
    )
    SELECT *, %(at)s::timestamptz FROM incoming ORDER BY gtin
    ON CONFLICT (gtin) DO UPDATE SET
        name = excluded.name,
        brand_name = excluded.brand_name,
        brand_id = excluded.brand_id,
        contributions = excluded.contributions,
        record = excluded.record,
        record_at = excluded.record_at,
        card = excluded.card,
        words = excluded.words,
        is_demo = excluded.is_demo,
        source_modified = excluded.source_modified,
        source_record = excluded.source_record,
        content_digest = excluded.content_digest,
        data_version = excluded.data_version,
        updated_at = greatest(excluded.updated_at, entry.updated_at)
    WHERE entry.data_version = excluded.data_version - 1
    RETURNING new.gtin, new.data_version, old.contributions AS was, old.record, old.record_at
), kept AS (
    INSERT INTO contribution_change (gtin, data_version, origin, was, at, withdrawn)
    SELECT gtin, data_version, origin, (entry.was || {record}) -> origin, %(at)s::timestamptz, false
    FROM written AS entry
    JOIN unnest(%(changed_gtin)s::text[], %(changed_origin)s::text[]) AS row (gtin, origin) USING (gtin)
    WHERE was IS NOT NULL
)
SELECT gtin FROM written
""".replace("{record}", _RECORD)
_TOUCH: Final = """
WITH held AS (SELECT gtin FROM catalogue_entry WHERE gtin = ANY(%(gtins)s) ORDER BY gtin FOR UPDATE)
UPDATE catalogue_entry AS entry
SET data_version = entry.data_version + 1, updated_at = greatest(%(at)s, entry.updated_at)
FROM held WHERE entry.gtin = held.gtin
RETURNING entry.gtin, entry.data_version, entry.brand_id, entry.name, entry.brand_name
"""
_REMOVE: Final = """
WITH removed AS (
    DELETE FROM catalogue_entry AS entry WHERE gtin = %(gtin)s
    RETURNING gtin, contributions || {record} AS contributions
)
INSERT INTO contribution_change (gtin, data_version, origin, was, at, withdrawn)
SELECT gtin, %(data_version)s, said.key, said.value, %(at)s, true
FROM removed CROSS JOIN jsonb_each(contributions) AS said
""".replace("{record}", _RECORD)


def _write(drafts: Sequence[_Draft], *, at: datetime) -> Sequence[_Draft]:
    """Write the drafts and tell of them; those are left out that another writer came before."""
    if not drafts:
        return ()
    with connections[_DATABASE].cursor() as cursor:
        columns = zip(*(_values(draft) for draft in drafts), strict=True)
        changes = [(draft.gtin, origin.value) for draft in drafts for origin in draft.changed]
        cursor.execute(
            _WRITE,
            {
                **dict(zip(_COLUMNS, map(list, columns), strict=True)),
                "at": at,
                "changed_gtin": [gtin for gtin, _ in changes],
                "changed_origin": [origin for _, origin in changes],
            },
        )
        won = {gtin for (gtin,) in cursor.fetchall()}
    written = [draft for draft in drafts if draft.gtin in won]
    keep_words({word for draft in written for word in (*names_of(draft.entry), *kinds_of(draft.entry))})
    outbox.publish_all(
        [
            _changed(
                draft.entry,
                data_version=draft.data_version,
                kind=ChangeKind.CREATED if draft.is_new else ChangeKind.UPDATED,
                at=at,
            )
            for draft in written
        ],
        using=_DATABASE,
    )
    return written


def keep_words(words: Collection[str]) -> None:
    """Words that products are found by from now on; those that are known already cost nothing. After entries
    were written, never before, so that writers wait for each other in one order."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_word (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING", [sorted(words)]
        )


def _changed(
    entry: CatalogueEntry, *, data_version: int, kind: ChangeKind, at: datetime
) -> CatalogueEntryChanged:
    return CatalogueEntryChanged(
        gtin=entry.gtin,
        brand_id=entry.brand_id,
        name=shortened(entry.name, limit=_LONGEST_NAME) or None,
        brand_name=shortened(entry.brand_name, limit=_LONGEST_NAME) or None,
        kind=kind,
        data_version=data_version,
        at=at,
    )


_COLUMNS: Final = (
    "gtin",
    "name",
    "brand_name",
    "brand_id",
    "contributions",
    "record",
    "record_at",
    "card",
    "words",
    "is_demo",
    "source_modified",
    "source_record",
    "content_digest",
    "data_version",
)


def _values(draft: _Draft) -> tuple[object, ...]:
    entry = draft.entry
    others = dict(draft.contributions)
    # What an open source's record was made of is kept as it came; what was understood already, as the rest.
    has_record = "record" in others.get(_OPEN, {})
    open_data = others.pop(_OPEN) if has_record else {}
    record = orjson.dumps(open_data["record"]) if has_record else b""
    return (
        draft.gtin,
        shortened(entry.name, limit=_LONGEST_NAME),
        shortened(entry.brand_name, limit=_LONGEST_NAME),
        entry.brand_id,
        orjson.dumps(others).decode(),
        record.decode(),
        open_data.get("at"),
        orjson.dumps(_card(entry)).decode(),
        index_of(entry),
        entry.is_demo,
        open_data["record"].get("modified") if has_record else None,
        open_data["record"].get("code", "") if has_record else "",
        digest_of(record) if record else None,
        draft.data_version,
    )


def _card(entry: CatalogueEntry) -> Json:
    card = {
        "names": dict(entry.label.names),
        "quantity": entry.label.quantity,
        "picture": entry.picture,
        "verified": entry.is_verified,
    }
    return {name: value for name, value in card.items() if value}


def said_of(row: Row) -> dict[str, Json]:
    """What each source says, by origin."""
    said = dict(row.contributions)
    if row.record and row.record_at:
        said[_OPEN] = {"at": row.record_at.isoformat(), "record": orjson.loads(row.record)}
    return said


def origins_in(written: Mapping[str, Json]) -> tuple[Origin, ...]:
    """Who says something, the first to be believed first."""
    return tuple(origin for origin in Origin if origin.value in written)


def entry_of(gtin: str, written: Mapping[str, Json]) -> CatalogueEntry:
    """The entry that a person sees."""
    return merged(gtin=gtin, contributions=_contributions(gtin, written))


def _contributions(gtin: str, written: Mapping[str, Json]) -> Iterator[Contribution]:
    for origin, said in written.items():
        if (record := said.get("record")) is None:
            yield Contribution(origin=Origin(origin), entry=said_from_json(said, gtin=gtin))
            continue
        read_on = datetime.fromisoformat(said["at"]).date()
        # What an earlier release took over and this one refuses says nothing any more.
        with suppress(RecordRefused):
            made = understood(record_from_json(record), read_on=read_on)
            yield Contribution(origin=Origin(origin), entry=made.entry, record=record)


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
    said = said_of(row)
    entry = entry_of(row.gtin, said)
    if not said:
        entry = replace(entry, brand_name=row.brand_name, brand_id=row.brand_id, is_demo=row.is_demo)
    return StoredEntry(
        entry=entry,
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
