"""What people tell us stands in no log and in no error, wherever they tell it and whatever breaks."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any, Final, NoReturn

import orjson
import pytest
from django.test import Client

from contexts.identity.web import account_api
from contexts.passport.tests.entries import MUESLI
from contexts.personalization.application import profiles
from contexts.personalization.domain import profile as domain
from packytrace.logs import lines
from tests.test_every_address import METHODS, addresses, ask, undone
from tests.two_people import CONTEXTS, Person, Town, routes

pytestmark = pytest.mark.django_db(databases=CONTEXTS)

#: Typed wherever something can be typed, and nowhere else.
CANARY: Final = "c4n4ry"
PASSWORD: Final = f"{CANARY} sings in the mine"
EMAIL: Final = f"{CANARY}@shop.example"

Written = Callable[[], str]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Written:
    """All lines so far, as they leave the process."""
    text: list[str] = []
    monkeypatch.setattr(lines, "write", text.append)
    return lambda: "\n".join(text).lower()


def secrets_of(person: Person) -> tuple[str, ...]:
    return (
        CANARY,
        person.word,
        person.name,
        person.lot,
        person.token,
        person.token.rpartition(".")[2],
        person.cookies["packytrace_session"],
        person.cookies["packytrace_visitor"],
    )


def silent(written: Written, person: Person) -> None:
    said = written()
    for secret in secrets_of(person):
        at = said.find(secret.lower())
        assert at < 0, said[max(0, at - 300) : at + 100]


BODIES: Final[tuple[Any, ...]] = (
    {"email": EMAIL, "password": PASSWORD, "name": CANARY},
    {"email": [EMAIL], "password": {CANARY: PASSWORD}, CANARY: CANARY},
    {"avoided": [CANARY], "allergens": {"milk": CANARY}, "diets": [CANARY]},
    {"noticeVersion": CANARY, "code": f"https://id.example/01/{MUESLI}/10/{CANARY}"},
    {"code": f"(01){MUESLI}(10){CANARY}"},
)

FORM: Final = {"avoided": f"{CANARY}\x07", "diets": CANARY, "edition": CANARY, "code": CANARY, "next": CANARY}


def test_at_every_address(town: Town, written: Written) -> None:
    """Read and typed, by who is signed in, in the form and in JSON, where it is right and where it is not."""
    luca = town.luca
    client = luca.client()
    for route in routes():
        for address in addresses(route, of=luca, town=town)[:1]:
            with undone():
                for method in METHODS:
                    ask(client, method, f"{address}?next=/{CANARY}&q={CANARY}&code={CANARY}&state={CANARY}")
            with undone():
                answers = [_sent(client, method, address, body) for method, body in _typed(address)]
                client.post(address, FORM)
            for answer in answers:
                if answer.status_code >= 400:
                    told = answer.content.decode().lower()
                    assert not [secret for secret in secrets_of(luca) if secret.lower() in told], told
    assert '"event":"request"' in written()
    silent(written, luca)


def _typed(address: str) -> Iterator[tuple[str, Any]]:
    if address.startswith("/api/"):
        yield from itertools.product(("POST", "PUT"), BODIES)


def _sent(client: Client, method: str, address: str, body: Any) -> Any:
    send = getattr(client, method.lower())
    return send(address, orjson.dumps(body), content_type="application/json", headers={"If-None-Match": "*"})


def test_when_something_breaks_with_it_in_hand(
    town: Town, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library quotes what it was given in the message of its error: that reaches neither log nor answer."""

    def broken(*given: Any, **named: Any) -> NoReturn:
        raise ValueError(f"{CANARY} {given} {named} {town.luca.word}")

    class Provider:
        register = sign_in = sign_out = staticmethod(broken)

    monkeypatch.setattr(account_api, "provider_accounts", Provider)
    monkeypatch.setattr(profiles, "profile_from_json", broken)
    luca = town.luca.client()
    answers = [
        _sent(luca, "POST", "/api/v1/accounts", {"email": EMAIL, "password": PASSWORD}),
        _sent(luca, "POST", "/api/v1/sessions", {"email": EMAIL, "password": PASSWORD}),
        luca.get("/profile"),
        luca.get("/api/v1/me/profile"),
        luca.get(f"/api/v1/me/verdicts/{MUESLI}"),
        luca.get("/profile/change"),
    ]
    assert {answer.status_code for answer in answers} == {500}
    assert luca.get(f"/passport/{MUESLI}").status_code == 200
    for answer in answers:
        assert not [
            secret for secret in secrets_of(town.luca) if secret.lower() in answer.content.decode().lower()
        ]
    assert "valueerror" in written()
    assert "verdict_panel_failed" in written()
    silent(written, town.luca)


class TestWhatNoProfileHas:
    """Refused with the field's name, with nothing stored; by the pages, these are tested beside them."""

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            ({"avoided": ["a"] * 10_000}, 400, "profile_not_accepted"),
            ({"avoided": [f"{number:x}" for number in range(5_000)]}, 400, "profile_not_accepted"),
            ({"avoided": [f"word {number}" for number in range(30_000)]}, 413, "body_too_large"),
            ({"avoided": ["x" * 1_000_000]}, 413, "body_too_large"),
            ({"avoided": ["nut\u0000"]}, 400, "bad_body"),
            ({"avoided": ["nut\u001b[31m"]}, 400, "profile_not_accepted"),
            ({"avoided": ["\u202etun"]}, 400, "profile_not_accepted"),
            ({"avoided": ["nu\u200bt"]}, 400, "profile_not_accepted"),
            ({"avoided": ["\u2066nut\u2069"]}, 400, "profile_not_accepted"),
            ({"avoided": ["\ufeff"]}, 400, "profile_not_accepted"),
            ({"allergens": {"milk": "lots"}}, 400, "profile_not_accepted"),
            ({"allergens": {"plutonium": "contains"}}, 400, "profile_not_accepted"),
            ({"goals": ["immortality"]}, 400, "profile_not_accepted"),
            ({"avoided": [[["a"]]]}, 400, "profile_not_accepted"),
        ],
        ids=lambda value: json.dumps(value)[:40],
    )
    def test_is_refused_and_not_stored(self, town: Town, body: Any, status: int, code: str) -> None:
        luca = town.luca.client(session=False)
        etag = luca.get("/api/v1/me/profile").headers["ETag"]
        answer = luca.put(
            "/api/v1/me/profile", body, content_type="application/json", headers={"If-Match": etag}
        )
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert luca.get("/api/v1/me/profile").headers["ETag"] == etag

    @pytest.mark.parametrize("depth", [17, 100_000])
    def test_nor_what_is_nested_without_end(self, town: Town, depth: int) -> None:
        luca = town.luca.client(session=False)
        etag = luca.get("/api/v1/me/profile").headers["ETag"]
        body = b'{"avoided":' + b"[" * depth + b"]" * depth + b"}"
        answer = luca.put(
            "/api/v1/me/profile", body, content_type="application/json", headers={"If-Match": etag}
        )
        assert 400 <= answer.status_code < 500
        assert luca.get("/api/v1/me/profile").headers["ETag"] == etag


SCRIPT: Final = "<script>alert(1)</script>"


def test_script_is_a_word_like_any_other_and_runs_nowhere(town: Town) -> None:
    luca = town.luca.client()
    etag = luca.get("/api/v1/me/profile").headers["ETag"]
    wanted = {"allergens": {"milk": "contains"}, "avoided": [SCRIPT, '" onload=alert(1) x="', "{{ 7*7 }}"]}
    saved = luca.put(
        "/api/v1/me/profile", wanted, content_type="application/json", headers={"If-Match": etag}
    )
    assert saved.json()["avoided"] == wanted["avoided"]
    assert saved.headers["Content-Type"] == "application/json"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/profile", "/profile/change", "/setup/wishes", f"/passport/{MUESLI}"):
        page = luca.get(path).content.decode()
        assert SCRIPT not in page, path
        assert '" onload=' not in page, path
    assert "&lt;script&gt;" in luca.get("/profile").content.decode()


def test_the_domain_keeps_its_limits() -> None:
    assert (domain.MOST_AVOIDED, domain.LONGEST_AVOIDED) == (100, 60)
