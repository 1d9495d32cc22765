"""What can go wrong in passport, in its own words."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _

from contexts.passport.domain.label_documents import Complaint, sentences
from contexts.passport.domain.refusals import CodeRefused
from packytrace.errors import DomainError, Kind


class CodeNotAccepted(DomainError):
    """A code that the domain refused; `code` is the refusal's own.

    As a text it says what is wrong, what to do and the rule. A page shows `advice`, and `rule` in small.
    """

    kind = Kind.INVALID

    def __init__(self, refused: CodeRefused) -> None:
        self.code = refused.code  # type: ignore[misc] # one code per rule, as the domain names them
        self.ai = refused.ai
        self.position = refused.position
        self.details = {"ai": refused.ai, "position": refused.position}
        self.advice = f"{_(refused.plain)} {_(refused.remedy)}"
        self.rule = _(refused.rule) % refused.values
        super().__init__(f"{self.advice} {self.rule}")


class ScanNotFound(DomainError):
    """No such scan, or somebody else's."""

    code = "scan_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _(
            "There is no such scan of yours: scan the product again. Programs send the cookie that the answer"
            " to the scan has set, or the token that it was made with."
        )


class ScanNotRecorded(DomainError):
    """The database did not take a scan; nothing of it was kept."""

    code = "scan_not_recorded"
    kind = Kind.UNAVAILABLE

    def __str__(self) -> str:
        return _(
            "We cannot record scans at this moment. Nothing is lost: scan the code again in a few seconds."
        )


class VisitorErased(DomainError):
    """A browser still sends the id of a visitor who was erased: whoever scans is somebody new."""

    code = "visitor_erased"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("Nothing is kept under this browser's former number any more: scan the code again.")


class CursorNotAccepted(DomainError):
    """A place in a list that no answer of ours has named."""

    code = "cursor_not_accepted"
    kind = Kind.INVALID

    def __str__(self) -> str:
        return _("There is no such place in this list: begin without a cursor.")


class ProductIsKnown(DomainError):
    """A product was reported as unknown that the catalogue has by now."""

    code = "product_is_known"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("We know this product by now: open its page.")


class ProductUnknown(DomainError):
    """The catalogue has no entry for a GTIN."""

    code = "product_unknown"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("We don't know this product yet.")


class NothingRegistered(DomainError):
    """A right code of something else than a product has no link."""

    code = "nothing_registered"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("Nothing is registered for this code.")


class LinkTypeNotThere(DomainError):
    """A code has links, but none of the type that was asked for."""

    code = "link_type_not_there"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("This code has no link of this type: choose one of those that it has.")


class ExportUnreadable(DomainError):
    """A file is not an export that can be imported; the text says why and what to do."""

    code = "product_export_unreadable"
    kind = Kind.INVALID


class ImportOvertaken(DomainError):
    """Another process imports the same file at the same time."""

    code = "import_overtaken"
    kind = Kind.CONFLICT


class RecallDiffers(DomainError):
    """The id belongs to a recall that says something else, or that somebody else announced."""

    code = "recall_differs"
    kind = Kind.CONFLICT

    def __init__(self, recall_id: UUID) -> None:
        super().__init__(
            f"Recall {recall_id} was announced with other packs, another reason or another text, or by a"
            " brand: announce this one without an id, and withdraw that one if it is wrong."
        )


class RecallNotFound(DomainError):
    """No recall has this id."""

    code = "recall_not_found"
    kind = Kind.NOT_FOUND

    def __init__(self, recall_id: UUID) -> None:
        super().__init__(f"There is no recall {recall_id}: `manage.py recall list` shows them all.")


class RecallNotYours(DomainError):
    """A brand was to take back a recall that somebody else announced."""

    code = "recall_not_yours"
    kind = Kind.FORBIDDEN

    def __str__(self) -> str:
        return _(
            "You have not announced this recall yourself: only who announced it can take it back. If it is"
            " wrong, write to the operators of this site."
        )


class CodeNotPrintable(DomainError):
    """What a code should say is nothing that a scanner would take; the text says why."""

    code = "code_not_printable"
    kind = Kind.INVALID


class TableRefused(DomainError):
    """A file has no table that can be read; the text says where, and what to do."""

    code = "table_refused"
    kind = Kind.INVALID


class ProductNotYours(DomainError):
    """A brand has no such product: it is another's, or nobody's, or its company prefix is not confirmed."""

    code = "product_not_yours"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("Your brand has no product with this number: add it to your products first.")


class ProductTaken(DomainError):
    """A product was to be added that another brand has."""

    code = "product_taken"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _(
            "This number belongs to another company here: ask the operators of this site to look into it."
        )


class ProductIsThere(DomainError):
    """A product was to be added that is among the brand's own already."""

    code = "brand_product_is_there"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("This product is in your catalogue already.")


class ProductKeyReused(DomainError):
    """The same Idempotency-Key came with another request to add a product: each needs its own."""

    code = "product_key_reused"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("This Idempotency-Key came with another request: use a new key for each.")


class ProductVersionMissing(DomainError):
    """A change does not say which version of the product it is made to (RFC 6585, section 3)."""

    code = "brand_product_version_missing"
    kind = Kind.PRECONDITION_REQUIRED

    def __str__(self) -> str:
        return _("Say which version you change: send the product's ETag in If-Match.")


class ProductChanged(DomainError):
    """A product is not as it was when whoever changes it looked at it."""

    code = "brand_product_changed"
    kind = Kind.PRECONDITION_FAILED

    def __str__(self) -> str:
        return _("Somebody changed this product in the meantime: look at it again, then change it.")


class ProductNotRemovable(DomainError):
    """A product was to be removed of which something was said to shoppers; the text says what, and what to
    do instead."""

    code = "brand_product_not_removable"
    kind = Kind.CONFLICT


class LabelNotAccepted(DomainError):
    """A label cannot be published; the text says what is wrong, value by value."""

    code = "label_not_accepted"
    kind = Kind.INVALID

    def __init__(self, complaints: Sequence[Complaint]) -> None:
        self.complaints = tuple(complaints)
        super().__init__("; ".join(f"{field}: {said}" for field, said in sentences(complaints, _)))


class EditionNotFound(DomainError):
    """A product has no published version of that number."""

    code = "label_edition_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no such version of this label.")


class JourneyNotAccepted(DomainError):
    """Steps of a journey cannot be told as they were typed; the text says why."""

    code = "journey_not_accepted"
    kind = Kind.INVALID


class JourneyChanged(DomainError):
    """What is told of a lot is not what it was when its change was begun."""

    code = "journey_changed"
    kind = Kind.PRECONDITION_FAILED

    def __str__(self) -> str:
        return _(
            "Something else is told of this lot already: look at it first. What you typed is still here, and"
            " saving it again takes its place."
        )


class JourneyVersionNotFound(DomainError):
    """Nothing like that was ever told of a lot of this product."""

    code = "journey_version_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("Nothing like that was told of this product.")


class UploadNotFound(DomainError):
    """A brand has no such file, or it is past what was to be done with it."""

    code = "upload_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no such file of yours here any more.")


class PrefixNotConfirmed(DomainError):
    """A product was to be added or changed whose number is under no confirmed company prefix of the brand."""

    code = "prefix_not_confirmed"
    kind = Kind.FORBIDDEN

    def __init__(self, *, single: bool) -> None:
        super().__init__(
            _("This short number (GTIN-8) is not confirmed as yours yet: claim it under company prefixes.")
            if single
            else _("No confirmed company prefix of yours holds this number: claim the prefix it begins with.")
        )


class PrefixNotAccepted(DomainError):
    """What was typed is no company prefix and no GTIN-8; the text says why."""

    code = "prefix_not_accepted"
    kind = Kind.INVALID


class PrefixHeld(DomainError):
    """A claim cannot be confirmed, for numbers of it are confirmed already."""

    code = "prefix_held"
    kind = Kind.CONFLICT


class PrefixClaimNotFound(DomainError):
    """No claim has this id."""

    code = "prefix_claim_not_found"
    kind = Kind.NOT_FOUND


class PrefixInUse(DomainError):
    """A confirmed prefix was to be taken from a brand that has products under it."""

    code = "prefix_in_use"
    kind = Kind.CONFLICT


class LinkNotAccepted(DomainError):
    """A link cannot be registered: `field` is what is wrong with it, `reason` the rule's stable name."""

    code = "link_not_accepted"
    kind = Kind.INVALID

    def __init__(self, *, field: str, reason: str, advice: str) -> None:
        self.field = field
        self.reason = reason
        self.advice = advice
        super().__init__(f"{field}: {advice}")


class LinkNotFound(DomainError):
    """The brand has no such link."""

    code = "link_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("Your brand has no such link.")


class LinkChanged(DomainError):
    """A link is not what it was when its change was begun."""

    code = "link_changed"
    kind = Kind.PRECONDITION_FAILED

    def __str__(self) -> str:
        return _("The link was changed since you read it: read it again, then decide.")


class LinkVersionMissing(DomainError):
    """A change does not say which version of the link it is made to (RFC 6585, section 3)."""

    code = "link_version_missing"
    kind = Kind.PRECONDITION_REQUIRED

    def __str__(self) -> str:
        return _("Say which version you change: send the link's ETag in If-Match.")


class IdempotencyKeyNeeded(DomainError):
    """A request that adds something says no name of its own, or none of 1 to 255 visible ASCII characters."""

    code = "link_key_needed"
    kind = Kind.INVALID

    def __str__(self) -> str:
        return _("Send a name of your own for this request, such as a random UUID, in Idempotency-Key.")


class IdempotencyKeyReused(DomainError):
    """The same Idempotency-Key came with another request: each needs its own."""

    code = "link_key_reused"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("This Idempotency-Key came with another request: use a new key for each.")


class LinkFileNotFound(DomainError):
    """The brand has no such file of links; or it was too old and is gone."""

    code = "link_file_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("This file is not here any more: bring it along again.")
