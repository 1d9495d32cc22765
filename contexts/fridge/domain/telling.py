"""What measurement may hear of an item: that it was stored, opened, and what became of it.

Nothing told names the item or the household: a holder is somebody who is the same inside one Measurement
Window alone. What was stored or opened belongs to a day in UTC, what became of it to an ISO week: all that is
told of an item's end is told at once, when nothing of it is left.

What is counted is packs, whatever item they are in: those that are split off were stored with the others and
end by themselves, so that as many are finished as were stored.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from contexts.fridge.domain.events import (
    ItemAdded,
    ItemOpened,
    PortionGiven,
    PortionUsed,
    PortionWasted,
    Recorded,
    Source,
    WasteReason,
)
from contexts.fridge.domain.item import Item, Status, effective, replayed

#: Longer is told as this.
_MOST_DAYS: Final = 3650
#: As many packs as one line may have; a correction can make them more.
_MOST_PACKS: Final = 1000
#: How long after its end a window's holder is still known, for what was recorded just before.
_GRACE: Final = timedelta(days=1)


class ReasonGroup(StrEnum):
    """Why something was thrown away, as coarsely as a brand may know."""

    TOO_LATE = "too_late"
    NOT_LIKED = "not_liked"
    TOO_MUCH = "too_much"
    DAMAGED = "damaged"
    OTHER = "other"


_GROUPS: Final[Mapping[WasteReason, ReasonGroup]] = {
    WasteReason.EXPIRED: ReasonGroup.TOO_LATE,
    WasteReason.OPENED_TOO_LONG: ReasonGroup.TOO_LATE,
    WasteReason.DISLIKED: ReasonGroup.NOT_LIKED,
    WasteReason.COOKED_TOO_MUCH: ReasonGroup.TOO_MUCH,
    WasteReason.DAMAGED: ReasonGroup.DAMAGED,
    WasteReason.OTHER: ReasonGroup.OTHER,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderWindow:
    """The time in which a holder is the same."""

    name: str
    """As a holder's reference is kept under it."""
    until: date
    """The last day on which anything may be told of it, itself included; after that it is forgotten."""

    @classmethod
    def day(cls, day: date) -> "HolderWindow":
        """A day in UTC."""
        return cls(name=f"day:{day.isoformat()}", until=day + _GRACE)

    @classmethod
    def week(cls, day: date) -> "HolderWindow":
        """The ISO week in UTC that a day lies in, named by its Monday."""
        monday = day - timedelta(days=day.weekday())
        return cls(name=f"week:{monday.isoformat()}", until=monday + timedelta(days=6) + _GRACE)


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """Of what and of whom something is told."""

    fact_id: UUID
    """Of this telling alone."""
    holder: UUID
    gtin: str
    brand_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """A product came into a fridge."""

    about: About
    on: date
    """In UTC."""
    packs: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """It was opened."""

    about: About
    on: date
    """As the household says, who may have told it later."""
    days_held: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Finished:
    """A share of it went one way, and nothing is left."""

    about: About
    on: date
    """In UTC."""
    packs: int
    """Of which the share is, without those that were split off."""
    outcome: str
    reason: ReasonGroup | None
    share_tenths: int
    days_held: int


@dataclass(frozen=True, kw_only=True, slots=True)
class HolderForgotten:
    """A household is not to be counted any more: what was told of it goes wherever it is."""

    holder: UUID
    on: date
    """In UTC."""


Told: TypeAlias = Stored | Opened | Finished
Naming: TypeAlias = Callable[[str, HolderWindow], About | None]
"""As whom a household is told of, for a GTIN and a window; None where it is too late for that window."""


def telling(history: Sequence[Recorded], *, version: int, naming: Naming) -> list[Told]:
    """What an event gives to tell; nothing where it was undone, or says nothing of a product."""
    counting = effective(history)
    found = next((recorded for recorded in counting if recorded.version == version), None)
    item = replayed(history, counting)
    if found is None or item.gtin is None:
        return []
    day = found.occurred_at.astimezone(UTC).date()
    held = _days_held(counting, until=day)
    match found.event:
        case ItemAdded(source=source, packs=packs) if source is not Source.SPLIT:
            about = naming(item.gtin, HolderWindow.day(day))
            return [Stored(about=about, on=day, packs=packs)] if about else []
        case ItemOpened(on=on):
            about = naming(item.gtin, HolderWindow.day(day))
            return [Opened(about=about, on=on, days_held=held)] if about else []
        case PortionUsed() | PortionWasted() | PortionGiven() if item.status is Status.FINISHED:
            return [
                Finished(
                    about=about,
                    on=day,
                    packs=_packs(item),
                    outcome=outcome,
                    reason=reason,
                    share_tenths=tenths,
                    days_held=held,
                )
                for outcome, reason, tenths in _shares(counting, added=item.added.amount)
                if (about := naming(item.gtin, HolderWindow.week(day)))
            ]
        case _:
            return []


def _packs(item: Item) -> int:
    """How many packs an item was, to the nearest where somebody has corrected what is left; at least one."""
    packs = (item.added.amount / item.pack_size.amount).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return min(_MOST_PACKS, max(1, int(packs)))


def _shares(counting: Sequence[Recorded], *, added: Decimal) -> Iterator[tuple[str, ReasonGroup | None, int]]:
    """Where it all went, in tenths; of something that is finished they are ten together."""
    shares: defaultdict[tuple[str, ReasonGroup | None], Decimal] = defaultdict(Decimal)
    for recorded in counting:
        match recorded.event:
            case PortionUsed(quantity=quantity):
                shares["used", None] += quantity.amount
            case PortionWasted(quantity=quantity, reason=reason):
                shares["wasted", _GROUPS[reason]] += quantity.amount
            case PortionGiven(quantity=quantity):
                shares["given", None] += quantity.amount
            case _:
                pass
    exact = {went: amount * 10 / added for went, amount in shares.items()}
    tenths = {went: int(share) for went, share in exact.items()}
    # Rounded so that all of them are ten: those that lose most by it get what is missing.
    losing = sorted(exact, key=lambda went: tenths[went] - exact[went])
    for went in losing[: 10 - sum(tenths.values())]:
        tenths[went] += 1
    for (outcome, group), share in tenths.items():
        yield outcome, group, share


def _days_held(counting: Sequence[Recorded], *, until: date) -> int:
    """Of packs that were split off, from the day on which the others were stored, in the household's zone."""
    first = counting[0]
    if not isinstance(first.event, ItemAdded):
        return 0
    is_split = first.event.source is Source.SPLIT
    stored = first.event.on if is_split else first.occurred_at.astimezone(UTC).date()
    return min(_MOST_DAYS, max(0, (until - stored).days))
