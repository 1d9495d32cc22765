"""What happens to a household when somebody goes, and when nobody is left in it.

Whoever changes who is in a household holds the household first, and people before households.
"""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from django.db import connections

from contexts.fridge.application.errors import MemberNotFound, NoLongerMember
from contexts.fridge.domain.households import Role
from contexts.fridge.domain.telling import HolderForgotten
from contexts.fridge.models import (
    Action,
    CalendarFeed,
    FridgeEvent,
    HolderReference,
    Household,
    Import,
    Invitation,
    Item,
    ItemName,
    Member,
    Notice,
    Place,
    Portion,
    Untold,
)
from packytrace.facts import outbox
from packytrace.people.erasing import forget_facts

_DATABASE: Final = "fridge"


def hold_households(household_ids: Collection[UUID]) -> frozenset[UUID]:
    """Wait until nobody else changes who is in these households, until the transaction ends; answers those
    that are still there. Actions with items go on meanwhile."""
    # In the order of the key, so that two that meet do not lock crosswise. Rows that refer to a household may
    # be written meanwhile: whoever writes one holds a member, for whom this one waits later.
    wanted = Household.objects.filter(id__in=household_ids).order_by("id")
    return frozenset(wanted.select_for_update(no_key=True).values_list("id", flat=True))


def depart(*, household_id: UUID, reference: UUID, successor: UUID | None = None) -> None:
    """Take one member out of a household that is held: what leads from the events to that person goes.

    With the last one everything that the household had goes. After an owner, `successor` is the owner, else
    who has been there longest. Waits for what the member is doing with items. Raises NoLongerMember, and
    MemberNotFound for a successor that is none.
    """
    leaving = Member.objects.filter(reference=reference, household_id=household_id).first()
    if leaving is None:
        raise NoLongerMember
    leaving.delete()
    forget_doings(references=[reference], account_ids=[leaving.account_id])
    others = Member.objects.filter(household_id=household_id).order_by("joined_at", "reference")
    if leaving.role == Role.OWNER:
        following = others.first() if successor is None else others.filter(reference=successor).first()
        if following is None and (successor is not None or others.exists()):
            raise MemberNotFound
        if following is not None:
            Member.objects.filter(reference=following.reference).update(role=Role.OWNER.value)
    if not others.exists():
        forget_household(household_id=household_id)


def forget_doings(*, references: Collection[UUID], account_ids: Collection[UUID]) -> None:
    """Forget who did what in a household, and what these people were told of its items."""
    Action.objects.filter(by__in=references).update(by=None)
    Invitation.objects.filter(invited_by__in=references).delete()
    CalendarFeed.objects.filter(member__in=references).delete()
    Notice.objects.filter(account_id__in=account_ids).delete()


def forget_household(*, household_id: UUID) -> None:
    """Delete a household that is held and has no members, with everything it had, its events included."""
    Place.objects.filter(household_id=household_id).delete()
    Invitation.objects.filter(household_id=household_id).delete()
    forget_measured(household_id=household_id)
    Household.objects.filter(id=household_id).delete()
    with connections[_DATABASE].cursor() as cursor:
        # Deletes nothing as long as the household is there: no role may delete events otherwise.
        cursor.execute(f"SELECT {FridgeEvent.routine.name}(%s)", [household_id])
    for model in (Item, ItemName, Portion, Action, Import):
        model.objects.filter(household_id=household_id).delete()


def forget_measured(*, household_id: UUID) -> None:
    """Forget what was to be told of a household that is held, and as whom it was told of.

    Waits for its members' actions: one that asked for consent in time has been written, and goes as well.
    """
    list(Member.objects.filter(household_id=household_id).order_by("reference").select_for_update())
    Untold.objects.filter(household_id=household_id).delete()
    told_as = HolderReference.objects.filter(household_id=household_id)
    references = list(told_as.values_list("reference", flat=True))
    if references:
        forget_facts(person_ids=references, using=_DATABASE)
        # What has left the outbox is measurement's to delete.
        today = datetime.now(UTC).date()
        outbox.publish_all(
            [HolderForgotten(holder=reference, on=today) for reference in references], using=_DATABASE
        )
        told_as.delete()
