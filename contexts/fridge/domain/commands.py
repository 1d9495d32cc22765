"""What people do with items. `deciding.decide` says what comes of it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias
from uuid import UUID

from contexts.fridge.domain.events import Place, Source, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind
from contexts.fridge.domain.quantity import Quantity

PLAIN_FRIDGE: Final = Place(PlaceKind.FRIDGE)
PLAIN_FREEZER: Final = Place(PlaceKind.FREEZER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Add:
    """Put packs into the fridge."""

    item_id: UUID
    """That it gets."""
    household_id: UUID
    source: Source
    kind: str
    kind_is_certain: bool = False
    place: Place
    gtin: str | None = None
    """GTIN-14."""
    lot: str | None = None
    serial: str | None = None
    """Of one pack: left out where there are several."""
    packs: int = 1
    per_pack: Quantity | None = None
    printed: date | None = None
    date_kind: DateKind | None = None
    price: Decimal | None = None
    """Of one pack."""
    opened_days: int | None = None
    opened_on: date | None = None
    """One of them is open already, since this day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SetDate:
    """Tell or correct the printed date; None takes it back."""

    printed: date | None
    date_kind: DateKind | None = None
    """None: the kind that is known stays."""
    asked: bool = False
    """Whether it answers our question."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SkipDate:
    """Wave the question for the date off."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CorrectQuantity:
    """Say how much is left."""

    left: Quantity


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Put it elsewhere. Into a freezer is freezing, out of one is thawing."""

    place: Place


@dataclass(frozen=True, kw_only=True, slots=True)
class Open:
    """Open it; of several packs one, which becomes an item of its own."""

    on: date | None = None
    """None: today."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """Eat, drink or cook a quantity, or a share of what is left (above 0, at most 1); neither: all of it."""

    quantity: Quantity | None = None
    share: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Waste:
    """Throw a quantity away, or a share of what is left; neither: all of it."""

    reason: WasteReason
    quantity: Quantity | None = None
    share: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Give:
    """Give a quantity away, or a share of what is left; neither: all of it."""

    quantity: Quantity | None = None
    share: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Freeze:
    """Put it into a freezer."""

    place: Place = PLAIN_FREEZER


@dataclass(frozen=True, kw_only=True, slots=True)
class Thaw:
    """Take it out of the freezer."""

    place: Place = PLAIN_FRIDGE


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """Make an item of their own of some of its packs."""

    packs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SetPrice:
    """Say what one pack cost; None takes it back. The one thing that can be said of a finished item."""

    amount: Decimal | None


Command: TypeAlias = (
    Add
    | SetDate
    | SkipDate
    | CorrectQuantity
    | Move
    | Open
    | Use
    | Waste
    | Give
    | Freeze
    | Thaw
    | Split
    | SetPrice
)
