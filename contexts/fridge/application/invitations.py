"""Invitations: a link that lets one person into a household, once."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from contexts.fridge.application import households, ports
from contexts.fridge.application.departing import depart, forget_measured, hold_households
from contexts.fridge.application.errors import (
    AccountForgotten,
    AlreadyInHousehold,
    HouseholdFull,
    HouseholdNotAccepted,
    InvitationNotFound,
    OwnFoodAtStake,
    TooManyInvitations,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.application.members import hold_as_owner
from contexts.fridge.domain.households import (
    INVITATION_LASTS,
    MOST_INVITATIONS,
    MOST_MEMBERS,
    HouseholdRefused,
    Role,
    clean_name,
)
from contexts.fridge.models import Invitation, Item, Member
from packytrace.people.erasing import is_erased

_DATABASE: Final = "fridge"
#: Bytes from the operating system's source of randomness: nobody finds a link by trying.
_SECRET: Final = 32
#: No link of ours is longer; what is, names no invitation.
_LONGEST: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Invited:
    """A new invitation, with what is known at this moment alone."""

    id: UUID
    token: str
    """The secret of the link; kept nowhere."""
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has used yet."""

    id: UUID
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnHousehold:
    """What somebody who is invited has already."""

    items: int
    """Items that are here or were: the history goes as well."""
    others: int
    """Members besides this person, who keep all of it."""

    @property
    def is_at_stake(self) -> bool:
        """Whether the person would lose sight of something."""
        return bool(self.items or self.others)


@dataclass(frozen=True, kw_only=True, slots=True)
class Offer:
    """What an invitation offers to somebody."""

    household_name: str
    invited_by: str
    """Name of the member who made it; empty where none was given."""
    members: int
    expires_at: datetime
    is_mine: bool
    """Whether the person is in this household already."""
    my_name: str
    """How others read the person so far; empty where none was given."""
    own: OwnHousehold


def invite(*, member: Membership, now: datetime) -> Invited:
    """Make a link that lets one person in. Raises NotTheOwner, NoLongerMember and TooManyInvitations."""
    token = secrets.token_urlsafe(_SECRET)
    with transaction.atomic(using=_DATABASE):
        hold_as_owner(member)
        made = Invitation.objects.filter(household_id=member.household_id)
        made.filter(expires_at__lte=now).delete()
        if made.count() >= MOST_INVITATIONS:
            raise TooManyInvitations
        row = Invitation.objects.create(
            id=uuid4(),
            household_id=member.household_id,
            token_digest=_digest(token),
            invited_by=member.reference,
            created_at=now,
            expires_at=now + INVITATION_LASTS,
        )
    return Invited(id=row.id, token=token, expires_at=row.expires_at)


def open_invitations(*, member: Membership, now: datetime) -> tuple[OpenInvitation, ...]:
    """The household's invitations that can still be used, the newest first; for its owner. One query."""
    if not member.is_owner:
        return ()
    rows = Invitation.objects.filter(household_id=member.household_id, expires_at__gt=now)
    return tuple(
        OpenInvitation(id=row.id, created_at=row.created_at, expires_at=row.expires_at)
        for row in rows.order_by("-created_at", "id")
    )


def revoke(*, member: Membership, invitation_id: UUID) -> None:
    """Take an invitation back: its link is worth nothing from now on.

    Raises NotTheOwner, NoLongerMember and InvitationNotFound, also where it was used a moment ago.
    """
    with transaction.atomic(using=_DATABASE):
        hold_as_owner(member)
        mine = Invitation.objects.filter(id=invitation_id, household_id=member.household_id)
        if not mine.delete()[0]:
            raise InvitationNotFound


def look(*, account_id: UUID, token: str, now: datetime) -> Offer:
    """What a link offers to this person; nothing is used up. Raises InvitationNotFound."""
    invitation = _find(token, now=now)
    if invitation is None:
        raise InvitationNotFound
    inviter = Member.objects.filter(reference=invitation.invited_by).first()
    mine = Member.objects.filter(account_id=account_id).first()
    return Offer(
        household_name=invitation.household.name,
        invited_by="" if inviter is None else inviter.name,
        members=Member.objects.filter(household_id=invitation.household_id).count(),
        expires_at=invitation.expires_at,
        is_mine=mine is not None and mine.household_id == invitation.household_id,
        my_name="" if mine is None else mine.name,
        own=_own(mine),
    )


def accept(
    *, account_id: UUID, token: str, now: datetime, leave_behind: bool = False, name: str | None = None
) -> Membership:
    """Join the household of an invitation, which is used up.

    A person is in one household: the own one is left, and is gone with everything in it where nobody else is
    in it. Where there is something to lose, that happens only with `leave_behind`. `name` is how the others
    read the person, empty for no name; None leaves it as it was in the household that was left.

    Raises InvitationNotFound, AlreadyInHousehold, OwnFoodAtStake, HouseholdFull, HouseholdNotAccepted and
    AccountForgotten; the invitation is as it was then.
    """
    try:
        called = None if name is None else clean_name(name, field="name")
    except HouseholdRefused as refused:
        raise HouseholdNotAccepted.of(refused) from refused
    with transaction.atomic(using=_DATABASE):
        households.hold_people([account_id])
        if is_erased(person_ids=[account_id], using=_DATABASE):
            raise AccountForgotten
        invitation = _find(token, now=now)
        if invitation is None:
            raise InvitationNotFound
        target = invitation.household_id
        mine = _hold_both(account_id=account_id, target=target)
        if mine is not None and mine.household_id == target:
            raise AlreadyInHousehold
        # Of several who come with the same link at once, the first to hold the household finds it.
        if not Invitation.objects.filter(id=invitation.id).delete()[0]:
            raise InvitationNotFound
        if Member.objects.filter(household_id=target).count() >= MOST_MEMBERS:
            raise HouseholdFull
        if mine is not None:
            if _own(mine).is_at_stake and not leave_behind:
                raise OwnFoodAtStake
            depart(household_id=mine.household_id, reference=mine.reference)
        Member.objects.create(
            reference=uuid4(),
            household_id=target,
            account_id=account_id,
            name=called if called is not None else "" if mine is None else mine.name,
            role=Role.MEMBER.value,
            use_soon_days=3 if mine is None else mine.use_soon_days,
            joined_at=now,
        )
        everybody = list(Member.objects.filter(household_id=target).values_list("account_id", flat=True))
        if not ports.consents().all_measured(account_ids=everybody):
            forget_measured(household_id=target)
    return households.of(account_id=account_id, now=now)


def _hold_both(*, account_id: UUID, target: UUID) -> Member | None:
    """Hold the household that is joined, and the one that is left; answers who the person is in that, held as
    well: nothing is added to it while it is judged what there is to lose. Raises InvitationNotFound."""
    mine = Member.objects.filter(account_id=account_id).first()
    held = hold_households({target} if mine is None else {target, mine.household_id})
    if target not in held:
        raise InvitationNotFound
    return Member.objects.select_for_update().filter(account_id=account_id).first()


def _own(mine: Member | None) -> OwnHousehold:
    if mine is None:
        return OwnHousehold(items=0, others=0)
    return OwnHousehold(
        items=Item.objects.filter(household_id=mine.household_id).exclude(status="removed").count(),
        others=Member.objects.filter(household_id=mine.household_id).exclude(pk=mine.pk).count(),
    )


def _find(token: str, *, now: datetime) -> Invitation | None:
    if len(token) > _LONGEST:
        return None
    rows = Invitation.objects.select_related("household")
    return rows.filter(token_digest=_digest(token), expires_at__gt=now).first()


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()
