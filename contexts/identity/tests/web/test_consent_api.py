"""/api/v1/me/consents: what the page can do, for programs."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from contexts.identity.models import Consent
from tests.openid_issuer import TestIssuer

pytestmark = pytest.mark.django_db(databases=["identity"])

ALL = "/api/v1/me/consents"
ONE = f"{ALL}/health_profile"
AUDIENCE = "packytrace-api"


class Program(Client):
    """A client of the API that acts for an account."""

    def __init__(self, provider: TestIssuer, *, subject: str) -> None:
        token = provider.id_token(sub=subject, aud=AUDIENCE)
        super().__init__(headers={"host": "shop.example:8000", "authorization": f"Bearer {token}"})

    def agree(self, path: str = ONE, **body: Any) -> Any:
        return self.put(path, {"noticeVersion": "1", **body}, content_type="application/json")


@pytest.fixture
def sara(provider: TestIssuer, settings: Settings) -> Program:
    settings.OIDC_AUDIENCE = AUDIENCE
    return Program(provider, subject="sara")


def test_nobody_has_none(client: Client) -> None:
    for call in (client.get, client.put, client.delete):
        assert (
            call(ONE if call != client.get else ALL, headers={"host": "shop.example:8000"}).status_code == 401
        )


def test_all_purposes_come_with_what_is_to_be_shown(sara: Program) -> None:
    answer = sara.get(ALL, headers={"Accept-Language": "de-AT,en;q=0.5"})
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    assert [line["purpose"] for line in body["consents"]] == [
        "health_profile",
        "notifications",
        "measurement",
    ]
    first = body["consents"][0]
    assert (first["inForceSince"], first["noticeChanged"]) == (None, False)
    assert (first["notice"]["language"], first["notice"]["title"]) == ("de", "Dein Gesundheitsprofil")
    assert first["notice"]["blocks"][1] == {"kind": "heading", "lines": ["Wer verantwortlich ist"]}
    assert body["history"] == []


def test_agreeing_and_taking_it_back(sara: Program) -> None:
    agreed = sara.agree(language="fr")
    assert agreed.status_code == 200
    assert sara.agree().json()["inForceSince"] == agreed.json()["inForceSince"] is not None
    for _time in range(2):
        assert sara.delete(ONE).json()["inForceSince"] is None
    history = sara.get(ALL).json()["history"]
    assert [(line["action"], line["language"], line["channel"]) for line in history] == [
        ("withdrawn", "fr", "api"),
        ("granted", "fr", "api"),
    ]


def test_an_outdated_notice_is_refused(sara: Program) -> None:
    answer = sara.agree(noticeVersion="0")
    assert (answer.status_code, answer.json()["code"]) == (409, "notice_outdated")
    assert not Consent.objects.exists()


@pytest.mark.parametrize("body", [{"noticeVersion": None}, {"noticeVersion": "1" * 41}, {"language": "xx"}])
def test_what_is_no_agreement(sara: Program, body: dict[str, Any]) -> None:
    assert sara.agree(**body).status_code == 400
    assert not Consent.objects.exists()


def test_an_unknown_purpose_is_nothing_to_agree_to(sara: Program) -> None:
    for answer in (sara.agree(f"{ALL}/everything"), sara.delete(f"{ALL}/everything")):
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_purpose")


def test_another_account_sees_nothing_of_it(sara: Program, provider: TestIssuer) -> None:
    sara.agree()
    marco = Program(provider, subject="marco")
    assert marco.get(ALL).json()["history"] == []
    marco.delete(ONE)
    assert sara.get(ALL).json()["consents"][0]["inForceSince"] is not None
