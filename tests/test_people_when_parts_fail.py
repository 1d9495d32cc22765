"""Without the provider, or without the key of profiles: what fails says so, everything else works."""

import base64
import secrets
import time
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from contexts.passport.tests.entries import MUESLI
from packytrace.openid import accounts as provider
from packytrace.openid import issuer as issuers
from tests.test_every_address import undone
from tests.two_people import CONTEXTS, Town

pytestmark = pytest.mark.django_db(databases=CONTEXTS)

PASSPORT = f"/passport/{MUESLI}"
VERDICT = f"/api/v1/me/verdicts/{MUESLI}"
NEW = {"email": "nina@shop.example", "password": "one loaf of bread"}


def statuses(client: Client, *paths: str) -> dict[str, int]:
    return {path: client.get(path).status_code for path in paths}


class TestNoProvider:
    @pytest.fixture(autouse=True)
    def _gone(self, town: Town, settings: Settings) -> None:
        settings.OIDC_EMBEDDED = True
        issuers.issuer_at.cache_clear()
        provider._accounts_at.cache_clear()
        town.issuer.down = True

    def test_who_has_no_account_notices_nothing(self, town: Town) -> None:
        nobody = Client()
        assert nobody.get(f"/01/{MUESLI}/10/LOT").status_code == 307
        ours = statuses(nobody, "/", PASSPORT, "/history", "/preferences", "/search?q=muesli", "/signed-out")
        assert set(ours.values()) == {200}, ours
        body = {"code": MUESLI}
        assert nobody.post("/api/v1/scans", body, content_type="application/json").status_code == 201

    def test_who_is_signed_in_stays_so(self, town: Town) -> None:
        luca = town.luca.client(token=False)
        ours = statuses(luca, PASSPORT, "/profile", "/history", "/preferences", "/setup/allergens")
        assert set(ours.values()) == {200}, ours
        assert "Avoid" in luca.get(PASSPORT).content.decode()

    @pytest.mark.parametrize("path", ["/sign-in", "/sign-up"])
    def test_signing_in_says_so(self, town: Town, path: str) -> None:
        answer = Client().get(path, {"next": PASSPORT})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        page = answer.content.decode()
        assert "Signing in is not possible right now" in page
        assert "Everything that needs no account goes on working." in page

    @pytest.mark.parametrize("path", ["/api/v1/accounts", "/api/v1/sessions"])
    def test_programs_are_told_when_to_come_back(self, town: Town, path: str) -> None:
        answer = Client().post(path, NEW, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (503, "provider_unreachable")
        assert int(answer.headers["Retry-After"]) > 0
        assert answer.headers["Cache-Control"] == "no-store"

    @pytest.mark.parametrize("path", ["/api/v1/me/profile", f"/api/v1/products/{MUESLI}"])
    def test_a_token_that_nobody_can_check_is_neither_good_nor_ignored(self, town: Town, path: str) -> None:
        answer = town.luca.client(session=False).get(path)
        assert (answer.status_code, answer.json()["code"]) == (503, "sign_in_unavailable")
        assert int(answer.headers["Retry-After"]) > 0


def _another_key() -> str:
    return f"embedded={base64.b64encode(secrets.token_bytes(32)).decode()}"


@pytest.mark.parametrize(
    "keys",
    [lambda: "", _another_key, lambda: "no key at all", lambda: f"other{_another_key()}"],
    ids=["missing", "wrong", "malformed", "of another id"],
)
class TestNoKey:
    @pytest.fixture(autouse=True)
    def _lost(self, town: Town, keys: Any, settings: Settings) -> None:
        assert django_settings.VAULT_KEYS
        settings.VAULT_KEYS = keys()

    def test_the_profile_says_so_and_the_rest_works(self, town: Town) -> None:
        luca = town.luca.client()
        answer = luca.get("/profile")
        assert answer.status_code == 503
        assert "/profile/delete" in answer.content.decode(), "what one can do"
        for path in ("/profile/change", "/setup/allergens", "/setup/wishes"):
            assert luca.get(path).headers["Location"] == "/profile", path
        for path in ("/api/v1/me/profile", VERDICT):
            told = luca.get(path)
            assert (told.status_code, told.json()["code"]) == (503, "profile_unreadable"), path
        passport = luca.get(PASSPORT)
        assert passport.status_code == 200
        assert 'id="allergens"' in passport.content.decode()
        assert "Avoid" not in passport.content.decode()
        others = statuses(luca, "/", "/history", "/preferences", "/search?q=muesli", "/api/v1/me/scans")
        assert set(others.values()) == {200}, others
        assert luca.get(f"/preferences/export/{town.luca.export_id}").status_code == 503
        with undone():
            assert luca.post("/profile/delete").status_code == 303, (
                "whoever has lost the key can still delete"
            )


def test_after_the_confirmation_has_run_out_a_lost_provider_locks_nobody_into_a_loop(
    town: Town, settings: Settings
) -> None:
    luca = town.luca.client(token=False)
    session = luca.session
    session["oidc_id_token_expiration"] = time.time() - 1
    session.save()
    issuers.issuer_at.cache_clear()
    town.issuer.down = True
    answer = luca.get("/profile", follow=True)
    assert [address for address, _status in answer.redirect_chain] == ["/sign-in?next=%2Fprofile"]
    assert answer.status_code == 503
    assert luca.get(PASSPORT).status_code == 200
