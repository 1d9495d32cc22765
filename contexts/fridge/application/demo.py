"""A fridge that two people of the demo share, with what they bought, ate and threw away in the last month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from uuid import NAMESPACE_DNS, UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from contexts.fridge.application import households, items
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.commands import Command, Freeze, Give, Open, Use, Waste
from contexts.fridge.domain.events import Place, WasteReason
from contexts.fridge.domain.freshness import DateKind, PlaceKind
from contexts.fridge.domain.households import Role
from contexts.fridge.domain.quantity import Quantity, Unit
from contexts.fridge.models import Household, Member

_HOUSEHOLD: Final = uuid5(NAMESPACE_DNS, "household.demo.packytrace.example")
_ZONE: Final = "Europe/Rome"


@dataclass(frozen=True, kw_only=True)
class _Bought:
    """One purchase, and what became of it, in days before the demo was made."""

    days_ago: int
    gtin: str | None = None
    name: str | None = None
    lot: str = ""
    keeps: int | None = None
    """Days from the demo's making to the printed date; None where no date is printed."""
    date_kind: DateKind = DateKind.BEST_BEFORE
    packs: int = 1
    per_pack: Quantity | None = None
    price: str | None = None
    place: PlaceKind = PlaceKind.FRIDGE
    then: tuple[tuple[int, Command], ...] = ()
    """What was done with it, and how many days ago."""


def _half(reason: WasteReason) -> Waste:
    return Waste(reason=reason, share=Decimal("0.5"))


_BOUGHT: Final = (
    # At home: something in every state.
    _Bought(
        days_ago=4, gtin="09521001000024", lot="M4711", keeps=-1, date_kind=DateKind.USE_BY, price="1.89"
    ),
    _Bought(days_ago=3, gtin="09521001000031", lot="J2210", keeps=6, price="1.49", then=((2, Open()),)),
    _Bought(days_ago=9, gtin="09521002000078", lot="S118", keeps=200, price="4.20", then=((5, Open()),)),
    _Bought(days_ago=6, gtin="09521001000062", lot="Q0815", keeps=0, packs=2, price="0.99"),
    _Bought(days_ago=12, gtin="09521001000048", lot="B77", keeps=24, price="5.40", then=((5, Open()),)),
    _Bought(days_ago=8, gtin="09521003000015", keeps=-2, price="2.29", place=PlaceKind.PANTRY),
    _Bought(days_ago=5, gtin="09521001000055", keeps=30, price="2.79"),
    _Bought(
        days_ago=2,
        gtin="09521003000022",
        lot="H031",
        keeps=160,
        packs=3,
        price="1.59",
        place=PlaceKind.PANTRY,
    ),
    _Bought(days_ago=20, gtin="09521002000016", keeps=600, packs=2, price="1.39", place=PlaceKind.PANTRY),
    _Bought(
        days_ago=7,
        name="Minced beef",
        keeps=-3,
        date_kind=DateKind.USE_BY,
        per_pack=Quantity(amount=Decimal(400), unit=Unit.GRAM),
        price="5.90",
        then=((6, Freeze()),),
    ),
    _Bought(days_ago=11, name="Honey", place=PlaceKind.PANTRY),
    _Bought(days_ago=1, name="Salad", per_pack=Quantity(amount=Decimal(150), unit=Unit.GRAM)),
    # Gone: what the month's numbers are made of.
    _Bought(
        days_ago=6,
        name="Spinach",
        per_pack=Quantity(amount=Decimal(300), unit=Unit.GRAM),
        price="2.19",
        then=((4, Use(share=Decimal("0.6"))), (2, Waste(reason=WasteReason.EXPIRED))),
    ),
    _Bought(
        days_ago=27,
        gtin="09521001000024",
        keeps=-20,
        date_kind=DateKind.USE_BY,
        price="1.89",
        then=((22, Use()),),
    ),
    _Bought(
        days_ago=18,
        gtin="09521001000024",
        keeps=-12,
        date_kind=DateKind.USE_BY,
        price="1.89",
        then=(
            (16, Open()),
            (12, _half(WasteReason.EXPIRED)),
            (12, Use()),
        ),
    ),
    _Bought(
        days_ago=24,
        gtin="09521001000031",
        keeps=-10,
        price="1.49",
        then=((20, Open()), (13, Waste(reason=WasteReason.OPENED_TOO_LONG))),
    ),
    _Bought(
        days_ago=15,
        gtin="09521003000015",
        keeps=-8,
        price="2.29",
        place=PlaceKind.PANTRY,
        then=((10, Use()),),
    ),
    _Bought(
        days_ago=21,
        gtin="09521002000023",
        keeps=300,
        price="1.19",
        place=PlaceKind.PANTRY,
        then=((19, Use()),),
    ),
    _Bought(
        days_ago=14,
        name="Salad",
        per_pack=Quantity(amount=Decimal(150), unit=Unit.GRAM),
        price="1.99",
        then=((10, Waste(reason=WasteReason.EXPIRED)),),
    ),
    _Bought(
        days_ago=10,
        gtin="09521003000060",
        keeps=90,
        packs=4,
        price="1.29",
        place=PlaceKind.PANTRY,
        then=((4, Give()),),
    ),
)


def ensure_demo_household(*, people: Mapping[UUID, str], now: datetime) -> None:
    """Let these people, by account with their names, share a fridge; the first one owns it.

    Whoever is in another household stays there, and then nothing is added. A run that was killed goes on
    where it stopped; a complete one changes nothing.
    """
    with transaction.atomic(using="fridge"):
        households.hold_people(people)
        if not Member.objects.filter(account_id__in=people).exists():
            _begin(people=people, now=now)
    member = households.find(account_id=next(iter(people)))
    if member is not None and member.household_id == _HOUSEHOLD:
        _fill(member)


def _begin(*, people: Mapping[UUID, str], now: datetime) -> None:
    household, _created = Household.objects.update_or_create(
        id=_HOUSEHOLD,
        defaults={"name": " & ".join(people.values()), "time_zone": _ZONE, "created_at": now},
    )
    for number, (account_id, name) in enumerate(people.items()):
        Member.objects.create(
            reference=uuid4(),
            household=household,
            account_id=account_id,
            name=name,
            role=(Role.MEMBER if number else Role.OWNER).value,
            joined_at=now,
        )


def _fill(member: Membership) -> None:
    now = Household.objects.values_list("created_at", flat=True).get(id=member.household_id)
    for number, bought in enumerate(_BOUGHT):
        added = items.add(
            member=member,
            adding=_adding(bought, today=now.astimezone(member.zone).date()),
            action_id=_action(member, number, 0),
            now=_at(now, zone=member.zone, days_ago=bought.days_ago),
        )
        for step, (days_ago, command) in enumerate(bought.then, start=1):
            items.act(
                member=member,
                item_ids=[added.items[0].item.id],
                command=command,
                action_id=_action(member, number, step),
                now=_at(now, zone=member.zone, days_ago=days_ago) + timedelta(minutes=step),
            )


def _adding(bought: _Bought, *, today: date) -> items.Adding:
    return items.Adding(
        gtin=bought.gtin,
        name=bought.name,
        lot=bought.lot or None,
        packs=bought.packs,
        per_pack=bought.per_pack,
        printed=None if bought.keeps is None else today + timedelta(days=bought.keeps),
        date_kind=None if bought.keeps is None else bought.date_kind,
        price=Decimal(bought.price) if bought.price else None,
        place=Place(bought.place),
    )


def _at(now: datetime, *, zone: ZoneInfo, days_ago: int) -> datetime:
    """Noon of that day there, so that the order of a day's steps is the order in which they are told."""
    day = now.astimezone(zone).date() - timedelta(days=days_ago)
    return datetime.combine(day, time(12), tzinfo=zone)


def _action(member: Membership, number: int, step: int) -> UUID:
    """The same for each run: what was done is done once."""
    return uuid5(NAMESPACE_DNS, f"{member.household_id}.{number}.{step}.demo.packytrace.example")
