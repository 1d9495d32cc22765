"""Importing products of Open Food Facts: millions of rows, in batches, as often as one likes.

Records are copied in as they are and understood when they are read, so that an import only checks them, folds
their words and compares. While PostgreSQL writes a batch, the next one is made ready.
"""

import hashlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import orjson
import psycopg
import pyarrow as pa
from django.db import connections, transaction

from contexts.passport.application.catalogue import Fate, contribute, keep_words, share_catalogue
from contexts.passport.application.errors import ExportUnreadable, ImportOvertaken
from contexts.passport.application.sources.open_food_facts import understood
from contexts.passport.application.sources.open_food_facts_export import UNREAD, Batch, open_export
from contexts.passport.application.sources.open_food_facts_record import record_from_json
from contexts.passport.application.sources.open_food_facts_rows import (
    ENTRY_COLUMNS,
    FACT_COLUMNS,
    NULL,
    REASONS,
    Rows,
    Wording,
    entry_lines,
    fact_lines,
    rows_of,
    workbench,
)
from contexts.passport.application.sources.record import RecordRefused, Refused
from contexts.passport.domain.catalogue import CatalogueEntryChanged, ChangeKind
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.models import ImportProgress
from packytrace.facts import outbox

_DATABASE: Final = "passport"
#: Rows of one transaction: enough to make its cost small, few enough for the memory and to repeat it.
_BATCH_ROWS: Final = 2_000
#: How often a batch meets products that another writer has just made before it gives up.
_MOST_ATTEMPTS: Final = 20


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far an import is."""

    done: int
    size: int
    """In the export's own measure: rows of a Parquet file, bytes of JSON Lines."""
    rows: int


@dataclass(kw_only=True)
class Summary:
    """What an import did, over all its runs on one file."""

    rows: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    """Entries by fate: created, changed, unchanged, older."""
    refused: Counter[str] = field(default_factory=Counter)
    """Rows that made no entry, by reason."""
    resumed_at: int = 0
    """Rows that an earlier, interrupted run had done."""

    def to_json(self) -> dict[str, dict[str, int]]:
        """The counts as they are kept with the progress."""
        return {"fates": dict(self.fates), "refused": dict(self.refused)}


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """A batch, made ready to be written."""

    batch: Batch
    rows: Rows
    at: datetime


def import_products(
    *,
    path: Path,
    report: Path,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_progress: Callable[[Progress], None] = lambda _: None,
    batch_rows: int = _BATCH_ROWS,
) -> Summary:
    """Bring the products of an export into the catalogue; each batch is one transaction with its facts.

    What is refused goes to `report`, one JSON object a line with `row`, `code` and `reason`. Single values
    that cannot be are kept with their record and left out when it is read: they are not reported. Killed and
    started again on the same file it goes on after the last committed batch; a whole file imported again
    changes nothing. Raises ExportUnreadable, also when no row at all could be read, and ImportOvertaken when
    another process imports the file at the same time.
    """
    wording = Wording()
    with open_export(path) as export:
        progress = _progress_of(path, at=now())
        summary = _summary_of(progress)
        with _report_from(report, length=progress.report_bytes) as refusals:
            on_progress(Progress(done=0, size=export.size, rows=summary.rows))
            batches = export.batches(start=progress.rows_done, rows=batch_rows)
            for ready in _ahead(_made_ready(batches, rows=batch_rows, now=now)):
                _import_batch(ready, progress=progress, summary=summary, refusals=refusals, wording=wording)
                on_progress(Progress(done=ready.batch.progress, size=export.size, rows=summary.rows))
        # Done: the next run on this file is a new one, from its first row.
        ImportProgress.objects.filter(digest=progress.digest, rows_done=progress.rows_done).delete()
    if summary.refused and summary.refused.keys() <= UNREAD and not summary.fates:
        raise ExportUnreadable(
            f"No line of {path} could be read, and nothing was imported: JSON Lines has one whole product, a"
            f" JSON object, on each line. Each line, with its reason: {report}"
        )
    return summary


def _made_ready(batches: Iterator[Batch], *, rows: int, now: Callable[[], datetime]) -> Iterator[_Ready]:
    waiting: deque[Batch] = deque()

    def records() -> Iterator[pa.Table]:
        for batch in batches:
            waiting.append(batch)
            yield batch.records

    with workbench() as on:
        for made in rows_of(records(), rows=rows, on=on):
            yield _Ready(batch=waiting.popleft(), rows=made, at=now())


def _ahead(ready: Iterator[_Ready]) -> Iterator[_Ready]:
    """The same, each one made while the one before it is written."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="import") as other:
        following = other.submit(next, ready, None)
        while (this := following.result()) is not None:
            following = other.submit(next, ready, None)
            yield this


def _progress_of(path: Path, *, at: datetime) -> ImportProgress:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    progress, _ = ImportProgress.objects.get_or_create(digest=digest, defaults={"updated_at": at})
    return progress


def _summary_of(progress: ImportProgress) -> Summary:
    counts: Mapping[str, Mapping[str, int]] = progress.counts
    return Summary(
        rows=progress.rows_done,
        resumed_at=progress.rows_done,
        **{name: Counter(counts.get(name, {})) for name in ("fates", "refused")},
    )


@contextmanager
def _report_from(path: Path, *, length: int) -> Iterator[IO[bytes]]:
    """The report, open behind what was committed with the rows; what a killed run wrote beyond is cut off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("r+b" if length and path.exists() else "wb") as file:
        file.truncate(min(length, file.seek(0, os.SEEK_END)))
        file.seek(0, os.SEEK_END)
        yield file


def _import_batch(
    ready: _Ready, *, progress: ImportProgress, summary: Summary, refusals: IO[bytes], wording: Wording
) -> None:
    """Write a batch and how far that is, in one transaction; the report is on the disk before that."""
    products = _once_each(ready.rows.products)
    _report_refusals(ready, summary=summary, refusals=refusals)
    refusals.flush()
    os.fsync(refusals.fileno())
    with transaction.atomic(using=_DATABASE):
        share_catalogue()
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(_BY_KEYS)
        summary.fates.update(_write(products, at=ready.at, wording=wording))
        moved = ImportProgress.objects.filter(digest=progress.digest, rows_done=progress.rows_done).update(
            rows_done=ready.batch.rows_done,
            report_bytes=refusals.tell(),
            counts=summary.to_json(),
            updated_at=ready.at,
        )
        if not moved:
            raise ImportOvertaken(
                "Another process imports this file at the same time: wait until it has finished."
            )
    progress.rows_done = summary.rows = ready.batch.rows_done
    # Not before they are committed: what was rolled back was not kept.
    wording.unkept.clear()


def _report_refusals(ready: _Ready, *, summary: Summary, refusals: IO[bytes]) -> None:
    refused = [(number, refusal, "") for number, refusal in ready.batch.unread]
    refused += [
        (row["number"], Refused(code=row["refusal"], reason=REASONS[row["refusal"]]), row["code"])
        for row in ready.rows.refused.to_pylist()
    ]
    refused += [
        (
            row["number"],
            Refused(
                code="same_product_twice", reason=f"Two records are of one GTIN: {row['taken']} was taken."
            ),
            row["code"],
        )
        for row in _doubles(ready.rows.products)
    ]
    for number, refusal, source_code in sorted(refused, key=lambda each: each[0]):
        summary.refused[refusal.code] += 1
        line: dict[str, Any] = {"row": number, "code": refusal.code, "reason": refusal.reason}
        if source_code:
            line["sourceCode"] = source_code
        refusals.write(orjson.dumps(line) + b"\n")


def _is_first(products: pa.Table) -> list[bool]:
    gtins = products.column("gtin").to_pylist()
    return [place == 0 or gtin != gtins[place - 1] for place, gtin in enumerate(gtins)]


def _once_each(products: pa.Table) -> pa.Table:
    """Of records of one product the one that counts, which comes first."""
    first = _is_first(products)
    return products if all(first) else products.filter(pa.array(first))


def _doubles(products: pa.Table) -> list[dict[str, Any]]:
    """The others, each with the code of the record that was taken instead."""
    first = _is_first(products)
    if all(first):
        return []
    doubles, taken = [], ""
    for is_first, row in zip(first, products.select(["number", "code"]).to_pylist(), strict=True):
        if is_first:
            taken = row["code"]
        else:
            doubles.append({**row, "taken": taken})
    return doubles


# --- writing ---


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """What is to be done with the products of a batch, by their places in it."""

    new: Sequence[int]
    changed: Mapping[int, int]
    """With the version that the entry has."""
    shared: Sequence[int]
    """Entries that others have a say in, too, or had one."""
    fates: Counter[str]
    """Of the others."""


#: What the catalogue has of a batch's products. Who had an entry that was withdrawn counts as shared, in a
#: row of version 0 that says nothing where there is an entry again.
_HELD: Final = """
SELECT gtin, data_version, source_modified, source_record, content_digest,
    contributions <> '{}' OR record = ''
FROM catalogue_entry WHERE gtin = ANY(%(gtins)s)
UNION ALL
SELECT gtin, 0, NULL, '', NULL, true
FROM contribution_change WHERE withdrawn AND gtin = ANY(%(gtins)s)"""
#: Some thousand rows by their keys are cheaper than a whole table also where the planner, which thinks of
#: disks that turn, would read the table: each batch anew, and more of it each time.
_BY_KEYS: Final = "SET LOCAL enable_seqscan = off"


def _write(products: pa.Table, *, at: datetime, wording: Wording) -> Counter[str]:
    """Write what is new or different, each with its fact, and the words that came up; the fates of all."""
    for _ in range(_MOST_ATTEMPTS):
        plan = _planned(products)
        try:
            with transaction.atomic(using=_DATABASE):
                return _carried_out(plan, products, at=at, wording=wording)
        except (psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected, _OvertakenError):
            continue  # another writer made some of them, or holds what we wait for: look again
    raise ImportOvertaken("Others write the same products at the same time: wait until they have finished.")


class _OvertakenError(Exception):
    """Another writer changed an entry since we looked at it."""


def _planned(products: pa.Table) -> _Plan:
    gtins = products.column("gtin").to_pylist()
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_HELD, {"gtins": gtins})
        held: dict[str, tuple[Any, ...]] = {}
        for gtin, *entry in cursor.fetchall():
            if entry[0] or gtin not in held:
                held[gtin] = tuple(entry)
    new: list[int] = []
    changed: dict[int, int] = {}
    shared: list[int] = []
    fates: Counter[str] = Counter()
    if not held:
        return _Plan(new=range(len(gtins)), changed=changed, shared=shared, fates=fates)
    columns = (products.column(name).to_pylist() for name in ("gtin", "modified", "code", "digest"))
    for place, (gtin, modified, code, digest) in enumerate(zip(*columns, strict=True)):
        if (entry := held.get(gtin)) is None:
            new.append(place)
            continue
        version, their_modified, their_code, their_digest, is_shared = entry
        if is_shared:
            shared.append(place)
        elif _age(modified, code) < _age(their_modified, their_code):
            fates[Fate.OLDER.value] += 1
        elif digest == their_digest:
            fates[Fate.UNCHANGED.value] += 1
        else:
            changed[place] = version
    return _Plan(new=new, changed=changed, shared=shared, fates=fates)


def _age(modified: int | None, code: str) -> tuple[float, str]:
    """Of two records of a product the newer counts, and of two as new as each other always the same one."""
    return float("-inf") if modified is None else modified, code


def _carried_out(plan: _Plan, products: pa.Table, *, at: datetime, wording: Wording) -> Counter[str]:
    fates = Counter(plan.fates)
    if plan.shared:
        written = contribute(contributions=list(_contributions(products.take(plan.shared), at=at)), at=at)
        fates.update(one.fate.value for one in written)
    if plan.changed:
        changed = products.take(list(plan.changed))
        _change(changed, words=wording.words_of(changed), versions=list(plan.changed.values()), at=at)
        fates[Fate.CHANGED.value] += len(plan.changed)
    if plan.new:
        new = products if len(plan.new) == len(products) else products.take(plan.new)
        headers = outbox.headers(context=_DATABASE, fact="CatalogueEntryChanged")
        _copy("catalogue_entry", ENTRY_COLUMNS, entry_lines(new, words=wording.words_of(new), at=at))
        _copy("outbox", FACT_COLUMNS, fact_lines(new, at=at, headers=headers))
        transaction.on_commit(partial(outbox.hint, using=_DATABASE), using=_DATABASE, robust=True)
        fates[Fate.CREATED.value] += len(plan.new)
    if wording.unkept:
        keep_words(wording.unkept)
    return fates


def _contributions(products: pa.Table, *, at: datetime) -> Iterator[Contribution]:
    for record in products.column("record").to_pylist():
        said = orjson.loads(record)
        try:
            entry = understood(record_from_json(said), read_on=at.date()).entry
        except RecordRefused:
            continue  # it was checked: only a record that says it otherwise than our check can come here
        yield Contribution(origin=Origin.OPEN_FOOD_FACTS, entry=entry, record=said)


def _copy(table: str, columns: str, lines: bytes) -> None:
    connection = connections[_DATABASE]
    connection.ensure_connection()
    with (
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN (NULL '{NULL}')") as copy,
    ):
        copy.write(lines)


_CHANGE: Final = """
WITH incoming AS (
    SELECT *
    FROM unnest(
        %(gtin)s::text[], %(version)s::int[], %(name)s::text[], %(brand_name)s::text[], %(card)s::jsonb[],
        %(words)s::tsvector[], %(record)s::text[], %(modified)s::bigint[], %(code)s::text[],
        %(digest)s::bigint[]
    ) AS row (gtin, version, name, brand_name, card, words, record, modified, code, digest)
), written AS (
    UPDATE catalogue_entry AS entry SET
        name = incoming.name,
        brand_name = incoming.brand_name,
        card = incoming.card,
        words = incoming.words,
        record = incoming.record,
        record_at = %(at)s,
        source_modified = incoming.modified,
        source_record = incoming.code,
        content_digest = incoming.digest,
        data_version = entry.data_version + 1,
        updated_at = greatest(%(at)s, entry.updated_at)
    FROM (
        SELECT incoming.* FROM incoming JOIN catalogue_entry AS entry USING (gtin)
        ORDER BY gtin FOR UPDATE OF entry
    ) AS incoming
    WHERE entry.gtin = incoming.gtin AND entry.data_version = incoming.version
    RETURNING new.gtin, new.data_version, old.record, old.record_at
), kept AS (
    INSERT INTO contribution_change (gtin, data_version, origin, was, at, withdrawn)
    SELECT gtin, data_version, 'open_food_facts', jsonb_build_object(
        'at', to_char(record_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00'),
        'record', record::jsonb), %(at)s, false
    FROM written
)
SELECT gtin, data_version FROM written ORDER BY gtin"""


def _change(products: pa.Table, *, words: pa.StringArray, versions: Sequence[int], at: datetime) -> None:
    """Write other contents of entries that nobody else has a say in. Raises _OvertakenError where one was
    changed since it was looked at."""
    names = ("gtin", "name", "brand_name", "card", "record", "modified", "code", "digest")
    values = {name: products.column(name).to_pylist() for name in names}
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_CHANGE, {**values, "words": words.to_pylist(), "version": list(versions), "at": at})
        data_versions = dict(cursor.fetchall())
    if len(data_versions) < len(versions):
        raise _OvertakenError
    outbox.publish_all(
        [
            CatalogueEntryChanged(
                gtin=gtin,
                brand_id=None,
                name=name,
                brand_name=brand_name or None,
                kind=ChangeKind.UPDATED,
                data_version=data_versions[gtin],
                at=at,
            )
            for gtin, name, brand_name in zip(
                values["gtin"], values["name"], values["brand_name"], strict=True
            )
        ],
        using=_DATABASE,
    )
