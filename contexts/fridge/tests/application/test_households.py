"""Households: one for everybody, begun at first use."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from contexts.fridge.application import households
from contexts.fridge.application.errors import AccountForgotten
from contexts.fridge.domain.households import Role
from contexts.fridge.models import Household, Member
from packytrace.people.erasing import remember_erased

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


def at_once(*todo: Callable[[], object]) -> list[object]:
    """Do all of it at the same moment; what was raised is among the answers."""
    barrier = Barrier(len(todo))

    def one(do: Callable[[], object]) -> object:
        try:
            barrier.wait()
            return do()
        except Exception as error:  # noqa: BLE001 - every answer is looked at by the test
            return error
        finally:
            connections["fridge"].close()

    with ThreadPoolExecutor(len(todo)) as threads:
        return list(threads.map(one, todo))


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
