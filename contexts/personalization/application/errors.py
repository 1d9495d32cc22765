"""What can go wrong in personalization, in words that people may read; none tells of a profile."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from packytrace.errors import DomainError, Kind

#: What `domain.profile.ProfileRefused` says of a field, for the translators.
RULES_OF_PROFILES: Final = (
    gettext_noop("must be an object"),
    gettext_noop("must have no fields but %(fields)s"),
    gettext_noop("must be an object of allergens and how sensitive"),
    gettext_noop("must be a list of at most %(most)s"),
    gettext_noop("must be of %(values)s"),
    gettext_noop("must be words"),
    gettext_noop("must be words in their plain form, each one once"),
    gettext_noop("must not hold control or invisible characters"),
    gettext_noop("must each hold a letter or a digit"),
    gettext_noop("must each have at most %(most)s characters"),
    gettext_noop("must be at most %(most)s"),
    gettext_noop("must be a language code of two letters (ISO 639-1)"),
)


class ConsentRequired(DomainError):
    """No consent to a Health Profile is in force: nothing of it is read, written or exported."""

    code = "consent_required"
    kind = Kind.FORBIDDEN

    def __str__(self) -> str:
        return _("This needs your consent to a health profile. You can give it at any time.")


class NoProfile(DomainError):
    """The person has no Health Profile under the consent that is in force."""

    code = "no_profile"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("You have no health profile yet.")


class ProfileNotAccepted(DomainError):
    """A profile has a value that no profile may have; `field` and `rule`, with what is allowed, say which and
    why."""

    code = "profile_not_accepted"
    kind = Kind.INVALID

    def __init__(self, *, field: str, rule: str, **allowed: str | int) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule
        self.allowed = allowed

    def __str__(self) -> str:
        return f"{self.field}: {_(self.rule) % self.allowed}"


class ProfileChanged(DomainError):
    """The profile was changed since it was read, by the same person elsewhere; nothing was saved."""

    code = "profile_changed"
    kind = Kind.PRECONDITION_FAILED

    def __str__(self) -> str:
        return _("Your profile was changed elsewhere in the meantime: read it again, then decide.")


class VersionMissing(DomainError):
    """A change does not say which version of the profile it is made to (RFC 6585, section 3)."""

    code = "version_missing"
    kind = Kind.PRECONDITION_REQUIRED

    def __str__(self) -> str:
        return _(
            "Say which version you change: send the ETag of your profile in If-Match, or If-None-Match: * for"
            " the first one."
        )


class ProductNotKnown(DomainError):
    """The catalogue has no product to screen."""

    code = "product_not_known"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("We don't know this product yet.")


class ProfileUnreadable(DomainError):
    """A profile is there and cannot be opened: its key is out of reach, or it is not what was sealed.

    What the vault raises is the cause; no text of it is shown.
    """

    code = "profile_unreadable"
    kind = Kind.UNAVAILABLE

    def __str__(self) -> str:
        return _(
            "Your health profile is there, but cannot be opened right now. Everything else works; you can"
            " try again later, or delete the profile."
        )


class ProfileErased(DomainError):
    """A profile whose key was destroyed: nobody can read it ever again."""

    code = "profile_erased"
    kind = Kind.UNAVAILABLE

    def __str__(self) -> str:
        return _("The key of your health profile was destroyed: nobody can read it. You can start anew.")
