"""The API of one's own household."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from contexts.fridge.application import households, invitations, places
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.models import Invitation, Item, Member, Place
from contexts.fridge.tests.food import put_food
from contexts.fridge.tests.people import NOW, again, alone, join
from packytrace.edge import bearer

pytestmark = pytest.mark.django_db(databases=["fridge"])

ADDRESS = "/api/v1/me/households"


@pytest.fixture(autouse=True)
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token is the account's id: what makes one a good one is tested where tokens are read."""
    monkeypatch.setattr(bearer, "_bearer_of", lambda said: said)
    monkeypatch.setattr(bearer, "_account_of", lambda said: UUID(said.removeprefix("Bearer ")))


def ask(who: Membership | UUID, method: str, path: str = "", body: Any = None) -> tuple[int, Any]:
    account_id = who if isinstance(who, UUID) else who.account_id
    answer = Client(raise_request_exception=False).generic(
        method,
        ADDRESS + path,
        data=json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"Authorization": f"Bearer {account_id}"},
    )
    return answer.status_code, json.loads(answer.content) if answer.content else None


def test_at_first_use_there_is_one_with_the_devices_time_zone() -> None:
    sara = uuid4()
    status, document = ask(sara, "GET", "?timeZone=Asia/Tokyo")
    member = households.of(account_id=sara, now=NOW)
    assert status == 200
    assert document == {
        "households": [
            {
                "id": str(member.household_id),
                "name": "",
                "timeZone": "Asia/Tokyo",
                "currency": "EUR",
                "role": "owner",
                "useSoonDays": 3,
                "members": [
                    {
                        "id": str(member.reference),
                        "name": "",
                        "role": "owner",
                        "joinedAt": Member.objects.get().joined_at.isoformat(),
                        "isMe": True,
                    }
                ],
                "places": [],
            }
        ]
    }


def test_its_owner_changes_it() -> None:
    owner = alone()
    path = f"/{owner.household_id}"
    status, document = ask(
        owner, "PATCH", path, {"name": "Home", "timeZone": "Europe/Paris", "currency": "CHF"}
    )
    assert (status, document["name"], document["timeZone"], document["currency"]) == (
        200,
        "Home",
        "Europe/Paris",
        "CHF",
    )
    for nonsense in (
        {"timeZone": "Mars/Olympus"},
        {"currency": "BTC"},
        {"name": 7 * "x" * 80},
        {"nam": "x"},
        [],
    ):
        assert ask(owner, "PATCH", path, nonsense)[0] == 400, nonsense
    assert ask(join(owner), "PATCH", path, {"name": "x"})[0] == 403


def test_a_person_says_who_they_are() -> None:
    owner = alone()
    guest = join(owner)
    path = f"/{owner.household_id}/members/{guest.reference}"
    status, document = ask(guest, "PATCH", path, {"name": "Tom", "useSoonDays": 5})
    assert (status, document["useSoonDays"]) == (200, 5)
    assert {(one["name"], one["isMe"]) for one in document["members"]} == {("", False), ("Tom", True)}
    assert ask(owner, "PATCH", path, {"name": "Jerry"})[0] == 404, "of somebody else nobody says it"


def test_an_invitation_from_one_to_the_other() -> None:
    owner, guest = alone(), uuid4()
    path = f"/{owner.household_id}/invitations"
    status, invited = ask(owner, "POST", path)
    assert status == 201
    status, listed = ask(owner, "GET", path)
    assert [one["id"] for one in listed["invitations"]] == [invited["id"]]
    assert invited["token"] not in str(listed)
    assert ask(guest, "POST", "/join", {"token": invited["token"] + "x"})[0] == 404
    status, document = ask(guest, "POST", "/join", {"token": invited["token"], "name": "Tom"})
    assert (status, document["id"], document["role"]) == (200, str(owner.household_id), "member")
    assert ask(uuid4(), "POST", "/join", {"token": invited["token"]})[0] == 404
    assert ask(guest, "GET", path)[1] == {"invitations": []}
    assert ask(guest, "POST", path)[0] == 403


def test_whoever_has_food_says_that_it_may_go() -> None:
    owner, guest = alone(), alone()
    put_food(guest)
    token = invitations.invite(member=owner, now=NOW).token
    Invitation.objects.update(expires_at=NOW.replace(year=2999))
    status, error = ask(guest, "POST", "/join", {"token": token})
    assert (status, error["code"]) == (409, "own_food_at_stake")
    assert Item.objects.exists()
    assert ask(guest, "POST", "/join", {"token": token, "leaveBehind": True})[0] == 200
    assert not Item.objects.exists()


def test_members_go_and_the_owner_changes() -> None:
    owner = alone()
    first, second = join(owner), join(owner)
    path = f"/{owner.household_id}"
    assert ask(owner, "PUT", f"{path}/owner", {"member": str(first.reference)})[0] == 200
    assert ask(owner, "DELETE", f"{path}/members/{second.reference}")[0] == 403
    assert ask(first, "DELETE", f"{path}/members/{second.reference}")[0] == 204
    assert ask(first, "POST", f"{path}/leave", {"successor": str(uuid4())})[0] == 404
    assert ask(first, "POST", f"{path}/leave", {})[0] == 204
    assert again(owner).is_owner
    assert ask(owner, "DELETE", path)[0] == 204
    assert ask(owner, "GET", path)[0] == 404


def test_places() -> None:
    owner = alone()
    path = f"/{owner.household_id}/places"
    status, place = ask(owner, "POST", path, {"kind": "freezer", "name": "Cellar"})
    assert (status, place["name"]) == (201, "Cellar")
    assert ask(owner, "POST", path, {"kind": "pantry", "name": "Cellar"})[0] == 409
    assert ask(owner, "PATCH", f"{path}/{place['id']}", {"name": "Garage"})[1]["places"] == [
        {**place, "name": "Garage"}
    ]
    assert ask(owner, "DELETE", f"{path}/{place['id']}")[0] == 204
    assert ask(owner, "DELETE", f"{path}/{place['id']}")[0] == 404


def test_of_another_household_nothing_is_told_and_nothing_changes() -> None:
    """Not by any method, at any address, as a stranger or as a former member; nor that it is there."""
    owner, stranger = alone(), alone()
    former, guest = join(owner), join(owner)
    place = places.add(member=owner, kind=PlaceKind.FRIDGE, name="Shelf")
    invited = invitations.invite(member=owner, now=NOW)
    assert ask(former, "POST", f"/{owner.household_id}/leave", {})[0] == 204
    before = (again(owner), again(guest), Place.objects.count())

    def answers(
        who: Membership, household_id: UUID, member: UUID, place_id: UUID, invitation: UUID
    ) -> list[Any]:
        found = []
        for path, body in (
            ("", {"name": "x"}),
            ("/leave", {}),
            ("/owner", {"member": str(member)}),
            (f"/members/{member}", {"name": "x"}),
            ("/invitations", {}),
            (f"/invitations/{invitation}", {}),
            ("/places", {"kind": "fridge", "name": "x"}),
            (f"/places/{place_id}", {"name": "x"}),
        ):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                status, document = ask(who, method, f"/{household_id}{path}", body)
                assert status in {404, 405}, (method, path)
                found.append((status, document["code"], document["message"]))
        return found

    nobodys = (uuid4(), uuid4(), uuid4(), uuid4())
    theirs = (owner.household_id, guest.reference, place.id, invited.id)
    for who in (stranger, former):
        assert answers(who, *theirs) == answers(who, *nobodys)
    mine = again(stranger).household_id
    for ids in (theirs, nobodys):
        for path in (f"/members/{ids[1]}", f"/places/{ids[2]}", f"/invitations/{ids[3]}"):
            assert ask(stranger, "DELETE", f"/{mine}{path}")[0] == 404
    assert (again(owner), again(guest), Place.objects.count()) == before
