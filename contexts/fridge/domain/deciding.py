"""What comes of a command."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from contexts.fridge.domain.commands import Command
from contexts.fridge.domain.events import Event, ItemAdded
from contexts.fridge.domain.item import Item


class Caution(StrEnum):
    """What a person should know about what was just done."""

    REFROZEN = "refrozen"
    """It had been thawed: freezing it again costs quality, and germs that grew meanwhile survive."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """Events to record."""

    events: tuple[Event, ...]
    """Of the item itself: at least one."""
    split_off: ItemAdded | None = None
    """First event of a new item, under the id that was given for it."""
    then: tuple[Event, ...] = ()
    """What happens to the new item next, in the same action."""
    warnings: tuple[Caution, ...] = ()


def decide(item: Item | None, command: Command, *, at: datetime, today: date, new_item_id: UUID) -> Decision:
    """What a command does to an item (None: there is none yet) at an instant, on a day of the household.

    `new_item_id` is for packs that are split off.
    Raises CommandRefused, and nothing else.
    """
    raise NotImplementedError
