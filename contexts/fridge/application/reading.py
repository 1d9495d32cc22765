"""What is at home, as pages and the API read it: one query each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from contexts.fridge.application.households import Membership
from contexts.fridge.domain.events import Recorded
from contexts.fridge.domain.freshness import PlaceKind, State
from contexts.fridge.domain.item import Item
from contexts.fridge.domain.recalls import Certainty

PAGE: Final = 50
"""Items of one page, unless it asks for fewer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallAtHome:
    """A recall that is in force and that means this item, or may mean it."""

    recall_id: UUID
    text: str
    reason: str
    certainty: Certainty


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredItem:
    """An item with what its product is called and what is said of it."""

    item: Item
    name: str
    """Of the product, or as it was entered by hand; empty where neither is known: then show the GTIN."""
    brand_name: str
    picture: str | None
    """Path among our static files."""
    changed_at: datetime
    """When its last event was recorded."""
    recalls: tuple[RecallAtHome, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FridgePage:
    """One page of a household's items that are here."""

    items: tuple[StoredItem, ...]
    """By the day they are due, those without one last."""
    first: tuple[StoredItem, ...]
    """What may be eaten and is due next, for "Eat first", in no particular rank; on the first page only."""
    wasted_share: Mapping[str, Decimal]
    """Of those `first`: share of what left this household in a year that was wasted, by mass, by kind."""
    next_cursor: str | None
    total: int
    """Items that are here and that the filters let through."""


def fridge_page(
    *,
    member: Membership,
    now: datetime,
    state: State | None = None,
    place: PlaceKind | UUID | None = None,
    query: str | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FridgePage:
    """One page of what is here; one query. A cursor that no page gave is taken for none."""
    raise NotImplementedError


def item(*, member: Membership, item_id: UUID) -> StoredItem:
    """One item, finished or not; one query. Raises ItemNotFound, also for another household's."""
    raise NotImplementedError


def items(*, member: Membership, item_ids: Sequence[UUID]) -> tuple[StoredItem, ...]:
    """Several items in the order asked for; one query. Raises ItemNotFound if one is not the household's."""
    raise NotImplementedError


def history(*, member: Membership, item_id: UUID) -> tuple[Recorded, ...]:
    """Everything that happened to an item, oldest first, undone actions included; one query.

    Raises ItemNotFound, also for another household's.
    """
    raise NotImplementedError
