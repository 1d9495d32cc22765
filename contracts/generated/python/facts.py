"""The payload of every fact, and the envelope.

Generated from contracts/jsonschema by `python -m contracts.generate`. Do not edit.
"""

from typing import Any, Final, Literal, NotRequired, TypedDict

TYPES: Final = (
    "packytrace.measurement.AggregateReleased.v1",
    "packytrace.identity.BrandChanged.v1",
    "packytrace.passport.CatalogueEntryChanged.v1",
    "packytrace.identity.ConsentGranted.v1",
    "packytrace.identity.ConsentWithdrawn.v1",
    "packytrace.passport.ErasureAcknowledged.v1",
    "packytrace.personalization.ErasureAcknowledged.v1",
    "packytrace.fridge.ErasureAcknowledged.v1",
    "packytrace.measurement.ErasureAcknowledged.v1",
    "packytrace.identity.ErasureCompleted.v1",
    "packytrace.identity.ErasureRequested.v1",
    "packytrace.fridge.HolderForgotten.v1",
    "packytrace.fridge.ItemFinished.v1",
    "packytrace.fridge.ItemOpened.v1",
    "packytrace.fridge.ItemStored.v1",
    "packytrace.passport.ProductScanned.v1",
    "packytrace.passport.RecallAnnounced.v1",
    "packytrace.passport.UnknownProductReported.v1",
    "packytrace.personalization.VerdictComputed.v1",
    "packytrace.identity.VisitorLinkedToAccount.v1",
)
"""The CloudEvents attribute `type` of every fact, by publishing context."""


AggregateReleasedCellOutcome = Literal["used", "wasted", "given"]
AggregateReleasedCellStatus = Literal["released", "suppressed"]


class AggregateReleasedCell(TypedDict):
    """One number that may be shown to the brand, or the statement that there is one that may not."""

    cellId: str
    """The cell: random, so that it says nothing about what it counts."""
    gtin: NotRequired[str]
    """The product; present in the cubes per product, absent in the cube per brand. Global Trade Item
    Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1 General
    Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot do that.
    """
    outcome: NotRequired[AggregateReleasedCellOutcome]
    """What became of the items; present in the cube of finished items alone."""
    scans: NotRequired[int | None]
    """Counted scans in the window: of one person only so many of the same product count, so that
    nobody makes most of a cell. Present in every released cell of a scan cube, absent or null in a
    suppressed cell. At least 5, because each person counted scanned at least once.
    """
    items: NotRequired[int | None]
    """Counted items in the window, of one household only so many of the same product; finished ones
    are added up from their shares and rounded half up, so that many small shares may be no item.
    Present in every released cell of a cube of items, absent or null otherwise.
    """
    people: NotRequired[int | None]
    """Distinct people who scanned in the window; in a cube of items, distinct households: people are
    counted, not rows. Absent or null in a suppressed cell. At least k, hence at least 5.
    """
    status: AggregateReleasedCellStatus
    """`suppressed` when fewer than k people are in the cell, or when its complement or a difference
    with another released number would isolate fewer than k. Which of the two is not told.
    """


AggregateReleasedCube = Literal[
    "scans_by_product_day", "scans_by_brand_day", "stored_by_product_day", "finished_by_product_week"
]


class AggregateReleased(TypedDict):
    """A Measurement Window was closed and these Released Cells of one brand and one cube came out of
    it: the only thing about people that crosses the privacy wall. Written once, never corrected.
    """

    releaseId: str
    """The release: the same message again has the same releaseId and the same cells."""
    brandId: str
    """The brand whose numbers these are, and the key of the message."""
    cube: AggregateReleasedCube | str
    """Which pre-declared table the cells belong to: scans and people per brand, product and day, or
    per brand and day; items stored in fridges and households per product and day; items finished
    and households per product, outcome and ISO week. May grow: a reader ignores a release of a cube
    it does not know.
    """
    windowStart: str
    """Start of the window, itself included: midnight in UTC. RFC 3339."""
    windowEnd: str
    """End of the window, itself excluded: midnight in UTC. RFC 3339."""
    k: int
    """The number of people below which a cell was suppressed. Never below 5."""
    cells: list[AggregateReleasedCell]
    """The cells, in no particular order. At most 5000, which stays under Kafka's default message size
    of 1 MiB.
    """


BrandChangedStatus = Literal["active", "suspended"]


class BrandChanged(TypedDict):
    """A brand, which is a tenant, was made or changed. Says nothing of the people who work for it."""

    brandId: str
    """The brand, minted by identity, and the key of the message: changes of one brand arrive in order."""
    name: str
    """The brand's name as it shows it."""
    slug: str
    """The brand's name in addresses: lower case letters, digits and single hyphens."""
    status: BrandChangedStatus
    """A suspended brand keeps its data and cannot sign in."""
    changedAt: str
    """When the change was committed. RFC 3339, in UTC."""


CatalogueEntryChangedChangeKind = Literal["created", "updated", "withdrawn"]


class CatalogueEntryChanged(TypedDict):
    """A Catalogue Entry was created, changed or withdrawn. Speaks of a product only: no person,
    visitor or scan has a place in it.
    """

    gtin: str
    """The product, and the key of the message: changes of one entry arrive in order. Global Trade Item
    Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1 General
    Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot do that.
    """
    brandId: str | None
    """The brand that owns the entry, minted by identity; null while no tenant owns it."""
    name: str | None
    """The product's name as the label states it (EU 1169/2011 Art. 17); null when no source states one."""
    brandName: str | None
    """The brand as printed on the pack, which need not be a tenant's name; null when no source states one."""
    changeKind: CatalogueEntryChangedChangeKind
    """What happened to the entry; `updated` also where something changed that belongs to it and is in
    no field here, such as where one of its lots has been. After `withdrawn` the GTIN resolves to no
    product until it is created again.
    """
    dataVersion: int
    """The entry's version, counted from 1 and raised by every change: a reader that holds a higher one
    ignores the message.
    """
    changedAt: str
    """When the change was committed. RFC 3339, in UTC."""


ConsentGrantedPurpose = Literal["health_profile", "notifications", "measurement"]


class ConsentGranted(TypedDict):
    """A person agreed to one purpose, having been shown one version of the notice (GDPR Art. 7(1):
    whoever relies on consent must be able to show it).
    """

    personId: str
    """Opaque reference to the person, minted by identity, and the key of the message: one person's
    grants and withdrawals arrive in order.
    """
    purpose: ConsentGrantedPurpose
    """What the consent is for. Closed on purpose: an unknown purpose means no."""
    noticeVersion: str
    """The version of the notice that was shown."""
    at: str
    """When the consent was recorded. RFC 3339, in UTC: an offset would tell where the person is."""


ConsentWithdrawnPurpose = Literal["health_profile", "notifications", "measurement"]


class ConsentWithdrawn(TypedDict):
    """A person withdrew the consent to one purpose (GDPR Art. 7(3)). Every context deletes what
    depended on it.
    """

    personId: str
    """Opaque reference to the person, minted by identity, and the key of the message: one person's
    grants and withdrawals arrive in order.
    """
    purpose: ConsentWithdrawnPurpose
    """What the consent is for. Closed on purpose: an unknown purpose means no."""
    noticeVersion: str
    """The version of the notice under which the consent had been granted."""
    at: str
    """When the withdrawal was recorded. RFC 3339, in UTC: an offset would tell where the person is."""


ErasureAcknowledgedContext = Literal["passport", "personalization", "fridge", "measurement"]


class ErasureAcknowledged(TypedDict):
    """A context erased a person, or found nothing to erase. Names no one. Each context that holds
    people answers on a topic of its own, which only identity reads.
    """

    erasureId: str
    """The erasure that is answered, and the key of the message."""
    context: ErasureAcknowledgedContext | str
    """Which context has erased: the one that publishes the message. May grow: identity waits for the
    contexts it knows and records the others.
    """
    at: str
    """When the erasure was committed in that context. RFC 3339, in UTC: an offset would tell where the
    person is.
    """


class ErasureCompleted(TypedDict):
    """Every context that holds people has acknowledged: the person is erased everywhere. Names no one."""

    erasureId: str
    """The erasure, and the key of the message: it follows its ErasureRequested."""
    at: str
    """When the last acknowledgement was recorded. RFC 3339, in UTC: an offset would tell where the
    person is.
    """


class ErasureRequested(TypedDict):
    """A person asked to be forgotten (GDPR Art. 17). Every context that holds people erases them and
    answers with ErasureAcknowledged.
    """

    erasureId: str
    """The erasure, and the key of the message: the ids it concerns are gone from every key at once."""
    personIds: list[str]
    """Every opaque reference the person is known by: the account and all visitors linked to it. A
    context erases each of them, including those it has never seen.
    """
    requestedAt: str
    """When the request was committed. RFC 3339, in UTC: an offset would tell where the person is."""


class HolderForgotten(TypedDict):
    """A household may not be counted any more, or is gone: a member took the consent to `measurement`
    back, or was erased. What was told of this holder and is still there must be deleted, and
    nothing of it taken that comes later.
    """

    holderRef: str
    """The holder, as the facts of one Measurement Window name it, and the key of the message. The
    fridge has destroyed what led from it to the household.
    """


ItemFinishedOutcome = Literal["used", "wasted", "given"]
ItemFinishedReasonGroup = Literal["too_late", "not_liked", "too_much", "damaged", "other"]


class ItemFinished(TypedDict):
    """A share of a stored product left the fridge for good: used, wasted or given away. Published only
    for a household whose members agreed to the purpose `measurement`. Names neither the item nor
    the household beyond one Measurement Window.
    """

    itemFactId: str
    """Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
    share no id.
    """
    holderRef: str
    """Pseudonym of the household for one Measurement Window, here the ISO week in UTC (Monday to
    Sunday) that `finishedOn` lies in: the fridge mints another one for every window, so facts of
    two windows cannot be joined, nor these with facts about storing and opening.
    """
    gtin: str
    """Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
    General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
    do that.
    """
    brandId: NotRequired[str]
    """The brand that owns the product, present only when that brand is a tenant. Minted by identity."""
    finishedOn: str
    """The day it was finished. RFC 3339 full-date, the day in UTC: no time of day leaves the context."""
    outcome: ItemFinishedOutcome
    """What became of the share: consumed, thrown away, or given to somebody."""
    reasonGroup: NotRequired[ItemFinishedReasonGroup | str]
    """Why it was wasted, as a coarse group: `too_late` stands for expired and for opened too long.
    Present when and only when the outcome is `wasted`. May grow: a reader treats a value it does
    not know as waste without a stated reason.
    """
    shareTenths: int
    """How much of the item, all its packs together, this is about, in tenths of what was stored,
    rounded so that those of one item are ten together; 0 is less than a tenth. The facts about one
    item come together, when nothing of it is left, one for each outcome and reason group.
    """
    daysHeld: int
    """Whole days since the item was stored, counted in UTC days; longer is stated as 3650."""
    packs: NotRequired[int]
    """How many packs the item was in the end, those that were split off not counted: they are items of
    their own. One where it is not said, more than 1000 are stated as 1000. Together with their
    shares, as many packs are finished as were stored.
    """


class ItemOpened(TypedDict):
    """A stored product was opened. Published only for a household whose members agreed to the purpose
    `measurement`. Names neither the item nor the household beyond one Measurement Window.
    """

    itemFactId: str
    """Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
    share no id.
    """
    holderRef: str
    """Pseudonym of the household for one Measurement Window, here the day in UTC on which the opening
    was recorded: the fridge mints another one for every window, so facts of two windows cannot be
    joined. Facts about storing on that day have the same one.
    """
    gtin: str
    """Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
    General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
    do that.
    """
    brandId: NotRequired[str]
    """The brand that owns the product, present only when that brand is a tenant. Minted by identity."""
    openedOn: str
    """The day it was opened, which may be before the message: opening can be back-dated. RFC 3339
    full-date, the day in UTC: no time of day leaves the context.
    """
    daysHeld: int
    """Whole days since the item was stored, counted in UTC days; longer is stated as 3650."""


class ItemStored(TypedDict):
    """A product was put into a fridge. Published only for a household whose members agreed to the
    purpose `measurement`. Names neither the item nor the household beyond one Measurement Window.
    """

    itemFactId: str
    """Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
    share no id.
    """
    holderRef: str
    """Pseudonym of the household for one Measurement Window, here the day in UTC that `storedOn`
    names: the fridge mints another one for every window, so facts of two windows cannot be joined.
    """
    gtin: str
    """Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
    General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
    do that.
    """
    brandId: NotRequired[str]
    """The brand that owns the product, present only when that brand is a tenant. Minted by identity."""
    storedOn: str
    """The day it was stored. RFC 3339 full-date, the day in UTC: no time of day leaves the context."""
    packs: NotRequired[int]
    """How many packs were stored together; one where it is not said, more than 1000 are stated as
    1000. Packs that are split off later are not stored again.
    """


ProductScannedChannel = Literal["link", "api"]


class ProductScanned(TypedDict):
    """A person decoded a code and the Resolver resolved it: the entry of every consumer journey.
    Carries what counting needs and nothing of the pack or the device: no lot, serial, expiry,
    address or user agent.
    """

    scanId: str
    """The scan, and the key of the message: a scan is written once, so nothing needs the order of a
    visitor's scans, and a random key tells a log's operator nothing about who scans how often.
    """
    visitorId: str
    """Opaque reference to whoever scanned: minted at the edge on the first scan, linked to an account
    later, never replaced by it.
    """
    accountId: NotRequired[str]
    """Opaque reference to the account, minted by identity. Absent for an anonymous shopper."""
    gtin: str
    """Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
    General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
    do that.
    """
    brandId: NotRequired[str]
    """The brand that owns the product, present only when that brand is a tenant. Minted by identity."""
    productKnown: bool
    """Whether the catalogue had an entry for the GTIN at the moment of the scan."""
    scannedAt: str
    """When the scan was committed. RFC 3339, in UTC: an offset would tell where the person is."""
    channel: ProductScannedChannel
    """How the scan came in: `link` when a camera opened the GS1 Digital Link itself, `api` when an
    application sent the code.
    """
    optedOut: NotRequired[bool]
    """Whether the browser asked not to be counted: Global Privacy Control, the header `Sec-GPC: 1`.
    Absent where it did not ask. Who counts people leaves such a scan out.
    """


RecallAnnouncedReason = Literal[
    "allergen", "microbiological", "chemical", "foreign_body", "packaging", "labelling", "other"
]


class RecallAnnounced(TypedDict):
    """A product, or some lots or serials of it, was recalled (EC 178/2002 Art. 19), or an announced
    recall was taken back. Says which packs are meant; who has one is for the fridge to find out.
    """

    recallId: str
    """The recall: the same in every message about it."""
    gtin: str
    """The recalled product, and the key of the message. Global Trade Item Number as GTIN-14: shorter
    numbers are padded with zeros on the left (GS1 General Specifications, AI 01). The check digit
    was verified by the publisher; a pattern cannot do that.
    """
    lots: list[str]
    """The recalled lots; empty when every lot is recalled."""
    serialFrom: NotRequired[str]
    """First recalled serial, itself included; only together with serialTo. 1 to 20 characters of GS1's
    character set 82 (GS1 General Specifications, AI 21 and figure 7.11-1), compared character by
    character.
    """
    serialTo: NotRequired[str]
    """Last recalled serial, itself included; only together with serialFrom. 1 to 20 characters of
    GS1's character set 82 (GS1 General Specifications, AI 21 and figure 7.11-1), compared character
    by character.
    """
    reason: RecallAnnouncedReason | str
    """Why, as a coarse group. May grow: a reader treats a value it does not know as `other`."""
    text: str
    """What a person must know and do, in plain text as announced: no markup."""
    announcedAt: str
    """When the recall, or its withdrawal, was announced. RFC 3339, in UTC."""
    withdrawn: bool
    """True when this message takes the recall back."""


class UnknownProductReported(TypedDict):
    """A person told us, with one tap, that the catalogue lacks a product. At most one per visitor and
    GTIN.
    """

    reportId: str
    """The report, and the key of the message."""
    visitorId: str
    """Opaque reference to whoever reported."""
    gtin: str
    """Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
    General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
    do that.
    """
    reportedAt: str
    """When the report was committed. RFC 3339, in UTC: an offset would tell where the person is."""


VerdictComputedOutcome = Literal["good_for_you", "be_careful", "avoid"]
VerdictComputedReasonCode = Literal[
    "ingredients", "traces", "nutrition", "missing_data", "unverified_data", "other"
]


class VerdictComputed(TypedDict):
    """A product was screened for a person. Carries the outcome and on which part of the label it
    rests, and nothing that the person's Health Profile holds (GDPR Art. 9). Whoever knows the label
    can still narrow down what the outcome is due to, most of all from many facts of one day: treat
    it as data concerning the health of somebody unnamed.
    """

    verdictId: str
    """The verdict, and the key of the message."""
    personId: str
    """The person under a name of one day: a keyed digest of the person and of `computedOn`. The same
    in all facts of that day, another one on every other day, and equal to no id in any other fact.
    Only a person who allows to be counted is told of.
    """
    gtin: str
    """Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
    General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
    do that.
    """
    brandId: NotRequired[str]
    """The brand that owns the product, present only when that brand is a tenant. Minted by identity."""
    outcome: VerdictComputedOutcome
    """The verdict's outcome."""
    reasonCodes: list[VerdictComputedReasonCode | str]
    """Which parts of the label the findings rest on. Never which part of the profile: `allergen` or
    `diet` beside a reference to a person would be data on health or belief. Empty when nothing was
    found.
    """
    rulesetVersion: str
    """The version of the Screening Policies, with which the verdict can be computed again."""
    computedOn: str
    """The day of the verdict. RFC 3339 full-date, the day in UTC: no time of day leaves the context."""


class VisitorLinkedToAccount(TypedDict):
    """A visitor turned out to be an account holder: by signing up, or by signing in on another device.
    The Visitor ID stays; activity under it now also belongs to the account.
    """

    visitorId: str
    """Opaque reference to the visitor, minted at the edge."""
    accountId: str
    """Opaque reference to the account, minted by identity, and the key of the message: one account's
    links arrive in order.
    """
    linkedAt: str
    """When the link was committed. RFC 3339, in UTC: an offset would tell where the person is."""


class Envelope(TypedDict):
    """A fact as it travels: a CloudEvents 1.0 event in structured mode, in the JSON event format.
    Nothing in the attributes is personal data (CloudEvents 1.0, Privacy and Security): a person is
    at most an opaque reference. Clauses below are of the CloudEvents specification 1.0 unless
    another document is named.
    """

    specversion: Literal["1.0"]
    """The CloudEvents version (REQUIRED Attributes, specversion)."""
    id: str
    """The fact's id. A message with a source and id that were seen before is a duplicate (REQUIRED
    Attributes, id): the inbox drops it.
    """
    source: str
    """The bounded context that published the fact, as a URI reference (REQUIRED Attributes, source)."""
    type: str
    """The publishing context, the fact's name and its major version (REQUIRED Attributes, type)."""
    subject: str
    """The aggregate's id, opaque (OPTIONAL Attributes, subject). Required here: the payload's schema
    says in `x-subject` which field it equals. It is the message's key, and messages of one key
    arrive in order.
    """
    time: str
    """When the fact happened (OPTIONAL Attributes, time). RFC 3339, in UTC. Required here."""
    datacontenttype: Literal["application/json"]
    """The media type of `data` (OPTIONAL Attributes, datacontenttype). Required here, though the JSON
    event format would imply it (section 3.1 there).
    """
    dataschema: str
    """The `$id` of the payload's schema (OPTIONAL Attributes, dataschema): an absolute URI, as that
    clause demands, and a name rather than an address: the domain is reserved (RFC 2606 section 3)
    and never resolves, so that no reader is led to fetch a schema from the network. The part after
    `/contracts/` is the file's path in this folder.
    """
    data: dict[str, Any]
    """The payload, valid under the schema that `dataschema` names (Event Data)."""
    correlationid: NotRequired[str]
    """Ties the fact to the request, command or schedule that led to it (Correlation extension,
    correlationid). On a brand-safe topic it never comes from a consumer's request.
    """
    partitionkey: NotRequired[str]
    """The log's key, for readers that get the message by another way than the log (Partitioning
    extension, partitionkey). Equals `subject` when present.
    """
