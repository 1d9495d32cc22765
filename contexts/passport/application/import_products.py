"""Importing an export of Open Food Facts: resumable, repeatable, and honest about what it left out."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final

import orjson
from django.db import transaction

from contexts.passport.application.catalogue import contribute
from contexts.passport.application.errors import ExportUnreadable, ImportOvertaken
from contexts.passport.application.sources.open_food_facts import understood
from contexts.passport.application.sources.open_food_facts_export import (
    UNREAD,
    Batch,
    Row,
    open_export,
)
from contexts.passport.application.sources.open_food_facts_record import record_to_json
from contexts.passport.application.sources.record import RecordRefused, Refused
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.models import ImportProgress

_DATABASE: Final = "passport"
#: Rows of one transaction: enough to make its cost small, few enough to repeat after a kill.
_BATCH_ROWS: Final = 2_000


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
    """Entries by fate: created, changed, unchanged, older, kept."""
    refused: Counter[str] = field(default_factory=Counter)
    """Rows that made no entry, by reason."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Values that were left out of an entry, by reason."""
    resumed_at: int = 0
    """Rows that an earlier, interrupted run had done."""

    def to_json(self) -> dict[str, dict[str, int]]:
        """The counts as they are kept with the progress."""
        return {"fates": dict(self.fates), "refused": dict(self.refused), "left_out": dict(self.left_out)}


def import_products(
    *,
    path: Path,
    report: Path,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    on_progress: Callable[[Progress], None] = lambda _: None,
    batch_rows: int = _BATCH_ROWS,
) -> Summary:
    """Bring the products of an export into the catalogue; each batch is one transaction with its facts.

    What is refused goes to `report`, one JSON object a line with `row`, `code`, `reason` and, for a value
    that was left out of an entry, `entry`. Killed and started again on the same file it goes on after the
    last committed batch; a whole file imported again changes nothing. Raises ExportUnreadable, also when no
    row at all could be read, and ImportOvertaken when another process imports the file at the same time.
    """
    with open_export(path) as export:
        progress = _progress_of(path, at=now())
        summary = _summary_of(progress)
        with _report_from(report, length=progress.report_bytes) as refusals:
            on_progress(Progress(done=0, size=export.size, rows=summary.rows))
            for batch in export.batches(start=progress.rows_done, rows=batch_rows):
                _import_batch(batch, progress=progress, summary=summary, refusals=refusals, at=now())
                on_progress(Progress(done=batch.progress, size=export.size, rows=summary.rows))
        # Done: the next run on this file is a new one, from its first row.
        ImportProgress.objects.filter(digest=progress.digest, rows_done=progress.rows_done).delete()
    if summary.refused and summary.refused.keys() <= UNREAD and not summary.fates:
        raise ExportUnreadable(
            f"No line of {path} could be read, and nothing was imported: JSON Lines has one whole product, a"
            f" JSON object, on each line. Each line, with its reason: {report}"
        )
    return summary


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
        **{name: Counter(counts.get(name, {})) for name in ("fates", "refused", "left_out")},
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
    batch: Batch, *, progress: ImportProgress, summary: Summary, refusals: IO[bytes], at: datetime
) -> None:
    """Write a batch and how far that is, in one transaction; the report is on the disk before that."""
    entries: dict[str, Contribution] = {}
    for row in batch.rows:
        _understand(row, entries=entries, summary=summary, refusals=refusals, at=at)
    refusals.flush()
    os.fsync(refusals.fileno())
    with transaction.atomic(using=_DATABASE):
        for written in contribute(contributions=entries.values(), at=at):
            summary.fates[written.fate.value] += 1
        moved = ImportProgress.objects.filter(digest=progress.digest, rows_done=progress.rows_done).update(
            rows_done=batch.rows_done,
            report_bytes=refusals.tell(),
            counts=summary.to_json(),
            updated_at=at,
        )
        if not moved:
            raise ImportOvertaken(
                "Another process imports this file at the same time: wait until it has finished."
            )
    progress.rows_done = summary.rows = batch.rows_done


def _understand(
    row: Row,
    *,
    entries: dict[str, Contribution],
    summary: Summary,
    refusals: IO[bytes],
    at: datetime,
) -> None:
    """Make the row's entry and add it to the others of its batch, or report why not."""
    if isinstance(row.read, Refused):
        summary.refused[row.read.code] += 1
        _report(refusals, row=row.number, refused=row.read)
        return
    try:
        made = understood(row.read, read_on=at.date())
    except RecordRefused as error:
        summary.refused[error.refused.code] += 1
        _report(refusals, row=row.number, refused=error.refused, source_code=row.read.code)
        return
    for refused in made.left_out:
        summary.left_out[refused.code] += 1
        _report(refusals, row=row.number, refused=refused, source_code=row.read.code, entry=made.entry.gtin)
    contribution = Contribution(
        origin=Origin.OPEN_FOOD_FACTS, entry=made.entry, record=record_to_json(row.read)
    )
    other = entries.get(made.entry.gtin)
    if other is None:
        entries[made.entry.gtin] = contribution
        return
    keep, drop = sorted((other, contribution), key=_precedence, reverse=True)
    entries[made.entry.gtin] = keep
    summary.refused["same_product_twice"] += 1
    _report(
        refusals,
        row=row.number,
        refused=Refused(
            code="same_product_twice",
            reason=f"Two records are of one GTIN: {keep.entry.sources[0].record} was taken.",
        ),
        source_code=drop.entry.sources[0].record,
    )


def _precedence(contribution: Contribution) -> tuple[datetime, str]:
    """Which of two records of a product is taken: the rule that the catalogue itself follows."""
    source = contribution.entry.sources[0]
    return source.modified or datetime.min.replace(tzinfo=UTC), source.record


def _report(file: IO[bytes], *, row: int, refused: Refused, source_code: str = "", entry: str = "") -> None:
    line: dict[str, Any] = {"row": row, "code": refused.code, "reason": refused.reason}
    if source_code:
        line["sourceCode"] = source_code
    if entry:
        line["entry"] = entry
    file.write(orjson.dumps(line) + b"\n")
