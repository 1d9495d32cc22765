"""The API of one's own profile: editions, strictness, and nobody else's data."""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.translation import get_language
from pytest_django import Settings

from contexts.personalization.application import errors
from contexts.personalization.application.profiles import read_profile, save_profile
from contexts.personalization.domain.label import Allergen, Label
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.domain.profile_json import profile_to_json
from contexts.personalization.models import HealthProfile as ProfileRow
from contexts.personalization.models import PersonKey
from contexts.personalization.tests.people import CANARY, LUCA, NOW, PROFILE, SARA, World, product
from packytrace.edge import bearer, openapi
from packytrace.openid.errors import TokenRefused

pytestmark = pytest.mark.django_db(databases=["personalization"])

ADDRESS = "/api/v1/me/profile"
VERDICT = "/api/v1/me/verdicts/09521001000017"
TOKENS = {"Bearer sara": SARA, "Bearer luca": LUCA}
FIRST = {"If-None-Match": "*"}
DOCUMENT = profile_to_json(PROFILE)


@pytest.fixture(autouse=True)
def tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes a token a good one is tested where tokens are read."""

    def account_of(authorization: str) -> UUID:
        if authorization not in TOKENS:
            raise TokenRefused("malformed")
        return TOKENS[authorization]

    monkeypatch.setattr(bearer, "_bearer_of", lambda said: said)
    monkeypatch.setattr(bearer, "_account_of", account_of)


def ask(
    method: str,
    address: str = ADDRESS,
    *,
    body: Any = None,
    who: str = "sara",
    headers: dict[str, str] | None = None,
) -> Any:
    return Client(raise_request_exception=False).generic(
        method,
        address,
        data=json.dumps(body) if body is not None else "",
        content_type="application/json",
        headers={**({"Authorization": f"Bearer {who}"} if who else {}), **(headers or {})},
    )


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.fixture
def etag() -> str:
    """Of SARA's profile, which is kept."""
    return f'"{save_profile(account_id=SARA, profile=PROFILE, edition=None, at=NOW).edition}"'


def test_a_profile_is_made_read_changed_and_deleted() -> None:
    made = ask("PUT", body=DOCUMENT, headers=FIRST)
    assert (made.status_code, made.json()) == (201, DOCUMENT)
    read = ask("GET")
    assert (read.status_code, read.json(), read["ETag"]) == (200, DOCUMENT, made["ETag"])
    assert "no-store" in read["Cache-Control"]
    changed = ask("PUT", body={"diets": ["vegan"]}, headers={"If-Match": read["ETag"]})
    assert (changed.status_code, changed["ETag"] != read["ETag"]) == (200, True)
    assert changed.json() == profile_to_json(HealthProfile()) | {"diets": ["vegan"]}
    assert ask("DELETE", headers={"If-Match": read["ETag"]}).status_code == 412
    assert ask("DELETE", headers={"If-Match": changed["ETag"]}).status_code == 204
    assert ask("DELETE").status_code == 204
    assert code_of(ask("GET")) == (404, "no_profile")


def test_a_change_must_say_what_it_changes(etag: str) -> None:
    assert code_of(ask("PUT", body={})) == (428, "version_missing")
    for headers in (FIRST, {"If-Match": '"1-0"'}, {"If-Match": f"W/{etag}"}, {"If-Match": "*"}):
        assert code_of(ask("PUT", body={}, headers=headers)) == (412, "profile_changed")
    assert read_profile(account_id=SARA).profile == PROFILE


@pytest.mark.parametrize(
    "body",
    [
        [],
        "milk",
        {"diets": ["plutonium"]},
        {"diets": "vegan"},
        {"allergens": {"milk": "much"}},
        {"religion": "none"},
        {"avoided": ["a"] * 10_000},
        {"avoided": ["a\u0007b"]},
        {"avoided": ["x" * 61]},
        {"avoided": [7]},
        {"language": "deu"},
        {"language": None},
    ],
    ids=lambda body: json.dumps(body)[:30],
)
def test_what_no_profile_may_have_is_refused_and_not_repeated(body: Any) -> None:
    answer = ask("PUT", body=body, headers=FIRST)
    assert code_of(answer) == (400, "profile_not_accepted")
    assert "plutonium" not in answer.content.decode()
    assert not ProfileRow.objects.exists()


def test_a_refusal_is_in_the_language_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "_", lambda text: f"{get_language()}: {text}")
    answer = ask("PUT", body={"diets": ["fish"]}, headers={**FIRST, "Accept-Language": "de"})
    assert answer.json()["message"].startswith("diets: de: must be of vegan, ")


def test_words_are_in_the_language_of_the_request_unless_it_is_told(world: World) -> None:
    german = {**FIRST, "Accept-Language": "de"}
    made = ask("PUT", body={"avoided": ["Sonnenblumenöl"]}, headers=german)
    assert made.json()["language"] == "de"
    world.catalogue["09521001000017"] = product(Label(ingredients={"en": "sunflower oil"}, verified=True))
    assert ask("GET", VERDICT).json()["missing"] == ["comparable_ingredients"]
    body = {"avoided": ["sunflower oil"], "language": "en"}
    changed = ask("PUT", body=body, headers={"If-Match": made["ETag"], "Accept-Language": "de"})
    assert changed.json()["language"] == "en"
    assert ask("GET", VERDICT).json()["outcome"] == "avoid"


def test_a_lone_surrogate_is_no_json() -> None:
    answer = Client(raise_request_exception=False).put(
        ADDRESS,
        data=b'{"avoided": ["\\ud800"]}',
        content_type="application/json",
        headers={"Authorization": "Bearer sara", **FIRST},
    )
    assert answer.status_code == 400


def test_script_is_text_like_any_other() -> None:
    script = "<script>alert(1)</script>"
    assert ask("PUT", body={"avoided": [script]}, headers=FIRST).json()["avoided"] == [script]


@pytest.mark.parametrize(("method", "address"), [("GET", ADDRESS), ("PUT", ADDRESS), ("GET", VERDICT)])
def test_without_consent_there_is_nothing(world: World, etag: str, method: str, address: str) -> None:
    world.grants.clear()
    world.catalogue["09521001000017"] = product()
    answer = ask(method, address, body={} if method == "PUT" else None, headers={"If-Match": etag})
    assert code_of(answer) == (403, "consent_required")


@pytest.mark.parametrize(
    ("method", "address"), [("GET", ADDRESS), ("PUT", ADDRESS), ("DELETE", ADDRESS), ("GET", VERDICT)]
)
def test_only_with_a_token_and_only_ones_own(world: World, etag: str, method: str, address: str) -> None:
    world.catalogue["09521001000017"] = product()
    headers = {"If-Match": etag}
    body = {} if method == "PUT" else None
    assert ask(method, address, who="", headers=headers, body=body).status_code == 401
    assert ask(method, address, who="nobody", headers=headers, body=body).status_code == 401
    answer = ask(method, address, who="luca", headers=headers, body=body)
    assert answer.status_code in {404, 412}
    assert CANARY not in answer.content.decode()
    assert read_profile(account_id=SARA).profile == PROFILE


def test_a_verdict_has_reasons_and_evidence(world: World, etag: str) -> None:
    world.catalogue["09521001000017"] = product(
        Label(ingredients={"en": "whole milk"}, allergens=frozenset({Allergen.MILK}), verified=True)
    )
    answer = ask("GET", VERDICT)
    assert "no-store" in answer["Cache-Control"]
    verdict = answer.json()
    assert (verdict["gtin"], verdict["outcome"]) == ("09521001000017", "avoid")
    assert verdict["findings"][0]["reason"] == "Contains one of your allergens: milk."
    assert verdict["findings"][0]["evidence"][0]["place"] == "allergens"
    assert code_of(ask("GET", "/api/v1/me/verdicts/09521001000024")) == (404, "product_not_known")


def test_a_profile_that_cannot_be_opened_is_unavailable(settings: Settings, etag: str) -> None:
    right, settings.VAULT_KEYS = settings.VAULT_KEYS, ""
    for answer in (ask("GET"), ask("PUT", body={}, headers={"If-Match": etag})):
        assert code_of(answer) == (503, "profile_unreadable")
        assert "Retry-After" in answer.headers
    settings.VAULT_KEYS = right
    PersonKey.objects.all().delete()
    assert code_of(ask("GET")) == (503, "profile_erased")


def test_the_description_declares_every_answer() -> None:
    paths = json.loads(openapi.document()[0])["paths"]
    profile, verdict = paths[ADDRESS], paths["/api/v1/me/verdicts/{gtin}"]
    assert {"200", "401", "403", "404", "503"} <= set(profile["get"]["responses"])
    assert {"200", "201", "400", "401", "403", "412", "428"} <= set(profile["put"]["responses"])
    assert {"204", "401", "412"} <= set(profile["delete"]["responses"])
    assert {"200", "401", "403", "404", "503"} <= set(verdict["get"]["responses"])
    assert all(operation["security"] == [{"accessToken": []}] for operation in (*profile.values(),))
