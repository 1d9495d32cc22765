"""Who is in a household: told, named, sent away, made its owner."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contexts.fridge.application.departing import depart, forget_doings, forget_household, hold_households
from contexts.fridge.application.errors import (
    HouseholdNotAccepted,
    MemberNotFound,
    NoLongerMember,
    NotTheOwner,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.households import HouseholdRefused, Role, checked_window, clean_name
from contexts.fridge.models import Invitation, Member

_DATABASE: Final = "fridge"


@dataclass(frozen=True, kw_only=True, slots=True)
class MemberShown:
    """A member as the others see one: no account, and no name but the one given here."""

    reference: UUID
    name: str
    role: Role
    joined_at: datetime


def members(*, member: Membership) -> tuple[MemberShown, ...]:
    """Everybody in the household, who has been there longest first. One query."""
    rows = Member.objects.filter(household_id=member.household_id).order_by("joined_at", "reference")
    return tuple(
        MemberShown(reference=row.reference, name=row.name, role=Role(row.role), joined_at=row.joined_at)
        for row in rows
    )


def introduce(*, member: Membership, name: str | None = None, use_soon_days: int | None = None) -> None:
    """Say how the others shall read one's name, and from how many days on things are to be used soon.

    None leaves it as it is. Raises HouseholdNotAccepted and NoLongerMember.
    """
    changed: dict[str, object] = {}
    try:
        if name is not None:
            changed["name"] = clean_name(name, field="memberName")
        if use_soon_days is not None:
            changed["use_soon_days"] = checked_window(use_soon_days)
    except HouseholdRefused as refused:
        raise HouseholdNotAccepted.of(refused) from refused
    mine = Member.objects.filter(reference=member.reference, household_id=member.household_id)
    if changed and not mine.update(**changed):
        raise NoLongerMember


def leave(*, member: Membership, successor: UUID | None = None) -> None:
    """Leave the household; the food stays with the others, and goes with the last one.

    After an owner, `successor` is the owner, else who has been there longest. Raises NoLongerMember and
    MemberNotFound.
    """
    with transaction.atomic(using=_DATABASE):
        hold(member)
        depart(household_id=member.household_id, reference=member.reference, successor=successor)


def remove(*, member: Membership, reference: UUID) -> None:
    """Send another member away. Open invitations go too: who leaves may know one of their links.

    Raises NotTheOwner, NoLongerMember and MemberNotFound.
    """
    with transaction.atomic(using=_DATABASE):
        hold_as_owner(member)
        if reference == member.reference or not _is_member(member.household_id, reference):
            raise MemberNotFound
        depart(household_id=member.household_id, reference=reference)
        Invitation.objects.filter(household_id=member.household_id).delete()


def hand_over(*, member: Membership, to: UUID) -> None:
    """Make another member the owner. Raises NotTheOwner, NoLongerMember and MemberNotFound."""
    with transaction.atomic(using=_DATABASE):
        hold_as_owner(member)
        if not _is_member(member.household_id, to):
            raise MemberNotFound
        # In this order: at no moment has a household two owners, which its index forbids.
        for reference, role in ((member.reference, Role.MEMBER), (to, Role.OWNER)):
            Member.objects.filter(reference=reference).update(role=role.value)


def dissolve(*, member: Membership) -> None:
    """End the household, with everything in it, for everybody. Raises NotTheOwner and NoLongerMember."""
    with transaction.atomic(using=_DATABASE):
        hold_as_owner(member)
        everybody = Member.objects.filter(household_id=member.household_id).order_by("reference")
        rows = list(everybody.select_for_update())
        everybody.delete()
        forget_doings(
            references=[row.reference for row in rows], account_ids=[row.account_id for row in rows]
        )
        forget_household(household_id=member.household_id)


def hold(member: Membership) -> Role:
    """Hold the household; answers what the person is in it now. Raises NoLongerMember."""
    hold_households([member.household_id])
    mine = Member.objects.filter(reference=member.reference, household_id=member.household_id).first()
    if mine is None:
        raise NoLongerMember
    return Role(mine.role)


def hold_as_owner(member: Membership) -> None:
    """Hold the household for what its owner alone may do. Raises NotTheOwner and NoLongerMember."""
    if hold(member) is not Role.OWNER:
        raise NotTheOwner


def _is_member(household_id: UUID, reference: UUID) -> bool:
    return Member.objects.filter(household_id=household_id, reference=reference).exists()
