"""What the domain refuses, as errors that people may read; one type per rule, with the domain's own code."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.fridge.application.wording import quantity_text
from contexts.fridge.domain.quantity import Unit, exactly
from contexts.fridge.domain.refusals import CannotUndo, CommandRefused
from packytrace.errors import DomainError, Kind


class CommandNotAccepted(DomainError):
    """A command makes no sense for an item; nothing was done. `field` names what in it is at fault; empty
    where it is the item as it is now."""

    says: ClassVar[str]

    def __init__(self, refused: CommandRefused) -> None:
        super().__init__(refused.code, refused.field)
        self.field = refused.field
        self.values = refused.values

    def __str__(self) -> str:
        return _(self.says) % {name: _told(name, value) for name, value in self._values().items()}

    def _values(self) -> dict[str, str | int]:
        return dict(self.values)


def _told(name: str, value: str | int) -> str | int:
    if name in {"on", "earliest", "latest"} and isinstance(value, str):
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return value


class _OfAnAmount(CommandNotAccepted):
    """One that says how much at most, in `amount`."""

    amount: ClassVar[str]

    def _values(self) -> dict[str, str | int]:
        most, unit = Decimal(self.values[self.amount]), Unit(str(self.values["unit"]))
        return {"most": quantity_text(exactly(most, unit))}


class NothingThere(CommandNotAccepted):
    """Nothing was added under this id."""

    code = "no_such_item"
    kind = Kind.NOT_FOUND
    says = gettext_noop("There is no such item in your fridge.")


class AddedBefore(CommandNotAccepted):
    """There is an item under this id."""

    code = "already_added"
    kind = Kind.CONFLICT
    says = gettext_noop("This was added before.")


class Removed(CommandNotAccepted):
    """The item's adding was undone."""

    code = "item_removed"
    kind = Kind.CONFLICT
    says = gettext_noop("This was taken out of the list: undo that first.")


class FinishedBefore(CommandNotAccepted):
    """Nothing of the item is left, perhaps since somebody else was faster."""

    code = "already_finished"
    kind = Kind.CONFLICT
    says = gettext_noop("This is finished already: nothing of it is left.")


class MoreThanIsLeft(_OfAnAmount):
    """More was to be taken than there is."""

    code = "more_than_left"
    kind = Kind.CONFLICT
    amount = "left"
    says = gettext_noop("That is more than is left: %(most)s.")


class UnitDoesNotFitItem(CommandNotAccepted):
    """Grams of what is counted in pieces, and the like."""

    code = "unit_does_not_fit"
    kind = Kind.INVALID
    says = gettext_noop("This unit does not fit: say it in the unit of the item.")


class QuantityNotUnderstood(CommandNotAccepted):
    """No amount that can be taken."""

    code = "quantity_not_clear"
    kind = Kind.INVALID
    says = gettext_noop("Say either a quantity above zero or a share of what is left, up to all of it.")


class QuantityTooLarge(_OfAnAmount):
    """More than anything has."""

    code = "too_much"
    kind = Kind.INVALID
    amount = "most"
    says = gettext_noop("That is too much: at most %(most)s.")


class PacksNotPossible(CommandNotAccepted):
    """No number of packs that one line has."""

    code = "packs_out_of_range"
    kind = Kind.INVALID
    says = gettext_noop("The number of packs must be from 1 to %(most)s.")


class TooFewPacks(CommandNotAccepted):
    """Splitting off must leave a pack behind."""

    code = "not_so_many_packs"
    kind = Kind.CONFLICT
    says = gettext_noop("There are only %(packs)s packs here, and one of them has to stay.")


class DateNotPossible(CommandNotAccepted):
    """A date that no pack carries."""

    code = "date_out_of_range"
    kind = Kind.INVALID
    says = gettext_noop("The date must be from %(earliest)s to %(latest)s.")


class OpenedBefore(CommandNotAccepted):
    """It is open."""

    code = "already_opened"
    kind = Kind.CONFLICT
    says = gettext_noop("This is open already, since %(on)s.")


class OpenedInFuture(CommandNotAccepted):
    """Nobody opens a pack tomorrow."""

    code = "opened_in_the_future"
    kind = Kind.INVALID
    says = gettext_noop("The day of opening must not be after %(latest)s.")


class OpenedTooEarly(CommandNotAccepted):
    """Opened longer before it was stored than makes sense."""

    code = "opened_before_added"
    kind = Kind.INVALID
    says = gettext_noop("The day of opening must not be before %(earliest)s.")


class FrozenBefore(CommandNotAccepted):
    """It is in a freezer."""

    code = "already_frozen"
    kind = Kind.CONFLICT
    says = gettext_noop("This is in the freezer already.")


class NotInFreezer(CommandNotAccepted):
    """It is in no freezer."""

    code = "not_frozen"
    kind = Kind.CONFLICT
    says = gettext_noop("This is not in the freezer.")


class PlaceNotPossible(CommandNotAccepted):
    """A place that does not fit what is done."""

    code = "place_does_not_fit"
    kind = Kind.INVALID
    says = gettext_noop("This place does not fit: freezing needs a freezer, thawing another place.")


class PriceNotPossible(CommandNotAccepted):
    """A price that nothing has."""

    code = "price_out_of_range"
    kind = Kind.INVALID
    says = gettext_noop("The price must be from 0 to %(most)s, with at most 4 decimals.")


class ValueNotAccepted(CommandNotAccepted):
    """A GTIN, lot, serial, kind or number of days that no item has."""

    code = "not_accepted"
    kind = Kind.INVALID
    says = gettext_noop("This value is not possible here: please correct it.")


class NotUndone(CommandNotAccepted):
    """An action that cannot be taken back any more."""

    code = "cannot_undo"
    kind = Kind.CONFLICT
    says = gettext_noop("This cannot be undone any more.")

    _REASONS: ClassVar = {
        "not_here": gettext_noop("There is nothing here to undo."),
        "already_undone": gettext_noop("This is undone already."),
        "later_rests_on_it": gettext_noop("What was done later rests on this: undo that first."),
    }

    def __init__(self, refused: CannotUndo) -> None:
        super().__init__(refused)
        self.why = refused.why

    def __str__(self) -> str:
        return _(self._REASONS[self.why.value])


_OF_CODE: Final = {
    error.code: error
    for parent in (CommandNotAccepted, _OfAnAmount)
    for error in parent.__subclasses__()
    if hasattr(error, "code")
}


def in_our_words(refused: CommandRefused) -> CommandNotAccepted:
    """The error that is shown for what the domain refused."""
    if isinstance(refused, CannotUndo):
        return NotUndone(refused)
    return _OF_CODE[refused.code](refused)
