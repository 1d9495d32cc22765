"""A household's own places, such as the freezer in the cellar."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from contexts.fridge.application import items
from contexts.fridge.application.errors import (
    HouseholdNotAccepted,
    PlaceNameTaken,
    PlaceNotEmpty,
    PlaceNotFound,
)
from contexts.fridge.application.households import Membership, OwnPlace
from contexts.fridge.application.members import hold
from contexts.fridge.domain.commands import Move
from contexts.fridge.domain.events import Place
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.households import MOST_PLACES, HouseholdRefused, place_name
from contexts.fridge.models import Item
from contexts.fridge.models import Place as PlaceRow

_DATABASE: Final = "fridge"


def add(*, member: Membership, kind: PlaceKind, name: str) -> OwnPlace:
    """Give the household a place. Raises HouseholdNotAccepted, PlaceNameTaken and NoLongerMember."""
    called = _name(name)
    try:
        with transaction.atomic(using=_DATABASE):
            hold(member)
            if PlaceRow.objects.filter(household_id=member.household_id).count() >= MOST_PLACES:
                raise HouseholdNotAccepted(
                    field="places", rule="must be a list of at most %(most)s", most=MOST_PLACES
                )
            row = PlaceRow.objects.create(
                id=uuid4(), household_id=member.household_id, kind=kind.value, name=called
            )
    except IntegrityError as error:
        raise PlaceNameTaken from error
    return OwnPlace(id=row.id, kind=kind, name=called)


def rename(*, member: Membership, place_id: UUID, name: str) -> None:
    """Call a place something else. Raises as `add` does, and PlaceNotFound."""
    called = _name(name)
    try:
        with transaction.atomic(using=_DATABASE):
            hold(member)
            if not PlaceRow.objects.filter(id=place_id, household_id=member.household_id).update(name=called):
                raise PlaceNotFound
    except IntegrityError as error:
        raise PlaceNameTaken from error


def count_items(*, member: Membership) -> dict[UUID, int]:
    """How many items are in each of the household's own places; those without one are left out."""
    found: dict[UUID, int] = {}
    here = Item.objects.filter(household_id=member.household_id, status="here", place_id__isnull=False)
    for place_id in here.values_list("place_id", flat=True):
        if place_id is not None:
            found[place_id] = found.get(place_id, 0) + 1
    return found


def remove(*, member: Membership, place_id: UUID, now: datetime, move_items: bool = False) -> None:
    """Take a place away. What is in it goes to the plain place of its kind, if that is wished.

    Raises PlaceNotFound, PlaceNotEmpty where something is in it and nothing is to be moved, NoLongerMember,
    and ItemBusy.
    """
    with transaction.atomic(using=_DATABASE):
        hold(member)
        # Waits for whoever is just putting something there.
        place = (
            PlaceRow.objects.select_for_update().filter(id=place_id, household_id=member.household_id).first()
        )
        if place is None:
            raise PlaceNotFound
        inside = Item.objects.filter(household_id=member.household_id, status="here", place_id=place_id)
        item_ids = sorted(inside.values_list("id", flat=True))
        if item_ids and not move_items:
            raise PlaceNotEmpty(items=len(item_ids))
        if item_ids:
            items.act(
                member=member,
                item_ids=item_ids,
                command=Move(place=Place(PlaceKind(place.kind))),
                action_id=uuid4(),
                now=now,
            )
        place.delete()


def _name(name: str) -> str:
    try:
        return place_name(name)
    except HouseholdRefused as refused:
        raise HouseholdNotAccepted.of(refused) from refused
