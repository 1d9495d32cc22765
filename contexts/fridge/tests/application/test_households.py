"""Households: one for everybody, begun at first use."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from contexts.fridge.application import households
from contexts.fridge.application.errors import (
    AccountForgotten,
    HouseholdNotAccepted,
    NoLongerMember,
    NotTheOwner,
)
from contexts.fridge.domain.households import Role
from contexts.fridge.models import Household, Member
from contexts.fridge.tests.people import NOW, again, alone, at_once, join
from packytrace.people.erasing import remember_erased


@pytest.mark.django_db(databases=["fridge"])
class TestOf:
    def test_a_person_gets_a_household_of_their_own_at_first_use(self) -> None:
        sara = uuid4()
        member = households.of(account_id=sara, now=NOW, zone="Pacific/Auckland")
        assert member.role is Role.OWNER
        assert member.zone.key == "Pacific/Auckland"
        assert member.account_id == sara
        assert member.reference not in (sara, member.household_id)
        assert households.of(account_id=sara, now=NOW, zone="Europe/Rome") == member

    def test_one_query_where_there_is_one(self) -> None:
        member = households.of(account_id=uuid4(), now=NOW)
        with CaptureQueriesContext(connections["fridge"]) as queries:
            assert households.of(account_id=member.account_id, now=NOW) == member
        assert len(queries) == 1

    @pytest.mark.parametrize("told", [None, "", "Mars/Olympus", "../../etc/passwd", "posix/Europe/Rome"])
    def test_a_zone_that_is_none_counts_for_nothing(self, told: str | None) -> None:
        assert households.of(account_id=uuid4(), now=NOW, zone=told).zone.key == "Europe/Dublin"

    def test_an_erased_person_never_gets_one_again(self) -> None:
        sara = uuid4()
        with transaction.atomic(using="fridge"):
            remember_erased(person_ids=[sara], until=date(2999, 1, 1), using="fridge")
        with pytest.raises(AccountForgotten):
            households.of(account_id=sara, now=NOW)
        assert not Household.objects.exists()


@pytest.mark.django_db(databases=["fridge"], transaction=True)
class TestAtOnce:
    def test_ten_first_uses_at_once_make_one_household(self) -> None:
        sara = uuid4()
        answers = at_once(*[lambda: households.of(account_id=sara, now=NOW)] * 10)
        assert len(set(answers)) == 1
        assert (Household.objects.count(), Member.objects.count()) == (1, 1)


@pytest.mark.django_db(databases=["fridge"])
class TestDescribe:
    def test_its_owner_says_what_it_is_called_and_where_its_days_are(self) -> None:
        owner = alone()
        households.describe(member=owner, name="  Via  Roma 1 ", time_zone="Asia/Tokyo", currency="CHF")
        now = again(owner)
        assert (now.household_name, now.zone.key, now.currency) == ("Via Roma 1", "Asia/Tokyo", "CHF")
        households.describe(member=owner, name="")
        assert again(owner).household_name == ""
        assert again(owner).zone.key == "Asia/Tokyo"

    @pytest.mark.parametrize(
        "values",
        [
            {"name": "x" * 81},
            {"name": "a\u202eb"},
            {"time_zone": "Mars/Olympus"},
            {"time_zone": ""},
            {"currency": "eur"},
            {"currency": "BTC"},
        ],
    )
    def test_what_no_household_has_is_refused(self, values: dict[str, str]) -> None:
        owner = alone()
        with pytest.raises(HouseholdNotAccepted):
            households.describe(member=owner, **values)
        assert again(owner) == owner

    def test_by_nobody_but_its_owner(self) -> None:
        owner = alone()
        guest = join(owner)
        with pytest.raises(NotTheOwner):
            households.describe(member=guest, name="mine")
        with pytest.raises(NoLongerMember):
            households.describe(member=replace(owner, household_id=uuid4()), name="mine")
