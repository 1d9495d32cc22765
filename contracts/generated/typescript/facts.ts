// Generated from contracts/jsonschema by `python -m contracts.generate`. Do not edit.

/** What became of the items; present in the cube of finished items alone. */
export type AggregateReleasedCellOutcome = "used" | "wasted" | "given";

/**
 * `suppressed` when fewer than k people are in the cell, or when its complement or a difference
 * with another released number would isolate fewer than k. Which of the two is not told.
 */
export type AggregateReleasedCellStatus = "released" | "suppressed";

/** One number that may be shown to the brand, or the statement that there is one that may not. */
export interface AggregateReleasedCell {
  /** The cell: random, so that it says nothing about what it counts. */
  readonly cellId: string;
  /**
   * The product; present in the cubes per product, absent in the cube per brand. Global Trade Item
   * Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1 General
   * Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot do
   * that.
   */
  readonly gtin?: string;
  /** What became of the items; present in the cube of finished items alone. */
  readonly outcome?: AggregateReleasedCellOutcome;
  /**
   * Counted scans in the window: of one person only so many of the same product count, so that
   * nobody makes most of a cell. Present in every released cell of a scan cube, absent or null in a
   * suppressed cell. At least 5, because each person counted scanned at least once.
   */
  readonly scans?: number | null;
  /**
   * Counted items in the window, of one household only so many of the same product; finished ones
   * are added up from their shares and rounded half up, so that many small shares may be no item.
   * Present in every released cell of a cube of items, absent or null otherwise.
   */
  readonly items?: number | null;
  /**
   * Distinct people who scanned in the window; in a cube of items, distinct households: people are
   * counted, not rows. Absent or null in a suppressed cell. At least k, hence at least 5.
   */
  readonly people?: number | null;
  /**
   * `suppressed` when fewer than k people are in the cell, or when its complement or a difference
   * with another released number would isolate fewer than k. Which of the two is not told.
   */
  readonly status: AggregateReleasedCellStatus;
}

/**
 * Which pre-declared table the cells belong to: scans and people per brand, product and day, or per
 * brand and day; items stored in fridges and households per product and day; items finished and
 * households per product, outcome and ISO week. May grow: a reader ignores a release of a cube it
 * does not know.
 */
export type AggregateReleasedCube = "scans_by_product_day" | "scans_by_brand_day" | "stored_by_product_day" | "finished_by_product_week" | (string & {});

/**
 * A Measurement Window was closed and these Released Cells of one brand and one cube came out of
 * it: the only thing about people that crosses the privacy wall. Written once, never corrected.
 */
export interface AggregateReleased {
  /** The release: the same message again has the same releaseId and the same cells. */
  readonly releaseId: string;
  /** The brand whose numbers these are, and the key of the message. */
  readonly brandId: string;
  /**
   * Which pre-declared table the cells belong to: scans and people per brand, product and day, or
   * per brand and day; items stored in fridges and households per product and day; items finished
   * and households per product, outcome and ISO week. May grow: a reader ignores a release of a
   * cube it does not know.
   */
  readonly cube: AggregateReleasedCube;
  /** Start of the window, itself included: midnight in UTC. RFC 3339. */
  readonly windowStart: string;
  /** End of the window, itself excluded: midnight in UTC. RFC 3339. */
  readonly windowEnd: string;
  /** The number of people below which a cell was suppressed. Never below 5. */
  readonly k: number;
  /**
   * The cells, in no particular order. At most 5000, which stays under Kafka's default message size
   * of 1 MiB.
   */
  readonly cells: readonly AggregateReleasedCell[];
}

/** A suspended brand keeps its data and cannot sign in. */
export type BrandChangedStatus = "active" | "suspended";

/** A brand, which is a tenant, was made or changed. Says nothing of the people who work for it. */
export interface BrandChanged {
  /**
   * The brand, minted by identity, and the key of the message: changes of one brand arrive in
   * order.
   */
  readonly brandId: string;
  /** The brand's name as it shows it. */
  readonly name: string;
  /** The brand's name in addresses: lower case letters, digits and single hyphens. */
  readonly slug: string;
  /** A suspended brand keeps its data and cannot sign in. */
  readonly status: BrandChangedStatus;
  /** When the change was committed. RFC 3339, in UTC. */
  readonly changedAt: string;
}

/**
 * What happened to the entry; `updated` also where something changed that belongs to it and is in
 * no field here, such as where one of its lots has been. After `withdrawn` the GTIN resolves to no
 * product until it is created again.
 */
export type CatalogueEntryChangedChangeKind = "created" | "updated" | "withdrawn";

/**
 * A Catalogue Entry was created, changed or withdrawn. Speaks of a product only: no person, visitor
 * or scan has a place in it.
 */
export interface CatalogueEntryChanged {
  /**
   * The product, and the key of the message: changes of one entry arrive in order. Global Trade
   * Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1 General
   * Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot do
   * that.
   */
  readonly gtin: string;
  /** The brand that owns the entry, minted by identity; null while no tenant owns it. */
  readonly brandId: string | null;
  /**
   * The product's name as the label states it (EU 1169/2011 Art. 17); null when no source states
   * one.
   */
  readonly name: string | null;
  /**
   * The brand as printed on the pack, which need not be a tenant's name; null when no source states
   * one.
   */
  readonly brandName: string | null;
  /**
   * What happened to the entry; `updated` also where something changed that belongs to it and is in
   * no field here, such as where one of its lots has been. After `withdrawn` the GTIN resolves to
   * no product until it is created again.
   */
  readonly changeKind: CatalogueEntryChangedChangeKind;
  /**
   * The entry's version, counted from 1 and raised by every change: a reader that holds a higher
   * one ignores the message.
   */
  readonly dataVersion: number;
  /** When the change was committed. RFC 3339, in UTC. */
  readonly changedAt: string;
}

/** What the consent is for. Closed on purpose: an unknown purpose means no. */
export type ConsentGrantedPurpose = "health_profile" | "notifications" | "measurement";

/**
 * A person agreed to one purpose, having been shown one version of the notice (GDPR Art. 7(1):
 * whoever relies on consent must be able to show it).
 */
export interface ConsentGranted {
  /**
   * Opaque reference to the person, minted by identity, and the key of the message: one person's
   * grants and withdrawals arrive in order.
   */
  readonly personId: string;
  /** What the consent is for. Closed on purpose: an unknown purpose means no. */
  readonly purpose: ConsentGrantedPurpose;
  /** The version of the notice that was shown. */
  readonly noticeVersion: string;
  /** When the consent was recorded. RFC 3339, in UTC: an offset would tell where the person is. */
  readonly at: string;
}

/** What the consent is for. Closed on purpose: an unknown purpose means no. */
export type ConsentWithdrawnPurpose = "health_profile" | "notifications" | "measurement";

/**
 * A person withdrew the consent to one purpose (GDPR Art. 7(3)). Every context deletes what
 * depended on it.
 */
export interface ConsentWithdrawn {
  /**
   * Opaque reference to the person, minted by identity, and the key of the message: one person's
   * grants and withdrawals arrive in order.
   */
  readonly personId: string;
  /** What the consent is for. Closed on purpose: an unknown purpose means no. */
  readonly purpose: ConsentWithdrawnPurpose;
  /** The version of the notice under which the consent had been granted. */
  readonly noticeVersion: string;
  /**
   * When the withdrawal was recorded. RFC 3339, in UTC: an offset would tell where the person is.
   */
  readonly at: string;
}

/**
 * Which context has erased: the one that publishes the message. May grow: identity waits for the
 * contexts it knows and records the others.
 */
export type ErasureAcknowledgedContext = "passport" | "personalization" | "fridge" | "measurement" | (string & {});

/**
 * A context erased a person, or found nothing to erase. Names no one. Each context that holds
 * people answers on a topic of its own, which only identity reads.
 */
export interface ErasureAcknowledged {
  /** The erasure that is answered, and the key of the message. */
  readonly erasureId: string;
  /**
   * Which context has erased: the one that publishes the message. May grow: identity waits for the
   * contexts it knows and records the others.
   */
  readonly context: ErasureAcknowledgedContext;
  /**
   * When the erasure was committed in that context. RFC 3339, in UTC: an offset would tell where
   * the person is.
   */
  readonly at: string;
}

/**
 * Every context that holds people has acknowledged: the person is erased everywhere. Names no one.
 */
export interface ErasureCompleted {
  /** The erasure, and the key of the message: it follows its ErasureRequested. */
  readonly erasureId: string;
  /**
   * When the last acknowledgement was recorded. RFC 3339, in UTC: an offset would tell where the
   * person is.
   */
  readonly at: string;
}

/**
 * A person asked to be forgotten (GDPR Art. 17). Every context that holds people erases them and
 * answers with ErasureAcknowledged.
 */
export interface ErasureRequested {
  /**
   * The erasure, and the key of the message: the ids it concerns are gone from every key at once.
   */
  readonly erasureId: string;
  /**
   * Every opaque reference the person is known by: the account and all visitors linked to it. A
   * context erases each of them, including those it has never seen.
   */
  readonly personIds: readonly string[];
  /** When the request was committed. RFC 3339, in UTC: an offset would tell where the person is. */
  readonly requestedAt: string;
}

/**
 * A household may not be counted any more, or is gone: a member took the consent to `measurement`
 * back, or was erased. What was told of this holder and is still there must be deleted, and nothing
 * of it taken that comes later.
 */
export interface HolderForgotten {
  /**
   * The holder, as the facts of one Measurement Window name it, and the key of the message. The
   * fridge has destroyed what led from it to the household.
   */
  readonly holderRef: string;
}

/** What became of the share: consumed, thrown away, or given to somebody. */
export type ItemFinishedOutcome = "used" | "wasted" | "given";

/**
 * Why it was wasted, as a coarse group: `too_late` stands for expired and for opened too long.
 * Present when and only when the outcome is `wasted`. May grow: a reader treats a value it does not
 * know as waste without a stated reason.
 */
export type ItemFinishedReasonGroup = "too_late" | "not_liked" | "too_much" | "damaged" | "other" | (string & {});

/**
 * A share of a stored product left the fridge for good: used, wasted or given away. Published only
 * for a household whose members agreed to the purpose `measurement`. Names neither the item nor the
 * household beyond one Measurement Window.
 */
export interface ItemFinished {
  /**
   * Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
   * share no id.
   */
  readonly itemFactId: string;
  /**
   * Pseudonym of the household for one Measurement Window, here the ISO week in UTC (Monday to
   * Sunday) that `finishedOn` lies in: the fridge mints another one for every window, so facts of
   * two windows cannot be joined, nor these with facts about storing and opening.
   */
  readonly holderRef: string;
  /**
   * Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
   * General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
   * do that.
   */
  readonly gtin: string;
  /**
   * The brand that owns the product, present only when that brand is a tenant. Minted by identity.
   */
  readonly brandId?: string;
  /**
   * The day it was finished. RFC 3339 full-date, the day in UTC: no time of day leaves the context.
   */
  readonly finishedOn: string;
  /** What became of the share: consumed, thrown away, or given to somebody. */
  readonly outcome: ItemFinishedOutcome;
  /**
   * Why it was wasted, as a coarse group: `too_late` stands for expired and for opened too long.
   * Present when and only when the outcome is `wasted`. May grow: a reader treats a value it does
   * not know as waste without a stated reason.
   */
  readonly reasonGroup?: ItemFinishedReasonGroup;
  /**
   * How much of the item, all its packs together, this is about, in tenths of what was stored,
   * rounded so that those of one item are ten together; 0 is less than a tenth. The facts about one
   * item come together, when nothing of it is left, one for each outcome and reason group.
   */
  readonly shareTenths: number;
  /** Whole days since the item was stored, counted in UTC days; longer is stated as 3650. */
  readonly daysHeld: number;
  /**
   * How many packs the item was in the end, those that were split off not counted: they are items
   * of their own. One where it is not said, more than 1000 are stated as 1000. Together with their
   * shares, as many packs are finished as were stored.
   */
  readonly packs?: number;
}

/**
 * A stored product was opened. Published only for a household whose members agreed to the purpose
 * `measurement`. Names neither the item nor the household beyond one Measurement Window.
 */
export interface ItemOpened {
  /**
   * Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
   * share no id.
   */
  readonly itemFactId: string;
  /**
   * Pseudonym of the household for one Measurement Window, here the day in UTC on which the opening
   * was recorded: the fridge mints another one for every window, so facts of two windows cannot be
   * joined. Facts about storing on that day have the same one.
   */
  readonly holderRef: string;
  /**
   * Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
   * General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
   * do that.
   */
  readonly gtin: string;
  /**
   * The brand that owns the product, present only when that brand is a tenant. Minted by identity.
   */
  readonly brandId?: string;
  /**
   * The day it was opened, which may be before the message: opening can be back-dated. RFC 3339
   * full-date, the day in UTC: no time of day leaves the context.
   */
  readonly openedOn: string;
  /** Whole days since the item was stored, counted in UTC days; longer is stated as 3650. */
  readonly daysHeld: number;
}

/**
 * A product was put into a fridge. Published only for a household whose members agreed to the
 * purpose `measurement`. Names neither the item nor the household beyond one Measurement Window.
 */
export interface ItemStored {
  /**
   * Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
   * share no id.
   */
  readonly itemFactId: string;
  /**
   * Pseudonym of the household for one Measurement Window, here the day in UTC that `storedOn`
   * names: the fridge mints another one for every window, so facts of two windows cannot be joined.
   */
  readonly holderRef: string;
  /**
   * Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
   * General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
   * do that.
   */
  readonly gtin: string;
  /**
   * The brand that owns the product, present only when that brand is a tenant. Minted by identity.
   */
  readonly brandId?: string;
  /**
   * The day it was stored. RFC 3339 full-date, the day in UTC: no time of day leaves the context.
   */
  readonly storedOn: string;
  /**
   * How many packs were stored together; one where it is not said, more than 1000 are stated as
   * 1000. Packs that are split off later are not stored again.
   */
  readonly packs?: number;
}

/**
 * How the scan came in: `link` when a camera opened the GS1 Digital Link itself, `api` when an
 * application sent the code.
 */
export type ProductScannedChannel = "link" | "api";

/**
 * A person decoded a code and the Resolver resolved it: the entry of every consumer journey.
 * Carries what counting needs and nothing of the pack or the device: no lot, serial, expiry,
 * address or user agent.
 */
export interface ProductScanned {
  /**
   * The scan, and the key of the message: a scan is written once, so nothing needs the order of a
   * visitor's scans, and a random key tells a log's operator nothing about who scans how often.
   */
  readonly scanId: string;
  /**
   * Opaque reference to whoever scanned: minted at the edge on the first scan, linked to an account
   * later, never replaced by it.
   */
  readonly visitorId: string;
  /** Opaque reference to the account, minted by identity. Absent for an anonymous shopper. */
  readonly accountId?: string;
  /**
   * Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
   * General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
   * do that.
   */
  readonly gtin: string;
  /**
   * The brand that owns the product, present only when that brand is a tenant. Minted by identity.
   */
  readonly brandId?: string;
  /** Whether the catalogue had an entry for the GTIN at the moment of the scan. */
  readonly productKnown: boolean;
  /** When the scan was committed. RFC 3339, in UTC: an offset would tell where the person is. */
  readonly scannedAt: string;
  /**
   * How the scan came in: `link` when a camera opened the GS1 Digital Link itself, `api` when an
   * application sent the code.
   */
  readonly channel: ProductScannedChannel;
  /**
   * Whether the browser asked not to be counted: Global Privacy Control, the header `Sec-GPC: 1`.
   * Absent where it did not ask. Who counts people leaves such a scan out.
   */
  readonly optedOut?: boolean;
}

/** Why, as a coarse group. May grow: a reader treats a value it does not know as `other`. */
export type RecallAnnouncedReason = "allergen" | "microbiological" | "chemical" | "foreign_body" | "packaging" | "labelling" | "other" | (string & {});

/**
 * A product, or some lots or serials of it, was recalled (EC 178/2002 Art. 19), or an announced
 * recall was taken back. Says which packs are meant; who has one is for the fridge to find out.
 */
export interface RecallAnnounced {
  /** The recall: the same in every message about it. */
  readonly recallId: string;
  /**
   * The recalled product, and the key of the message. Global Trade Item Number as GTIN-14: shorter
   * numbers are padded with zeros on the left (GS1 General Specifications, AI 01). The check digit
   * was verified by the publisher; a pattern cannot do that.
   */
  readonly gtin: string;
  /** The recalled lots; empty when every lot is recalled. */
  readonly lots: readonly string[];
  /**
   * First recalled serial, itself included; only together with serialTo. 1 to 20 characters of
   * GS1's character set 82 (GS1 General Specifications, AI 21 and figure 7.11-1), compared
   * character by character.
   */
  readonly serialFrom?: string;
  /**
   * Last recalled serial, itself included; only together with serialFrom. 1 to 20 characters of
   * GS1's character set 82 (GS1 General Specifications, AI 21 and figure 7.11-1), compared
   * character by character.
   */
  readonly serialTo?: string;
  /** Why, as a coarse group. May grow: a reader treats a value it does not know as `other`. */
  readonly reason: RecallAnnouncedReason;
  /** What a person must know and do, in plain text as announced: no markup. */
  readonly text: string;
  /** When the recall, or its withdrawal, was announced. RFC 3339, in UTC. */
  readonly announcedAt: string;
  /** True when this message takes the recall back. */
  readonly withdrawn: boolean;
}

/**
 * A person told us, with one tap, that the catalogue lacks a product. At most one per visitor and
 * GTIN.
 */
export interface UnknownProductReported {
  /** The report, and the key of the message. */
  readonly reportId: string;
  /** Opaque reference to whoever reported. */
  readonly visitorId: string;
  /**
   * Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
   * General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
   * do that.
   */
  readonly gtin: string;
  /** When the report was committed. RFC 3339, in UTC: an offset would tell where the person is. */
  readonly reportedAt: string;
}

/** The verdict's outcome. */
export type VerdictComputedOutcome = "good_for_you" | "be_careful" | "avoid";

/**
 * The part of the label that a finding rests on; `other` stands where so few people have a part in
 * common that it would tell of them. May grow: a reader leaves out a value it does not know.
 */
export type VerdictComputedReasonCode = "ingredients" | "traces" | "nutrition" | "missing_data" | "unverified_data" | "other" | (string & {});

/**
 * A product was screened for a person. Carries the outcome and on which part of the label it rests,
 * and nothing that the person's Health Profile holds (GDPR Art. 9). Whoever knows the label can
 * still narrow down what the outcome is due to, most of all from many facts of one day: treat it as
 * data concerning the health of somebody unnamed.
 */
export interface VerdictComputed {
  /** The verdict, and the key of the message. */
  readonly verdictId: string;
  /**
   * The person under a name of one day: a keyed digest of the person and of `computedOn`. The same
   * in all facts of that day, another one on every other day, and equal to no id in any other fact.
   * Only a person who allows to be counted is told of.
   */
  readonly personId: string;
  /**
   * Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
   * General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
   * do that.
   */
  readonly gtin: string;
  /**
   * The brand that owns the product, present only when that brand is a tenant. Minted by identity.
   */
  readonly brandId?: string;
  /** The verdict's outcome. */
  readonly outcome: VerdictComputedOutcome;
  /**
   * Which parts of the label the findings rest on. Never which part of the profile: `allergen` or
   * `diet` beside a reference to a person would be data on health or belief. Empty when nothing was
   * found.
   */
  readonly reasonCodes: readonly VerdictComputedReasonCode[];
  /** The version of the Screening Policies, with which the verdict can be computed again. */
  readonly rulesetVersion: string;
  /**
   * The day of the verdict. RFC 3339 full-date, the day in UTC: no time of day leaves the context.
   */
  readonly computedOn: string;
}

/**
 * A visitor turned out to be an account holder: by signing up, or by signing in on another device.
 * The Visitor ID stays; activity under it now also belongs to the account.
 */
export interface VisitorLinkedToAccount {
  /** Opaque reference to the visitor, minted at the edge. */
  readonly visitorId: string;
  /**
   * Opaque reference to the account, minted by identity, and the key of the message: one account's
   * links arrive in order.
   */
  readonly accountId: string;
  /** When the link was committed. RFC 3339, in UTC: an offset would tell where the person is. */
  readonly linkedAt: string;
}

/**
 * A fact as it travels: a CloudEvents 1.0 event in structured mode, in the JSON event format.
 * Nothing in the attributes is personal data (CloudEvents 1.0, Privacy and Security): a person is
 * at most an opaque reference. Clauses below are of the CloudEvents specification 1.0 unless
 * another document is named.
 */
export interface Envelope {
  /** The CloudEvents version (REQUIRED Attributes, specversion). */
  readonly specversion: "1.0";
  /**
   * The fact's id. A message with a source and id that were seen before is a duplicate (REQUIRED
   * Attributes, id): the inbox drops it.
   */
  readonly id: string;
  /**
   * The bounded context that published the fact, as a URI reference (REQUIRED Attributes, source).
   */
  readonly source: string;
  /** The publishing context, the fact's name and its major version (REQUIRED Attributes, type). */
  readonly type: string;
  /**
   * The aggregate's id, opaque (OPTIONAL Attributes, subject). Required here: the payload's schema
   * says in `x-subject` which field it equals. It is the message's key, and messages of one key
   * arrive in order.
   */
  readonly subject: string;
  /** When the fact happened (OPTIONAL Attributes, time). RFC 3339, in UTC. Required here. */
  readonly time: string;
  /**
   * The media type of `data` (OPTIONAL Attributes, datacontenttype). Required here, though the JSON
   * event format would imply it (section 3.1 there).
   */
  readonly datacontenttype: "application/json";
  /**
   * The `$id` of the payload's schema (OPTIONAL Attributes, dataschema): an absolute URI, as that
   * clause demands, and a name rather than an address: the domain is reserved (RFC 2606 section 3)
   * and never resolves, so that no reader is led to fetch a schema from the network. The part after
   * `/contracts/` is the file's path in this folder.
   */
  readonly dataschema: string;
  /** The payload, valid under the schema that `dataschema` names (Event Data). */
  readonly data: Readonly<Record<string, unknown>>;
  /**
   * Ties the fact to the request, command or schedule that led to it (Correlation extension,
   * correlationid). On a brand-safe topic it never comes from a consumer's request.
   */
  readonly correlationid?: string;
  /**
   * The log's key, for readers that get the message by another way than the log (Partitioning
   * extension, partitionkey). Equals `subject` when present.
   */
  readonly partitionkey?: string;
}

/** A message: the envelope with the payload that its type promises. */
export type Message<Type extends string, Data> = Omit<Envelope, "type" | "data"> & {
  readonly type: Type;
  readonly data: Data;
};

/** Every message that there is: narrow it by its type, and pass over what you do not know. */
export type AnyMessage =
  | Message<"packytrace.measurement.AggregateReleased.v1", AggregateReleased>
  | Message<"packytrace.identity.BrandChanged.v1", BrandChanged>
  | Message<"packytrace.passport.CatalogueEntryChanged.v1", CatalogueEntryChanged>
  | Message<"packytrace.identity.ConsentGranted.v1", ConsentGranted>
  | Message<"packytrace.identity.ConsentWithdrawn.v1", ConsentWithdrawn>
  | Message<"packytrace.passport.ErasureAcknowledged.v1", ErasureAcknowledged>
  | Message<"packytrace.personalization.ErasureAcknowledged.v1", ErasureAcknowledged>
  | Message<"packytrace.fridge.ErasureAcknowledged.v1", ErasureAcknowledged>
  | Message<"packytrace.measurement.ErasureAcknowledged.v1", ErasureAcknowledged>
  | Message<"packytrace.identity.ErasureCompleted.v1", ErasureCompleted>
  | Message<"packytrace.identity.ErasureRequested.v1", ErasureRequested>
  | Message<"packytrace.fridge.HolderForgotten.v1", HolderForgotten>
  | Message<"packytrace.fridge.ItemFinished.v1", ItemFinished>
  | Message<"packytrace.fridge.ItemOpened.v1", ItemOpened>
  | Message<"packytrace.fridge.ItemStored.v1", ItemStored>
  | Message<"packytrace.passport.ProductScanned.v1", ProductScanned>
  | Message<"packytrace.passport.RecallAnnounced.v1", RecallAnnounced>
  | Message<"packytrace.passport.UnknownProductReported.v1", UnknownProductReported>
  | Message<"packytrace.personalization.VerdictComputed.v1", VerdictComputed>
  | Message<"packytrace.identity.VisitorLinkedToAccount.v1", VisitorLinkedToAccount>;
