"""A copy of one's data and an end to it, on pages and for programs; by nobody but its owner."""

import io
import re
import time
import zipfile
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from contexts.identity.application import erasures, exports, ports
from contexts.identity.domain.erasures import HOLDERS
from contexts.identity.models import Account, BrowserSession, Erasure, Export
from contexts.identity.tests.web.conftest import Browser
from contexts.identity.tests.web.test_consent_api import AUDIENCE, Program
from packytrace.edge.visitors import COOKIE
from tests.openid_issuer import TestIssuer

pytestmark = pytest.mark.django_db(databases=["identity"])

ME = "/api/v1/me"
EXPORT = "/api/v1/me/export"


@pytest.fixture(autouse=True)
def _contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "exporters", lambda: {"passport": lambda _ids: {"scans.json": [{"a": 1}]}})
    monkeypatch.setattr(ports, "editions", dict)
    monkeypatch.setattr(ports, "soon", lambda _task: None)


def _prepare() -> None:
    exports.prepare_all(now=datetime.now(UTC))


def _text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


class TestPages:
    @pytest.fixture(autouse=True)
    def _signed_in(self, browser: Browser) -> None:
        browser.sign_in(sub="sara", name="Sara", roles=["consumer"])

    def test_a_copy_is_asked_for_waited_for_and_fetched(self, browser: Browser) -> None:
        assert "Ask for your copy" in _text(browser.get("/preferences/export"))
        for _click in range(3):
            answer = browser.post("/preferences/export")
            assert (answer.status_code, answer.headers["Location"]) == (303, "/preferences/export")
        waiting = _text(browser.get("/preferences/export"))
        assert "Look again" in waiting
        look = {"path": "/preferences/export?seen=preparing", "headers": {"HX-Request": "true"}}
        assert browser.get(**look).status_code == 204
        file = f"/preferences/export/{Export.objects.get().pk}"
        assert browser.get(file).headers["Location"] == "/preferences/export"
        _prepare()
        page = _text(browser.get(**look))
        assert "Look again" not in page
        assert file in page
        answer = browser.get(file)
        assert answer.headers["Content-Type"] == "application/zip"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "index.html" in zipfile.ZipFile(io.BytesIO(answer.content)).namelist()

    def test_one_that_failed_says_what_to_do(self, browser: Browser) -> None:
        browser.post("/preferences/export")
        Export.objects.update(failed_reason="key_unavailable")
        assert "Try again" in _text(browser.get("/preferences/export"))
        browser.post("/preferences/export")
        _prepare()
        Export.objects.update(kek_id="lost")
        answer = browser.get(f"/preferences/export/{Export.objects.get().pk}")
        assert answer.status_code == 503
        assert "could not be prepared" in _text(answer)

    def test_nobody_else_fetches_it(self, browser: Browser, provider: TestIssuer) -> None:
        browser.post("/preferences/export")
        _prepare()
        file = f"/preferences/export/{Export.objects.get().pk}"
        tom = Browser(provider)
        assert tom.get(file).headers["Location"].startswith("/sign-in")
        tom.sign_in(sub="tom", name="Tom", roles=["consumer"])
        assert tom.get(file).status_code == 404
        assert tom.get(f"/preferences/export/{uuid4()}").status_code == 404

    def test_erasing_asks_once_more_and_leaves_a_browser_that_is_nobody(self, browser: Browser) -> None:
        page = _text(browser.get("/preferences/erase"))
        assert "Backups, until they expire" in page
        assert browser.post("/preferences/erase").status_code == 400
        assert Account.objects.exists()
        answer = browser.post("/preferences/erase", {"understood": "yes"})
        receipt = f"/erasure/{Erasure.objects.get().pk}"
        assert (answer.status_code, answer.headers["Location"]) == (303, receipt)
        assert not Account.objects.exists()
        assert not BrowserSession.objects.exists()
        assert answer.cookies[COOKIE]["max-age"] == 0
        assert answer.cookies[django_settings.SESSION_COOKIE_NAME]["max-age"] == 0
        assert browser.get("/preferences/erase").headers["Location"].startswith("/sign-in")

    def test_an_older_sign_in_is_confirmed_first(self, browser: Browser) -> None:
        session = browser.session
        session["oidc_id_token_expiration"] = time.time() + 2600  # confirmed 1,000 s ago
        session.save()
        assert browser.get("/preferences/erase").headers["Location"].startswith("/sign-in")
        assert browser.post("/preferences/erase", {"understood": ""}).status_code == 400, "an open form"
        session["oidc_id_token_expiration"] = time.time() + 1000
        session.save()
        assert browser.post("/preferences/erase", {"understood": "yes"}).status_code == 401
        assert Account.objects.exists()

    def test_the_same_person_is_refused_until_the_provider_has_deleted_them_and_then_is_new(
        self, browser: Browser
    ) -> None:
        browser.post("/preferences/erase", {"understood": "yes"})
        answer = browser.sign_in(sub="sara", name="Sara", roles=["consumer"])
        assert answer.status_code == 403
        assert "This account has been erased" in _text(answer)
        assert not Account.objects.exists()
        assert browser.sign_in(sub="sara-anew", name="Sara", roles=["consumer"]).status_code == 302

    def test_forms_from_elsewhere_are_refused(self, provider: TestIssuer) -> None:
        careful = Browser(provider, enforce_csrf_checks=True)
        careful.sign_in(sub="sara", name="Sara", roles=["consumer"])
        for path in ("/preferences/export", "/preferences/erase"):
            assert careful.post(path, {"understood": "yes"}).status_code == 403
        assert Account.objects.exists()


class TestReceipt:
    def test_it_tells_how_far_it_is_and_nothing_of_whom(self, browser: Browser) -> None:
        browser.sign_in(sub="sara", name="Sara Canary", roles=["consumer"])
        account_id = Account.objects.get().pk
        browser.post("/preferences/erase", {"understood": "yes"})
        row = Erasure.objects.get()
        answer = browser.get(f"/erasure/{row.pk}")
        page = _text(answer)
        assert page.count(">At work</span>") == 5
        assert "Look again" in page
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Robots-Tag"] == "noindex"
        look = {"path": f"/erasure/{row.pk}?seen=account", "headers": {"HX-Request": "true"}}
        assert browser.get(**look).status_code == 204
        for personal in ("Sara", "sara", str(account_id)):
            assert personal not in page
        now = datetime.now(UTC)
        Erasure.objects.update(
            subject="", acknowledged=sorted(HOLDERS), completed_at=now, forgotten_at=now, person_ids=[]
        )
        page = _text(browser.get(**look))
        assert page.count("Done</span>") == 6
        assert "You are forgotten" in page
        assert "Look again" not in page

    def test_an_unknown_number_is_nothing(self, browser: Browser) -> None:
        assert browser.get(f"/erasure/{uuid4()}").status_code == 404


class TestApi:
    @pytest.fixture
    def sara(self, provider: TestIssuer, settings: Settings) -> Program:
        settings.OIDC_AUDIENCE = AUDIENCE
        return Program(provider, subject="sara")

    def test_a_copy(self, sara: Program, provider: TestIssuer) -> None:
        assert sara.get(EXPORT).json()["code"] == "unknown_export"
        asked = sara.post(EXPORT)
        one = f"{EXPORT}/{asked.json()['exportId']}"
        assert (asked.status_code, asked.json()["state"], asked.headers["Location"]) == (
            202,
            "preparing",
            one,
        )
        assert sara.get(f"{one}/file").json()["code"] == "export_not_ready"
        _prepare()
        assert sara.get(one).json() == sara.get(EXPORT).json()
        assert sara.get(one).json()["state"] == "ready"
        tom = Program(provider, subject="tom")
        assert tom.get(one).status_code == tom.get(f"{one}/file").status_code == 404
        packed = sara.get(f"{one}/file", headers={"Accept": "application/zip"})
        assert "passport/scans.json" in zipfile.ZipFile(io.BytesIO(packed.content)).namelist()

    def test_an_erased_accounts_token_is_refused(self, sara: Program) -> None:
        answer = sara.delete(ME)
        assert answer.status_code == 202
        assert answer.headers["Location"] == f"/erasure/{answer.json()['erasureId']}"
        for call in (sara.delete, sara.get):
            again = call(ME if call == sara.delete else EXPORT)
            assert (again.status_code, again.json()["code"]) == (401, "invalid_token")
        assert erasures.receipt(erasure_id=answer.json()["erasureId"]).done == {"account"}
        assert not Account.objects.exists()
