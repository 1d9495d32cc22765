"""The API of items: what it answers, what it refuses, and the same request ten times at once."""

from collections import Counter
from typing import Any
from uuid import UUID, uuid4

import jsonschema_rs
import orjson
import pytest

from contexts.fridge.application import households
from contexts.fridge.application.ports import Pack
from contexts.fridge.models import Action, FridgeEvent, Item
from contexts.fridge.tests.people import World, alone, at_once, join
from contexts.fridge.tests.web.api_client import FRIDGE, ask, believe_tokens, code_of
from packytrace.edge import openapi

pytestmark = pytest.mark.django_db(databases=["fridge"])

GTIN = "09521001000017"
MILK = {"name": "Milk", "quantity": {"amount": "1", "unit": "l"}, "date": "2030-11-24", "dateKind": "use_by"}


@pytest.fixture(autouse=True)
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    believe_tokens(monkeypatch)


@pytest.fixture
def sara() -> UUID:
    return alone().account_id


def stored(who: UUID, **more: Any) -> tuple[dict[str, Any], str]:
    """An item that was added, and its ETag."""
    answer = ask("POST", "/items", MILK | more, who=who)
    assert answer.status_code == 201, answer.content
    return answer.json()["items"][0], answer.headers["ETag"]


def act(who: UUID, item: dict[str, Any], verb: str, body: Any = None, *, etag: str, **more: Any) -> Any:
    return ask("POST", f"/items/{item['id']}/{verb}", body or {}, who=who, If_Match=etag, **more)


def is_described(document: Any, component: str) -> None:
    """What is answered is what the API's description promises."""
    openapi.document.cache_clear()
    described = orjson.loads(openapi.document()[0])["components"]
    schema = {**described["schemas"][component], "components": described}
    jsonschema_rs.validator_for(schema, validate_formats=True).validate(document)


def test_an_item_is_added_and_read(sara: UUID) -> None:
    answer = ask("POST", "/items", MILK | {"price": "1.29", "packs": 2, "place": "fridge"}, who=sara)
    (item,) = answer.json()["items"]
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{FRIDGE}/items/{item['id']}")
    assert item["amounts"] == {
        "unit": "ml", "added": "2000", "left": "2000", "used": "0", "wasted": "0", "given": "0"
    }  # fmt: skip
    assert (item["price"], item["packs"], item["place"]["kind"]) == ("1.29", 2, "fridge")
    assert (item["freshness"]["state"], item["freshness"]["dueOn"]) == ("fresh", "2030-11-24")
    is_described(answer.json(), "DoneView")
    read = ask("GET", f"/items/{item['id']}", who=sara)
    assert (read.json(), read.headers["ETag"]) == (item, answer.headers["ETag"])
    again = ask("GET", f"/items/{item['id']}", who=sara, If_None_Match=f'"x", W/{read.headers["ETag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert "no-store" in read.headers["Cache-Control"]


def test_pages_of_items_follow_each_other(sara: UUID) -> None:
    for number in range(5):
        stored(sara, name=f"Milk {number}", date=f"2030-11-2{number}")
    ask("POST", "/items", {"name": "Rice", "place": "pantry"}, who=sara)
    names, cursor, pages = [], "", 0
    while cursor is not None:
        answer = ask("GET", f"/items?limit=4&cursor={cursor}" if cursor else "/items?limit=4", who=sara)
        is_described(answer.json(), "ItemsView")
        names += [item["name"] for item in answer.json()["items"]]
        assert answer.json()["total"] == 6
        cursor, pages = answer.json()["next"], pages + 1
    assert sorted(names) == ["Milk 0", "Milk 1", "Milk 2", "Milk 3", "Milk 4", "Rice"]
    assert pages == 2
    found = {
        query: [item["name"] for item in ask("GET", f"/items?{query}", who=sara).json()["items"]]
        for query in ("place=pantry", "q=rice", "state=expired", f"place={uuid4()}", "place=x")
    }
    assert found == {
        "place=pantry": ["Rice"],
        "q=rice": ["Rice"],
        "state=expired": [],
        next(query for query in found if len(query) > 30): [],
        "place=x": [],
    }


def test_a_whole_life_is_told(sara: UUID) -> None:
    item, etag = stored(sara)
    opened = act(sara, item, "open", {"on": item["addedAt"][:10]}, etag=etag)
    used = act(sara, item, "use", {"share": "0.5"}, etag=opened.headers["ETag"])
    wasted = act(
        sara, item, "waste", {"quantity": {"amount": "200", "unit": "ml"}, "reason": "disliked"},
        etag=used.headers["ETag"],
    )  # fmt: skip
    left = wasted.json()["items"][0]["amounts"]
    assert (left["used"], left["wasted"], left["left"]) == ("500", "200", "300")
    undone = ask("POST", f"/actions/{wasted.json()['actionId']}/undo", who=sara)
    assert undone.json()["items"][0]["amounts"]["wasted"] == "0"
    frozen = act(sara, item, "freeze", etag="*")
    assert frozen.json()["items"][0]["freshness"]["state"] == "frozen"
    history = ask("GET", f"/items/{item['id']}/history", who=sara).json()
    is_described(history, "ItemHistoryView")
    assert [event["undone"] for event in history["events"]] == [False, False, False, True, False, False]
    assert [event["version"] for event in history["events"]] == [1, 2, 3, 4, 5, 6]
    assert "household" not in str(history)


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("move", {"place": "pantry"}),
        ("date", {"date": "2031-01-01", "dateKind": "best_before"}),
        ("date", {"date": None}),
        ("skip-date", {}),
        ("quantity", {"quantity": {"amount": "0.4", "unit": "l"}}),
        ("price", {"price": "2.5"}),
        ("give", {}),
        ("finish", {}),
        ("freeze", {"place": "freezer"}),
    ],
)
def test_every_verb_does_something(sara: UUID, verb: str, body: Any) -> None:
    item, etag = stored(sara)
    answer = act(sara, item, verb, body, etag=etag)
    assert (answer.status_code, answer.json()["items"][0]["version"]) == (200, 2), answer.content


def test_packs_are_split(sara: UUID) -> None:
    item, etag = stored(sara, packs=3)
    split = act(sara, item, "split", {"packs": 1}, etag=etag).json()
    assert sorted(each["packs"] for each in split["items"]) == [1, 2]


def test_many_are_done_at_once_or_none(sara: UUID) -> None:
    ids = [stored(sara)[0]["id"] for _ in range(3)]
    body = {"verb": "waste", "itemIds": [*ids, ids[0]], "reason": "expired"}
    refused = ask("POST", "/actions", body | {"itemIds": [*ids, str(uuid4())]}, who=sara)
    assert code_of(refused) == (404, "item_not_found")
    done = ask("POST", "/actions", body, who=sara).json()
    assert {item["status"] for item in done["items"]} == {"finished"}
    assert ask("GET", "/items", who=sara).json()["total"] == 0
    undone = ask("POST", f"/actions/{done['actionId']}/undo", who=sara).json()
    assert {item["status"] for item in undone["items"]} == {"here"}


def test_the_same_pack_is_asked_about(sara: UUID, world: World) -> None:
    world.codes["CODE"] = Pack(
        gtin=GTIN, lot="L1", serial="S1", use_by=None, best_before=None, net_weight=None
    )
    first = ask("POST", "/items", {"code": "CODE"}, who=sara)
    again = ask("POST", "/items", {"code": "CODE"}, who=sara)
    assert code_of(again) == (409, "already_at_home")
    assert again.headers["Location"] == first.headers["Location"]
    more = ask("POST", "/items", {"code": "CODE", "allowDuplicate": True}, who=sara)
    assert (more.status_code, more.json()["items"][0]["serial"]) == (201, None)


def test_the_same_request_again_is_answered_and_not_done(sara: UUID) -> None:
    first = ask("POST", "/items", MILK, who=sara, key="one")
    again = ask("POST", "/items", MILK, who=sara, key="one")
    assert (again.status_code, again.headers["Location"]) == (201, first.headers["Location"])
    assert (first.json()["repeated"], again.json()["repeated"]) == (False, True)
    assert code_of(ask("POST", "/items", {"name": "Oil"}, who=sara, key="one")) == (409, "action_reused")
    item, etag = first.json()["items"][0], first.headers["ETag"]
    used = act(sara, item, "use", {"share": "0.5"}, etag=etag, key="two")
    # The version has moved on, by this very request.
    assert act(sara, item, "use", {"share": "0.5"}, etag=etag, key="two").json() == used.json() | {
        "repeated": True
    }
    luca = alone().account_id
    assert ask("POST", "/items", MILK, who=luca, key="one").json()["repeated"] is False, "keys are one's own"
    assert Item.objects.count() == 2


@pytest.mark.parametrize("key", [None, " ", "a b", "x" * 256, "ü"])
def test_a_change_needs_a_name_of_its_own(sara: UUID, key: str | None) -> None:
    item, etag = stored(sara)
    for address, body in (
        ("/items", MILK),
        (f"/items/{item['id']}/finish", {}),
        ("/actions", {"verb": "finish", "itemIds": [item["id"]]}),
        (f"/actions/{uuid4()}/undo", None),
    ):
        sent = {"Idempotency_Key": key} if key else {}
        answer = ask("POST", address, body, who=sara, key=None, If_Match=etag, **sent)
        assert code_of(answer) == (400, "idempotency_key_needed"), address


def test_a_change_is_made_to_the_version_that_was_seen(sara: UUID) -> None:
    item, etag = stored(sara)
    without = ask("POST", f"/items/{item['id']}/open", {}, who=sara)
    assert code_of(without) == (428, "item_version_missing")
    act(sara, item, "use", {"share": "0.5"}, etag=etag)
    for stale in (etag, '"1"', '"x"', "", 'W/"1.abc"', '"99999999999999.a"'):
        assert code_of(act(sara, item, "finish", etag=stale)) == (412, "item_changed"), stale
    assert ask("GET", f"/items/{item['id']}", who=sara).json()["version"] == 2


NOTHING_ADDED = [
    ({}, "nothing_to_add"),
    ({"name": "  "}, "invalid"),
    ({"name": "x" * 121}, "invalid"),
    ({"name": "Milk", "packs": 0}, "invalid"),
    ({"name": "Milk", "packs": -1}, "invalid"),
    ({"name": "Milk", "packs": 10**9}, "invalid"),
    ({"name": "Milk", "packs": 1_000_000}, "packs_out_of_range"),
    ({"name": "Milk", "packs": "many"}, "invalid"),
    ({"name": "Milk", "quantity": {"amount": "0", "unit": "g"}}, "invalid"),
    ({"name": "Milk", "quantity": {"amount": "-1", "unit": "g"}}, "invalid"),
    ({"name": "Milk", "quantity": {"amount": "1000000.001", "unit": "g"}}, "invalid"),
    ({"name": "Milk", "quantity": {"amount": "1e9", "unit": "g"}}, "invalid"),
    ({"name": "Milk", "quantity": {"amount": "NaN", "unit": "g"}}, "invalid"),
    ({"name": "Milk", "quantity": {"amount": "0.0001", "unit": "g"}}, "invalid"),
    ({"name": "Milk", "quantity": {"amount": "1", "unit": "stone"}}, "invalid"),
    ({"name": "Milk", "quantity": "1 l"}, "invalid"),
    ({"name": "Milk", "date": "1900-01-01"}, "date_out_of_range"),
    ({"name": "Milk", "date": "9999-12-31"}, "date_out_of_range"),
    ({"name": "Milk", "date": "2026-02-30"}, "invalid"),
    ({"name": "Milk", "openedOn": "2001-01-01"}, "opened_before_added"),
    ({"name": "Milk", "openedOn": "2099-01-01"}, "opened_in_the_future"),
    ({"name": "Milk", "price": "-1"}, "price_out_of_range"),
    ({"name": "Milk", "price": "1.0001"}, "invalid"),
    ({"name": "Milk", "place": "cellar"}, "invalid"),
    ({"name": "Milk", "place": str(UUID(int=1))}, "invalid"),
    ({"name": "Milk", "kind": "stones"}, "invalid"),
    ({"name": "Milk", "dateKind": "sell_by"}, "invalid"),
    ({"name": "Milk", "expires": "2026-11-24"}, "invalid"),
    ({"name": ["Milk"]}, "invalid"),
    ([], "invalid"),
    ("Milk", "invalid"),
    (None, "nothing_to_add"),
]


@pytest.mark.parametrize(("body", "code"), NOTHING_ADDED)
def test_what_makes_no_sense_is_not_added(sara: UUID, body: Any, code: str) -> None:
    answer = ask("POST", "/items", body, who=sara)
    assert code_of(answer) == (400, code)
    assert not FridgeEvent.objects.exists()


@pytest.mark.parametrize(
    ("verb", "body", "expected"),
    [
        ("use", {"quantity": {"amount": "1001", "unit": "ml"}}, (409, "more_than_left")),
        ("use", {"quantity": {"amount": "1", "unit": "kg"}}, (400, "unit_does_not_fit")),
        ("use", {"quantity": {"amount": "0", "unit": "l"}}, (400, "invalid")),
        ("use", {"share": "1.5"}, (400, "quantity_not_clear")),
        ("use", {"share": "0"}, (400, "quantity_not_clear")),
        ("use", {"share": "-0.5"}, (400, "quantity_not_clear")),
        ("use", {"share": "0.5", "quantity": {"amount": "1", "unit": "ml"}}, (400, "quantity_not_clear")),
        ("waste", {}, (400, "invalid")),
        ("waste", {"reason": "boredom"}, (400, "invalid")),
        ("finish", {"share": "0.5"}, (400, "invalid")),
        ("open", {"on": "2001-01-01"}, (400, "opened_before_added")),
        ("open", {"on": "2099-01-01"}, (400, "opened_in_the_future")),
        ("thaw", {}, (409, "not_frozen")),
        ("freeze", {"place": "pantry"}, (400, "place_does_not_fit")),
        ("move", {}, (400, "invalid")),
        ("move", {"place": str(UUID(int=1))}, (400, "invalid")),
        ("split", {"packs": 1}, (409, "not_so_many_packs")),
        ("split", {}, (400, "invalid")),
        ("date", {}, (400, "invalid")),
        ("date", {"date": "1900-01-01"}, (400, "date_out_of_range")),
        ("date", {"date": "9999-12-31"}, (400, "date_out_of_range")),
        ("price", {"price": "99999999"}, (400, "price_out_of_range")),
        ("quantity", {"quantity": {"amount": "1", "unit": "piece"}}, (400, "unit_does_not_fit")),
        ("eat", {}, (404, "not_found")),
    ],
)
def test_what_makes_no_sense_is_not_done(sara: UUID, verb: str, body: Any, expected: tuple[int, str]) -> None:
    item, etag = stored(sara)
    assert code_of(act(sara, item, verb, body, etag=etag)) == expected
    assert FridgeEvent.objects.count() == 1


def test_a_finished_item_stays_finished(sara: UUID) -> None:
    item, etag = stored(sara)
    etag = act(sara, item, "finish", etag=etag).headers["ETag"]
    for verb, body in (
        ("use", {"share": "0.5"}),
        ("open", {}),
        ("freeze", {}),
        ("waste", {"reason": "other"}),
    ):
        assert code_of(act(sara, item, verb, body, etag=etag)) == (409, "already_finished")


def test_waste_and_what_to_buy_are_told(sara: UUID) -> None:
    item, etag = stored(sara)
    act(sara, item, "waste", {"reason": "disliked"}, etag=etag)
    for period in ("week", "month", "year"):
        waste = ask("GET", f"/waste?period={period}", who=sara).json()
        is_described(waste, "WasteView")
        assert waste["total"]["wasted"] == waste["byReason"][0]["wasted"]
        assert (waste["total"]["rate"], waste["byReason"][0]["of"]) == ("1", "disliked")
    lines = ask("GET", "/shopping-list", who=sara).json()
    is_described(lines, "ShoppingListView")
    assert [line["name"] for line in lines["lines"]] == ["Milk"]
    ticked = ask("PUT", "/shopping-list", {"itemIds": [item["id"]]}, who=sara).json()
    assert ticked["lines"] == []
    back = ask("PUT", "/shopping-list", {"itemIds": [item["id"]], "ticked": False}, who=sara).json()
    assert back == lines
    for day in ("9999-12-31", "0001-01-01", "x"):
        assert code_of(ask("GET", f"/waste?day={day}", who=sara)) == (400, "invalid")


def test_nobody_else_finds_it(sara: UUID) -> None:
    item, etag = stored(sara)
    done = act(sara, item, "use", {"share": "0.5"}, etag=etag).json()
    luca = alone().account_id
    for method, address, body in (
        ("GET", f"/items/{item['id']}", None),
        ("GET", f"/items/{item['id']}/history", None),
        ("POST", f"/items/{item['id']}/finish", {}),
        ("POST", "/actions", {"verb": "finish", "itemIds": [item["id"]]}),
        ("POST", f"/actions/{done['actionId']}/undo", None),
    ):
        answer = ask(method, address, body, who=luca, If_Match="*")
        assert answer.status_code == 404, address
        assert ask(method, address, body, who=None, If_Match="*").status_code == 401, address
    assert ask("GET", "/items", who=luca).json()["items"] == []
    assert FridgeEvent.objects.count() == 2


@pytest.mark.django_db(databases=["fridge"], transaction=True)
class TestAtOnce:
    def test_the_same_request_ten_times_is_one_action(self) -> None:
        sara = alone().account_id
        answers: list[Any] = at_once(
            *[lambda: ask("POST", "/items", MILK, who=sara, key="tap") for _ in range(10)]
        )
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.headers["Location"] for answer in answers}) == 1
        assert Counter(answer.json()["repeated"] for answer in answers) == {True: 9, False: 1}
        assert (Item.objects.count(), FridgeEvent.objects.count(), Action.objects.count()) == (1, 1, 1)

    def test_two_people_finish_the_same_item(self) -> None:
        owner = alone()
        other = join(owner)
        item, etag = stored(owner.account_id)
        answers: list[Any] = at_once(
            *[
                lambda who=who: act(who, item, "finish", etag=etag)
                for who in (owner.account_id, other.account_id)
            ]
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        assert FridgeEvent.objects.count() == 2

    def test_the_same_serial_from_ten_phones_is_one_item(self, world: World) -> None:
        sara = alone().account_id
        world.codes["CODE"] = Pack(
            gtin=GTIN, lot=None, serial="S1", use_by=None, best_before=None, net_weight=None
        )
        answers: list[Any] = at_once(
            *[lambda: ask("POST", "/items", {"code": "CODE"}, who=sara) for _ in range(10)]
        )
        assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 9}

    def test_ten_first_requests_make_one_household(self) -> None:
        nobody_yet = uuid4()
        answers: list[Any] = at_once(*[lambda: ask("GET", "/items", who=nobody_yet) for _ in range(10)])
        assert {answer.status_code for answer in answers} == {200}
        assert households.find(account_id=nobody_yet) is not None
