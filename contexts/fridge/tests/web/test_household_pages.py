"""/fridge/household as a browser without a script sees it."""

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client
from pytest_django import Settings

from contexts.fridge.application import invitations, members, places
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.households import Role
from contexts.fridge.models import Invitation, Item, Member
from contexts.fridge.tests.food import put_food
from contexts.fridge.tests.people import NOW, World, again, alone, join

pytestmark = pytest.mark.django_db(databases=["fridge"])

HOUSEHOLD = "/fridge/household"


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def as_(world: World, member: Membership) -> None:
    world.account = member.account_id


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined] # an answer of Django's


class TestTheOwner:
    @pytest.fixture
    def owner(self, world: World) -> Membership:
        owner = alone()
        as_(world, owner)
        return owner

    def test_says_what_it_is_called_and_where_its_days_are(self, client: Client, owner: Membership) -> None:
        answer = client.post(
            f"{HOUSEHOLD}/about", {"name": "Via Roma <1>", "timeZone": "Europe/Madrid", "currency": "CHF"}
        )
        assert answer.headers["Location"] == f"{HOUSEHOLD}?done=saved"
        page = text(client.get(answer.headers["Location"]))
        assert "Via Roma &lt;1&gt;" in page
        assert "<option selected>Europe/Madrid</option>" in page
        assert again(owner).currency == "CHF"

    def test_nothing_that_was_typed_is_lost(self, client: Client, owner: Membership) -> None:
        answer = client.post(f"{HOUSEHOLD}/about", {"name": "x" * 81, "timeZone": "Europe/Rome"})
        assert answer.status_code == 400
        assert "Nothing was saved. Name: must have at most 80 characters" in text(answer)
        assert f'value="{"x" * 81}"' in text(answer)

    def test_without_a_script_the_browsers_time_zone_is_not_told(
        self, client: Client, owner: Membership
    ) -> None:
        answer = client.post(f"{HOUSEHOLD}/about", {"timeZone": ""})
        assert answer.status_code == 400
        assert again(owner).zone.key == "Europe/Rome"

    def test_invites_with_a_link_that_is_shown_once(
        self, client: Client, owner: Membership, world: World, settings: Settings
    ) -> None:
        settings.PUBLIC_URL = "https://food.example"
        answer = client.post(f"{HOUSEHOLD}/invite")
        assert answer.status_code == 201
        link = re.search(r'value="https://food\.example(/fridge/household/join/[\w-]{43})"', text(answer))
        assert link
        assert link[1].rpartition("/")[2] not in text(client.get(HOUSEHOLD))
        guest = world.account = uuid4()
        assert client.get(link[1]).status_code == 200
        assert client.post(link[1]).headers["Location"] == f"{HOUSEHOLD}?done=joined"
        assert Member.objects.get(account_id=guest).household_id == owner.household_id
        world.account = uuid4()
        assert client.get(link[1]).status_code == client.post(link[1]).status_code == 404

    def test_takes_an_invitation_back(self, client: Client, owner: Membership) -> None:
        made = invitations.invite(member=owner, now=NOW)
        Invitation.objects.update(expires_at=NOW.replace(year=2999))
        assert f"/invitations/{made.id}/revoke" in text(client.get(HOUSEHOLD))
        assert client.post(f"{HOUSEHOLD}/invitations/{made.id}/revoke").status_code == 303
        assert not Invitation.objects.exists()

    def test_says_a_name_along_with_the_first_invitation(self, client: Client, owner: Membership) -> None:
        label = "Your name, for those you invite"
        assert label in text(client.get(HOUSEHOLD))
        answer = client.post(f"{HOUSEHOLD}/invite", {"memberName": "x" * 81})
        assert answer.status_code == 400
        assert "Your name: must have at most 80 characters" in text(answer)
        assert not Invitation.objects.exists()
        answer = client.post(f"{HOUSEHOLD}/invite", {"memberName": "Sara"})
        assert answer.status_code == 201
        assert label not in text(answer)
        assert again(owner).name == "Sara"
        assert client.post(f"{HOUSEHOLD}/invite", {"memberName": ""}).status_code == 201
        assert again(owner).name == "Sara"

    def test_sends_away_and_hands_over_only_when_asked_once_more(
        self, client: Client, owner: Membership
    ) -> None:
        first, second = join(owner), join(owner)
        members.introduce(member=first, name="Tom")
        for member, deed in ((first, "remove"), (second, "owner")):
            address = f"{HOUSEHOLD}/members/{member.reference}/{deed}"
            assert f'href="{address}"' in text(client.get(HOUSEHOLD))
            page = text(client.get(address))
            assert ("Tom" in page) == (member is first)
            assert client.post(address).status_code == 400
            assert (again(member).household_id, again(member).role) == (owner.household_id, Role.MEMBER)
            assert client.post(address, {"understood": "yes"}).status_code == 303
        assert again(first).household_id != owner.household_id
        assert again(second).role is Role.OWNER
        assert "Make owner" not in text(client.get(HOUSEHOLD))

    def test_ends_it_only_when_asked_once_more(self, client: Client, owner: Membership) -> None:
        put_food(owner)
        join(owner)
        assert "One other person loses it with you." in text(client.get(f"{HOUSEHOLD}/dissolve"))
        assert client.post(f"{HOUSEHOLD}/dissolve").status_code == 400
        assert Item.objects.exists()
        answer = client.post(f"{HOUSEHOLD}/dissolve", {"understood": "yes"})
        assert answer.headers["Location"] == f"{HOUSEHOLD}?done=left"
        assert not Item.objects.exists()

    def test_leaves_it_to_whom_they_choose(self, client: Client, owner: Membership) -> None:
        join(owner)
        second = join(owner)
        assert client.post(f"{HOUSEHOLD}/leave").status_code == 400
        chosen = {"understood": "yes", "successor": str(second.reference)}
        for nonsense in ("x", str(uuid4())):
            answer = client.post(f"{HOUSEHOLD}/leave", chosen | {"successor": nonsense})
            assert answer.status_code == 404
        assert client.post(f"{HOUSEHOLD}/leave", chosen).status_code == 303
        assert again(second).role is Role.OWNER


class TestAMember:
    @pytest.fixture
    def guest(self, world: World) -> Membership:
        guest = join(alone())
        as_(world, guest)
        return guest

    def test_names_themselves(self, client: Client, guest: Membership) -> None:
        client.post(f"{HOUSEHOLD}/me", {"memberName": "Tom", "useSoonDays": "5"})
        now = again(guest)
        assert (now.name, now.use_soon_days) == ("Tom", 5)
        for nonsense in ("0", "31", "-1", "1e3", "٣", "x"):
            assert client.post(f"{HOUSEHOLD}/me", {"useSoonDays": nonsense}).status_code == 400
        assert again(guest) == now

    def test_sees_no_button_of_the_owners_and_gets_nowhere_without(
        self, client: Client, guest: Membership
    ) -> None:
        page = text(client.get(HOUSEHOLD))
        assert "Invite somebody" not in page
        assert "/about" not in page
        owner = Member.objects.get(household_id=guest.household_id, role="owner")
        for address in (
            "about",
            "invite",
            "dissolve",
            f"members/{owner.reference}/remove",
            f"members/{guest.reference}/owner",
        ):
            assert client.post(f"{HOUSEHOLD}/{address}", {"understood": "yes"}).status_code == 403, address
            if address not in {"about", "invite"}:
                assert client.get(f"{HOUSEHOLD}/{address}").status_code == 403, address
        assert Member.objects.get(pk=owner.pk).role == "owner"


class TestPlaces:
    def test_are_added_renamed_and_taken_away(self, client: Client, world: World) -> None:
        owner = alone()
        as_(world, owner)
        cellar = {"placeName": "Cellar", "kind": "freezer"}
        assert client.post(f"{HOUSEHOLD}/places", cellar).status_code == 303
        assert client.post(f"{HOUSEHOLD}/places", cellar).status_code == 409
        for nonsense in (
            {"placeName": " "},
            {"placeName": "x" * 61},
            {"kind": "oven"},
            {"placeName": "a\u200bb"},
        ):
            assert client.post(f"{HOUSEHOLD}/places", cellar | nonsense).status_code == 400
        (place,) = again(owner).places
        assert (place.name, place.kind) == ("Cellar", PlaceKind.FREEZER)
        client.post(f"{HOUSEHOLD}/places/{place.id}/rename", {"placeName": "Garage"})
        assert again(owner).places[0].name == "Garage"
        client.post(f"{HOUSEHOLD}/places/{place.id}/remove")
        assert again(owner).places == ()

    def test_one_with_food_says_where_it_goes(self, client: Client, world: World) -> None:
        owner = alone()
        as_(world, owner)
        place = places.add(member=owner, kind=PlaceKind.FRIDGE, name="Shelf")
        put_food(owner)
        Item.objects.update(place_id=place.id)
        assert "1 item" in text(client.get(HOUSEHOLD))
        answer = client.post(f"{HOUSEHOLD}/places/{place.id}/remove")
        assert answer.status_code == 409
        assert "say where it goes" in text(answer)
        assert place in again(owner).places


class TestAnInvitation:
    def test_tells_who_has_food_what_happens_to_it_and_asks(self, client: Client, world: World) -> None:
        owner, guest = alone(), alone()
        put_food(guest)
        members.introduce(member=owner, name="Sara")
        token = invitations.invite(member=owner, now=NOW).token
        Invitation.objects.update(expires_at=NOW.replace(year=2999))
        as_(world, guest)
        address = f"{HOUSEHOLD}/join/{token}"
        page = text(client.get(address))
        assert "Sara invites you." in page
        assert "It has 1 item with its history. Nobody else is in it: it is deleted for good." in page
        assert client.post(address).status_code == 409
        assert again(guest).household_id == guest.household_id
        assert client.post(address, {"leaveBehind": "yes"}).status_code == 303
        assert again(guest).household_id == owner.household_id

    def test_asks_how_the_others_shall_read_who_comes(self, client: Client, world: World) -> None:
        owner, guest = alone(), alone()
        members.introduce(member=guest, name="Tom")
        token = invitations.invite(member=owner, now=NOW).token
        Invitation.objects.update(expires_at=NOW.replace(year=2999))
        as_(world, guest)
        address = f"{HOUSEHOLD}/join/{token}"
        assert 'name="memberName" value="Tom"' in text(client.get(address))
        answer = client.post(address, {"memberName": "x" * 81})
        assert answer.status_code == 400
        assert "Your name: must have at most 80 characters" in text(answer)
        assert f'value="{"x" * 81}"' in text(answer)
        assert client.post(address, {"memberName": " Tommaso "}).status_code == 303
        assert [each.name for each in members.members(member=owner)] == ["", "Tommaso"]

    @pytest.mark.parametrize(("said", "read"), [({}, "Tom"), ({"memberName": ""}, "")])
    def test_an_emptied_name_is_none(
        self, client: Client, world: World, said: dict[str, str], read: str
    ) -> None:
        owner, guest = alone(), alone()
        members.introduce(member=guest, name="Tom")
        token = invitations.invite(member=owner, now=NOW).token
        Invitation.objects.update(expires_at=NOW.replace(year=2999))
        as_(world, guest)
        assert client.post(f"{HOUSEHOLD}/join/{token}", said).status_code == 303
        assert again(guest).name == read

    def test_to_ones_own_household_is_good_for_somebody_else(self, client: Client, world: World) -> None:
        owner = alone()
        token = invitations.invite(member=owner, now=NOW).token
        Invitation.objects.update(expires_at=NOW.replace(year=2999))
        as_(world, owner)
        address = f"{HOUSEHOLD}/join/{token}"
        assert "still good for somebody else" in text(client.get(address))
        assert client.post(address).status_code == 409
        assert Invitation.objects.count() == 1


def test_a_tap_of_who_was_sent_away_leads_back_to_the_fridge(client: Client, world: World) -> None:
    owner = alone()
    guest = join(owner)
    item = put_food(owner)
    members.remove(member=owner, reference=guest.reference)
    as_(world, guest)
    told = {
        ask(address.format(item=item_id), {"tap": f"finish {item_id}"}).content
        for item_id in (item, uuid4())
        for ask, address in (
            (client.get, "/fridge/items/{item}"),
            (client.post, "/fridge/items/{item}/finish"),
            (client.post, "/fridge/bulk"),
        )
    }
    assert len(told) == 1, "not theirs, or not there: nobody can tell"
    page = " ".join(told.pop().decode().split())
    assert "<h1>It is not in your fridge any more</h1>" in page
    assert '<a class="button" href="/fridge">Your fridge</a>' in page
    as_(world, owner)
    answer = client.post(f"/fridge/actions/{uuid4()}/undo")
    assert answer.status_code == 404
    assert "There is nothing here to undo." in text(answer)
    answer = client.get(f"/fridge/items/{uuid4()}", headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (404, "item_not_found")


def test_somebody_elses_ids_are_not_there(client: Client, world: World) -> None:
    mine, other = alone(), alone()
    place = places.add(member=other, kind=PlaceKind.FRIDGE, name="Shelf")
    neighbour = again(join(other))
    invited = invitations.invite(member=other, now=NOW)
    as_(world, mine)
    sure = {"understood": "yes"}

    def answers(of: dict[str, UUID]) -> list[tuple[int, str]]:
        found = [
            ask(f"{HOUSEHOLD}/{address.format(**of)}", sent)
            for ask, address, sent in (
                (client.get, "members/{member}/remove", {}),
                (client.get, "members/{member}/owner", {}),
                (client.post, "members/{member}/remove", {}),
                (client.post, "members/{member}/remove", sure),
                (client.post, "members/{member}/owner", sure),
                (client.post, "places/{place}/rename", {"placeName": "x"}),
                (client.post, "places/{place}/remove", {}),
                (client.post, "invitations/{invitation}/revoke", {}),
            )
        ]

        return [(answer.status_code, re.sub(r"[0-9a-f-]{32,}", "", text(answer))) for answer in found]

    theirs = answers({"member": neighbour.reference, "place": place.id, "invitation": invited.id})
    nobodys = answers({"member": uuid4(), "place": uuid4(), "invitation": uuid4()})
    assert [status for status, _page in theirs] == [404] * 8
    assert theirs == nobodys
    assert again(neighbour) == neighbour
