"""A brand's own products: which they are, and what the brand says of them.

What a brand publishes stands in its own record and in the catalogue from the same transaction on. Each change
names the revision that it is made to: of two people who change one product, the second looks again first.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from contexts.passport.application.catalogue import StoredEntry, contribute, find_entry
from contexts.passport.application.company_prefixes import is_confirmed, speaking_for, taking_from
from contexts.passport.application.errors import (
    EditionNotFound,
    LabelNotAccepted,
    PrefixNotConfirmed,
    ProductChanged,
    ProductIsThere,
    ProductKeyReused,
    ProductNotRemovable,
    ProductNotYours,
    ProductTaken,
)
from contexts.passport.application.value_history import entry_before
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.company_prefixes import Claim, is_gtin8
from contexts.passport.domain.label_documents import (
    TOO_LARGE,
    Complaint,
    Document,
    LabelRefused,
    Written,
    document_of,
    read,
)
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.domain.text import folded, shortened
from contexts.passport.models import BrandProduct, LabelEdition, Link, LotJourney, Recall
from contexts.passport.models import CatalogueEntry as EntryRow
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"
_LONGEST_NAME: Final = 500
#: Bytes of a draft as JSON: more than the longest label in thirty languages has.
LARGEST_DRAFT: Final = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnProduct:
    """A product as its brand sees it."""

    gtin: str
    name: str
    draft: Document | None
    """The label that is being written, if another than the published one is."""
    published: Document | None
    edition: int
    """Number of the published label; 0 where none was."""
    revision: int
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None
    filed_at: datetime | None
    """When a file last told of it."""

    @property
    def shown_name(self) -> str:
        """What lists call it: its GTIN as long as it has no name."""
        return self.name or self.gtin


@dataclass(frozen=True, kw_only=True, slots=True)
class ProductsPage:
    """A part of a brand's products, by their GTIN."""

    products: Sequence[OwnProduct]
    next: str | None
    """Where the next part begins; None at the end."""
    total: int
    """Of all parts together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """A label as it was published once."""

    number: int
    label: Document
    at: datetime
    restores: int | None
    before: Document
    """The label that was published before; of the first one, what shoppers saw from other sources."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """The brand that says something, from the signed-in person and from nothing else."""

    id: UUID
    name: str


# --- whose a product is ---


def check_owned(*, brand_id: UUID, gtin: str) -> str:
    """Let pass who may speak for a product (GTIN-14): the brand that has added it and whose company prefix is
    confirmed to this day; inside `speaking_for` that holds until the transaction ends. Answers what lists
    call the product. Raises ProductNotYours."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        row = BrandProduct.objects.filter(gtin=gtin).first()
        if row is None or not is_confirmed(brand_id=brand_id, gtin=gtin):
            raise ProductNotYours
    return row.name or gtin


def add_product(*, brand_id: UUID, gtin: str, now: datetime) -> bool:
    """Take a product (GTIN-14) among the brand's own; False where it is one of them already.

    Raises PrefixNotConfirmed, and ProductTaken where it is another brand's.
    """
    with speaking_for(brand_id=brand_id) as claims:
        if not any(claim.holds(gtin) for claim in claims):
            raise PrefixNotConfirmed(single=is_gtin8(gtin))
        if BrandProduct.objects.filter(gtin=gtin).exists():
            return False
        name = EntryRow.objects.filter(gtin=gtin).values_list("name", flat=True).first() or ""
        try:
            with transaction.atomic(using=_DATABASE):
                BrandProduct.objects.create(
                    gtin=gtin,
                    brand_id=brand_id,
                    name=name,
                    search_text=folded(name),
                    created_at=now,
                    updated_at=now,
                )
        except IntegrityError as error:
            # Another request of this brand came first; or another brand has it, whose row nobody sees here.
            if BrandProduct.objects.filter(gtin=gtin).exists():
                return False
            raise ProductTaken from error
    return True


def add_as_asked(
    *,
    speaker: Speaker,
    gtin: str,
    document: Document | None,
    request_id: UUID,
    asked: bytes,
    now: datetime,
) -> OwnProduct:
    """Add a product for a program, and publish its label where one came along, both or neither.

    `request_id` is made of the request's own name and `asked` is a digest of all that it asks: sent again it
    adds nothing and is answered with the product as it is by then. Raises PrefixNotConfirmed, ProductTaken,
    LabelNotAccepted, ProductKeyReused, and ProductIsThere where another request has added it.
    """
    with speaking_for(brand_id=speaker.id):
        before = BrandProduct.objects.filter(added_as=request_id).first()
        if before is not None:
            return _as_asked_before(before, asked)
        is_new = add_product(brand_id=speaker.id, gtin=gtin, now=now)
        row = BrandProduct.objects.select_for_update().get(gtin=gtin)
        if not is_new:
            # The same request may have come twice at once.
            if row.added_as == request_id:
                return _as_asked_before(row, asked)
            raise ProductIsThere
        try:
            with transaction.atomic(using=_DATABASE):
                row.added_as, row.asked = request_id, asked
                row.save(update_fields=["added_as", "asked"])
        except IntegrityError as error:
            raise ProductKeyReused from error
        if document is not None:
            _publish(row, speaker=speaker, written=_accepted(document), restores=None, now=now)
    return _own(row)


def _as_asked_before(row: BrandProduct, asked: bytes) -> OwnProduct:
    if bytes(row.asked or b"") != asked:
        raise ProductKeyReused
    return _own(row)


def remove_product(*, brand_id: UUID, gtin: str, revision: int) -> None:
    """Let a product go that was added by mistake, with its draft; who adds it again begins anew.

    Raises ProductNotYours, ProductChanged, and ProductNotRemovable where shoppers were told something.
    """
    with taking_from(brand_id=brand_id, gtin=gtin) as claims:
        row = _locked(claims, gtin, revision)
        if reason := why_it_stays(_own(row)):
            raise ProductNotRemovable(reason)
        row.delete()


def why_it_stays(product: OwnProduct) -> str:
    """What shoppers were told of one of the brand's products, for which it is not removed, and what to do
    instead; empty where it can go."""
    of_product = {"gtin": product.gtin}
    if product.edition:
        return _("Its label was published, and what was published can be looked up: publish a right one.")
    if product.filed_at:
        return _("A file has told shoppers of it: upload a right one, or publish its label by hand.")
    if Recall.objects.filter(**of_product).exists():
        return _("It was called back: who was told so can look it up.")
    if Link.objects.filter(**of_product).exists():
        return _("Its codes lead somewhere: remove its links first.")
    if LotJourney.objects.filter(**of_product, origin=Origin.BRAND.value).exists():
        return _("It is told where it has been: remove its journeys by lot first.")
    return ""


# --- reading ---


def products_of(*, brand_id: UUID, query: str = "", after: str = "", most: int) -> ProductsPage:
    """A brand's products behind a GTIN; those alone that have every word, or the digits, looked for."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        rows = BrandProduct.objects.filter(brand_id=brand_id).order_by("gtin")
        for word in folded(query).split():
            rows = rows.filter(Q(search_text__contains=word) | Q(gtin__contains=word))
        total = rows.count()
        found = [_own(row) for row in rows.filter(gtin__gt=after)[: most + 1]]
    more = len(found) > most
    return ProductsPage(products=found[:most], next=found[most - 1].gtin if more else None, total=total)


def product_of(*, brand_id: UUID, gtin: str) -> OwnProduct:
    """One of a brand's products. Raises ProductNotYours."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        row = BrandProduct.objects.filter(brand_id=brand_id, gtin=gtin).first()
    if row is None:
        raise ProductNotYours
    return _own(row)


def document_to_edit(product: OwnProduct) -> tuple[Document, StoredEntry | None]:
    """The label to begin with: the draft, else what is published, else what shoppers see already, and then
    where that comes from."""
    own = product.draft if product.draft is not None else product.published
    if own is not None:
        return own, None
    stored = find_entry(gtin=product.gtin)
    if stored is None:
        return {}, None
    return _document(stored.entry), stored


def _document(entry: CatalogueEntry) -> Document:
    return document_of(label=entry.label, brand_name=entry.brand_name, categories=entry.categories)


def editions_of(*, brand_id: UUID, gtin: str) -> Sequence[Edition]:
    """Every label of a product that was published, the newest first. Raises ProductNotYours."""
    product_of(brand_id=brand_id, gtin=gtin)
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        rows = list(LabelEdition.objects.filter(brand_id=brand_id, gtin=gtin).order_by("-number"))
    labels = [row.label for row in rows[1:]]
    if rows:
        others = entry_before(gtin=gtin, at=rows[-1].at)
        labels.append(storable(_document(others)) if others else {})
    return [
        Edition(number=row.number, label=row.label, at=row.at, restores=row.restores, before=before)
        for row, before in zip(rows, labels, strict=True)
    ]


def as_shoppers_would_see(*, speaker: Speaker, gtin: str, document: Document, now: datetime) -> StoredEntry:
    """The passport's entry if this label were published now. Raises ProductNotYours and LabelNotAccepted."""
    check_owned(brand_id=speaker.id, gtin=gtin)
    said = _contribution(speaker, gtin, _accepted(document), now=now)
    # What others say stands beside it: the catalogue itself says what comes of both, and forgets it again.
    with transaction.atomic(using=_DATABASE):
        contribute(contributions=[said], at=now)
        stored = find_entry(gtin=gtin)
        transaction.set_rollback(True, using=_DATABASE)
    if stored is None:
        raise ProductNotYours
    return stored


# --- writing ---


def save_draft(
    *, brand_id: UUID, gtin: str, document: Document | None, revision: int, now: datetime
) -> OwnProduct:
    """Keep a label that is being written, whatever is wrong with it; None throws the draft away.

    Raises ProductNotYours, ProductChanged, and LabelNotAccepted for one that no label is as large as.
    """
    draft = None if document is None else storable(document)
    with speaking_for(brand_id=brand_id) as claims:
        row = _locked(claims, gtin, revision)
        row.draft = draft
        _name(row, draft or row.published or {})
        _turn(row, now=now)
    return _own(row)


def publish(*, speaker: Speaker, gtin: str, document: Document, revision: int, now: datetime) -> OwnProduct:
    """Say a label to everybody: in the brand's record, as an edition of its own, and in the catalogue.

    The same as is published makes no new edition. Raises ProductNotYours, ProductChanged, LabelNotAccepted.
    """
    written = _accepted(document)
    with speaking_for(brand_id=speaker.id) as claims:
        row = _locked(claims, gtin, revision)
        _publish(row, speaker=speaker, written=written, restores=None, now=now)
    return _own(row)


def restore(*, speaker: Speaker, gtin: str, number: int, revision: int, now: datetime) -> OwnProduct:
    """Publish an earlier label again, as a new edition. A draft stays a draft.

    Raises ProductNotYours, ProductChanged, EditionNotFound; LabelNotAccepted where today's rules refuse it.
    """
    with speaking_for(brand_id=speaker.id) as claims:
        row = _locked(claims, gtin, revision)
        edition = LabelEdition.objects.filter(brand_id=speaker.id, gtin=gtin, number=number).first()
        if edition is None:
            raise EditionNotFound
        draft = row.draft
        _publish(row, speaker=speaker, written=_accepted(edition.label), restores=number, now=now)
        if draft is not None:
            row.draft = draft
            row.save(update_fields=["draft"])
    return _own(row)


def storable(document: Document) -> dict[str, Any]:
    """A document as the database can keep it: no null characters, nothing that is no text.

    Raises LabelNotAccepted for one that no label is as large as.
    """
    written = orjson.dumps(_plain(document))
    if len(written) > LARGEST_DRAFT:
        raise LabelNotAccepted([Complaint(field="document", text=TOO_LARGE)])
    kept: dict[str, Any] = orjson.loads(written)
    return kept


def filed(told: Collection[tuple[BrandProduct, Written]], *, now: datetime) -> None:
    """Note that a file has told of products, whose rows the caller holds inside their brand's scope."""
    for row, written in told:
        row.filed_at = row.updated_at = now
        row.revision += 1
        if row.published is None and row.draft is None:
            _name(row, document_of(label=written.label, brand_name=written.brand_name))
    BrandProduct.objects.bulk_update(
        [row for row, _ in told], ["filed_at", "updated_at", "revision", "name", "search_text"]
    )


def source_of(entry: CatalogueEntry, *, name: str, now: datetime) -> CatalogueEntry:
    """The entry with the brand named as the source of all that it says."""
    source = Source(
        name=name,
        licence=f"© {name}",
        fields=tuple(sorted(entry.known())),
        fetched=now.date(),
        verified=True,
    )
    return replace(entry, sources=(source,))


def _publish(
    row: BrandProduct, *, speaker: Speaker, written: Written, restores: int | None, now: datetime
) -> None:
    label = document_of(label=written.label, brand_name=written.brand_name, categories=written.categories)
    row.draft = None
    if label != row.published:
        last = LabelEdition.objects.filter(brand_id=speaker.id, gtin=row.gtin).order_by("-number").first()
        row.edition = (last.number if last else 0) + 1
        row.published, row.published_at = label, now
        LabelEdition.objects.create(
            brand_id=speaker.id, gtin=row.gtin, number=row.edition, label=label, at=now, restores=restores
        )
    _name(row, label)
    _turn(row, now=now)
    said = _contribution(speaker, row.gtin, written, now=now)
    contribute(contributions=[said], at=now)


def _contribution(speaker: Speaker, gtin: str, written: Written, *, now: datetime) -> Contribution:
    """What the brand says from now on."""
    entry = CatalogueEntry(
        gtin=gtin,
        label=written.label,
        sources=(),
        brand_name=written.brand_name or speaker.name,
        brand_id=speaker.id,
        categories=written.categories,
    )
    return Contribution(origin=Origin.BRAND, entry=source_of(entry, name=speaker.name, now=now))


def _accepted(document: Document) -> Written:
    try:
        return read(document)
    except LabelRefused as refused:
        raise LabelNotAccepted(refused.complaints) from refused


def _locked(claims: Sequence[Claim], gtin: str, revision: int) -> BrandProduct:
    """One of the products of the brand in scope, whose claims are held. Raises ProductNotYours,
    ProductChanged."""
    row = BrandProduct.objects.select_for_update().filter(gtin=gtin).first()
    if row is None or not any(claim.holds(gtin) for claim in claims):
        raise ProductNotYours
    if row.revision != revision:
        raise ProductChanged
    return row


def _name(row: BrandProduct, document: Document) -> None:
    names = document.get("names")
    texts = [text for text in names.values() if isinstance(text, str)] if isinstance(names, Mapping) else []
    if not texts:
        return
    main = names.get(document.get("language", "en")) if isinstance(names, Mapping) else None
    row.name = shortened(main if isinstance(main, str) and main else texts[0], limit=_LONGEST_NAME)
    row.search_text = " ".join(dict.fromkeys(folded(" ".join(texts)).split()))[:2_000]


def _turn(row: BrandProduct, *, now: datetime) -> None:
    row.revision += 1
    row.updated_at = now
    row.save()


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode()
    if isinstance(value, Mapping):
        return {str(_plain(str(name))): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value


def _own(row: BrandProduct) -> OwnProduct:
    return OwnProduct(
        gtin=row.gtin,
        name=row.name,
        draft=row.draft,
        published=row.published,
        edition=row.edition,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        published_at=row.published_at,
        filed_at=row.filed_at,
    )
