"""Forgetting people: with the last one everything goes; of one of several what leads to that person."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction
from django.db.utils import ProgrammingError

from contexts.fridge.application import households, invitations
from contexts.fridge.application.erasing import erase, stop_measuring
from contexts.fridge.models import (
    FridgeEvent,
    HolderReference,
    Household,
    Item,
    ItemName,
    Member,
    NoticeSettings,
    PushSubscription,
    Untold,
)
from contexts.fridge.tests.food import put_food
from contexts.fridge.tests.people import NOW, again, alone, at_once, join
from packytrace.people.erasing import remember_erased

pytestmark = pytest.mark.django_db(databases=["fridge"])


def everywhere(text: str) -> set[str]:
    """Tables of the fridge in which something has this text."""
    with connections["fridge"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        tables = [name for (name,) in cursor.fetchall()]
        found = set()
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.add(table)
    return found


class TestErase:
    def test_with_the_last_member_everything_goes(self) -> None:
        sara, neighbour = alone(), alone()
        item_id = put_food(sara)
        put_food(neighbour)
        invitations.invite(member=sara, now=NOW)
        erase(person_ids=[sara.account_id, uuid4()])
        erase(person_ids=[sara.account_id])
        for id_ in (sara.account_id, sara.household_id, sara.reference, item_id):
            assert everywhere(str(id_)) == set()
        assert everywhere(str(neighbour.household_id)) >= {"fridge_event", "item", "household"}

    def test_of_one_of_several_what_leads_to_the_person(self) -> None:
        owner = alone()
        other = join(owner)
        put_food(owner, name="her soup")
        put_food(other)
        erase(person_ids=[owner.account_id])
        assert everywhere(str(owner.account_id)) == set()
        assert everywhere(str(owner.reference)) == {"fridge_event"}
        assert Item.objects.filter(household_id=owner.household_id).count() == 2
        assert ItemName.objects.filter(name="her soup").exists()
        assert again(other).is_owner

    def test_both_of_a_household_at_once(self) -> None:
        owner = alone()
        other = join(owner)
        put_food(other)
        erase(person_ids=[other.account_id, owner.account_id])
        assert not Household.objects.exists()
        assert not FridgeEvent.objects.exists()


class TestEvents:
    """Nobody deletes one, and with them goes only a household that is no more."""

    def test_the_application_itself_deletes_none(self) -> None:
        put_food(alone())
        for change in (
            "DELETE FROM fridge_event",
            "UPDATE fridge_event SET version = 2",
            "TRUNCATE fridge_event",
        ):
            with (
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(using="fridge"),
                connections["fridge"].cursor() as cursor,
            ):
                cursor.execute(change)

    def test_those_of_a_household_that_is_there_stay(self) -> None:
        member = alone()
        put_food(member)
        with connections["fridge"].cursor() as cursor:
            cursor.execute("SELECT forget_events(%s)", [member.household_id])
        assert FridgeEvent.objects.count() == 1

    def test_whatever_a_caller_has_made_of_the_names(self) -> None:
        """What a session calls a table is nothing to the function."""
        member = alone()
        put_food(member)
        with connections["fridge"].cursor() as cursor:
            cursor.execute("SELECT has_database_privilege(current_database(), 'TEMPORARY')")
            assert cursor.fetchone() == (False,), "there is not even that"
            cursor.execute("SET LOCAL search_path = pg_temp, fridge")
            cursor.execute("SELECT fridge.forget_events(%s)", [member.household_id])
            cursor.execute("SET LOCAL search_path = fridge")
        assert FridgeEvent.objects.count() == 1


class TestConsentTakenBack:
    def test_what_was_to_be_told_of_the_household_goes_and_nothing_else(self) -> None:
        owner, neighbour = alone(), alone()
        other = join(owner)
        put_food(owner)
        put_food(neighbour)
        stop_measuring(person_id=other.account_id)
        stop_measuring(person_id=other.account_id)
        assert set(Untold.objects.values_list("household_id", flat=True)) == {neighbour.household_id}
        assert set(HolderReference.objects.values_list("household_id", flat=True)) == {neighbour.household_id}
        assert Item.objects.filter(household_id=owner.household_id).exists()

    def test_of_somebody_without_a_household_nothing(self) -> None:
        stop_measuring(person_id=uuid4())
        assert not Household.objects.exists()


@pytest.mark.django_db(databases=["fridge"], transaction=True)
def test_an_erasure_meets_a_first_use() -> None:
    """Whoever comes first: afterwards there is no household of the erased person."""
    for _ in range(5):
        sara = uuid4()

        def forget(person_id: UUID = sara) -> None:
            with transaction.atomic(using="fridge"):
                remember_erased(
                    person_ids=[person_id],
                    until=date(2999, 1, 1),
                    using="fridge",
                )
                erase(person_ids=[person_id])

        at_once(lambda person_id=sara: households.of(account_id=person_id, now=NOW), forget)
        assert not Member.objects.filter(account_id=sara).exists()


@pytest.mark.django_db(databases=["fridge"], transaction=True)
def test_two_of_one_household_are_erased_at_once() -> None:
    for _ in range(5):
        owner = alone()
        people = [owner, join(owner), join(owner)]
        put_food(owner)

        def forget(person_id: UUID) -> None:
            with transaction.atomic(using="fridge"):
                erase(person_ids=[person_id])

        answers = at_once(*[lambda one=one: forget(one.account_id) for one in people])
        assert answers == [None] * 3
        assert not Household.objects.exists()
        assert not FridgeEvent.objects.exists()
        assert not NoticeSettings.objects.exists()
        assert not PushSubscription.objects.exists()
