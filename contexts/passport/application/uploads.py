"""Files in which a brand tells of many products: looked at, confirmed, and then taken over row by row.

Nothing is taken over before the brand has seen what becomes of each row. Good rows go in, the others are
kept with what is wrong with them. A batch of rows stands together with how far the file is: whoever is killed
in the middle goes on behind the last batch, and the same file again changes nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_noop

from contexts.passport.application.brand_products import Speaker, filed, source_of
from contexts.passport.application.catalogue import Fate, contribute, weighed
from contexts.passport.application.company_prefixes import speaking_for
from contexts.passport.application.errors import UploadNotFound
from contexts.passport.application.tables import Row, Table, read_table
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.company_prefixes import Claim
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.label_documents import Complaint, LabelRefused, Written, read
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.domain.product_rows import GTIN, document_of_row, guessed, targets
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.text import cleaned
from contexts.passport.models import BrandProduct, ColumnMapping, RefusedRow, Upload, UploadWork
from packytrace.databases.scope import brand_scope

TAKE_OVER: Final = "passport.take_over_uploads"
"""The task that goes on with what was confirmed."""
MOST_ROWS: Final = 5_000
"""Of one file: all are looked at while somebody waits."""
_DATABASE: Final = "passport"
_BATCH: Final = 100
#: Rows that are looked at together, when none of them stays.
_AT_ONCE: Final = 500
#: Files of a brand that are listed; older ones are forgotten.
_MOST_KEPT: Final = 20


class Stage(StrEnum):
    """How far a file is."""

    SHOWN = "shown"
    """Read, and not confirmed: nothing was taken over."""
    AT_WORK = "at_work"
    DONE = "done"


class RowFate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    """Of a product that nobody has told of here."""
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    """The catalogue says the same already."""
    REFUSED = "refused"


_FATES: Final = {Fate.CREATED: RowFate.NEW, Fate.CHANGED: RowFate.CHANGED}


@dataclass(frozen=True, kw_only=True, slots=True)
class UploadView:
    """A file as its brand sees it."""

    id: UUID
    name: str
    headings: tuple[str, ...]
    language: str
    mapping: Mapping[str, str]
    stage: Stage
    rows: int
    rows_done: int
    counts: Mapping[str, int]
    """Rows by their fate, of those that are done."""
    created_at: datetime

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return 100 * self.rows_done // self.rows if self.rows else 100


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedRow:
    """What becomes of one row."""

    number: int
    gtin: str
    name: str
    fate: RowFate
    complaints: tuple[Complaint, ...]
    cells: tuple[str, ...] = ()


def receive(*, speaker: Speaker, name: str, content: bytes, language: str, now: datetime) -> UploadView:
    """Keep a file to be looked at, with the mapping of its columns that the brand chose last for such
    headings. Raises TableRefused.
    """
    table = read_table(content=content, name=name, most_rows=MOST_ROWS)
    with brand_scope(brand_id=speaker.id, using=_DATABASE):
        remembered = ColumnMapping.objects.filter(
            brand_id=speaker.id, headings_digest=_digest(table.headings)
        ).first()
        mapping = remembered.mapping if remembered else guessed(table.headings, language=language)
        row = Upload.objects.create(
            id=uuid4(),
            brand_id=speaker.id,
            brand_name=speaker.name,
            name=name[:200],
            content=content,
            headings=list(table.headings),
            language=language,
            mapping=_known(mapping, table.headings, language),
            state=Stage.SHOWN.value,
            rows=len(table.rows),
            created_at=now,
            updated_at=now,
        )
        old = Upload.objects.filter(brand_id=speaker.id).exclude(state=Stage.AT_WORK.value)
        forgotten = list(old.order_by("-created_at").values_list("id", flat=True)[_MOST_KEPT:])
        RefusedRow.objects.filter(upload_id__in=forgotten).delete()
        Upload.objects.filter(id__in=forgotten).delete()
    return _view(row)


def uploads_of(*, brand_id: UUID) -> Sequence[UploadView]:
    """The files of a brand, the newest first."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        return [_view(row) for row in Upload.objects.defer("content").order_by("-created_at")]


def upload_of(*, brand_id: UUID, upload_id: UUID) -> UploadView:
    """One of them. Raises UploadNotFound."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        return _view(_found(upload_id))


def map_columns(*, brand_id: UUID, upload_id: UUID, mapping: Mapping[str, str], language: str) -> UploadView:
    """Say which value each column is, and remember it for all files with these headings.

    Raises UploadNotFound, also for one that was confirmed.
    """
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        row = _found(upload_id, stage=Stage.SHOWN)
        row.language, row.mapping = language, _known(mapping, row.headings, language)
        row.save(update_fields=["language", "mapping"])
        ColumnMapping.objects.update_or_create(
            brand_id=brand_id,
            headings_digest=_digest(row.headings),
            defaults={"mapping": row.mapping, "updated_at": row.updated_at},
        )
    return _view(row)


def sample_of(*, brand_id: UUID, upload_id: UUID, most: int = 3) -> Sequence[tuple[str, Sequence[str]]]:
    """Each heading with what its first rows hold. Raises UploadNotFound."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        table = _table(_found(upload_id, stage=Stage.SHOWN))
    return [
        (heading, [row.cells[place] for row in table.rows[:most] if row.cells[place]])
        for place, heading in enumerate(table.headings)
    ]


def checked(*, brand_id: UUID, upload_id: UUID, now: datetime) -> Sequence[CheckedRow]:
    """What would become of each row; nothing is taken over. Raises UploadNotFound."""
    with speaking_for(brand_id=brand_id) as claims:
        row = _found(upload_id, stage=Stage.SHOWN)
        table = _table(row)
        read_rows = list(_read_rows(row, table, claims))
        # Numbers are taken as they would be, and let go again: whose they are only the database can say.
        with transaction.atomic(using=_DATABASE):
            # All in one order: of two files that are looked at together, neither waits for the other's half.
            good = sorted(one.gtin for one in read_rows if not one.complaints)
            _own_rows(brand_id, good, now=now, held=False)
            rows = [
                one
                for start in range(0, len(read_rows), _AT_ONCE)
                for one in _looked_at(row, read_rows[start : start + _AT_ONCE], now=now)
            ]
            transaction.set_rollback(True, using=_DATABASE)
    return rows


def confirm(*, brand_id: UUID, upload_id: UUID, now: datetime) -> UploadView:
    """Have it taken over. Again it changes nothing. Raises UploadNotFound."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        row = _found(upload_id)
        if row.state == Stage.SHOWN.value:
            row.state, row.updated_at = Stage.AT_WORK.value, now
            row.save(update_fields=["state", "updated_at"])
            UploadWork.objects.create(upload_id=upload_id, brand_id=brand_id, since=now)
    return _view(row)


def discard(*, brand_id: UUID, upload_id: UUID) -> None:
    """Throw away a file that was not confirmed. Raises UploadNotFound."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        _found(upload_id, stage=Stage.SHOWN).delete()


def take_over(*, brand_id: UUID, upload_id: UUID, clock: Callable[[], datetime], until: datetime) -> None:
    """Go on with a confirmed file until it is done or the time is up. Where another worker has it, do
    nothing."""
    table: Table | None = None
    read_under: Sequence[Claim] = ()
    rows: list[_Read] = []
    while clock() < until:
        with speaking_for(brand_id=brand_id) as claims:
            row = (
                Upload.objects.select_for_update(skip_locked=True)
                .filter(id=upload_id, state=Stage.AT_WORK.value)
                .first()
            )
            if row is None:
                return
            if table is None or claims != read_under:
                table, read_under = _table(row), claims
                rows = list(_read_rows(row, table, claims))
            batch = rows[row.rows_done : row.rows_done + _BATCH]
            done = _taken(row, batch, now=clock())
            _note(row, done, now=clock())


def take_over_all(*, clock: Callable[[], datetime], until: datetime) -> None:
    """Go on with every confirmed file, the oldest first."""
    for work in UploadWork.objects.order_by("since"):
        take_over(brand_id=work.brand_id, upload_id=work.upload_id, clock=clock, until=until)


def refused_rows(*, brand_id: UUID, upload_id: UUID) -> tuple[UploadView, Sequence[CheckedRow]]:
    """The rows that were not taken over, with the reasons. Raises UploadNotFound."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        view = _view(_found(upload_id))
        found = RefusedRow.objects.filter(upload_id=upload_id).order_by("number")
        return view, [
            CheckedRow(
                number=row.number,
                gtin="",
                name="",
                fate=RowFate.REFUSED,
                complaints=tuple(Complaint(**reason) for reason in row.reasons),
                cells=tuple(row.cells),
            )
            for row in found
        ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Read:
    """A row, read as far as it goes without the database."""

    row: Row
    gtin: str
    name: str
    written: Written | None
    complaints: tuple[Complaint, ...]


def _read_rows(upload: Upload, table: Table, claims: Sequence[Claim]) -> Iterator[_Read]:
    seen: dict[str, int] = {}
    for row in table.rows:
        typed, document = document_of_row(
            headings=table.headings,
            cells=row.cells,
            mapping=upload.mapping,
            language=upload.language,
            # Of JSON a cell is empty, too, where an object has no such name.
            blank_is_none=table.read_as != "JSON",
        )
        complaints: list[Complaint] = []
        gtin, written = typed[:14], None
        try:
            gtin = gtin14(_with_lost_zeros(typed))
        except CodeRefused as refused:
            complaints.append(Complaint(field=GTIN, text=refused.plain if typed else _NO_GTIN))
        else:
            if gtin in seen:
                complaints.append(Complaint(field=GTIN, text=_TWICE, values={"row": seen[gtin]}))
            elif not any(claim.holds(gtin) for claim in claims):
                complaints.append(Complaint(field=GTIN, text=_NOT_YOURS))
            seen.setdefault(gtin, row.number)
        try:
            written = read(document)
        except LabelRefused as refused:
            complaints.extend(refused.complaints)
        name = document.get("names", {}).get(upload.language, "")
        yield _Read(row=row, gtin=gtin, name=name, written=written, complaints=tuple(complaints))


_NO_GTIN: Final = gettext_noop("This row has no number of a product.")
_TWICE: Final = gettext_noop("Row %(row)s is about the same product already.")
_NOT_YOURS: Final = gettext_noop("No confirmed company prefix of yours holds this number.")
_TAKEN: Final = gettext_noop("This number belongs to another company here.")


def _with_lost_zeros(digits: str) -> str:
    """A number as it was before a spreadsheet took it for one and dropped its leading zeros."""
    return digits.zfill(12 if len(digits) > 8 else 8) if digits.isascii() and digits.isdigit() else digits


def _taken(upload: Upload, batch: Sequence[_Read], *, now: datetime) -> list[CheckedRow]:
    """Take rows over, inside the brand's scope; says what became of each."""
    own, said = _said(upload, batch, now=now, held=True)
    good = {one.gtin: one.written for one in batch if not one.complaints and one.written}
    fates = {one.gtin: one.fate for one in contribute(contributions=said, at=now)}
    filed([(own[gtin], good[gtin]) for gtin, fate in fates.items() if fate in _FATES], now=now)
    return [_checked(one, own=own, fates=fates) for one in batch]


def _looked_at(upload: Upload, batch: Sequence[_Read], *, now: datetime) -> list[CheckedRow]:
    """What would become of rows, inside the brand's scope, with their numbers taken."""
    own, said = _said(upload, batch, now=now)
    fates = {one.gtin: one.fate for one in weighed(contributions=said, at=now)}
    return [_checked(one, own=own, fates=fates) for one in batch]


def _said(
    upload: Upload, batch: Sequence[_Read], *, now: datetime, held: bool = False
) -> tuple[Mapping[str, BrandProduct], list[Contribution]]:
    """The brand's products among good rows, and what these say of them."""
    good = {one.gtin: one.written for one in batch if not one.complaints and one.written}
    own = _own_rows(upload.brand_id, sorted(good), now=now, held=held)
    return own, [
        _contribution(upload, gtin, written, now=now) for gtin, written in good.items() if gtin in own
    ]


def _checked(one: _Read, *, own: Mapping[str, BrandProduct], fates: Mapping[str, Fate]) -> CheckedRow:
    complaints = one.complaints
    if not complaints and one.gtin not in own:
        complaints = (Complaint(field=GTIN, text=_TAKEN),)
    return CheckedRow(
        number=one.row.number,
        gtin=one.gtin,
        name=cleaned(one.name),
        fate=RowFate.REFUSED if complaints else _FATES.get(fates[one.gtin], RowFate.UNCHANGED),
        complaints=complaints,
        cells=one.row.cells,
    )


def _own_rows(
    brand_id: UUID, gtins: Sequence[str], *, now: datetime, held: bool
) -> Mapping[str, BrandProduct]:
    """The brand's rows of these products, made where there was none; without those that another brand has.
    Held, nobody else changes them before this transaction ends."""
    BrandProduct.objects.bulk_create(
        [BrandProduct(gtin=gtin, brand_id=brand_id, created_at=now, updated_at=now) for gtin in gtins],
        ignore_conflicts=True,
    )
    rows = BrandProduct.objects.order_by("gtin")
    return (rows.select_for_update() if held else rows).in_bulk(gtins)


def _contribution(upload: Upload, gtin: str, written: Written, *, now: datetime) -> Contribution:
    entry = CatalogueEntry(
        gtin=gtin,
        label=written.label,
        sources=(),
        brand_name=written.brand_name or upload.brand_name,
        brand_id=upload.brand_id,
        categories=written.categories,
    )
    return Contribution(origin=Origin.PRODUCER_FILE, entry=source_of(entry, name=upload.brand_name, now=now))


def _note(upload: Upload, done: Sequence[CheckedRow], *, now: datetime) -> None:
    """How far it is, with the rows that were refused, in the transaction that took the others over."""
    RefusedRow.objects.bulk_create(
        [
            RefusedRow(
                upload_id=upload.id,
                brand_id=upload.brand_id,
                number=one.number,
                cells=list(one.cells),
                reasons=[
                    {"field": said.field, "text": said.text, "values": dict(said.values)}
                    for said in one.complaints
                ],
            )
            for one in done
            if one.fate is RowFate.REFUSED
        ],
        ignore_conflicts=True,
    )
    counts = Counter(upload.counts)
    counts.update(one.fate.value for one in done)
    upload.counts, upload.updated_at = dict(counts), now
    upload.rows_done += len(done)
    if upload.rows_done >= upload.rows:
        upload.state, upload.content = Stage.DONE.value, None
        UploadWork.objects.filter(upload_id=upload.id).delete()
    upload.save(update_fields=["counts", "updated_at", "rows_done", "state", "content"])


def _found(upload_id: UUID, *, stage: Stage | None = None) -> Upload:
    row = Upload.objects.select_for_update().filter(id=upload_id).first()
    if row is None or (stage and row.state != stage.value):
        raise UploadNotFound
    return row


def _table(row: Upload) -> Table:
    return read_table(content=bytes(row.content or b""), name=row.name)


def _known(mapping: Mapping[str, Any], headings: Sequence[str], language: str) -> dict[str, str]:
    """A mapping of these headings to values that there are, each once."""
    allowed, found = set(targets(language)), dict[str, str]()
    for heading in headings:
        target = mapping.get(heading)
        if target in allowed and target not in found.values():
            found[heading] = target
    return found


def _digest(headings: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(headings).encode()).hexdigest()


def _view(row: Upload) -> UploadView:
    return UploadView(
        id=row.id,
        name=row.name,
        headings=tuple(row.headings),
        language=row.language,
        mapping=row.mapping,
        stage=Stage(row.state),
        rows=row.rows,
        rows_done=row.rows_done,
        counts=row.counts,
        created_at=row.created_at,
    )
