"""What happens to a Fridge Item: events, recorded once and never changed.

They tell of people by opaque references alone. What people type (names of things and places) is kept
elsewhere. A day (`on`) is one of the household's time zone; instants are in `Recorded`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from contexts.fridge.domain.freshness import ColdSpell, DateKind, PlaceKind
from contexts.fridge.domain.quantity import Quantity


class Source(StrEnum):
    """How an item came into the fridge."""

    SCAN = "scan"
    PRODUCT = "product"
    HAND = "hand"
    IMPORT = "import"
    SPLIT = "split"


class WasteReason(StrEnum):
    """Why something was thrown away."""

    EXPIRED = "expired"
    OPENED_TOO_LONG = "opened_too_long"
    DISLIKED = "disliked"
    COOKED_TOO_MUCH = "cooked_too_much"
    DAMAGED = "damaged"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an item is: the plain place of a kind, or one of the household's own of this kind."""

    kind: PlaceKind
    id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemAdded:
    """Packs came into the fridge, or were split off others that were there. The first event of every item."""

    household_id: UUID
    source: Source
    gtin: str | None
    """GTIN-14."""
    lot: str | None
    serial: str | None
    packs: int
    per_pack: Quantity | None
    """Content of one pack, as told; None where it is not known: then packs are what is counted."""
    printed: date | None
    date_kind: DateKind | None
    """Of the printed date; may be known of the product before the date is."""
    kind: str
    """Slug of the row of the storage guidance."""
    kind_is_certain: bool
    place: Place
    on: date
    """When it was stored. Of packs that were split off: when the others were."""
    price: Decimal | None
    """Of one pack, in the household's currency."""
    opened_days: int | None
    """Days after opening that the label itself states."""
    cold: tuple[ColdSpell, ...] = ()
    """Time in the freezer so far; the last spell is open where `place` is a freezer."""
    date_asked: bool = False
    """Whether the question for the date was answered or skipped before these packs were split off."""
    split_from: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class DateSet:
    """The printed date was told or corrected; None: there is none after all."""

    printed: date | None
    date_kind: DateKind | None
    asked: bool
    """Whether it answers our question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DateSkipped:
    """The question for the date was waved off; it is not asked again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class QuantityCorrected:
    """Somebody looked: this much is left. What was added is corrected by the difference."""

    left: Quantity
    """In the unit the item is reckoned in."""
    packs: int
    """How many packs that is, a begun one included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemMoved:
    """It went to another place, neither into the cold of a freezer nor out of it."""

    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemOpened:
    """Its only pack was opened."""

    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PortionUsed:
    """A part was eaten, drunk or cooked."""

    quantity: Quantity
    """In the unit the item is reckoned in."""
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PortionWasted:
    """A part was thrown away."""

    quantity: Quantity
    reason: WasteReason
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PortionGiven:
    """A part was given away."""

    quantity: Quantity
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemFrozen:
    """It went into a freezer."""

    place: Place
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemThawed:
    """It came out of the freezer."""

    place: Place
    on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PacksSplitOff:
    """Whole packs became an item of their own."""

    packs: int
    into: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class PriceSet:
    """What one pack cost was told or corrected, in the household's currency; None: taken back."""

    amount: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionUndone:
    """An action does not count any more. That can be undone as well."""

    action_id: UUID


Event: TypeAlias = (
    ItemAdded
    | DateSet
    | DateSkipped
    | QuantityCorrected
    | ItemMoved
    | ItemOpened
    | PortionUsed
    | PortionWasted
    | PortionGiven
    | ItemFrozen
    | ItemThawed
    | PacksSplitOff
    | PriceSet
    | ActionUndone
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """An event in its place in an item's history."""

    item_id: UUID
    version: int
    """Counts from 1 without gaps."""
    event: Event
    action_id: UUID
    by: UUID | None
    """A member's reference; None once nobody may be known by it, and for what the system does."""
    occurred_at: datetime
    recorded_at: datetime
