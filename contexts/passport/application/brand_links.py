"""Links that a brand registers for its products: added, changed, removed and restored, each change kept.

Everything is written inside the brand's scope, so that PostgreSQL itself refuses what is another brand's.
Links can be read by everybody: whoever asks here for a brand's links gets that brand's alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, connections
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from contexts.passport.application import link_checking
from contexts.passport.application.brand_products import check_owned
from contexts.passport.application.company_prefixes import speaking_for
from contexts.passport.application.errors import (
    IdempotencyKeyReused,
    LinkChanged,
    LinkNotAccepted,
    LinkNotFound,
)
from contexts.passport.application.link_checking import Standing
from contexts.passport.domain import links
from contexts.passport.domain.digital_link import link_to, parse_link, parse_uri
from contexts.passport.domain.links import Link, LinkRefused
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.models import BrandProduct, LinkAuthor, LinkChange, LinkCheck
from contexts.passport.models import Link as StoredLink
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"
_STEM: Final = "https://id.gs1.org"
#: A path has no dates: none is reckoned from this one.
_ANY_DAY: Final = date(2000, 1, 1)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
#: Which value of a draft an identifier of the code is.
_FIELDS: Final = {"01": "gtin", "22": "cpv", "10": "lot", "21": "serial", "235": "third_party"}
#: Constraints of `Link` that say that there is another default.
_ONE_DEFAULT: Final = frozenset({"link_one_default", "link_one_default_at_a_time"})
_ATTRIBUTES: Final = (
    "anchor", "link_type", "href", "title", "hreflang", "media_type", "context", "valid_from", "valid_to",
    "is_default", "passes_query",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """Who works on a brand's links."""

    brand_id: UUID
    account_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A link as somebody wants it, in the texts that were typed."""

    gtin: str
    """GTIN-14."""
    cpv: str = ""
    lot: str = ""
    serial: str = ""
    third_party: str = ""
    link_type: str
    href: str
    title: str
    hreflang: tuple[str, ...] = ()
    media_type: str = ""
    context: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    is_default: bool = False
    passes_query: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class BrandLink:
    """A link as its brand sees it."""

    link: Link
    gtin: str
    version: int
    updated_at: datetime
    standing: Standing | None = None
    """Whether its target answers; None where that was not asked for."""

    @property
    def draft(self) -> Draft:
        """What would have to be typed to get it."""
        link = self.link
        return Draft(
            gtin=self.gtin,
            **{_FIELDS[ai]: value for ai, value in level_of(link.anchor) if ai != "01"},
            link_type=link.link_type,
            href=link.href,
            title=link.title,
            hreflang=link.hreflang,
            media_type=link.media_type,
            context=link.context,
            valid_from=link.valid_from,
            valid_to=link.valid_to,
            is_default=link.is_default,
            passes_query=link.passes_query,
        )


class ChangeKind(StrEnum):
    """What was done to a link."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    RESTORED = "restored"
    NOT_DEFAULT = "not_default"
    """Another link of its entity became the default."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One entry of the history of links."""

    link_id: UUID
    version: int
    kind: ChangeKind
    account_id: UUID | None
    """Who did it; None where the account was erased since."""
    at: datetime
    before: Link | None
    after: Link | None
    shown: Link
    """What the change is about: what stands since then, or what was removed."""

    @property
    def differing(self) -> tuple[str, ...]:
        """Attributes that are different after a change; none where there is only one side."""
        if self.before is None or self.after is None:
            return ()
        return tuple(name for name in _ATTRIBUTES if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductLinks:
    """A product of the brand and how many links it has."""

    gtin: str
    name: str
    links: int
    broken: int


def level_of(anchor: str) -> tuple[tuple[str, str], ...]:
    """Identifiers and values of an entity by its canonical path."""
    identified = parse_uri(_STEM + anchor, today=_ANY_DAY)
    return ((identified.key, identified.value), *identified.qualifiers)


def check(*, draft: Draft, link_id: UUID) -> Link:
    """The link that a draft asks for, in its one spelling. Raises LinkNotAccepted. Asks no database."""
    try:
        item = parse_link(uri=link_to(_item(draft), stem=_STEM), today=_ANY_DAY)
        anchor = links.anchor_of(parse_uri(link_to(item, stem=_STEM), today=_ANY_DAY))
    except CodeRefused as refused:
        raise LinkNotAccepted(
            field=_FIELDS.get(refused.ai or "", "gtin"),
            reason=refused.code,
            advice=_(refused.rule) % refused.values,
        ) from refused
    except LinkRefused as refused:
        raise _not_accepted(refused) from refused
    try:
        return links.registered(
            link_id=link_id,
            anchor=anchor,
            link_type=draft.link_type,
            href=draft.href,
            title=draft.title,
            hreflang=draft.hreflang,
            media_type=draft.media_type,
            context=draft.context,
            valid_from=draft.valid_from,
            valid_to=draft.valid_to,
            is_default=draft.is_default,
            passes_query=draft.passes_query,
            own_origin=settings.PUBLIC_URL,
        )
    except LinkRefused as refused:
        raise _not_accepted(refused) from refused


def add(*, editor: Editor, draft: Draft, now: datetime, link_id: UUID | None = None) -> BrandLink:
    """Register a link. Where it is to be the default, those that `demoted` gives stop being it.

    With a `link_id` of the caller's own the same request again answers what it answered first, whatever
    became of the link since. Raises LinkNotAccepted, ProductNotYours, and IdempotencyKeyReused where that id
    was used for another link.
    """
    link = check(draft=draft, link_id=link_id or uuid4())
    try:
        with speaking_for(brand_id=editor.brand_id):
            check_owned(brand_id=editor.brand_id, gtin=draft.gtin)
            one_at_a_time([draft.gtin])
            if link_id is not None and (first := _first_change(link_id)) is not None:
                return _as_answered(first, link)
            _check_beside(link, editor=editor, gtin=draft.gtin, now=now)
            return _write(link, editor=editor, gtin=draft.gtin, now=now, kind=ChangeKind.ADDED)
    except IntegrityError as error:
        first = None
        if link_id is not None:
            with brand_scope(brand_id=editor.brand_id, using=_DATABASE):
                first = _first_change(link_id)
        if first is None:
            raise _default_taken(error) from error
        return _as_answered(first, link)


def change(*, editor: Editor, link_id: UUID, version: int, draft: Draft, now: datetime) -> BrandLink:
    """Put a draft in the place of a link as it was at `version`; what says the same changes nothing.

    A link stays one of its product. Raises LinkNotFound, LinkChanged, LinkNotAccepted, ProductNotYours.
    """
    link = check(draft=draft, link_id=link_id)
    try:
        with speaking_for(brand_id=editor.brand_id):
            one_at_a_time([draft.gtin])
            row = _held(editor, link_id)
            if row.version != version:
                raise LinkChanged
            if row.gtin != draft.gtin:
                raise LinkNotAccepted(
                    field="gtin", reason="other_product", advice=_("A link stays with its product.")
                )
            check_owned(brand_id=editor.brand_id, gtin=row.gtin)
            before = _link(row)
            if before == link:
                return _brand_link(row)
            _check_beside(link, editor=editor, gtin=row.gtin, now=now)
            return _write(
                link, editor=editor, gtin=row.gtin, now=now, kind=ChangeKind.CHANGED, before=before, was=row
            )
    except IntegrityError as error:
        raise _default_taken(error) from error


def remove(*, editor: Editor, link_id: UUID, version: int, now: datetime) -> None:
    """Take a link away; it can be restored. Raises LinkNotFound, LinkChanged."""
    with speaking_for(brand_id=editor.brand_id):
        row = _held(editor, link_id)
        if row.version != version:
            raise LinkChanged
        _remember(
            link_id,
            row.version + 1,
            editor=editor,
            gtin=row.gtin,
            kind=ChangeKind.REMOVED,
            at=now,
            before=_link(row),
        )
        StoredLink.objects.filter(id=link_id).delete()
        LinkCheck.objects.filter(link_id=link_id).delete()


def restore(*, editor: Editor, link_id: UUID, version: int, now: datetime) -> BrandLink:
    """Let a link be what it was at an earlier version, or before it was removed by that version.

    It is checked as if it were registered today. Raises LinkNotFound, LinkNotAccepted, LinkChanged,
    ProductNotYours.
    """
    try:
        with speaking_for(brand_id=editor.brand_id):
            then = LinkChange.objects.filter(link_id=link_id, version=version).first()
            if then is None:
                raise LinkNotFound
            check_owned(brand_id=editor.brand_id, gtin=then.gtin)
            one_at_a_time([then.gtin])
            wanted = _from_document(then.after or then.before, link_id=link_id)
            link = check(draft=_draft(wanted, gtin=then.gtin), link_id=link_id)
            row = StoredLink.objects.select_for_update().filter(id=link_id, brand_id=editor.brand_id).first()
            before = None if row is None else _link(row)
            if row is not None and before == link:
                return _brand_link(row)
            _check_beside(link, editor=editor, gtin=then.gtin, now=now)
            return _write(
                link,
                editor=editor,
                gtin=then.gtin,
                now=now,
                kind=ChangeKind.RESTORED,
                before=before,
                was=row,
            )
    except IntegrityError as error:
        raise _default_taken(error) from error


def demoted(*, brand_id: UUID, draft: Draft, link_id: UUID | None = None) -> list[Link]:
    """The defaults that stop being it when a draft is registered, or put in the place of a link. Raises
    LinkNotAccepted."""
    link = check(draft=draft, link_id=link_id or uuid4())
    return demoted_by(link, among=existing(brand_id=brand_id, gtins=[draft.gtin]))


def demoted_by(link: Link, *, among: Iterable[BrandLink]) -> list[Link]:
    """Those of the links that stop being the default where another one becomes it."""
    return [other.link for other in among if other.link.id != link.id and links.clash(link, other.link)]


def find(*, brand_id: UUID, link_id: UUID) -> BrandLink:
    """One link of the brand. Raises LinkNotFound."""
    row = StoredLink.objects.filter(id=link_id, brand_id=brand_id).first()
    if row is None:
        raise LinkNotFound
    return _brand_link(row, link_checking.standings([link_id]))


def links_of(*, brand_id: UUID, gtin: str) -> list[BrandLink]:
    """The links of a product: those of the product first, then those of its variants, lots and packs. Two
    queries."""
    rows = list(StoredLink.objects.filter(brand_id=brand_id, gtin=gtin))
    standings = link_checking.standings([row.id for row in rows])
    rows.sort(key=lambda row: (row.anchor.count("/"), row.anchor, not row.is_default, row.created_at, row.id))
    return [_brand_link(row, standings) for row in rows]


def page_of_links(
    *, brand_id: UUID, after: UUID | None, most: int, gtin: str | None = None
) -> tuple[list[BrandLink], UUID | None]:
    """Links of the brand in the order of their ids, and behind which one the next page begins."""
    rows = StoredLink.objects.filter(brand_id=brand_id).order_by("id")
    if gtin is not None:
        rows = rows.filter(gtin=gtin)
    if after is not None:
        rows = rows.filter(id__gt=after)
    found = list(rows[: most + 1])
    standings = link_checking.standings([row.id for row in found[:most]])
    more = found[most - 1].id if len(found) > most else None
    return [_brand_link(row, standings) for row in found[:most]], more


def products(
    *, brand_id: UUID, words: str = "", after: str = "", most: int
) -> tuple[list[ProductLinks], str | None]:
    """The brand's products by GTIN with how many links they have, and where the next page begins."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        rows = BrandProduct.objects.filter(gtin__gt=after).order_by("gtin")
        for word in words.split()[:10]:
            rows = rows.filter(Q(name__icontains=word) | Q(gtin__contains=word))
        found = list(rows.values_list("gtin", "name")[: most + 1])
    gtins = [gtin for gtin, _name in found[:most]]
    of_brand = StoredLink.objects.filter(brand_id=brand_id, gtin__in=gtins)
    counts = dict(of_brand.values_list("gtin").annotate(number=Count("id")))
    broken = link_checking.broken_by_product(brand_id=brand_id, gtins=gtins)
    return [
        ProductLinks(gtin=gtin, name=name, links=counts.get(gtin, 0), broken=broken.get(gtin, 0))
        for gtin, name in found[:most]
    ], (gtins[-1] if len(found) > most else None)


def name_of(*, brand_id: UUID, gtin: str) -> str:
    """What a product of the brand is called; empty where nobody has said so."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        return BrandProduct.objects.filter(gtin=gtin).values_list("name", flat=True).first() or ""


def history_of(*, brand_id: UUID, gtin: str, most: int) -> list[Change]:
    """The newest changes of a product's links, the newest first. Two queries."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        rows = list(LinkChange.objects.filter(gtin=gtin).order_by("-at", "link_id", "-version")[:most])
    authors = dict(
        LinkAuthor.objects.filter(reference__in={row.author for row in rows}).values_list(
            "reference", "account_id"
        )
    )
    return [
        Change(
            link_id=row.link_id,
            version=row.version,
            kind=ChangeKind(row.kind),
            account_id=authors.get(row.author),
            at=row.at,
            before=row.before and _from_document(row.before, link_id=row.link_id),
            after=row.after and _from_document(row.after, link_id=row.link_id),
            shown=_from_document(row.after or row.before, link_id=row.link_id),
        )
        for row in rows
    ]


def author_of(editor: Editor) -> UUID:
    """The reference by which the history names somebody."""
    row, _is_new = LinkAuthor.objects.get_or_create(
        brand_id=editor.brand_id, account_id=editor.account_id, defaults={"reference": uuid4()}
    )
    return row.reference


def _item(draft: Draft) -> ScannedItem:
    return ScannedItem(
        gtin=draft.gtin,
        cpv=draft.cpv.strip() or None,
        lot=draft.lot.strip() or None,
        serial=draft.serial.strip() or None,
        third_party=draft.third_party.strip() or None,
        raw="",
    )


def _draft(link: Link, *, gtin: str) -> Draft:
    return BrandLink(link=link, gtin=gtin, version=0, updated_at=_NEVER).draft


def _not_accepted(refused: LinkRefused) -> LinkNotAccepted:
    field = "serial" if refused.code == "serial_alone" else refused.field
    return LinkNotAccepted(field=field, reason=refused.code, advice=_(refused.text) % refused.values)


def _default_taken(error: IntegrityError) -> LinkNotAccepted:
    """What is said where PostgreSQL knows another default. Raises an error that is about anything else."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is None or diagnosis.constraint_name not in _ONE_DEFAULT:
        raise error
    return _not_accepted(LinkRefused("second_default"))


def one_at_a_time(gtins: Iterable[str]) -> None:
    """Wait until nobody else registers links of the products: two would wait for each other over their
    defaults. Who registers links of several takes all of them at once, for these stand in one order."""
    with connections[_DATABASE].cursor() as cursor:
        for gtin in sorted(set(gtins)):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"links {gtin}"])


def _held(editor: Editor, link_id: UUID) -> StoredLink:
    row = StoredLink.objects.select_for_update().filter(id=link_id, brand_id=editor.brand_id).first()
    if row is None:
        raise LinkNotFound
    return row


def _check_beside(link: Link, *, editor: Editor, gtin: str, now: datetime) -> None:
    """Make place for a new default, then see whether the link may stand beside the others of its entity."""
    rows = list(StoredLink.objects.select_for_update().filter(anchor=link.anchor).order_by("id"))
    for row in rows:
        before = _link(row)
        if row.id != link.id and row.brand_id == editor.brand_id and links.clash(link, before):
            _write(
                replace(before, is_default=False),
                editor=editor,
                gtin=gtin,
                now=now,
                kind=ChangeKind.NOT_DEFAULT,
                before=before,
                was=row,
            )
            row.is_default = False
    try:
        links.check_beside(link, others=[_link(row) for row in rows])
    except LinkRefused as refused:
        raise _not_accepted(refused) from refused


def _write(
    link: Link,
    *,
    editor: Editor,
    gtin: str,
    now: datetime,
    kind: ChangeKind,
    before: Link | None = None,
    was: StoredLink | None = None,
) -> BrandLink:
    """Store the link, what it was before, and that its target is to be asked."""
    if was is not None:
        version = was.version + 1
    else:
        last = LinkChange.objects.filter(link_id=link.id).aggregate(last=Max("version"))["last"]
        version = (last or 0) + 1
    row = StoredLink(
        id=link.id,
        brand_id=editor.brand_id,
        gtin=gtin,
        **{name: getattr(link, name) for name in _ATTRIBUTES},
        version=version,
        created_at=now if was is None else was.created_at,
        updated_at=now,
    )
    row.hreflang, row.context = list(link.hreflang), list(link.context)
    row.save(force_insert=was is None, force_update=was is not None)
    _remember(link.id, version, editor=editor, gtin=gtin, kind=kind, at=now, before=before, after=link)
    if before is None or (before.href, before.anchor) != (link.href, link.anchor):
        link_checking.enrol(link=link, brand_id=editor.brand_id, now=now)
    return _brand_link(row)


def _remember(
    link_id: UUID,
    version: int,
    *,
    editor: Editor,
    gtin: str,
    kind: ChangeKind,
    at: datetime,
    before: Link | None = None,
    after: Link | None = None,
) -> None:
    LinkChange.objects.create(
        link_id=link_id,
        version=version,
        brand_id=editor.brand_id,
        gtin=gtin,
        kind=kind.value,
        author=author_of(editor),
        at=at,
        before=before and _document(before),
        after=after and _document(after),
    )


def _first_change(link_id: UUID) -> LinkChange | None:
    return LinkChange.objects.filter(link_id=link_id, version=1).first()


def _as_answered(first: LinkChange, link: Link) -> BrandLink:
    """What the first request was told, if this one asks for the same."""
    answered = _from_document(first.after, link_id=first.link_id)
    if answered != link:
        raise IdempotencyKeyReused
    return BrandLink(link=answered, gtin=first.gtin, version=1, updated_at=first.at)


def _brand_link(row: StoredLink, standings: Mapping[UUID, Standing] | None = None) -> BrandLink:
    return BrandLink(
        link=_link(row),
        gtin=row.gtin,
        version=row.version,
        updated_at=row.updated_at,
        standing=standings.get(row.id) if standings is not None else None,
    )


def _link(row: StoredLink) -> Link:
    values: dict[str, Any] = {name: getattr(row, name) for name in _ATTRIBUTES}
    values |= {"hreflang": tuple(row.hreflang), "context": tuple(row.context)}
    return Link(id=row.id, **values)


def _document(link: Link) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(link, name) for name in _ATTRIBUTES}
    for name in ("valid_from", "valid_to"):
        values[name] = values[name] and values[name].isoformat()
    for name in ("hreflang", "context"):
        values[name] = list(values[name])
    return values


def _from_document(document: Any, *, link_id: UUID) -> Link:
    values = {name: document[name] for name in _ATTRIBUTES}
    for name in ("valid_from", "valid_to"):
        values[name] = values[name] and datetime.fromisoformat(values[name])
    for name in ("hreflang", "context"):
        values[name] = tuple(values[name])
    return Link(id=link_id, **values)


def existing(*, brand_id: UUID, gtins: Sequence[str]) -> list[BrandLink]:
    """All links of some products of the brand. One query."""
    return [
        _brand_link(row)
        for row in StoredLink.objects.filter(brand_id=brand_id, gtin__in=gtins).order_by("id")
    ]
