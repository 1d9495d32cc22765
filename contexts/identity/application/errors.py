"""What can go wrong in identity, in words that people may read."""

from packytrace.errors import DomainError, Kind


class InvalidBrandName(DomainError):
    """A brand's name is empty, too long or has characters that cannot be seen."""

    code = "invalid_brand_name"
    kind = Kind.INVALID


class InvalidBrandSlug(DomainError):
    """A brand's slug cannot stand in an address."""

    code = "invalid_brand_slug"
    kind = Kind.INVALID


class SlugTaken(DomainError):
    """Another brand has the slug."""

    code = "brand_slug_taken"
    kind = Kind.CONFLICT


class UnknownBrand(DomainError):
    """No brand has the id or the slug."""

    code = "unknown_brand"
    kind = Kind.NOT_FOUND


class UnknownAccount(DomainError):
    """No account has the id: the person never signed in."""

    code = "unknown_account"
    kind = Kind.NOT_FOUND


class WorksForAnotherBrand(DomainError):
    """An account belongs to exactly one brand, and this one belongs to another."""

    code = "works_for_another_brand"
    kind = Kind.CONFLICT


class AccountDeactivated(DomainError):
    """An operator has closed the account."""

    code = "account_deactivated"
    kind = Kind.FORBIDDEN


class NotABrandUser(DomainError):
    """The account lacks the role brand_user."""

    code = "not_a_brand_user"
    kind = Kind.FORBIDDEN


class NoBrand(DomainError):
    """A brand user whom no operator has given a brand yet."""

    code = "no_brand"
    kind = Kind.FORBIDDEN


class BrandSuspended(DomainError):
    """The brand keeps its data, and nobody works with it for the time being."""

    code = "brand_suspended"
    kind = Kind.FORBIDDEN


class NotAnOperator(DomainError):
    """The account lacks the role operator."""

    code = "not_an_operator"
    kind = Kind.FORBIDDEN


class NoticeOutdated(DomainError):
    """Somebody consents to a notice that is no longer the current one: show that one and ask again."""

    code = "notice_outdated"
    kind = Kind.CONFLICT


class UnknownPurpose(DomainError):
    """There is no such purpose to consent to."""

    code = "unknown_purpose"
    kind = Kind.NOT_FOUND


class InvalidIdempotencyKey(DomainError):
    """An Idempotency-Key that is none."""

    code = "invalid_idempotency_key"
    kind = Kind.INVALID


class IdempotencyKeyReused(DomainError):
    """The same Idempotency-Key came with another request: each needs its own."""

    code = "idempotency_key_reused"
    kind = Kind.CONFLICT


class RequestInProgress(DomainError):
    """The request of this Idempotency-Key is still at work: ask again in a moment."""

    code = "request_in_progress"
    kind = Kind.CONFLICT


class AccountErased(DomainError):
    """The person of this subject was forgotten: an older token or sign-in makes no account of it again."""

    code = "account_erased"
    kind = Kind.FORBIDDEN


class TokenEnded(DomainError):
    """Whoever held this access token has signed out with it: it is believed no longer."""

    code = "token_ended"
    kind = Kind.FORBIDDEN


class UnknownErasure(DomainError):
    """No erasure has that number."""

    code = "unknown_erasure"
    kind = Kind.NOT_FOUND


class UnknownExport(DomainError):
    """There is no such export for this account, or not any more."""

    code = "unknown_export"
    kind = Kind.NOT_FOUND


class ExportNotReady(DomainError):
    """The export is still being prepared, or could not be."""

    code = "export_not_ready"
    kind = Kind.CONFLICT


class ExportUnreadable(DomainError):
    """The export is there and cannot be opened: its key-encryption key is missing, or it was changed."""

    code = "export_unreadable"
    kind = Kind.UNAVAILABLE
