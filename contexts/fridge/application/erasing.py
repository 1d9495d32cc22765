"""Forgetting people: those who are erased, and what rested on a consent that was taken back."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import transaction

from contexts.fridge.application import notices
from contexts.fridge.application.departing import depart, forget_measured, hold_households
from contexts.fridge.application.households import hold_people
from contexts.fridge.models import CalendarFeed, Import, Member

_DATABASE: Final = "fridge"


def erase(*, person_ids: Collection[UUID]) -> None:
    """Delete every row about these people, in the transaction at hand; again changes nothing.

    Who shared a household leaves it as anybody does: the food stays with the others, and the events keep a
    reference that leads to nobody. With its last member a household goes with everything in it.
    """
    hold_people(person_ids)
    members = Member.objects.filter(account_id__in=person_ids)
    hold_households(set(members.values_list("household_id", flat=True)))
    for row in members.order_by("reference"):
        depart(household_id=row.household_id, reference=row.reference)
    notices.forget(account_ids=person_ids)
    CalendarFeed.objects.filter(account_id__in=person_ids).delete()
    Import.objects.filter(account_id__in=person_ids).delete()


def stop_measuring(*, person_id: UUID) -> None:
    """Forget what was to be told of this person's household, which one of its members does not want any more.

    In the transaction at hand; again changes nothing. Whether anything may be told is asked anew each time.
    """
    household_ids = set(Member.objects.filter(account_id=person_id).values_list("household_id", flat=True))
    with transaction.atomic(using=_DATABASE):
        for household_id in hold_households(household_ids):
            forget_measured(household_id=household_id)
