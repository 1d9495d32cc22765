"""Households: whose fridge a person uses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.db import connections, transaction
from django.utils.translation import get_language

from contexts.fridge.application.departing import hold_households
from contexts.fridge.application.errors import (
    AccountForgotten,
    HouseholdNotAccepted,
    NoLongerMember,
    NotTheOwner,
)
from contexts.fridge.application.rebuilding import rebuild_household
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.households import (
    HouseholdRefused,
    Role,
    checked_currency,
    checked_zone,
    clean_name,
    zone_for,
    zone_of,
)
from contexts.fridge.models import Household, Member
from packytrace.people.erasing import is_erased

_DATABASE: Final = "fridge"
#: First half of the key of an advisory lock: in which household a person is, is changed by one at a time.
_PERSON: Final = 0x46524901


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPlace:
    """A place of the household's own."""

    id: UUID
    kind: PlaceKind
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Membership:
    """A person in a household, with what every page and every action needs of both."""

    reference: UUID
    """All that events know of the person."""
    account_id: UUID
    household_id: UUID
    role: Role
    name: str
    """Of the person, as the others read it; empty where none was given."""
    use_soon_days: int
    household_name: str
    zone: ZoneInfo
    currency: str
    places: tuple[OwnPlace, ...]
    """Sorted by name."""

    @property
    def is_owner(self) -> bool:
        """Whether the person lets others in and out."""
        return self.role is Role.OWNER

    def place(self, place_id: UUID) -> OwnPlace | None:
        """One of the household's own places; None for any other id."""
        return next((place for place in self.places if place.id == place_id), None)


def of(*, account_id: UUID, now: datetime, zone: str | None = None) -> Membership:
    """The person's household: one query. At first use it is made, with this person as its owner.

    `zone` is what the browser says its time zone is; it counts for a new household only. Raises
    AccountForgotten for somebody who was erased here: nobody gets a second household that way.
    """
    return find(account_id=account_id) or _begin(account_id=account_id, now=now, zone=zone)


def find(*, account_id: UUID) -> Membership | None:
    """The person's household, without making one. One query."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT m.reference, m.account_id, m.household_id, m.role, m.name, m.use_soon_days,"
            " h.name, h.time_zone, h.currency, ("
            "  SELECT json_agg(json_build_array(p.id, p.kind, p.name) ORDER BY p.name, p.id)"
            "  FROM place p WHERE p.household_id = h.id"
            " ) FROM member m JOIN household h ON h.id = m.household_id WHERE m.account_id = %s",
            [account_id],
        )
        row = cursor.fetchone()
    return None if row is None else _membership(row)


def describe(
    *, member: Membership, name: str | None = None, time_zone: str | None = None, currency: str | None = None
) -> None:
    """Say what the household is called, where its days are and in what it pays; None leaves it as it is.

    Prices that were entered keep their figures; the days of what was in a freezer become those of the new
    zone. Raises HouseholdNotAccepted, NotTheOwner and NoLongerMember.
    """
    changed: dict[str, str] = {}
    try:
        if name is not None:
            changed["name"] = clean_name(name, field="name")
        if time_zone is not None:
            changed["time_zone"] = checked_zone(time_zone)
        if currency is not None:
            changed["currency"] = checked_currency(currency)
    except HouseholdRefused as refused:
        raise HouseholdNotAccepted.of(refused) from refused
    with transaction.atomic(using=_DATABASE):
        hold_households({member.household_id})
        mine = Member.objects.filter(reference=member.reference, household_id=member.household_id).first()
        if mine is None:
            raise NoLongerMember
        if mine.role != Role.OWNER:
            raise NotTheOwner
        if changed:
            household = Household.objects.filter(id=member.household_id)
            moves = time_zone is not None and household.exclude(time_zone=changed["time_zone"]).exists()
            household.update(**changed)
            if moves:
                rebuild_household(household_id=member.household_id)


def check_still_member(*, member: Membership) -> None:
    """Hold the person's place in the household until the transaction at hand ends: one query.

    Whoever removes a member or dissolves the household waits for that, so that an action has either happened
    before or is refused here. Members do not wait for one another. Raises NoLongerMember.
    """
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            "SELECT FROM member WHERE reference = %s AND household_id = %s FOR KEY SHARE",
            [member.reference, member.household_id],
        )
        if cursor.rowcount != 1:
            raise NoLongerMember


def hold_people(account_ids: Collection[UUID]) -> None:
    """Wait until nobody else changes in which household these people are; until the transaction ends."""
    with connections[_DATABASE].cursor() as cursor:
        for account_id in sorted(account_ids):
            cursor.execute("SELECT pg_advisory_xact_lock(%s::int, hashtext(%s))", [_PERSON, str(account_id)])


def _begin(*, account_id: UUID, now: datetime, zone: str | None) -> Membership:
    with transaction.atomic(using=_DATABASE):
        hold_people([account_id])
        # Asked while nobody may erase the person: an erasure is either seen here, or comes for these rows.
        if is_erased(person_ids=[account_id], using=_DATABASE):
            raise AccountForgotten
        if member := find(account_id=account_id):
            return member
        household = Household.objects.create(
            id=uuid4(), time_zone=zone_for(told=zone, language=get_language()), created_at=now
        )
        first = Member.objects.create(
            reference=uuid4(),
            household=household,
            account_id=account_id,
            role=Role.OWNER.value,
            joined_at=now,
        )
    return Membership(
        reference=first.reference,
        account_id=account_id,
        household_id=household.id,
        role=Role.OWNER,
        name=first.name,
        use_soon_days=first.use_soon_days,
        household_name=household.name,
        zone=zone_of(household.time_zone),
        currency=household.currency,
        places=(),
    )


def _membership(row: tuple[Any, ...]) -> Membership:
    reference, account_id, household_id, role, name, use_soon_days, called, zone, currency, places = row
    return Membership(
        reference=reference,
        account_id=account_id,
        household_id=household_id,
        role=Role(role),
        name=name,
        use_soon_days=use_soon_days,
        household_name=called,
        zone=zone_of(zone),
        currency=currency,
        places=tuple(
            OwnPlace(id=UUID(place_id), kind=PlaceKind(kind), name=called)
            for place_id, kind, called in places or ()
        ),
    )
