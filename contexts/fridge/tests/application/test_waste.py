"""The waste of a household, from the portions that left it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connections

from contexts.fridge.application import waste
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.waste import Period
from contexts.fridge.models import Portion
from contexts.fridge.tests.people import NOW, alone, join

pytestmark = pytest.mark.django_db(databases=["fridge"])
TODAY = date(2026, 11, 21)


def put(member: Membership, *, day: date = TODAY, outcome: str = "wasted", price: str | None = "1.5") -> None:
    Portion.objects.create(
        item_id=uuid4(),
        version=1,
        household_id=member.household_id,
        kind="milk",
        outcome=outcome,
        reason="expired" if outcome == "wasted" else "",
        day=day,
        mass=Decimal(250),
        mass_basis="pack",
        price=price,
    )


def test_it_is_the_waste_of_this_household_in_the_span_asked_for(django_assert_num_queries) -> None:
    member, neighbour = alone(), alone()
    join(member)
    put(member)
    put(member)
    put(member, price=None)
    put(member, outcome="used", day=TODAY - timedelta(days=1))
    put(member, day=TODAY - timedelta(days=40))
    put(neighbour)
    with django_assert_num_queries(2, connection=connections["fridge"]):
        week = waste.summary(member=member, period=Period.WEEK, now=NOW)
    assert (week.total.wasted, week.total.used) == (750, 250)
    assert (week.total.money, week.total.mass_without_price) == (3, 250)
    assert (week.days, week.averages[0].people) == (6, 2)
    october = waste.summary(member=member, period=Period.MONTH, now=NOW, day=date(2026, 10, 1))
    assert (october.total.wasted, october.days) == (250, 20)
    year = waste.summary(member=member, period=Period.YEAR, now=NOW)
    assert (year.total.wasted, len(year.series)) == (1000, 12)


def test_today_is_the_day_where_the_household_is() -> None:
    member = alone()
    late = NOW.replace(day=22, hour=23, minute=30)
    put(member, day=date(2026, 11, 23))
    assert waste.summary(member=member, period=Period.WEEK, now=late).total.wasted == 250
