"""Taking in a file of things that are at home: read, shown, confirmed, and then added row by row.

Nothing is added before the person has seen what was read. Each row is an action of its own, whose id comes
from the household, the file and the row's number: the same file again adds nothing. A batch of rows stands
together with how far the import is; whoever is killed goes on behind the last batch.
"""

import codecs
import gzip
import hashlib
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO, TextIOWrapper
from itertools import islice
from typing import IO, Final
from uuid import UUID, uuid4, uuid5

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
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
LARGEST_FILE: Final = 12 * 1024 * 1024
"""Bytes."""
KEPT: Final = timedelta(hours=24)
"""How long a file is kept after it was brought along or last worked on."""

_DATABASE: Final = "fridge"
#: Rows up to which a file is checked while its owner waits; longer ones by a worker, so many at once.
_CHECKED_AT_ONCE: Final = 2_000
_BATCH: Final = 100
#: Broken rows that are told without looking through the file.
_FIRST_BROKEN: Final = 50
#: Pairs of row and reason that are kept of rows that read well and were not added.
_MOST_TOLD: Final = 1_000
_PIECE: Final = 65_536

_log = structlog.get_logger(__name__)


class Stage(StrEnum):
    """How far an import is."""

    CHECKING = "checking"
    """Its rows are being checked."""
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
    checked_rows: int
    broken: int
    """Of those checked: rows that cannot be read and are left out."""
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


def receive(*, member: Membership, source: IO[bytes], month_first: bool, now: datetime) -> ImportView:
    """Read a whole file and keep it to be confirmed, in the place of the one before. `source` can seek.

    Raises FileNotAccepted, and ImportAtWork while another file is being taken in.
    """
    if _own(member).filter(confirmed_at__isnull=False, finished_at=None).exists():
        raise ImportAtWork
    encoding = _encoding(source)
    packed, digest = _packed(source, encoding)
    kind = _format(packed)
    rows = 0
    for rows, _row_read in enumerate(_rows(packed, kind), start=1):
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
                "created_at": now,
                "touched_at": now,
            },
        )
        if not is_new:
            raise ImportAtWork
        if rows <= _CHECKED_AT_ONCE:
            _check(row, _checked_rows(row, member=member, now=now))
    return _view(row)


def import_of(*, member: Membership, now: datetime) -> ImportView:
    """The person's last import. Raises NoImport."""
    return _view(_row(member, now=now))


def first_rows(*, member: Membership, now: datetime, most: int) -> list[tuple[int, Adding]]:
    """The first rows that can be added, as they were understood, by their numbers. Raises NoImport."""
    rows = _checked_rows(_row(member, now=now, with_content=True), member=member, now=now)
    # A file whose first 2,000 rows are all broken shows none.
    some = islice(rows, _CHECKED_AT_ONCE)
    return list(islice(((number, found) for number, found in some if isinstance(found, Adding)), most))


def first_broken_rows(*, member: Membership, now: datetime) -> list[BrokenRow]:
    """The first rows that cannot be read, at most 50. Raises NoImport."""
    row = _row(member, now=now)
    if not row.first_broken:
        return []
    found = _broken_rows(member, now=now, among=frozenset(row.first_broken))
    return list(islice(found, len(row.first_broken)))


def broken_rows(*, member: Membership, now: datetime, after: int = 0) -> Iterator[BrokenRow]:
    """The rows that cannot be read, from behind a row on. Raises NoImport."""
    return _broken_rows(member, now=now, after=after)


def _broken_rows(
    member: Membership, *, now: datetime, after: int = 0, among: Container[int] | None = None
) -> Iterator[BrokenRow]:
    row = _row(member, now=now, with_content=True)
    checked = _checked_rows(row, member=member, now=now, after=after, among=among)
    return (found for _, found in checked if isinstance(found, BrokenRow))


def confirm(*, member: Membership, import_id: UUID, now: datetime) -> ImportView:
    """Begin to add what was read. Confirming again changes nothing. Raises NoImport, also for a file that is
    still being checked."""
    changed = _own(member).filter(pk=import_id, touched_at__gt=now - KEPT, checked_rows=F("rows"))
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
    """Go on with every file that is to be checked or was confirmed. Several may run at once, and be stopped
    anywhere."""
    waiting = Import.objects.filter(TO_BE_TAKEN_IN)
    for import_id in waiting.order_by("touched_at").values_list("id", flat=True):
        try:
            take_in(import_id=import_id, clock=clock, until=until)
        except Exception:  # noqa: BLE001 - a queue's boundary: a bug in one holds up no other; tried again
            _log.exception("file_not_taken_in", import_id=str(import_id))
            Import.objects.filter(pk=import_id).update(touched_at=clock())


def take_in(
    *, import_id: UUID, clock: Callable[[], datetime], until: datetime, most: int | None = None
) -> None:
    """Go on with one file, until it is checked or added, time is up, or `most` rows were dealt with."""
    row = Import.objects.filter(TO_BE_TAKEN_IN, pk=import_id).first()
    if row is None:
        return
    step, size, done_to = _add_batch, _BATCH, row.done_to
    if row.checked_rows < row.rows:
        step, size, done_to = _check_batch, _CHECKED_AT_ONCE, row.checked_to
    member = households.find(account_id=row.account_id)
    left = None if member is None else _checked_rows(row, member=member, now=clock(), after=done_to)
    dealt_with = 0
    while (most is None or dealt_with < most) and clock() < until:
        batch = size if most is None else min(size, most - dealt_with)
        try:
            if not step(import_id, left, size=batch, now=clock()):
                return
        except NoLongerMember:
            return  # since the batch began: whoever goes on with it notices first thing
        dealt_with += batch


_TO_BE_CHECKED: Final = Q(checked_rows__lt=F("rows"), stopped="")
_TO_BE_ADDED: Final = Q(confirmed_at__isnull=False, finished_at=None)
TO_BE_TAKEN_IN: Final = _TO_BE_CHECKED | _TO_BE_ADDED
"""Files that the clock is to go on with."""

_Checked = Iterator[tuple[int, Adding | BrokenRow]]
"""Rows in the order of the file, by their numbers."""


def _check_batch(import_id: UUID, left: _Checked | None, *, size: int, now: datetime) -> bool:
    """Check the next rows, and say whether there are more."""
    with transaction.atomic(using=_DATABASE):
        row, member = _held(import_id, _TO_BE_CHECKED), None
        if row is not None:
            member = _still(row, now=now)
        if row is None or member is None or left is None:
            return False
        row.touched_at = now
        checked_to = row.checked_to
        _check(row, islice((found for found in left if found[0] > checked_to), size))
        return row.checked_rows < row.rows


def _check(row: Import, rows: _Checked) -> None:
    for number, found in rows:
        row.checked_to = number
        row.checked_rows += 1
        if isinstance(found, BrokenRow):
            row.broken += 1
            if len(row.first_broken) < _FIRST_BROKEN:
                row.first_broken = [*row.first_broken, number]
    row.save(update_fields=["touched_at", "checked_to", "checked_rows", "broken", "first_broken"])


def _add_batch(import_id: UUID, left: _Checked | None, *, size: int, now: datetime) -> bool:
    """Add the next rows, and say whether there may be more. Together with how far it is, or not at all."""
    with transaction.atomic(using=_DATABASE):
        row, member = _held(import_id, _TO_BE_ADDED), None
        if row is not None:
            member = _still(row, now=now)
        if row is None or member is None or left is None:
            return False
        row.touched_at = now
        done_to = row.done_to
        batch = list(islice((found for found in left if found[0] > done_to), size))
        if len(batch) < size:
            row.finished_at = now
        for number, found in batch:
            row.done_to = number
            row.done_rows += 1
            if isinstance(found, Adding):
                _add(row, found, member=member, now=now)
        row.save(update_fields=["touched_at", "finished_at", "done_to", "done_rows", "added", "not_added"])
        return row.finished_at is None


def _held(import_id: UUID, which: Q) -> Import | None:
    """A file, held until the transaction ends: who comes second leaves it, and whoever dies lets it go."""
    rows = Import.objects.select_for_update(skip_locked=True).defer("content")
    return rows.filter(which, pk=import_id).first()


def _still(row: Import, *, now: datetime) -> Membership | None:
    """Its owner in the household it was brought to; where there is none any more, the file ends here."""
    member = households.find(account_id=row.account_id)
    if member is not None and member.household_id == row.household_id:
        return member
    row.stopped, row.finished_at, row.touched_at = NoLongerMember.code, now, now
    row.save(update_fields=["stopped", "finished_at", "touched_at"])
    return None


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


def _checked_rows(
    row: Import,
    *,
    member: Membership,
    now: datetime,
    after: int = 0,
    among: Container[int] | None = None,
) -> _Checked:
    """The rows from behind one on, or some rows alone: the others are not checked again."""
    meaning = Meaning(member=member, now=now, month_first=row.month_first)
    for found in _rows(bytes(row.content), row.format):
        if found.number > after and (among is None or found.number in among):
            understood = adding_of(found, meaning=meaning) if isinstance(found, Row) else found
            yield found.number, understood


def _rows(packed: bytes, kind: str) -> Iterator[Row | BrokenRow]:
    return (rows_of_json if kind == "json" else rows_of_csv)(_text(packed))


def _own(member: Membership) -> QuerySet[Import]:
    return Import.objects.filter(account_id=member.account_id, household_id=member.household_id)


def _row(member: Membership, *, now: datetime, with_content: bool = False) -> Import:
    found = _own(member).filter(touched_at__gt=now - KEPT)
    row = (found if with_content else found.defer("content")).first()
    if row is None:
        raise NoImport
    return row


def _view(row: Import) -> ImportView:
    stage = Stage.SHOWN if row.checked_rows == row.rows else Stage.CHECKING
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
        checked_rows=row.checked_rows,
        broken=row.broken,
        done_rows=row.done_rows,
        added=row.added,
        not_added=tuple((number, code) for number, code in row.not_added),
        known=known if stage is Stage.DONE and len(row.not_added) < _MOST_TOLD else 0,
        expires_at=row.touched_at + KEPT,
    )


def _encoding(source: IO[bytes]) -> str:
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


def _packed(source: IO[bytes], encoding: str) -> tuple[bytes, bytes]:
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
