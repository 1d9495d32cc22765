"""The API of one's own notices: editions, strictness, and nobody else's."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from contexts.fridge.models import NoticeSettings, PushSubscription
from contexts.fridge.tests.application.test_notices import AUTH, KEY
from contexts.fridge.tests.people import World
from contexts.fridge.tests.pressing import NOW
from contexts.fridge.tests.web.api_client import believe_tokens, code_of

pytestmark = pytest.mark.django_db(databases=["fridge"])

NOTICES = "/api/v1/me/notices"
FIRST = {"If-None-Match": "*"}
DOCUMENT = {
    "byMail": True,
    "byPush": False,
    "digestHour": 19,
    "digestStates": ["use_soon", "use_today"],
    "instantStates": ["expired"],
    "quietFrom": 22,
    "quietTo": 7,
    "language": "de",
}
SUBSCRIPTION = {
    "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/1",
    "expirationTime": None,
    "keys": {"p256dh": KEY, "auth": AUTH},
}


@pytest.fixture(autouse=True)
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    believe_tokens(monkeypatch)


@pytest.fixture
def sara(world: World) -> UUID:
    """Somebody who has agreed."""
    account_id = uuid4()
    world.notified[account_id] = NOW
    return account_id


def ask(method: str, who: UUID, below: str = "", *, body: Any = None, **headers: str) -> Any:
    return Client(raise_request_exception=False).generic(
        method,
        f"{NOTICES}{below}",
        data=json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={"Authorization": f"Bearer {who}", **headers},
    )


def test_from_nothing_to_notices_and_back(sara: UUID) -> None:
    assert code_of(ask("GET", sara)) == (404, "no_notice_settings")
    made = ask("PUT", sara, body=DOCUMENT, **FIRST)
    assert made.status_code == 201
    assert made.json() == DOCUMENT | {"subscriptions": []}
    read = ask("GET", sara)
    assert (read.json(), read.headers["ETag"]) == (made.json(), made.headers["ETag"])
    assert read.headers["Cache-Control"] == "no-store"
    changed = ask("PUT", sara, body={"byMail": True}, **{"If-Match": read.headers["ETag"]})
    assert changed.json()["digestHour"] == 8
    assert changed.json()["quietFrom"] is None
    for headers in (FIRST, {"If-Match": read.headers["ETag"]}):
        assert code_of(ask("PUT", sara, body=DOCUMENT, **headers)) == (412, "notice_settings_changed")
    assert code_of(ask("PUT", sara, body=DOCUMENT)) == (428, "notice_version_missing")
    assert code_of(ask("DELETE", sara, **{"If-Match": '"1"'})) == (412, "notice_settings_changed")
    for _twice in range(2):
        assert ask("DELETE", sara).status_code == 204
    assert not NoticeSettings.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"byMail": 1}, "byMail"),
        ({"digestHour": 24}, "digestHour"),
        ({"digestHour": True}, "digestHour"),
        ({"digestHour": 7.5}, "digestHour"),
        ({"digestStates": "use_soon"}, "digestStates"),
        ({"digestStates": ["fresh"]}, "digestStates"),
        ({"digestStates": [{}]}, "digestStates"),
        ({"instantStates": ["use_soon"]}, "instantStates"),
        ({"quietFrom": 7}, "quietTo"),
        ({"quietTo": None}, "quietTo"),
        ({"language": "la"}, "language"),
        ({"language": ["de"]}, "language"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_by_name(sara: UUID, wrong: dict[str, Any], field: str) -> None:
    answer = ask("PUT", sara, body=DOCUMENT | wrong, **FIRST)
    assert code_of(answer) == (400, "notices_not_accepted")
    assert answer.json()["message"].startswith(f"{field}: ")


@pytest.mark.parametrize("body", [[], "x", 1])
def test_what_is_no_object_is_refused(sara: UUID, body: Any) -> None:
    assert ask("PUT", sara, body=body, **FIRST).status_code == 400
    assert ask("POST", sara, "/subscriptions", body=body).status_code == 400


def test_browsers_come_and_go(sara: UUID, world: World) -> None:
    made = ask("POST", sara, "/subscriptions", body=SUBSCRIPTION)
    assert made.status_code == 201
    assert ask("POST", sara, "/subscriptions", body=SUBSCRIPTION).json() == made.json()
    assert ask("GET", sara).json()["subscriptions"] == [made.json()]
    luca = uuid4()
    assert ask("DELETE", luca, f"/subscriptions/{made.json()['id']}").status_code == 204
    assert PushSubscription.objects.exists()
    assert ask("DELETE", sara, f"/subscriptions/{made.json()['id']}").status_code == 204
    assert not PushSubscription.objects.exists()


def test_no_other_machine_can_be_made_to_be_asked(sara: UUID) -> None:
    inside = SUBSCRIPTION | {"endpoint": "https://10.0.0.1/"}
    assert code_of(ask("POST", sara, "/subscriptions", body=inside)) == (400, "browser_not_accepted")


def test_without_consent_there_is_nothing(world: World) -> None:
    nobody = uuid4()
    for answer in (
        ask("GET", nobody),
        ask("PUT", nobody, body=DOCUMENT, **FIRST),
        ask("POST", nobody, "/subscriptions", body=SUBSCRIPTION),
    ):
        assert code_of(answer) == (403, "notices_need_consent")
    assert Client().get(NOTICES).status_code == 401
