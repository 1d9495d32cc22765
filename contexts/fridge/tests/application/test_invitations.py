"""Invitations: a link lets one person in, once, until it expires."""

import hashlib
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.db import transaction

from contexts.fridge.application import invitations, members
from contexts.fridge.application.errors import (
    AccountForgotten,
    AlreadyInHousehold,
    HouseholdFull,
    InvitationNotFound,
    NotTheOwner,
    OwnFoodAtStake,
    TooManyInvitations,
)
from contexts.fridge.application.households import Membership
from contexts.fridge.application.invitations import OwnHousehold, accept, invite, look, revoke
from contexts.fridge.domain import households as rules
from contexts.fridge.domain.households import Role
from contexts.fridge.models import HolderReference, Household, Invitation, Item, Member, Untold
from contexts.fridge.tests.food import put_food
from contexts.fridge.tests.people import NOW, World, again, alone, at_once, join
from packytrace.people.erasing import remember_erased

pytestmark = pytest.mark.django_db(databases=["fridge"])


def _somebody_accepts(token: str) -> Membership:
    return accept(account_id=uuid4(), token=token, now=NOW)


class TestTheLink:
    def test_its_secret_is_kept_as_a_digest_alone(self) -> None:
        made = invite(member=alone(), now=NOW)
        row = Invitation.objects.get()
        assert bytes(row.token_digest) == hashlib.sha256(made.token.encode()).digest()
        assert made.token not in str(Invitation.objects.values())
        assert len(made.token) >= 43, "256 bits"

    def test_lets_one_in_once(self) -> None:
        owner = alone()
        token = invite(member=owner, now=NOW).token
        guest = accept(account_id=uuid4(), token=token, now=NOW, name="Tom")
        assert (guest.household_id, guest.role, guest.name) == (owner.household_id, Role.MEMBER, "Tom")
        with pytest.raises(InvitationNotFound):
            accept(account_id=uuid4(), token=token, now=NOW)

    def test_expires(self) -> None:
        token = invite(member=alone(), now=NOW).token
        later = NOW + rules.INVITATION_LASTS
        assert look(account_id=uuid4(), token=token, now=later - timedelta(seconds=1))
        for use in (look, accept):
            with pytest.raises(InvitationNotFound):
                use(account_id=uuid4(), token=token, now=later)

    @pytest.mark.parametrize("token", ["", "x", "x" * 43, "x" * 10_000, "\udcff", "\0"])
    def test_nobody_guesses_one(self, token: str) -> None:
        invite(member=alone(), now=NOW)
        for use in (look, accept):
            with pytest.raises(InvitationNotFound):
                use(account_id=uuid4(), token=token, now=NOW)

    def test_is_taken_back(self) -> None:
        owner, stranger = alone(), alone()
        guest = join(owner)
        made = invite(member=owner, now=NOW)
        with pytest.raises(NotTheOwner):
            revoke(member=guest, invitation_id=made.id)
        with pytest.raises(InvitationNotFound):
            revoke(member=stranger, invitation_id=made.id)
        revoke(member=owner, invitation_id=made.id)
        with pytest.raises(InvitationNotFound):
            accept(account_id=uuid4(), token=made.token, now=NOW)

    def test_is_the_owners_to_make_and_not_without_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(invitations, "MOST_INVITATIONS", 2)
        owner = alone()
        with pytest.raises(NotTheOwner):
            invite(member=join(owner), now=NOW)
        invite(member=owner, now=NOW)
        invite(member=owner, now=NOW)
        with pytest.raises(TooManyInvitations):
            invite(member=owner, now=NOW)
        invite(member=owner, now=NOW + rules.INVITATION_LASTS)

    def test_shows_what_it_offers_and_uses_nothing_up(self) -> None:
        owner = alone()
        members.introduce(member=owner, name="Sara")
        token = invite(member=owner, now=NOW).token
        nobody = look(account_id=uuid4(), token=token, now=NOW)
        assert (nobody.invited_by, nobody.members, nobody.own.is_at_stake) == ("Sara", 1, False)
        assert look(account_id=owner.account_id, token=token, now=NOW).is_mine
        assert Invitation.objects.count() == 1


class TestWhoHasAHousehold:
    def test_of_an_empty_one_loses_nothing(self) -> None:
        guest = alone()
        token = invite(member=alone(), now=NOW).token
        joined = accept(account_id=guest.account_id, token=token, now=NOW)
        assert joined.household_id != guest.household_id
        assert joined.reference != guest.reference, "what was done there is not linked with what is done here"
        assert not Household.objects.filter(id=guest.household_id).exists()

    def test_of_one_with_food_must_choose(self) -> None:
        guest = alone()
        put_food(guest)
        token = invite(member=alone(), now=NOW).token
        offer = look(account_id=guest.account_id, token=token, now=NOW)
        assert offer.own == OwnHousehold(items=1, others=0)
        with pytest.raises(OwnFoodAtStake):
            accept(account_id=guest.account_id, token=token, now=NOW)
        assert Item.objects.filter(household_id=guest.household_id).exists()
        accept(account_id=guest.account_id, token=token, now=NOW, leave_behind=True)
        assert not Item.objects.filter(household_id=guest.household_id).exists()

    def test_of_one_with_others_leaves_it_to_them(self) -> None:
        leaving = alone()
        other = join(leaving)
        put_food(leaving)
        token = invite(member=alone(), now=NOW).token
        with pytest.raises(OwnFoodAtStake):
            accept(account_id=leaving.account_id, token=token, now=NOW)
        accept(account_id=leaving.account_id, token=token, now=NOW, leave_behind=True)
        assert again(other).is_owner
        assert Item.objects.filter(household_id=leaving.household_id).count() == 1

    def test_is_not_let_in_twice(self) -> None:
        owner = alone()
        token = invite(member=owner, now=NOW).token
        with pytest.raises(AlreadyInHousehold):
            accept(account_id=owner.account_id, token=token, now=NOW)
        assert Invitation.objects.count() == 1


def test_a_household_is_full_one_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invitations, "MOST_MEMBERS", 2)
    owner = alone()
    join(owner)
    token = invite(member=owner, now=NOW).token
    with pytest.raises(HouseholdFull):
        accept(account_id=uuid4(), token=token, now=NOW)
    assert Invitation.objects.count() == 1


def test_an_erased_person_is_not_let_in() -> None:
    token, sara = invite(member=alone(), now=NOW).token, uuid4()
    with transaction.atomic(using="fridge"):
        remember_erased(person_ids=[sara], until=date(2999, 1, 1), using="fridge")
    with pytest.raises(AccountForgotten):
        accept(account_id=sara, token=token, now=NOW)


def test_with_somebody_who_is_not_to_be_counted_nothing_waits_to_be_told(world: World) -> None:
    owner = alone()
    put_food(owner)
    join(owner)
    assert Untold.objects.exists()
    shy = uuid4()
    world.uncounted.add(shy)
    accept(account_id=shy, token=invite(member=owner, now=NOW).token, now=NOW)
    assert not Untold.objects.exists()
    assert not HolderReference.objects.exists()


@pytest.mark.django_db(databases=["fridge"], transaction=True)
class TestAtOnce:
    def test_of_two_who_open_a_link_one_gets_in(self) -> None:
        for _ in range(5):
            owner = alone()
            token = invite(member=owner, now=NOW).token
            answers = at_once(*[partial(_somebody_accepts, token)] * 2)
            assert sorted(type(answer).__name__ for answer in answers) == ["InvitationNotFound", "Membership"]
            assert Member.objects.filter(household_id=owner.household_id).count() == 2

    def test_two_owners_join_each_other(self) -> None:
        """Each locks both households: in one order, so that neither waits for ever."""
        for _ in range(5):
            one, other = alone(), alone()
            tokens = [invite(member=owner, now=NOW).token for owner in (one, other)]
            answers = at_once(
                lambda one=one, token=tokens[1]: accept(account_id=one.account_id, token=token, now=NOW),
                lambda one=other, token=tokens[0]: accept(account_id=one.account_id, token=token, now=NOW),
            )
            assert sorted(type(answer).__name__ for answer in answers) == ["InvitationNotFound", "Membership"]
            here = next(answer for answer in answers if isinstance(answer, Membership))
            assert Member.objects.get(household_id=here.household_id, role="owner")

    def test_an_invitation_is_taken_back_while_it_is_accepted(self) -> None:
        owner = alone()
        made = invite(member=owner, now=NOW)
        answers = at_once(
            lambda: accept(account_id=uuid4(), token=made.token, now=NOW),
            lambda: revoke(member=owner, invitation_id=made.id),
        )
        assert [type(answer) for answer in answers].count(InvitationNotFound) == 1
