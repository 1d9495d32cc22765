"""What can go wrong in fridge, in its own words."""

from uuid import UUID

from django.utils.translation import gettext as _

from packytrace.errors import DomainError, Kind

# Households.


class AccountForgotten(DomainError):
    """The account was erased: nothing is begun for it any more."""

    code = "account_forgotten"
    kind = Kind.FORBIDDEN

    def __str__(self) -> str:
        return _("This account is being deleted.")


class NoLongerMember(DomainError):
    """The person has left the household, or was removed, since the page was made; nothing was done."""

    code = "no_longer_member"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("You are no longer in this household.")


# Items.


class ItemNotFound(DomainError):
    """The household has no such item, or nobody has."""

    code = "item_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no such item in your fridge.")


class ItemChanged(DomainError):
    """An item is not what the page showed on which somebody decided; nothing was done.

    `item_id` says which one, `version` what it is at now.
    """

    code = "item_changed"
    kind = Kind.PRECONDITION_FAILED

    def __init__(self, *, item_id: UUID, version: int) -> None:
        super().__init__(item_id, version)
        self.item_id = item_id
        self.version = version

    def __str__(self) -> str:
        return _("This item was changed in the meantime: look at it again, then decide.")


class ItemBusy(DomainError):
    """So many change an item at once that this change did not get through; nothing was done."""

    code = "item_busy"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("Others are changing this right now. Please try again.")


class AlreadyAtHome(DomainError):
    """A pack with this very serial is at home already, as item `item_id`: nothing was added."""

    code = "already_at_home"
    kind = Kind.CONFLICT

    def __init__(self, *, item_id: UUID) -> None:
        super().__init__(item_id)
        self.item_id = item_id

    def __str__(self) -> str:
        return _("This very pack is in your fridge already. You can add it once more if there are two.")


class NothingToAdd(DomainError):
    """Neither a code nor a product nor a name says what is to be added."""

    code = "nothing_to_add"
    kind = Kind.INVALID

    def __str__(self) -> str:
        return _("Say what it is: scan the pack, choose a product or enter a name.")


class ActionNotFound(DomainError):
    """Nobody in the household has done this."""

    code = "action_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is nothing here to undo.")


class ActionReused(DomainError):
    """The id of an action came again with another request; nothing was done."""

    code = "action_reused"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("This was sent before with something else in it. Reload the page and try again.")


# Calendars, files and requests of programs.


class NoCalendar(DomainError):
    """There is no calendar at an address, or not any more."""

    code = "no_calendar"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no calendar at this address, or not any more.")


class FileNotAccepted(DomainError):
    """A file cannot be read as a whole; `rule`, with its values, says why. Nothing of it is kept."""

    code = "file_not_accepted"
    kind = Kind.INVALID

    def __init__(self, rule: str, **values: str | int) -> None:
        super().__init__(rule)
        self.rule = rule
        self.values = values

    def __str__(self) -> str:
        return _(self.rule) % self.values


class NoImport(DomainError):
    """The person has brought no file along, or it was deleted since."""

    code = "no_import"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no such file here, or not any more: choose it again.")


class ImportAtWork(DomainError):
    """A file is being taken in: another one has to wait."""

    code = "import_at_work"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("A file is being taken in right now: wait until it is done.")


class IdempotencyKeyNeeded(DomainError):
    """A request that adds or changes something says no name of its own, or none of 1 to 255 visible ASCII
    characters."""

    code = "idempotency_key_needed"
    kind = Kind.INVALID

    def __str__(self) -> str:
        return _("Send a name of your own for this request, such as a random UUID, in Idempotency-Key.")


class ItemVersionMissing(DomainError):
    """A change does not say which version of the item it is made to (RFC 6585, section 3)."""

    code = "item_version_missing"
    kind = Kind.PRECONDITION_REQUIRED

    def __str__(self) -> str:
        return _("Say which version you change: send the item's ETag in If-Match.")
