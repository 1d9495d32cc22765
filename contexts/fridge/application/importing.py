"""Taking in a file of things that are at home: read, shown, confirmed, and then added row by row.

Nothing is added before the person has seen what was read. Each row is an action of its own, whose id comes
from the household, the file and the row's number: the same file again adds nothing. A batch of rows stands
together with how far the import is; whoever is killed goes on behind the last batch.
"""

import codecs
import gzip
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import BinaryIO, Final
from uuid import UUID, uuid4, uuid5

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from contexts.fridge.application import households, items
from contexts.fridge.application.errors import (
    ActionReused,
    FileNotAccepted,
    ImportAtWork,
    NoImport,
    NoLongerMember,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.application.row_values import Meaning, adding_of
from contexts.fridge.application.table_rows import MOST_ROWS, BrokenRow, Row, rows_of_csv, rows_of_json
from contexts.fridge.models import Import
from packytrace.errors import DomainError

TAKE_IN: Final = "fridge.take_in_files"
"""The task that goes on with what was confirmed."""
LARGEST_FILE: Final = 16 * 1024 * 1024
"""Bytes."""
KEPT: Final = timedelta(hours=24)
"""How long a file is kept after it was brought along or last worked on."""

_DATABASE: Final = "fridge"
_BATCH: Final = 100
#: Pairs of row and reason that are kept of rows that read well and were not added.
_MOST_TOLD: Final = 1_000
_PIECE: Final = 65_536

_log = structlog.get_logger(__name__)


class Stage(StrEnum):
    """How far an import is."""

    SHOWN = "shown"
    """Read, and not confirmed: nothing was added."""
    AT_WORK = "at_work"
    DONE = "done"
    STOPPED = "stopped"
    """The person has left the household."""


@dataclass(frozen=True, kw_only=True)
class ImportView:
    """What its owner sees of an import."""

    id: UUID
    stage: Stage
    format: str
    read_as: str
    """The encoding in which the file came."""
    month_first: bool
    rows: int
    broken: int
    """Of these: rows that cannot be read and are left out."""
    done_rows: int
    added: int
    not_added: tuple[tuple[int, str], ...]
    """Rows that read well and were not added, each with the code of the reason; at most 1,000."""
    known: int
    """Rows that an earlier import of the same file had added. Reckoned once it is done."""
    expires_at: datetime

    @property
    def readable(self) -> int:
        """Rows that can be added."""
        return self.rows - self.broken


def receive(*, member: Membership, source: BinaryIO, month_first: bool, now: datetime) -> ImportView:
    """Read a whole file and keep it to be confirmed, in the place of the one before. `source` can seek.

    Raises FileNotAccepted, and ImportAtWork while another file is being taken in.
    """
    if _own(member).filter(confirmed_at__isnull=False, finished_at=None).exists():
        raise ImportAtWork
    encoding = _encoding(source)
    packed, digest = _packed(source, encoding)
    kind = _format(packed)
    rows = broken = 0
    for found in _checked(packed, kind, Meaning(member=member, now=now, month_first=month_first)):
        rows += 1
        broken += isinstance(found[1], BrokenRow)
        if rows > MOST_ROWS:
            raise FileNotAccepted(
                gettext_noop("The file has more than %(most)s rows: divide it."), most=MOST_ROWS
            )
    if not rows:
        raise FileNotAccepted(gettext_noop("The file has no row."))
    with transaction.atomic(using=_DATABASE):
        households.check_still_member(member=member)
        # A file that was confirmed meanwhile is not thrown away: its account's row stands in the way.
        _own(member).exclude(confirmed_at__isnull=False, finished_at=None).delete()
        row, is_new = Import.objects.get_or_create(
            account_id=member.account_id,
            defaults={
                "id": uuid4(),
                "household_id": member.household_id,
                "digest": digest,
                "format": kind,
                "month_first": month_first,
                "content": packed,
                "read_as": encoding,
                "rows": rows,
                "broken": broken,
                "created_at": now,
                "touched_at": now,
            },
        )
        if not is_new:
            raise ImportAtWork
    return _view(row)


def import_of(*, member: Membership, now: datetime) -> ImportView:
    """The person's last import. Raises NoImport."""
    return _view(_row(member, now=now))


def first_rows(*, member: Membership, now: datetime, most: int) -> list[tuple[Row, Adding]]:
    """The first rows that can be added, as they were understood. Raises NoImport."""
    rows = _checked_rows(_row(member, now=now, with_content=True), member=member, now=now)
    readable = ((row, adding) for row, adding in rows if row and isinstance(adding, Adding))
    return list(islice(readable, most))


def broken_rows(*, member: Membership, now: datetime, after: int = 0) -> Iterator[BrokenRow]:
    """The rows that cannot be read, from behind a row on. Raises NoImport."""
    rows = _checked_rows(_row(member, now=now, with_content=True), member=member, now=now)
    return (found for _, found in rows if isinstance(found, BrokenRow) and found.number > after)


def confirm(*, member: Membership, import_id: UUID, now: datetime) -> ImportView:
    """Begin to add what was read. Confirming again changes nothing. Raises NoImport."""
    changed = _own(member).filter(pk=import_id, created_at__gt=now - KEPT)
    changed.filter(confirmed_at=None).update(confirmed_at=now, touched_at=now)
    row = changed.defer("content").first()
    if row is None:
        raise NoImport
    return _view(row)


def forget(*, member: Membership) -> None:
    """Delete the person's file. What was added of it stays. Raises ImportAtWork."""
    _own(member).exclude(confirmed_at__isnull=False, finished_at=None).delete()
    if _own(member).exists():
        raise ImportAtWork


def forget_old(*, now: datetime) -> int:
    """Delete the files that are too old; says how many."""
    deleted, _by_model = Import.objects.filter(touched_at__lte=now - KEPT).delete()
    return deleted


def take_in_all(*, clock: Callable[[], datetime], until: datetime) -> None:
    """Go on with every import that was confirmed. Several may run at once, and be stopped anywhere."""
    waiting = Import.objects.filter(confirmed_at__isnull=False, finished_at=None)
    for import_id in waiting.order_by("touched_at").values_list("id", flat=True):
        try:
            take_in(import_id=import_id, clock=clock, until=until)
        except Exception:  # noqa: BLE001 - a queue's boundary: a bug in one holds up no other; tried again
            _log.exception("file_not_taken_in", import_id=str(import_id))
            Import.objects.filter(pk=import_id).update(touched_at=clock())


def take_in(
    *, import_id: UUID, clock: Callable[[], datetime], until: datetime, most: int | None = None
) -> None:
    """Go on with one import, until it is done, time is up, or `most` rows were dealt with."""
    row = Import.objects.filter(pk=import_id, confirmed_at__isnull=False, finished_at=None).first()
    member = households.find(account_id=row.account_id) if row else None
    if row is None:
        return
    left = None if member is None else _checked_rows(row, member=member, now=clock())
    dealt_with = 0
    while (most is None or dealt_with < most) and clock() < until:
        size = _BATCH if most is None else min(_BATCH, most - dealt_with)
        try:
            if not _batch(import_id, left, size=size, clock=clock):
                return
        except NoLongerMember:
            return  # since the batch began: whoever goes on with it notices first thing
        dealt_with += size


_Checked = Iterator[tuple[Row | None, Adding | BrokenRow]]


def _batch(import_id: UUID, left: _Checked | None, *, size: int, clock: Callable[[], datetime]) -> bool:
    """Add the next rows, and say whether there may be more. Together with how far it is, or not at all."""
    with transaction.atomic(using=_DATABASE):
        # Held until the rows are added: who comes second leaves it alone, and whoever dies lets it go.
        unfinished = Import.objects.select_for_update(skip_locked=True).defer("content")
        row = unfinished.filter(pk=import_id, finished_at=None).first()
        if row is None:
            return False
        member, now = households.find(account_id=row.account_id), clock()
        row.touched_at = now
        if left is None or member is None or member.household_id != row.household_id:
            row.stopped, row.finished_at = NoLongerMember.code, now
        else:
            done_to = row.done_to
            batch = list(islice(((raw, found) for raw, found in left if _number(raw, found) > done_to), size))
            if not batch:
                row.finished_at = now
            for raw, found in batch:
                row.done_to = _number(raw, found)
                row.done_rows += 1
                if isinstance(found, Adding):
                    _add(row, found, member=member, now=now)
        row.save(
            update_fields=[
                "touched_at",
                "stopped",
                "finished_at",
                "done_to",
                "done_rows",
                "added",
                "not_added",
            ]
        )
        return row.finished_at is None


def _add(row: Import, adding: Adding, *, member: Membership, now: datetime) -> None:
    try:
        done = items.add(member=member, adding=adding, action_id=_action_id(row), now=now)
    except ActionReused:
        pass  # a place was renamed since: the row was added all the same
    except NoLongerMember:
        raise
    except DomainError as error:
        if len(row.not_added) < _MOST_TOLD:
            row.not_added = [*row.not_added, [row.done_to, error.code]]
    else:
        row.added += not done.repeated


def _action_id(row: Import) -> UUID:
    """Of the row that the import is at."""
    read = "month" if row.month_first else "day"
    return uuid5(row.household_id, f"{bytes(row.digest).hex()} {read} {row.done_to}")


def _number(raw: Row | None, found: Adding | BrokenRow) -> int:
    if isinstance(found, BrokenRow):
        return found.number
    assert raw is not None  # noqa: S101 - for the type checker: what was understood stood somewhere
    return raw.number


def _checked_rows(row: Import, *, member: Membership, now: datetime) -> _Checked:
    meaning = Meaning(member=member, now=now, month_first=row.month_first)
    return _checked(bytes(row.content), row.format, meaning)


def _checked(packed: bytes, kind: str, meaning: Meaning) -> _Checked:
    read = rows_of_json if kind == "json" else rows_of_csv
    for row in read(_text(packed)):
        if isinstance(row, Row):
            yield row, adding_of(row, meaning=meaning)
        else:
            yield None, row


def _own(member: Membership) -> QuerySet[Import]:
    return Import.objects.filter(account_id=member.account_id, household_id=member.household_id)


def _row(member: Membership, *, now: datetime, with_content: bool = False) -> Import:
    found = _own(member).filter(touched_at__gt=now - KEPT)
    row = (found if with_content else found.defer("content")).first()
    if row is None:
        raise NoImport
    return row


def _view(row: Import) -> ImportView:
    stage = Stage.SHOWN
    if row.stopped:
        stage = Stage.STOPPED
    elif row.finished_at is not None:
        stage = Stage.DONE
    elif row.confirmed_at is not None:
        stage = Stage.AT_WORK
    known = row.rows - row.broken - row.added - len(row.not_added)
    return ImportView(
        id=row.id,
        stage=stage,
        format=row.format,
        read_as=row.read_as,
        month_first=row.month_first,
        rows=row.rows,
        broken=row.broken,
        done_rows=row.done_rows,
        added=row.added,
        not_added=tuple((number, code) for number, code in row.not_added),
        known=known if stage is Stage.DONE and len(row.not_added) < _MOST_TOLD else 0,
        expires_at=row.touched_at + KEPT,
    )


def _encoding(source: BinaryIO) -> str:
    """UTF-8 unless a byte order mark or a sign that UTF-8 has not says otherwise."""
    start = source.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    source.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := source.read(_PIECE):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def _packed(source: BinaryIO, encoding: str) -> tuple[bytes, bytes]:
    """The file in UTF-8, compressed, and the SHA-256 of it as it came."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    digest, packed, size = hashlib.sha256(), BytesIO(), 0
    source.seek(0)
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=3, mtime=0) as writer:
        while piece := source.read(_PIECE):
            size += len(piece)
            if size > LARGEST_FILE:
                raise FileNotAccepted(
                    gettext_noop("The file is larger than %(most)s MB: divide it."), most=LARGEST_FILE >> 20
                )
            digest.update(piece)
            writer.write(decoder.decode(piece).encode())
        writer.write(decoder.decode(b"", final=True).encode())
    return packed.getvalue(), digest.digest()


def _format(packed: bytes) -> str:
    """What no CSV begins with is JSON."""
    start = _text(packed).read(1_000).lstrip("\ufeff \t\r\n")
    return "json" if start.startswith(("{", "[")) else "csv"


def _text(packed: bytes) -> TextIOWrapper:
    return TextIOWrapper(gzip.GzipFile(fileobj=BytesIO(packed)), encoding="utf-8")
