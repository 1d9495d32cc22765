"""Why something cannot be done with an item: one type per rule.

Nothing here is shown to people as it is: who shows it has words for each `code`, with places for `values`.
"""

from enum import StrEnum
from typing import ClassVar


class CommandRefused(Exception):
    """A command that makes no sense for this item. `field` is what in the command is at fault; empty where it
    is the item as it is. `code` is stable."""

    code: ClassVar[str]

    def __init__(self, *, field: str = "", **values: str | int) -> None:
        super().__init__(self.code, field, values)
        self.field = field
        self.values = values


class NoSuchItem(CommandRefused):
    """Nothing was added under this id."""

    code = "no_such_item"


class AlreadyAdded(CommandRefused):
    """There is an item under this id."""

    code = "already_added"


class ItemRemoved(CommandRefused):
    """The item's adding was undone."""

    code = "item_removed"


class AlreadyFinished(CommandRefused):
    """Nothing of it is left."""

    code = "already_finished"


class MoreThanLeft(CommandRefused):
    """Values: `left` (amount as text), `unit`."""

    code = "more_than_left"


class UnitDoesNotFit(CommandRefused):
    """Values: `unit` (that of the command), `fits` (that of the item)."""

    code = "unit_does_not_fit"


class QuantityNotClear(CommandRefused):
    """A quantity and a share at once; a share that is not above 0 and at most 1; zero left."""

    code = "quantity_not_clear"


class TooMuch(CommandRefused):
    """Values: `most` (amount as text), `unit`."""

    code = "too_much"


class PacksOutOfRange(CommandRefused):
    """Values: `most`; the least is 1."""

    code = "packs_out_of_range"


class NotSoManyPacks(CommandRefused):
    """Splitting off must leave a pack behind. Values: `packs` (how many there are)."""

    code = "not_so_many_packs"


class DateOutOfRange(CommandRefused):
    """Values: `earliest`, `latest` (ISO 8601)."""

    code = "date_out_of_range"


class AlreadyOpened(CommandRefused):
    """Values: `on` (ISO 8601)."""

    code = "already_opened"


class OpenedInTheFuture(CommandRefused):
    """Values: `latest` (ISO 8601): today."""

    code = "opened_in_the_future"


class OpenedBeforeAdded(CommandRefused):
    """Too long before: values: `earliest` (ISO 8601)."""

    code = "opened_before_added"


class AlreadyFrozen(CommandRefused):
    """It is in a freezer."""

    code = "already_frozen"


class NotFrozen(CommandRefused):
    """It is not in a freezer."""

    code = "not_frozen"


class PlaceDoesNotFit(CommandRefused):
    """Freezing into a place that is no freezer, thawing into one that is."""

    code = "place_does_not_fit"


class PriceOutOfRange(CommandRefused):
    """Below 0, above `most`, or finer than 4 decimals. Values: `most`."""

    code = "price_out_of_range"


class NotAccepted(CommandRefused):
    """A GTIN, lot, serial, kind or number of days that no item has."""

    code = "not_accepted"


class Why(StrEnum):
    """Why an action cannot be undone."""

    NOT_HERE = "not_here"
    """It did nothing to this item."""
    ALREADY_UNDONE = "already_undone"
    LATER_RESTS_ON_IT = "later_rests_on_it"
    """What came later would make no sense without it."""


class CannotUndo(CommandRefused):
    """Values: `why`."""

    code = "cannot_undo"

    def __init__(self, *, why: Why) -> None:
        super().__init__(field="action", why=why.value)
        self.why = why
