"""What can go wrong with what is sealed. None of these errors carries a key or a value."""

from django.utils.translation import gettext as _

from packytrace.errors import DomainError, Kind


class KeyErased(DomainError):
    """The person's data key is gone, by an erasure or a withdrawn consent: nobody can open what it sealed."""

    code = "key_erased"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("What was kept here has been erased for good: nobody can read it any more.")


class KeyUnavailable(DomainError):
    """The key-encryption key is not here: `VAULT_KEYS` is missing, malformed, or lacks the one needed.

    Nothing is lost: with the right keys the same value opens again.
    """

    code = "key_unavailable"
    kind = Kind.UNAVAILABLE

    def __str__(self) -> str:
        return _(
            "Your private data is locked at the moment: nothing is lost, but it cannot be read or changed."
            " Everything else works. Try again later."
        )


class Tampered(DomainError):
    """What is stored is not what was sealed here for this person: it was changed, cut, moved or copied."""

    code = "sealed_value_refused"
    kind = Kind.UNAVAILABLE

    def __str__(self) -> str:
        return _(
            "Your private data failed our check for changes from outside, so it is not used."
            " You can delete it and enter it again."
        )
