"""Who is in a household: always one owner as long as anybody is, whatever happens at once."""

from dataclasses import replace
from threading import Event, Thread
from typing import Final
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connections, transaction

from contexts.fridge.application import households, invitations, items, members
from contexts.fridge.application.errors import MemberNotFound, NoLongerMember, NotTheOwner
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.domain.commands import Use
from contexts.fridge.domain.households import Role
from contexts.fridge.models import Action, FridgeEvent, Household, Item, Member, Notice
from contexts.fridge.tests.food import put_food
from contexts.fridge.tests.people import NOW, again, alone, at_once, join

pytestmark = pytest.mark.django_db(databases=["fridge"])
at_the_same_moment = pytest.mark.django_db(databases=["fridge"], transaction=True)

#: What of a household no table may have once it is gone.
OF_A_HOUSEHOLD: Final = [
    model
    for model in apps.get_app_config("fridge").get_models()
    if "household_id" in {field.attname for field in model._meta.concrete_fields}
]


def roles_in(household_id: UUID) -> dict[UUID, str]:
    return dict(Member.objects.filter(household_id=household_id).values_list("account_id", "role"))


def left_of(household_id: UUID) -> dict[str, int]:
    """Rows by table that still belong to a household."""
    found = {
        model._meta.db_table: model.objects.filter(household_id=household_id).count()
        for model in OF_A_HOUSEHOLD
    }
    found["fridge_event"] = FridgeEvent.objects.filter(meta__household=str(household_id)).count()
    found["household"] = Household.objects.filter(id=household_id).count()
    return {table: count for table, count in found.items() if count}


class TestLeaving:
    def test_a_member_leaves_and_the_food_stays(self) -> None:
        owner = alone()
        guest = join(owner)
        item_id = put_food(guest)
        members.leave(member=guest)
        assert roles_in(owner.household_id) == {owner.account_id: "owner"}
        assert left_of(owner.household_id)["item"] == 1
        assert Action.objects.get(household_id=owner.household_id).by is None
        assert FridgeEvent.objects.get(stream_id=item_id).meta["by"] == str(guest.reference)
        assert not Member.objects.filter(reference=guest.reference).exists()
        assert again(guest).household_id != owner.household_id

    def test_after_an_owner_whoever_was_chosen_or_has_been_there_longest(self) -> None:
        owner = alone()
        first, second = join(owner), join(owner, now=NOW.replace(hour=10))
        members.leave(member=owner, successor=second.reference)
        assert roles_in(owner.household_id) == {first.account_id: "member", second.account_id: "owner"}
        members.leave(member=second)
        assert roles_in(owner.household_id) == {first.account_id: "owner"}

    def test_a_successor_from_elsewhere_is_none(self) -> None:
        owner, stranger = alone(), alone()
        join(owner)
        for reference in (stranger.reference, owner.reference, uuid4()):
            with pytest.raises(MemberNotFound), transaction.atomic(using="fridge"):
                members.leave(member=owner, successor=reference)
        assert roles_in(owner.household_id)[owner.account_id] == "owner"

    def test_with_the_last_one_everything_goes_its_events_included(self) -> None:
        owner, neighbour = alone(), alone()
        for member in (owner, neighbour):
            put_food(member)
            invitations.invite(member=member, now=NOW)
        before = left_of(neighbour.household_id)
        assert set(before) >= {table._meta.db_table for table in OF_A_HOUSEHOLD} | {"fridge_event"}
        members.leave(member=owner)
        assert left_of(owner.household_id) == {}
        assert not Notice.objects.filter(account_id=owner.account_id).exists()
        assert left_of(neighbour.household_id) == before


class TestSendingAway:
    def test_the_owner_sends_somebody_away_and_no_open_link_leads_back(self) -> None:
        owner = alone()
        guest = join(owner)
        token = invitations.invite(member=owner, now=NOW).token
        members.remove(member=owner, reference=guest.reference)
        assert roles_in(owner.household_id) == {owner.account_id: "owner"}
        with pytest.raises(invitations.InvitationNotFound):
            invitations.accept(account_id=guest.account_id, token=token, now=NOW)

    def test_nobody_else_does_and_nobody_from_elsewhere(self) -> None:
        owner, stranger = alone(), alone()
        guest, other = join(owner), join(owner)
        with pytest.raises(NotTheOwner):
            members.remove(member=guest, reference=other.reference)
        with pytest.raises(NotTheOwner):
            members.remove(member=replace(guest, role=Role.OWNER), reference=owner.reference)
        for reference in (stranger.reference, owner.reference, uuid4()):
            with pytest.raises(MemberNotFound):
                members.remove(member=owner, reference=reference)
        assert len(roles_in(owner.household_id)) == 3
        assert len(roles_in(stranger.household_id)) == 1


class TestHandingOver:
    def test_the_new_owner_is_the_only_one(self) -> None:
        owner = alone()
        guest = join(owner)
        members.hand_over(member=owner, to=guest.reference)
        assert roles_in(owner.household_id) == {owner.account_id: "member", guest.account_id: "owner"}
        with pytest.raises(NotTheOwner):
            members.hand_over(member=owner, to=owner.reference)

    def test_to_nobody_from_elsewhere(self) -> None:
        owner, stranger = alone(), alone()
        with pytest.raises(MemberNotFound):
            members.hand_over(member=owner, to=stranger.reference)
        assert again(owner).is_owner


class TestDissolving:
    def test_it_ends_for_everybody(self) -> None:
        owner = alone()
        guest = join(owner)
        put_food(guest)
        with pytest.raises(NotTheOwner):
            members.dissolve(member=guest)
        members.dissolve(member=owner)
        assert left_of(owner.household_id) == {}
        assert len({again(owner).household_id, again(guest).household_id, owner.household_id}) == 3


@at_the_same_moment
class TestAtOnce:
    def test_an_action_has_happened_before_or_is_refused(self) -> None:
        """The member is in the middle of an action, and sent away meanwhile; then acts once more."""
        owner = alone()
        guest = join(owner)
        acting, go_on, removed = Event(), Event(), Event()

        def act() -> None:
            with transaction.atomic(using="fridge"):
                households.check_still_member(member=guest)
                acting.set()
                assert go_on.wait(timeout=30)
                put_food(guest)
            connections["fridge"].close()

        def send_away() -> None:
            members.remove(member=owner, reference=guest.reference)
            removed.set()
            connections["fridge"].close()

        threads = [Thread(target=act), Thread(target=send_away)]
        threads[0].start()
        assert acting.wait(timeout=30)
        threads[1].start()
        assert not removed.wait(timeout=0.3), "waits for the action"
        go_on.set()
        for thread in threads:
            thread.join()
        assert left_of(owner.household_id)["fridge_event"] == 1
        with pytest.raises(NoLongerMember), transaction.atomic(using="fridge"):
            households.check_still_member(member=guest)

    def test_nothing_is_added_behind_a_household_that_goes(self) -> None:
        for _ in range(5):
            owner = alone()

            def act(member: Membership = owner) -> None:
                with transaction.atomic(using="fridge"):
                    households.check_still_member(member=member)
                    put_food(member)

            answers = at_once(act, act, lambda member=owner: members.dissolve(member=member))
            assert {type(answer) for answer in answers} <= {type(None), NoLongerMember}
            assert left_of(owner.household_id) == {}

    def test_the_owner_leaves_and_hands_over(self) -> None:
        for _ in range(5):
            owner = alone()
            first, second = join(owner), join(owner)
            at_once(
                lambda one=owner: members.leave(member=one),
                lambda one=owner, to=second: members.hand_over(member=one, to=to.reference),
            )
            roles = roles_in(owner.household_id)
            assert owner.account_id not in roles
            assert sorted(roles.values()) == ["member", "owner"]
            assert set(roles) == {first.account_id, second.account_id}

    def test_all_leave(self) -> None:
        owner = alone()
        everybody = [owner, *(join(owner) for _ in range(4))]
        put_food(owner)
        answers = at_once(*[lambda one=one: members.leave(member=one) for one in everybody])
        assert answers == [None] * 5
        assert left_of(owner.household_id) == {}


@at_the_same_moment
def test_somebody_eats_while_being_sent_away() -> None:
    """With real food: it was eaten before, or stays; what the others have agrees with its history."""
    for _ in range(5):
        owner = alone()
        guest = join(owner)
        soup = items.add(member=owner, adding=Adding(name="Soup"), action_id=uuid4(), now=NOW).items[0].item
        eaten, sent_away = at_once(
            lambda who=guest, item_id=soup.id: items.act(
                member=who, item_ids=[item_id], command=Use(), action_id=uuid4(), now=NOW
            ),
            lambda who=owner, reference=guest.reference: members.remove(member=who, reference=reference),
        )
        assert sent_away is None
        versions = FridgeEvent.objects.filter(stream_id=soup.id).count()
        assert versions == (1 if isinstance(eaten, NoLongerMember) else 2)
        assert Item.objects.get(id=soup.id).version == versions
        with pytest.raises(NoLongerMember):
            items.add(member=guest, adding=Adding(name="Salad"), action_id=uuid4(), now=NOW)
