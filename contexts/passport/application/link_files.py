"""Links of a brand as files: out as CSV and XLSX, and in again, each row shown before anything is written.

What is applied is what was shown: each row keeps the link that it would write and the version that it would
change, and is checked again when its turn comes. A batch of rows stands together with how far the file is;
whoever is killed goes on behind the last batch, and a row that was applied is not applied again.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import chain, islice
from typing import Any, Final
from uuid import UUID, uuid4, uuid5

import orjson
from django.db.models import Count
from django.utils.translation import gettext as _

from contexts.passport.application import brand_links
from contexts.passport.application.brand_links import BrandLink, Draft, Editor
from contexts.passport.application.brand_products import check_owned
from contexts.passport.application.company_prefixes import speaking_for
from contexts.passport.application.errors import (
    LinkFileNotFound,
    LinkNotAccepted,
    ProductNotYours,
    TableRefused,
)
from contexts.passport.application.tables import FORMULA, Row, guarded, read_table
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.links import Link, clash
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.models import LinkAuthor, LinkFile, LinkFileRow, LinkFileWork
from packytrace.databases.scope import brand_scope
from packytrace.errors import DomainError

APPLY: Final = "passport.apply_link_files"
"""The task that goes on with what was confirmed."""
MOST_ROWS: Final = 5_000
KEPT: Final = timedelta(hours=24)
"""How long a file is kept after it was brought along or last worked on."""

_DATABASE: Final = "passport"
_BATCH: Final = 50
_MOST_SAID: Final = 300
"""Characters of a cell that are kept of a row that is refused."""
_REQUIRED: Final = ("gtin", "linkType", "href", "title")
#: Columns of a file and which value of a draft each is.
_COLUMNS: Final[Mapping[str, str]] = {
    "id": "",
    "gtin": "gtin",
    "cpv": "cpv",
    "lot": "lot",
    "serial": "serial",
    "thirdParty": "third_party",
    "linkType": "link_type",
    "href": "href",
    "title": "title",
    "languages": "hreflang",
    "mediaType": "media_type",
    "context": "context",
    "validFrom": "valid_from",
    "validTo": "valid_to",
    "default": "is_default",
    "passQuery": "passes_query",
}
COLUMNS: Final = tuple(_COLUMNS)
_BY_NAME: Final = {name.casefold(): name for name in _COLUMNS}
_COLUMN_OF: Final = {field: column for column, field in _COLUMNS.items() if field}
_YES: Final = frozenset({"yes", "true", "1", "x", "ja", "oui", "si", "sì", "sí"})
_NO: Final = frozenset({"no", "false", "0", "nein", "non"})


class Fate(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


class Stage(StrEnum):
    """How far a file is."""

    SHOWN = "shown"
    AT_WORK = "at_work"
    DONE = "done"


@dataclass(frozen=True, kw_only=True, slots=True)
class FileView:
    """A file as its brand sees it."""

    id: UUID
    name: str
    read_as: str
    digest: str
    stage: Stage
    rows: int
    rows_done: int
    fates: Mapping[str, int]
    refused_later: int
    """Rows that could not be written any more when their turn came."""
    expires_at: datetime

    @property
    def written(self) -> int:
        """Rows that were written."""
        return self.rows_done - self.refused_later

    @property
    def to_do(self) -> int:
        """Rows that something is written for."""
        return self.fates.get(Fate.NEW, 0) + self.fates.get(Fate.CHANGED, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class RowView:
    """A row as its brand sees it."""

    number: int
    fate: Fate
    field: str
    """Column at fault, for a row that is refused."""
    reason: str
    """Why it is refused; of another one, what else it would do."""
    said: Mapping[str, Any]
    """Of the link: gtin, link_type, href, title and the rest; empty where the row could not be read."""
    outcome: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    number: int
    fate: Fate
    field: str = ""
    reason: str = ""
    link: Link | None = None
    gtin: str = ""
    version: int | None = None
    said: Mapping[str, str] | None = None
    """What a row that is refused said, so that its brand recognises it."""


# --- in ---


def receive(*, editor: Editor, content: bytes, name: str, now: datetime) -> FileView:
    """Read a file, judge each of its rows and keep what was understood. Raises TableRefused."""
    table = read_table(content=content, name=name, most_rows=MOST_ROWS)
    columns = _columns(table.headings)
    file_id = uuid4()
    judge = _Judge(columns, editor=editor, file_id=file_id)
    rows = [_stored(judge.fate(row), file_id=file_id, brand_id=editor.brand_id) for row in table.rows]
    with brand_scope(brand_id=editor.brand_id, using=_DATABASE):
        file = LinkFile.objects.create(
            id=file_id,
            brand_id=editor.brand_id,
            name=name[-200:],
            read_as=table.read_as,
            digest=_digest(rows),
            author=brand_links.author_of(editor),
            state=Stage.SHOWN.value,
            rows=len(rows),
            created_at=now,
            touched_at=now,
        )
        LinkFileRow.objects.bulk_create(rows, batch_size=500)
        LinkFileWork.objects.create(file_id=file_id, brand_id=editor.brand_id, touched_at=now)
        return _view(file)


def find(*, brand_id: UUID, file_id: UUID) -> FileView:
    """A file of the brand. Raises LinkFileNotFound."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        return _view(_file(file_id))


def newest(*, brand_id: UUID, most: int) -> list[FileView]:
    """The files that the brand has brought along last and that are still kept."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        return [_view(file) for file in LinkFile.objects.order_by("-created_at")[:most]]


def rows_of(
    *, brand_id: UUID, file_id: UUID, after: int = 0, most: int, fate: Fate | None = None
) -> list[RowView]:
    """Rows of a file in their order, from behind one on."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        found = LinkFileRow.objects.filter(file_id=file_id, number__gt=after).order_by("number")
        if fate is not None:
            found = found.filter(fate=fate.value)
        return [
            RowView(
                number=row.number,
                fate=Fate(row.fate),
                field=row.field,
                reason=row.reason,
                said=row.draft or {},
                outcome=row.outcome,
            )
            for row in found[:most]
        ]


def confirm(*, brand_id: UUID, file_id: UUID, digest: str, now: datetime) -> FileView:
    """Begin to write what was shown; again changes nothing.

    Raises LinkFileNotFound, also where something else was shown.
    """
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        file = _file(file_id)
        if file.digest != digest:
            raise LinkFileNotFound
        if file.state == Stage.SHOWN.value:
            LinkFile.objects.filter(id=file_id).update(state=Stage.AT_WORK.value, touched_at=now)
            LinkFileWork.objects.filter(file_id=file_id).update(confirmed=True, touched_at=now)
        return _view(_file(file_id))


def forget(*, brand_id: UUID, file_id: UUID) -> None:
    """Delete a file that is not being taken over. What was written of it stays."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        if LinkFile.objects.filter(id=file_id).exclude(state=Stage.AT_WORK.value).delete()[0]:
            LinkFileRow.objects.filter(file_id=file_id).delete()
            LinkFileWork.objects.filter(file_id=file_id).delete()


def apply_all(*, clock: Callable[[], datetime], until: datetime) -> None:
    """Go on with every confirmed file. Several may run at once, and be stopped anywhere."""
    waiting = LinkFileWork.objects.filter(confirmed=True).order_by("touched_at")
    for file_id, brand_id in waiting.values_list("file_id", "brand_id"):
        apply(brand_id=brand_id, file_id=file_id, clock=clock, until=until)


def apply(
    *, brand_id: UUID, file_id: UUID, clock: Callable[[], datetime], until: datetime, most: int = MOST_ROWS
) -> None:
    """Go on with one file, until it is done, time is up, or `most` rows were dealt with."""
    dealt_with = 0
    while dealt_with < most and clock() < until:
        if not _apply_batch(brand_id, file_id, now=clock()):
            return
        dealt_with += _BATCH


def forget_old(*, now: datetime) -> None:
    """Delete the files that are too old."""
    old = LinkFileWork.objects.filter(touched_at__lte=now - KEPT, confirmed=False)
    for file_id, brand_id in old.values_list("file_id", "brand_id"):
        forget(brand_id=brand_id, file_id=file_id)


def _apply_batch(brand_id: UUID, file_id: UUID, *, now: datetime) -> bool:
    """Write the next rows, and say whether there may be more."""
    with speaking_for(brand_id=brand_id):
        # Who comes second leaves it, and whoever dies lets it go.
        files = LinkFile.objects.select_for_update(skip_locked=True)
        file = files.filter(id=file_id, state=Stage.AT_WORK.value).first()
        if file is None:
            return False
        editor = Editor(brand_id=brand_id, account_id=_account(file))
        left = LinkFileRow.objects.filter(
            file_id=file_id, outcome="", fate__in=[Fate.NEW.value, Fate.CHANGED.value]
        )
        # What is not the default comes first: a default gives way to another one in the same file.
        # One that is there may make place for a new one.
        batch = list(left.order_by("draft__is_default", "fate", "number")[:_BATCH])
        brand_links.one_at_a_time(_draft(row.draft).gtin for row in batch)
        for row in batch:
            outcome, field, reason = _apply_row(row, editor=editor, now=now)
            LinkFileRow.objects.filter(file_id=file_id, number=row.number).update(
                outcome=outcome, field=field, reason=reason[:500]
            )
        file.rows_done += len(batch)
        file.touched_at = now
        if len(batch) < _BATCH:
            file.state = Stage.DONE.value
        file.save(update_fields=["rows_done", "touched_at", "state"])
        LinkFileWork.objects.filter(file_id=file_id).update(
            touched_at=now, confirmed=file.state == Stage.AT_WORK.value
        )
        return file.state == Stage.AT_WORK.value


def _apply_row(row: LinkFileRow, *, editor: Editor, now: datetime) -> tuple[str, str, str]:
    draft = _draft(row.draft)
    try:
        if row.fate == Fate.NEW.value:
            brand_links.add(editor=editor, draft=draft, now=now, link_id=row.link_id)
        else:
            brand_links.change(
                editor=editor,
                link_id=row.link_id or UUID(int=0),
                version=row.version or 0,
                draft=draft,
                now=now,
            )
    except LinkNotAccepted as refused:
        return Fate.REFUSED.value, _COLUMN_OF.get(refused.field, ""), refused.advice
    except DomainError as error:
        return Fate.REFUSED.value, "", str(error)
    return row.fate, "", ""


def _columns(headings: Iterable[str]) -> list[str]:
    """The column that each heading names. Raises TableRefused."""
    columns = []
    for heading in headings:
        plain = heading.replace(" ", "").replace("_", "").replace("-", "").casefold()
        if plain not in _BY_NAME:
            raise TableRefused(
                _("There is no column “%(heading)s”. There are: %(columns)s.")
                % {"heading": heading[:80], "columns": ", ".join(COLUMNS)}
            )
        columns.append(_BY_NAME[plain])
    if missing := [column for column in _REQUIRED if column not in columns]:
        raise TableRefused(_("These columns are missing: %(columns)s.") % {"columns": ", ".join(missing)})
    if len(set(columns)) < len(columns):
        raise TableRefused(_("Two headings mean the same column."))
    return columns


class _Judge:
    """Says the fate of each row. Knows the rows before it, for no two are about one link."""

    def __init__(self, columns: list[str], *, editor: Editor, file_id: UUID) -> None:
        self._columns = columns
        self._brand_id = editor.brand_id
        self._file_id = file_id
        self._existing: dict[str, list[BrandLink]] = {}
        self._meant: dict[object, int] = {}
        self._defaults: dict[str, list[tuple[int, Link]]] = {}

    def fate(self, row: Row) -> _Judged:
        """Two queries for each product that was not seen before."""
        cells = dict(zip(self._columns, row.cells, strict=True))
        try:
            return self._understood(row, cells)
        except LinkNotAccepted as refused:
            return _Judged(
                number=row.number,
                fate=Fate.REFUSED,
                field=_COLUMN_OF.get(refused.field, refused.field),
                reason=refused.advice,
                said={_COLUMNS[name]: cells[name][:_MOST_SAID] for name in _REQUIRED},
            )

    def _understood(self, row: Row, cells: Mapping[str, str]) -> _Judged:
        draft = _read(cells)
        link_id = _id(cells.get("id", ""))
        # An id that comes from the file and the row: whoever applies the row twice adds one link.
        link = brand_links.check(draft=draft, link_id=link_id or uuid5(self._file_id, str(row.number)))
        was = _meant(link, link_id=link_id, among=self._links_of(draft.gtin))
        if was is not None:
            link = replace(link, id=was.link.id)
        meant = (_place(link), link.href) if was is None else link.id
        if (before := self._meant.setdefault(meant, row.number)) != row.number:
            raise LinkNotAccepted(
                field="id", reason="twice", advice=_("Row %(row)d is about the same link.") % {"row": before}
            )
        if link.is_default:
            defaults = self._defaults.setdefault(link.anchor, [])
            for number, other in defaults:
                if clash(link, other):
                    raise LinkNotAccepted(
                        field="is_default",
                        reason="second_default",
                        advice=_("Row %(row)d is the default of the same code.") % {"row": number},
                    )
            defaults.append((row.number, link))
        fate = Fate.NEW if was is None else Fate.SAME if was.link == link else Fate.CHANGED
        return _Judged(
            number=row.number,
            fate=fate,
            reason="" if fate is Fate.SAME else self._demoting(link, draft.gtin),
            link=link,
            gtin=draft.gtin,
            version=None if was is None else was.version,
        )

    def _demoting(self, link: Link, gtin: str) -> str:
        """Which links stop being the default for a row, as its brand reads it."""
        demoted = brand_links.demoted_by(link, among=self._links_of(gtin))
        titles = ", ".join(f"“{other.title}”" for other in demoted)
        return _("No longer the default: %(titles)s.") % {"titles": titles} if demoted else ""

    def _links_of(self, gtin: str) -> list[BrandLink]:
        if gtin not in self._existing:
            try:
                check_owned(brand_id=self._brand_id, gtin=gtin)
            except ProductNotYours as error:
                raise LinkNotAccepted(field="gtin", reason="not_yours", advice=str(error)) from error
            self._existing[gtin] = brand_links.existing(brand_id=self._brand_id, gtins=[gtin])
        return self._existing[gtin]


def _id(cell: str) -> UUID | None:
    if not cell:
        return None
    try:
        return UUID(cell)
    except ValueError as error:
        raise LinkNotAccepted(
            field="id", reason="no_id", advice=_("This is no id of a link: leave it empty for a new link.")
        ) from error


def _meant(link: Link, *, link_id: UUID | None, among: list[BrandLink]) -> BrandLink | None:
    """The link that a row is about: the one of its id; without an id the one that stands in the same place,
    of the same type, for the same languages, media type and context.

    Raises LinkNotAccepted where it names a link that is not there, or where several stand in that place.
    """
    if link_id is not None:
        found = [one for one in among if one.link.id == link_id]
        if not found:
            raise LinkNotAccepted(
                field="id", reason="no_link", advice=_("This product has no link with this id.")
            )
        return found[0]
    found = [one for one in among if _place(one.link) == _place(link)]
    exact = [one for one in found if one.link.href == link.href]
    found = exact or found
    if len(found) > 1:
        raise LinkNotAccepted(
            field="id",
            reason="several",
            advice=_("Several links stand in this place: say by its id which one you mean."),
        )
    return found[0] if found else None


def _place(link: Link) -> tuple[object, ...]:
    return link.anchor, link.link_type, frozenset(link.hreflang), link.media_type, frozenset(link.context)


def _read(cells: Mapping[str, str]) -> Draft:
    """The draft that a row says. Raises LinkNotAccepted."""
    said = {column: _unguarded(cell) for column, cell in cells.items()}
    try:
        gtin = gtin14(said["gtin"].replace(" ", ""))
    except CodeRefused as refused:
        raise LinkNotAccepted(
            field="gtin", reason=refused.code, advice=_(refused.rule) % refused.values
        ) from refused
    return Draft(
        gtin=gtin,
        **{_COLUMNS[name]: said.get(name, "") for name in ("cpv", "lot", "serial", "thirdParty")},
        link_type=said["linkType"],
        href=said["href"],
        title=said["title"],
        hreflang=_words(said.get("languages", "")),
        media_type=said.get("mediaType", ""),
        context=_words(said.get("context", "")),
        valid_from=_moment(said.get("validFrom", ""), "valid_from"),
        valid_to=_moment(said.get("validTo", ""), "valid_to"),
        is_default=_truth(said.get("default", ""), "is_default", empty=False),
        passes_query=_truth(said.get("passQuery", ""), "passes_query", empty=True),
    )


def _words(cell: str) -> tuple[str, ...]:
    return tuple(cell.replace(",", " ").replace(";", " ").split())


def _moment(cell: str, field: str) -> datetime | None:
    if not cell:
        return None
    try:
        moment = datetime.fromisoformat(cell)
        # In UTC, as it is kept: the first and the last hours of the calendar are out of it elsewhere.
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise LinkNotAccepted(
            field=field,
            reason="no_moment",
            advice=_("Write a day and a time, such as 2026-03-01T08:00."),
        ) from error


def _truth(cell: str, field: str, *, empty: bool) -> bool:
    plain = cell.casefold()
    if not plain:
        return empty
    if plain not in _YES and plain not in _NO:
        raise LinkNotAccepted(field=field, reason="no_truth", advice=_("Write yes or no."))
    return plain in _YES


def _stored(judged: _Judged, *, file_id: UUID, brand_id: UUID) -> LinkFileRow:
    draft = judged.said
    if judged.link is not None:
        link = BrandLink(
            link=judged.link, gtin=judged.gtin, version=0, updated_at=datetime.min.replace(tzinfo=UTC)
        )
        draft = orjson.loads(orjson.dumps(asdict(link.draft)))
    return LinkFileRow(
        file_id=file_id,
        number=judged.number,
        brand_id=brand_id,
        fate=judged.fate.value,
        field=judged.field,
        reason=judged.reason[:500],
        link_id=judged.link.id if judged.link else None,
        version=judged.version,
        draft=draft,
    )


def _draft(said: Any) -> Draft:
    values = dict(said)
    for name in ("valid_from", "valid_to"):
        values[name] = values[name] and datetime.fromisoformat(values[name])
    for name in ("hreflang", "context"):
        values[name] = tuple(values[name])
    return Draft(**values)


def _digest(rows: Iterable[LinkFileRow]) -> str:
    said = [[row.number, row.fate, str(row.link_id), row.version, row.draft] for row in rows]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def _file(file_id: UUID) -> LinkFile:
    file = LinkFile.objects.filter(id=file_id).first()
    if file is None:
        raise LinkFileNotFound
    return file


def _account(file: LinkFile) -> UUID:
    """Whose file it is; a number that nobody has where they were erased since."""
    found = LinkAuthor.objects.filter(reference=file.author).values_list("account_id", flat=True).first()
    return found or UUID(int=0)


def _view(file: LinkFile) -> FileView:
    rows = LinkFileRow.objects.filter(file_id=file.id)
    fates = dict(rows.values_list("fate").annotate(number=Count("number")))
    later = rows.filter(outcome=Fate.REFUSED.value).count()
    return FileView(
        id=file.id,
        name=file.name,
        read_as=file.read_as,
        digest=file.digest,
        stage=Stage(file.state),
        rows=file.rows,
        rows_done=file.rows_done,
        fates=fates,
        refused_later=later,
        expires_at=file.touched_at + KEPT,
    )


# --- out ---


def csv_of(*, brand_id: UUID) -> Iterator[bytes]:
    """All links of a brand (RFC 4180, UTF-8 with a byte order mark); no cell begins a formula."""
    yield b"\xef\xbb\xbf" + _line(COLUMNS)
    for link in _all(brand_id):
        yield _line(_cells(link))


def xlsx_of(*, brand_id: UUID) -> bytes | None:
    """The same as a workbook of text; None where there are more than MOST_ROWS links: it
    is made as a whole while somebody waits, and no import would take it."""
    import openpyxl  # a tenth of a second that only who wants a workbook needs
    from openpyxl.cell import WriteOnlyCell

    # Before one is begun: a workbook that is never saved leaves its rows in a file.
    links = list(islice(_all(brand_id), MOST_ROWS + 1))
    if len(links) > MOST_ROWS:
        return None
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("links")
    for cells in chain((COLUMNS,), map(_cells, links)):
        row = []
        for text in cells:
            cell = WriteOnlyCell(sheet, value=text)
            cell.data_type = "s"
            cell.number_format = "@"  # so that a GTIN keeps its zeros when it is edited
            row.append(cell)
        sheet.append(row)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _all(brand_id: UUID) -> Iterator[BrandLink]:
    after: UUID | None = None
    while True:
        found, after = brand_links.page_of_links(brand_id=brand_id, after=after, most=500)
        yield from found
        if after is None:
            return


def _cells(link: BrandLink) -> list[str]:
    draft = link.draft
    values: dict[str, object] = {column: getattr(draft, name) for column, name in _COLUMNS.items() if name}
    values["id"] = link.link.id
    return [guarded(_written(values[column])) for column in COLUMNS]


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _line(cells: Iterable[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()
