// Code generated from contracts/jsonschema by `python -m contracts.generate`. DO NOT EDIT.

// Package facts holds the payload of every fact of PackyTrace, and the envelope.
package facts

import "encoding/json"

// The CloudEvents attribute `type` of every fact, by publishing context.
const (
	TypeAggregateReleased                      = "packytrace.measurement.AggregateReleased.v1"
	TypeBrandChanged                           = "packytrace.identity.BrandChanged.v1"
	TypeCatalogueEntryChanged                  = "packytrace.passport.CatalogueEntryChanged.v1"
	TypeConsentGranted                         = "packytrace.identity.ConsentGranted.v1"
	TypeConsentWithdrawn                       = "packytrace.identity.ConsentWithdrawn.v1"
	TypeErasureAcknowledgedFromPassport        = "packytrace.passport.ErasureAcknowledged.v1"
	TypeErasureAcknowledgedFromPersonalization = "packytrace.personalization.ErasureAcknowledged.v1"
	TypeErasureAcknowledgedFromFridge          = "packytrace.fridge.ErasureAcknowledged.v1"
	TypeErasureAcknowledgedFromMeasurement     = "packytrace.measurement.ErasureAcknowledged.v1"
	TypeErasureCompleted                       = "packytrace.identity.ErasureCompleted.v1"
	TypeErasureRequested                       = "packytrace.identity.ErasureRequested.v1"
	TypeHolderForgotten                        = "packytrace.fridge.HolderForgotten.v1"
	TypeItemFinished                           = "packytrace.fridge.ItemFinished.v1"
	TypeItemOpened                             = "packytrace.fridge.ItemOpened.v1"
	TypeItemStored                             = "packytrace.fridge.ItemStored.v1"
	TypeProductScanned                         = "packytrace.passport.ProductScanned.v1"
	TypeRecallAnnounced                        = "packytrace.passport.RecallAnnounced.v1"
	TypeUnknownProductReported                 = "packytrace.passport.UnknownProductReported.v1"
	TypeVerdictComputed                        = "packytrace.personalization.VerdictComputed.v1"
	TypeVisitorLinkedToAccount                 = "packytrace.identity.VisitorLinkedToAccount.v1"
)

// AggregateReleasedCell: One number that may be shown to the brand, or the statement that there is
// one that may not.
type AggregateReleasedCell struct {
	// The cell: random, so that it says nothing about what it counts.
	CellID string `json:"cellId"`

	// The product; present in the cubes per product, absent in the cube per brand. Global Trade Item
	// Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1 General
	// Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot do that.
	GTIN *string `json:"gtin,omitempty"`

	// What became of the items; present in the cube of finished items alone.
	Outcome *AggregateReleasedCellOutcome `json:"outcome,omitempty"`

	// Counted scans in the window: of one person only so many of the same product count, so that
	// nobody makes most of a cell. Present in every released cell of a scan cube, absent or null in a
	// suppressed cell. At least 5, because each person counted scanned at least once.
	Scans *int64 `json:"scans,omitempty"`

	// Counted items in the window, of one household only so many of the same product; finished ones
	// are added up from their shares and rounded half up, so that many small shares may be no item.
	// Present in every released cell of a cube of items, absent or null otherwise.
	Items *int64 `json:"items,omitempty"`

	// Distinct people who scanned in the window; in a cube of items, distinct households: people are
	// counted, not rows. Absent or null in a suppressed cell. At least k, hence at least 5.
	People *int64 `json:"people,omitempty"`

	// `suppressed` when fewer than k people are in the cell, or when its complement or a difference
	// with another released number would isolate fewer than k. Which of the two is not told.
	Status AggregateReleasedCellStatus `json:"status"`
}

// AggregateReleasedCellOutcome: What became of the items; present in the cube of finished items
// alone.
type AggregateReleasedCellOutcome string

// The values of AggregateReleasedCellOutcome.
const (
	AggregateReleasedCellOutcomeUsed   AggregateReleasedCellOutcome = "used"
	AggregateReleasedCellOutcomeWasted AggregateReleasedCellOutcome = "wasted"
	AggregateReleasedCellOutcomeGiven  AggregateReleasedCellOutcome = "given"
)

// AggregateReleasedCellStatus: `suppressed` when fewer than k people are in the cell, or when its
// complement or a difference with another released number would isolate fewer than k. Which of the
// two is not told.
type AggregateReleasedCellStatus string

// The values of AggregateReleasedCellStatus.
const (
	AggregateReleasedCellStatusReleased   AggregateReleasedCellStatus = "released"
	AggregateReleasedCellStatusSuppressed AggregateReleasedCellStatus = "suppressed"
)

// AggregateReleased: A Measurement Window was closed and these Released Cells of one brand and one
// cube came out of it: the only thing about people that crosses the privacy wall. Written once,
// never corrected.
type AggregateReleased struct {
	// The release: the same message again has the same releaseId and the same cells.
	ReleaseID string `json:"releaseId"`

	// The brand whose numbers these are, and the key of the message.
	BrandID string `json:"brandId"`

	// Which pre-declared table the cells belong to: scans and people per brand, product and day, or
	// per brand and day; items stored in fridges and households per product and day; items finished
	// and households per product, outcome and ISO week. May grow: a reader ignores a release of a cube
	// it does not know.
	Cube AggregateReleasedCube `json:"cube"`

	// Start of the window, itself included: midnight in UTC. RFC 3339.
	WindowStart string `json:"windowStart"`

	// End of the window, itself excluded: midnight in UTC. RFC 3339.
	WindowEnd string `json:"windowEnd"`

	// The number of people below which a cell was suppressed. Never below 5.
	K int64 `json:"k"`

	// The cells, in no particular order. At most 5000, which stays under Kafka's default message size
	// of 1 MiB.
	Cells []AggregateReleasedCell `json:"cells"`
}

// AggregateReleasedCube: Which pre-declared table the cells belong to: scans and people per brand,
// product and day, or per brand and day; items stored in fridges and households per product and
// day; items finished and households per product, outcome and ISO week. May grow: a reader ignores
// a release of a cube it does not know.
type AggregateReleasedCube string

// The values of AggregateReleasedCube so far.
const (
	AggregateReleasedCubeScansByProductDay     AggregateReleasedCube = "scans_by_product_day"
	AggregateReleasedCubeScansByBrandDay       AggregateReleasedCube = "scans_by_brand_day"
	AggregateReleasedCubeStoredByProductDay    AggregateReleasedCube = "stored_by_product_day"
	AggregateReleasedCubeFinishedByProductWeek AggregateReleasedCube = "finished_by_product_week"
)

// BrandChanged: A brand, which is a tenant, was made or changed. Says nothing of the people who
// work for it.
type BrandChanged struct {
	// The brand, minted by identity, and the key of the message: changes of one brand arrive in order.
	BrandID string `json:"brandId"`

	// The brand's name as it shows it.
	Name string `json:"name"`

	// The brand's name in addresses: lower case letters, digits and single hyphens.
	Slug string `json:"slug"`

	// A suspended brand keeps its data and cannot sign in.
	Status BrandChangedStatus `json:"status"`

	// When the change was committed. RFC 3339, in UTC.
	ChangedAt string `json:"changedAt"`
}

// BrandChangedStatus: A suspended brand keeps its data and cannot sign in.
type BrandChangedStatus string

// The values of BrandChangedStatus.
const (
	BrandChangedStatusActive    BrandChangedStatus = "active"
	BrandChangedStatusSuspended BrandChangedStatus = "suspended"
)

// CatalogueEntryChanged: A Catalogue Entry was created, changed or withdrawn. Speaks of a product
// only: no person, visitor or scan has a place in it.
type CatalogueEntryChanged struct {
	// The product, and the key of the message: changes of one entry arrive in order. Global Trade Item
	// Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1 General
	// Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot do that.
	GTIN string `json:"gtin"`

	// The brand that owns the entry, minted by identity; null while no tenant owns it.
	BrandID *string `json:"brandId"`

	// The product's name as the label states it (EU 1169/2011 Art. 17); null when no source states
	// one.
	Name *string `json:"name"`

	// The brand as printed on the pack, which need not be a tenant's name; null when no source states
	// one.
	BrandName *string `json:"brandName"`

	// What happened to the entry; `updated` also where something changed that belongs to it and is in
	// no field here, such as where one of its lots has been. After `withdrawn` the GTIN resolves to no
	// product until it is created again.
	ChangeKind CatalogueEntryChangedChangeKind `json:"changeKind"`

	// The entry's version, counted from 1 and raised by every change: a reader that holds a higher one
	// ignores the message.
	DataVersion int64 `json:"dataVersion"`

	// When the change was committed. RFC 3339, in UTC.
	ChangedAt string `json:"changedAt"`
}

// CatalogueEntryChangedChangeKind: What happened to the entry; `updated` also where something
// changed that belongs to it and is in no field here, such as where one of its lots has been. After
// `withdrawn` the GTIN resolves to no product until it is created again.
type CatalogueEntryChangedChangeKind string

// The values of CatalogueEntryChangedChangeKind.
const (
	CatalogueEntryChangedChangeKindCreated   CatalogueEntryChangedChangeKind = "created"
	CatalogueEntryChangedChangeKindUpdated   CatalogueEntryChangedChangeKind = "updated"
	CatalogueEntryChangedChangeKindWithdrawn CatalogueEntryChangedChangeKind = "withdrawn"
)

// ConsentGranted: A person agreed to one purpose, having been shown one version of the notice (GDPR
// Art. 7(1): whoever relies on consent must be able to show it).
type ConsentGranted struct {
	// Opaque reference to the person, minted by identity, and the key of the message: one person's
	// grants and withdrawals arrive in order.
	PersonID string `json:"personId"`

	// What the consent is for. Closed on purpose: an unknown purpose means no.
	Purpose ConsentGrantedPurpose `json:"purpose"`

	// The version of the notice that was shown.
	NoticeVersion string `json:"noticeVersion"`

	// When the consent was recorded. RFC 3339, in UTC: an offset would tell where the person is.
	At string `json:"at"`
}

// ConsentGrantedPurpose: What the consent is for. Closed on purpose: an unknown purpose means no.
type ConsentGrantedPurpose string

// The values of ConsentGrantedPurpose.
const (
	ConsentGrantedPurposeHealthProfile ConsentGrantedPurpose = "health_profile"
	ConsentGrantedPurposeNotifications ConsentGrantedPurpose = "notifications"
	ConsentGrantedPurposeMeasurement   ConsentGrantedPurpose = "measurement"
)

// ConsentWithdrawn: A person withdrew the consent to one purpose (GDPR Art. 7(3)). Every context
// deletes what depended on it.
type ConsentWithdrawn struct {
	// Opaque reference to the person, minted by identity, and the key of the message: one person's
	// grants and withdrawals arrive in order.
	PersonID string `json:"personId"`

	// What the consent is for. Closed on purpose: an unknown purpose means no.
	Purpose ConsentWithdrawnPurpose `json:"purpose"`

	// The version of the notice under which the consent had been granted.
	NoticeVersion string `json:"noticeVersion"`

	// When the withdrawal was recorded. RFC 3339, in UTC: an offset would tell where the person is.
	At string `json:"at"`
}

// ConsentWithdrawnPurpose: What the consent is for. Closed on purpose: an unknown purpose means no.
type ConsentWithdrawnPurpose string

// The values of ConsentWithdrawnPurpose.
const (
	ConsentWithdrawnPurposeHealthProfile ConsentWithdrawnPurpose = "health_profile"
	ConsentWithdrawnPurposeNotifications ConsentWithdrawnPurpose = "notifications"
	ConsentWithdrawnPurposeMeasurement   ConsentWithdrawnPurpose = "measurement"
)

// ErasureAcknowledged: A context erased a person, or found nothing to erase. Names no one. Each
// context that holds people answers on a topic of its own, which only identity reads.
type ErasureAcknowledged struct {
	// The erasure that is answered, and the key of the message.
	ErasureID string `json:"erasureId"`

	// Which context has erased: the one that publishes the message. May grow: identity waits for the
	// contexts it knows and records the others.
	Context ErasureAcknowledgedContext `json:"context"`

	// When the erasure was committed in that context. RFC 3339, in UTC: an offset would tell where the
	// person is.
	At string `json:"at"`
}

// ErasureAcknowledgedContext: Which context has erased: the one that publishes the message. May
// grow: identity waits for the contexts it knows and records the others.
type ErasureAcknowledgedContext string

// The values of ErasureAcknowledgedContext so far.
const (
	ErasureAcknowledgedContextPassport        ErasureAcknowledgedContext = "passport"
	ErasureAcknowledgedContextPersonalization ErasureAcknowledgedContext = "personalization"
	ErasureAcknowledgedContextFridge          ErasureAcknowledgedContext = "fridge"
	ErasureAcknowledgedContextMeasurement     ErasureAcknowledgedContext = "measurement"
)

// ErasureCompleted: Every context that holds people has acknowledged: the person is erased
// everywhere. Names no one.
type ErasureCompleted struct {
	// The erasure, and the key of the message: it follows its ErasureRequested.
	ErasureID string `json:"erasureId"`

	// When the last acknowledgement was recorded. RFC 3339, in UTC: an offset would tell where the
	// person is.
	At string `json:"at"`
}

// ErasureRequested: A person asked to be forgotten (GDPR Art. 17). Every context that holds people
// erases them and answers with ErasureAcknowledged.
type ErasureRequested struct {
	// The erasure, and the key of the message: the ids it concerns are gone from every key at once.
	ErasureID string `json:"erasureId"`

	// Every opaque reference the person is known by: the account and all visitors linked to it. A
	// context erases each of them, including those it has never seen.
	PersonIDs []string `json:"personIds"`

	// When the request was committed. RFC 3339, in UTC: an offset would tell where the person is.
	RequestedAt string `json:"requestedAt"`
}

// HolderForgotten: A household may not be counted any more, or is gone: a member took the consent
// to `measurement` back, or was erased. What was told of this holder and is still there must be
// deleted, and nothing of it taken that comes later.
type HolderForgotten struct {
	// The holder, as the facts of one Measurement Window name it, and the key of the message. The
	// fridge has destroyed what led from it to the household.
	HolderRef string `json:"holderRef"`
}

// ItemFinished: A share of a stored product left the fridge for good: used, wasted or given away.
// Published only for a household whose members agreed to the purpose `measurement`. Names neither
// the item nor the household beyond one Measurement Window.
type ItemFinished struct {
	// Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
	// share no id.
	ItemFactID string `json:"itemFactId"`

	// Pseudonym of the household for one Measurement Window, here the ISO week in UTC (Monday to
	// Sunday) that `finishedOn` lies in: the fridge mints another one for every window, so facts of
	// two windows cannot be joined, nor these with facts about storing and opening.
	HolderRef string `json:"holderRef"`

	// Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
	// General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
	// do that.
	GTIN string `json:"gtin"`

	// The brand that owns the product, present only when that brand is a tenant. Minted by identity.
	BrandID *string `json:"brandId,omitempty"`

	// The day it was finished. RFC 3339 full-date, the day in UTC: no time of day leaves the context.
	FinishedOn string `json:"finishedOn"`

	// What became of the share: consumed, thrown away, or given to somebody.
	Outcome ItemFinishedOutcome `json:"outcome"`

	// Why it was wasted, as a coarse group: `too_late` stands for expired and for opened too long.
	// Present when and only when the outcome is `wasted`. May grow: a reader treats a value it does
	// not know as waste without a stated reason.
	ReasonGroup *ItemFinishedReasonGroup `json:"reasonGroup,omitempty"`

	// How much of the item, all its packs together, this is about, in tenths of what was stored,
	// rounded so that those of one item are ten together; 0 is less than a tenth. The facts about one
	// item come together, when nothing of it is left, one for each outcome and reason group.
	ShareTenths int64 `json:"shareTenths"`

	// Whole days since the item was stored, counted in UTC days; longer is stated as 3650.
	DaysHeld int64 `json:"daysHeld"`

	// How many packs the item was in the end, those that were split off not counted: they are items of
	// their own. One where it is not said, more than 1000 are stated as 1000. Together with their
	// shares, as many packs are finished as were stored.
	Packs *int64 `json:"packs,omitempty"`
}

// ItemFinishedOutcome: What became of the share: consumed, thrown away, or given to somebody.
type ItemFinishedOutcome string

// The values of ItemFinishedOutcome.
const (
	ItemFinishedOutcomeUsed   ItemFinishedOutcome = "used"
	ItemFinishedOutcomeWasted ItemFinishedOutcome = "wasted"
	ItemFinishedOutcomeGiven  ItemFinishedOutcome = "given"
)

// ItemFinishedReasonGroup: Why it was wasted, as a coarse group: `too_late` stands for expired and
// for opened too long. Present when and only when the outcome is `wasted`. May grow: a reader
// treats a value it does not know as waste without a stated reason.
type ItemFinishedReasonGroup string

// The values of ItemFinishedReasonGroup so far.
const (
	ItemFinishedReasonGroupTooLate  ItemFinishedReasonGroup = "too_late"
	ItemFinishedReasonGroupNotLiked ItemFinishedReasonGroup = "not_liked"
	ItemFinishedReasonGroupTooMuch  ItemFinishedReasonGroup = "too_much"
	ItemFinishedReasonGroupDamaged  ItemFinishedReasonGroup = "damaged"
	ItemFinishedReasonGroupOther    ItemFinishedReasonGroup = "other"
)

// ItemOpened: A stored product was opened. Published only for a household whose members agreed to
// the purpose `measurement`. Names neither the item nor the household beyond one Measurement
// Window.
type ItemOpened struct {
	// Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
	// share no id.
	ItemFactID string `json:"itemFactId"`

	// Pseudonym of the household for one Measurement Window, here the day in UTC on which the opening
	// was recorded: the fridge mints another one for every window, so facts of two windows cannot be
	// joined. Facts about storing on that day have the same one.
	HolderRef string `json:"holderRef"`

	// Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
	// General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
	// do that.
	GTIN string `json:"gtin"`

	// The brand that owns the product, present only when that brand is a tenant. Minted by identity.
	BrandID *string `json:"brandId,omitempty"`

	// The day it was opened, which may be before the message: opening can be back-dated. RFC 3339
	// full-date, the day in UTC: no time of day leaves the context.
	OpenedOn string `json:"openedOn"`

	// Whole days since the item was stored, counted in UTC days; longer is stated as 3650.
	DaysHeld int64 `json:"daysHeld"`
}

// ItemStored: A product was put into a fridge. Published only for a household whose members agreed
// to the purpose `measurement`. Names neither the item nor the household beyond one Measurement
// Window.
type ItemStored struct {
	// Minted for this message alone, and its key. It is not the Fridge Item: two facts about one item
	// share no id.
	ItemFactID string `json:"itemFactId"`

	// Pseudonym of the household for one Measurement Window, here the day in UTC that `storedOn`
	// names: the fridge mints another one for every window, so facts of two windows cannot be joined.
	HolderRef string `json:"holderRef"`

	// Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
	// General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
	// do that.
	GTIN string `json:"gtin"`

	// The brand that owns the product, present only when that brand is a tenant. Minted by identity.
	BrandID *string `json:"brandId,omitempty"`

	// The day it was stored. RFC 3339 full-date, the day in UTC: no time of day leaves the context.
	StoredOn string `json:"storedOn"`

	// How many packs were stored together; one where it is not said, more than 1000 are stated as
	// 1000. Packs that are split off later are not stored again.
	Packs *int64 `json:"packs,omitempty"`
}

// ProductScanned: A person decoded a code and the Resolver resolved it: the entry of every consumer
// journey. Carries what counting needs and nothing of the pack or the device: no lot, serial,
// expiry, address or user agent.
type ProductScanned struct {
	// The scan, and the key of the message: a scan is written once, so nothing needs the order of a
	// visitor's scans, and a random key tells a log's operator nothing about who scans how often.
	ScanID string `json:"scanId"`

	// Opaque reference to whoever scanned: minted at the edge on the first scan, linked to an account
	// later, never replaced by it.
	VisitorID string `json:"visitorId"`

	// Opaque reference to the account, minted by identity. Absent for an anonymous shopper.
	AccountID *string `json:"accountId,omitempty"`

	// Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
	// General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
	// do that.
	GTIN string `json:"gtin"`

	// The brand that owns the product, present only when that brand is a tenant. Minted by identity.
	BrandID *string `json:"brandId,omitempty"`

	// Whether the catalogue had an entry for the GTIN at the moment of the scan.
	ProductKnown bool `json:"productKnown"`

	// When the scan was committed. RFC 3339, in UTC: an offset would tell where the person is.
	ScannedAt string `json:"scannedAt"`

	// How the scan came in: `link` when a camera opened the GS1 Digital Link itself, `api` when an
	// application sent the code.
	Channel ProductScannedChannel `json:"channel"`

	// Whether the browser asked not to be counted: Global Privacy Control, the header `Sec-GPC: 1`.
	// Absent where it did not ask. Who counts people leaves such a scan out.
	OptedOut *bool `json:"optedOut,omitempty"`
}

// ProductScannedChannel: How the scan came in: `link` when a camera opened the GS1 Digital Link
// itself, `api` when an application sent the code.
type ProductScannedChannel string

// The values of ProductScannedChannel.
const (
	ProductScannedChannelLink ProductScannedChannel = "link"
	ProductScannedChannelApi  ProductScannedChannel = "api"
)

// RecallAnnounced: A product, or some lots or serials of it, was recalled (EC 178/2002 Art. 19), or
// an announced recall was taken back. Says which packs are meant; who has one is for the fridge to
// find out.
type RecallAnnounced struct {
	// The recall: the same in every message about it.
	RecallID string `json:"recallId"`

	// The recalled product, and the key of the message. Global Trade Item Number as GTIN-14: shorter
	// numbers are padded with zeros on the left (GS1 General Specifications, AI 01). The check digit
	// was verified by the publisher; a pattern cannot do that.
	GTIN string `json:"gtin"`

	// The recalled lots; empty when every lot is recalled.
	Lots []string `json:"lots"`

	// First recalled serial, itself included; only together with serialTo. 1 to 20 characters of GS1's
	// character set 82 (GS1 General Specifications, AI 21 and figure 7.11-1), compared character by
	// character.
	SerialFrom *string `json:"serialFrom,omitempty"`

	// Last recalled serial, itself included; only together with serialFrom. 1 to 20 characters of
	// GS1's character set 82 (GS1 General Specifications, AI 21 and figure 7.11-1), compared character
	// by character.
	SerialTo *string `json:"serialTo,omitempty"`

	// Why, as a coarse group. May grow: a reader treats a value it does not know as `other`.
	Reason RecallAnnouncedReason `json:"reason"`

	// What a person must know and do, in plain text as announced: no markup.
	Text string `json:"text"`

	// When the recall, or its withdrawal, was announced. RFC 3339, in UTC.
	AnnouncedAt string `json:"announcedAt"`

	// True when this message takes the recall back.
	Withdrawn bool `json:"withdrawn"`
}

// RecallAnnouncedReason: Why, as a coarse group. May grow: a reader treats a value it does not know
// as `other`.
type RecallAnnouncedReason string

// The values of RecallAnnouncedReason so far.
const (
	RecallAnnouncedReasonAllergen        RecallAnnouncedReason = "allergen"
	RecallAnnouncedReasonMicrobiological RecallAnnouncedReason = "microbiological"
	RecallAnnouncedReasonChemical        RecallAnnouncedReason = "chemical"
	RecallAnnouncedReasonForeignBody     RecallAnnouncedReason = "foreign_body"
	RecallAnnouncedReasonPackaging       RecallAnnouncedReason = "packaging"
	RecallAnnouncedReasonLabelling       RecallAnnouncedReason = "labelling"
	RecallAnnouncedReasonOther           RecallAnnouncedReason = "other"
)

// UnknownProductReported: A person told us, with one tap, that the catalogue lacks a product. At
// most one per visitor and GTIN.
type UnknownProductReported struct {
	// The report, and the key of the message.
	ReportID string `json:"reportId"`

	// Opaque reference to whoever reported.
	VisitorID string `json:"visitorId"`

	// Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
	// General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
	// do that.
	GTIN string `json:"gtin"`

	// When the report was committed. RFC 3339, in UTC: an offset would tell where the person is.
	ReportedAt string `json:"reportedAt"`
}

// VerdictComputed: A product was screened for a person. Carries the outcome and on which part of
// the label it rests, and nothing that the person's Health Profile holds (GDPR Art. 9). Whoever
// knows the label can still narrow down what the outcome is due to, most of all from many facts of
// one day: treat it as data concerning the health of somebody unnamed.
type VerdictComputed struct {
	// The verdict, and the key of the message.
	VerdictID string `json:"verdictId"`

	// The person under a name of one day: a keyed digest of the person and of `computedOn`. The same
	// in all facts of that day, another one on every other day, and equal to no id in any other fact.
	// Only a person who allows to be counted is told of.
	PersonID string `json:"personId"`

	// Global Trade Item Number as GTIN-14: shorter numbers are padded with zeros on the left (GS1
	// General Specifications, AI 01). The check digit was verified by the publisher; a pattern cannot
	// do that.
	GTIN string `json:"gtin"`

	// The brand that owns the product, present only when that brand is a tenant. Minted by identity.
	BrandID *string `json:"brandId,omitempty"`

	// The verdict's outcome.
	Outcome VerdictComputedOutcome `json:"outcome"`

	// Which parts of the label the findings rest on. Never which part of the profile: `allergen` or
	// `diet` beside a reference to a person would be data on health or belief. Empty when nothing was
	// found.
	ReasonCodes []VerdictComputedReasonCode `json:"reasonCodes"`

	// The version of the Screening Policies, with which the verdict can be computed again.
	RulesetVersion string `json:"rulesetVersion"`

	// The day of the verdict. RFC 3339 full-date, the day in UTC: no time of day leaves the context.
	ComputedOn string `json:"computedOn"`
}

// VerdictComputedOutcome: The verdict's outcome.
type VerdictComputedOutcome string

// The values of VerdictComputedOutcome.
const (
	VerdictComputedOutcomeGoodForYou VerdictComputedOutcome = "good_for_you"
	VerdictComputedOutcomeBeCareful  VerdictComputedOutcome = "be_careful"
	VerdictComputedOutcomeAvoid      VerdictComputedOutcome = "avoid"
)

// VerdictComputedReasonCode: The part of the label that a finding rests on; `other` stands where so
// few people have a part in common that it would tell of them. May grow: a reader leaves out a
// value it does not know.
type VerdictComputedReasonCode string

// The values of VerdictComputedReasonCode so far.
const (
	VerdictComputedReasonCodeIngredients    VerdictComputedReasonCode = "ingredients"
	VerdictComputedReasonCodeTraces         VerdictComputedReasonCode = "traces"
	VerdictComputedReasonCodeNutrition      VerdictComputedReasonCode = "nutrition"
	VerdictComputedReasonCodeMissingData    VerdictComputedReasonCode = "missing_data"
	VerdictComputedReasonCodeUnverifiedData VerdictComputedReasonCode = "unverified_data"
	VerdictComputedReasonCodeOther          VerdictComputedReasonCode = "other"
)

// VisitorLinkedToAccount: A visitor turned out to be an account holder: by signing up, or by
// signing in on another device. The Visitor ID stays; activity under it now also belongs to the
// account.
type VisitorLinkedToAccount struct {
	// Opaque reference to the visitor, minted at the edge.
	VisitorID string `json:"visitorId"`

	// Opaque reference to the account, minted by identity, and the key of the message: one account's
	// links arrive in order.
	AccountID string `json:"accountId"`

	// When the link was committed. RFC 3339, in UTC: an offset would tell where the person is.
	LinkedAt string `json:"linkedAt"`
}

// Envelope: A fact as it travels: a CloudEvents 1.0 event in structured mode, in the JSON event
// format. Nothing in the attributes is personal data (CloudEvents 1.0, Privacy and Security): a
// person is at most an opaque reference. Clauses below are of the CloudEvents specification 1.0
// unless another document is named.
type Envelope struct {
	// The CloudEvents version (REQUIRED Attributes, specversion).
	Specversion string `json:"specversion"`

	// The fact's id. A message with a source and id that were seen before is a duplicate (REQUIRED
	// Attributes, id): the inbox drops it.
	ID string `json:"id"`

	// The bounded context that published the fact, as a URI reference (REQUIRED Attributes, source).
	Source string `json:"source"`

	// The publishing context, the fact's name and its major version (REQUIRED Attributes, type).
	Type string `json:"type"`

	// The aggregate's id, opaque (OPTIONAL Attributes, subject). Required here: the payload's schema
	// says in `x-subject` which field it equals. It is the message's key, and messages of one key
	// arrive in order.
	Subject string `json:"subject"`

	// When the fact happened (OPTIONAL Attributes, time). RFC 3339, in UTC. Required here.
	Time string `json:"time"`

	// The media type of `data` (OPTIONAL Attributes, datacontenttype). Required here, though the JSON
	// event format would imply it (section 3.1 there).
	Datacontenttype string `json:"datacontenttype"`

	// The `$id` of the payload's schema (OPTIONAL Attributes, dataschema): an absolute URI, as that
	// clause demands, and a name rather than an address: the domain is reserved (RFC 2606 section 3)
	// and never resolves, so that no reader is led to fetch a schema from the network. The part after
	// `/contracts/` is the file's path in this folder.
	Dataschema string `json:"dataschema"`

	// The payload, valid under the schema that `dataschema` names (Event Data).
	Data json.RawMessage `json:"data"`

	// Ties the fact to the request, command or schedule that led to it (Correlation extension,
	// correlationid). On a brand-safe topic it never comes from a consumer's request.
	Correlationid *string `json:"correlationid,omitempty"`

	// The log's key, for readers that get the message by another way than the log (Partitioning
	// extension, partitionkey). Equals `subject` when present.
	Partitionkey *string `json:"partitionkey,omitempty"`
}
