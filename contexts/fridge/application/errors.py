"""What can go wrong in fridge, in its own words."""

from typing import Final
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.fridge.domain.households import HouseholdRefused
from packytrace.errors import DomainError, Kind

#: What `domain.households.HouseholdRefused` says of a field, for the translators.
RULES_OF_HOUSEHOLDS: Final = (
    gettext_noop("must have at most %(most)s characters"),
    gettext_noop("must not hold control or invisible characters"),
    gettext_noop("must be from 1 to %(most)s"),
    gettext_noop("must be a list of at most %(most)s"),
    gettext_noop("must not be empty"),
    gettext_noop("must be of %(values)s"),
    gettext_noop("must be a time zone of the IANA database"),
)

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


class HouseholdNotFound(DomainError):
    """The person is in no household with this id, or there is none."""

    code = "household_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no such household here.")


class HouseholdNotAccepted(DomainError):
    """A value that no household has; `field` and `rule`, with what is allowed, say which and why."""

    code = "household_not_accepted"
    kind = Kind.INVALID

    def __init__(self, *, field: str, rule: str, **allowed: str | int) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule
        self.allowed = allowed

    @classmethod
    def of(cls, refused: HouseholdRefused) -> "HouseholdNotAccepted":
        """What the domain refused, as an error that is shown."""
        return cls(field=refused.field, rule=refused.rule, **refused.allowed)

    @property
    def said(self) -> str:
        """The rule alone, for a page that names the field in its own words."""
        return _(self.rule) % self.allowed

    def __str__(self) -> str:
        return f"{self.field}: {self.said}"


class NotTheOwner(DomainError):
    """Only the owner may do this."""

    code = "not_the_owner"
    kind = Kind.FORBIDDEN

    def __str__(self) -> str:
        return _("Only the owner of the household can do this.")


class MemberNotFound(DomainError):
    """Nobody else in the household has this reference."""

    code = "member_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no such member in your household.")


class InvitationNotFound(DomainError):
    """No invitation has this secret or id: used, expired, taken back or never made."""

    code = "invitation_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("This invitation is not valid, or not any more. Ask for a new one.")


class TooManyInvitations(DomainError):
    """So many invitations are open that another one makes no sense."""

    code = "too_many_invitations"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("Too many invitations are open: take one back first.")


class AlreadyInHousehold(DomainError):
    """The invitation leads to the household that the person is in; it was not used up."""

    code = "already_in_household"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("You are in this household already.")


class OwnFoodAtStake(DomainError):
    """Joining means to leave the own household, with something in it; nothing was done."""

    code = "own_food_at_stake"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("You would leave your present household and what is in its fridge: say that you want that.")


class HouseholdFull(DomainError):
    """The household has as many members as one may have; nothing was done."""

    code = "household_full"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("This household is full.")


class PlaceNotFound(DomainError):
    """The household has no such place, or nobody has."""

    code = "place_not_found"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("There is no such place in your household.")


class PlaceNameTaken(DomainError):
    """Another place of the household is called like this."""

    code = "place_name_taken"
    kind = Kind.CONFLICT

    def __str__(self) -> str:
        return _("Another place is called like this.")


class PlaceNotEmpty(DomainError):
    """Something is in a place that was to be removed; nothing was done. `items` says how much."""

    code = "place_not_empty"
    kind = Kind.CONFLICT

    def __init__(self, *, items: int) -> None:
        super().__init__(items)
        self.items = items

    def __str__(self) -> str:
        return _("Something is still in this place: say where it goes.")


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
        return _(self.rule) % {
            name: number_format(value, force_grouping=True) if isinstance(value, int) else value
            for name, value in self.values.items()
        }


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


# Notices.


class NoticesNeedConsent(DomainError):
    """No consent to be written to is in force: nothing of it is read, saved or sent."""

    code = "notices_need_consent"
    kind = Kind.FORBIDDEN

    def __str__(self) -> str:
        return _("This needs your consent to notices. You can give it at any time.")


class NoNoticeSettings(DomainError):
    """The person has not said which notices to send under the consent that is in force."""

    code = "no_notice_settings"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _("You have not chosen any notices yet.")


class NoticeSettingsChanged(DomainError):
    """The settings were changed since they were read; nothing was saved."""

    code = "notice_settings_changed"
    kind = Kind.PRECONDITION_FAILED

    def __str__(self) -> str:
        return _("Your notices were changed elsewhere in the meantime: read them again, then decide.")


class NoticeVersionMissing(DomainError):
    """A change does not say which version of the settings it is made to (RFC 6585, section 3)."""

    code = "notice_version_missing"
    kind = Kind.PRECONDITION_REQUIRED

    def __str__(self) -> str:
        return _(
            "Say which version you change: send the ETag of your notices in If-Match, or If-None-Match: * for"
            " the first time."
        )


#: What can be wrong with a wish, for the translators.
RULES_OF_NOTICES: Final = (
    gettext_noop("must differ from the beginning"),
    gettext_noop("must be an hour from 0 to 23"),
    gettext_noop("must be states that somebody can be told of"),
    gettext_noop("must not be among those of the digest"),
    gettext_noop("must come together with quietFrom"),
    gettext_noop("must be true or false"),
    gettext_noop("must be a list"),
    gettext_noop("must be an object"),
    gettext_noop("must be one of the site's languages"),
    gettext_noop("is no field of notices"),
)


class NoticesNotAccepted(DomainError):
    """The settings have a value that cannot be; `field` and `rule` say which and why."""

    code = "notices_not_accepted"
    kind = Kind.INVALID

    def __init__(self, *, field: str, rule: str) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule

    def __str__(self) -> str:
        return f"{self.field}: {_(self.rule)}"


class NoticesNotOffered(DomainError):
    """This installation sends nothing through a channel that was asked for."""

    code = "notices_not_offered"
    kind = Kind.INVALID

    def __str__(self) -> str:
        return _("This site cannot send notices in that way.")


class BrowserNotAccepted(DomainError):
    """What was sent is no subscription to Web Push at a push service that we know; `field` is at fault."""

    code = "browser_not_accepted"
    kind = Kind.INVALID

    def __init__(self, *, field: str) -> None:
        super().__init__(field)
        self.field = field

    def __str__(self) -> str:
        return _("This browser cannot be sent notices: its push service is not one that we know.")


class NoticesNotStopped(DomainError):
    """Nobody's settings have the secret of a one-click address."""

    code = "notices_not_stopped"
    kind = Kind.NOT_FOUND

    def __str__(self) -> str:
        return _(
            "This link belongs to no notices any more: nothing is sent because of it. What you get is on the"
            " page of your notices."
        )
