"""/preferences: agreeing and taking it back, for who is signed in and for who is nobody."""

import re
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from contexts.identity.application import consents
from contexts.identity.application.visitors import link
from contexts.identity.domain.consents import Purpose
from contexts.identity.models import Account, Consent, OutboxFact
from contexts.identity.tests.web.conftest import Browser
from packytrace.edge.visitors import COOKIE
from tests.openid_issuer import TestIssuer

pytestmark = pytest.mark.django_db(databases=["identity"])


def _page(browser: Browser) -> str:
    answer = browser.get("/preferences")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    return str(answer.content.decode())


def _say(browser: Browser, answer: str, purpose: str = "health_profile", **form: Any) -> Any:
    return browser.post(f"/preferences/consents/{purpose}", {"answer": answer, "version": "1", **form})


def _agreed() -> bool:
    account = Account.objects.get()
    return consents.in_force(person_id=account.pk, purpose=Purpose.HEALTH_PROFILE) is not None


class TestSignedIn:
    @pytest.fixture(autouse=True)
    def _signed_in(self, browser: Browser) -> None:
        browser.sign_in(sub="sara", name="Sara", roles=["consumer"])

    def test_every_purpose_has_its_notice_and_one_button(self, browser: Browser) -> None:
        page = _page(browser)
        for title in ("Your health profile", "Notices about the food you keep", "Being counted"):
            assert f">{title}</h2>" in page
        assert page.count("I agree") == 3
        assert page.count("You have not agreed") == 3
        assert "Article 9(2)(a)" in page
        assert "Take my consent back" not in page

    def test_agreeing_and_taking_it_back(self, browser: Browser) -> None:
        answer = _say(browser, "yes")
        shown = "/preferences?said=yes&purpose=health_profile#health_profile"
        assert (answer.status_code, answer.headers["Location"]) == (303, shown)
        assert _agreed()
        page = _page(browser)
        assert page.count("Take my consent back") == 1
        assert "You agreed to version 1 of the notice." in page
        _say(browser, "no")
        assert not _agreed()
        assert "You took back your consent to version 1 of the notice." in _page(browser)

    def test_what_was_done_is_said_once_and_only_while_it_holds(self, browser: Browser) -> None:
        agreed = browser.get(_say(browser, "yes").headers["Location"])
        assert agreed.content.decode().count("You have agreed.") == 1
        assert "You have agreed." not in _page(browser)
        taken_back = browser.get(_say(browser, "no").headers["Location"])
        assert taken_back.content.decode().count("Taken back.") == 1
        again = browser.get("/preferences?said=yes&purpose=health_profile")
        assert 'role="status"' not in again.content.decode()

    def test_the_sign_in_services_page_is_one_tap_away(self, browser: Browser, settings: Settings) -> None:
        assert f'href="{settings.OIDC_ISSUER}/account"' in _page(browser)

    def test_what_is_shown_is_what_is_kept(self, browser: Browser) -> None:
        browser.post(
            "/preferences/consents/measurement",
            {"answer": "yes", "version": "1"},
            headers={"Accept-Language": "it"},
        )
        assert Consent.objects.get().language == "it"
        page = browser.get("/preferences", headers={"Accept-Language": "it"}).content.decode()
        assert "Essere nel conteggio" in page

    def test_a_notice_that_has_changed_meanwhile_is_asked_again(self, browser: Browser) -> None:
        answer = _say(browser, "yes", version="0")
        assert answer.status_code == 409
        assert "Nothing was saved" in answer.content.decode()
        assert not Consent.objects.exists()

    def test_a_purpose_that_there_is_not(self, browser: Browser) -> None:
        assert _say(browser, "yes", purpose="everything").status_code == 404

    def test_a_form_of_another_site_changes_nothing(self, provider: TestIssuer) -> None:
        browser = Browser(provider, enforce_csrf_checks=True)
        browser.sign_in(sub="sara")
        assert _say(browser, "yes").status_code == 403
        assert not Consent.objects.exists()
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', _page(browser))
        assert found is not None
        assert _say(browser, "yes", csrfmiddlewaretoken=found[1]).status_code == 303

    def test_a_link_agrees_to_nothing(self, browser: Browser) -> None:
        assert browser.get("/preferences/consents/measurement?answer=yes&version=1").status_code == 405

    def test_another_persons_choices_are_not_shown(self, browser: Browser, provider: TestIssuer) -> None:
        _say(browser, "yes")
        other = Browser(provider)
        other.sign_in(sub="marco")
        assert "Take my consent back" not in _page(other)

    def test_the_page_is_one_query_beside_who_is_signed_in(
        self, browser: Browser, django_assert_num_queries: Any
    ) -> None:
        _say(browser, "yes")
        with django_assert_num_queries(3, using="identity"):
            _page(browser)


class TestNobody:
    def test_being_counted_is_told(self, browser: Browser) -> None:
        page = _page(browser)
        assert "Scans without an account are counted" in page
        assert "I agree" not in page
        assert "/sign-up?next=/preferences" in page

    def test_looking_makes_nobody_a_visitor(self, browser: Browser, settings: Settings) -> None:
        settings.MEASUREMENT_OF_VISITORS = "opt_in"
        browser.get("/preferences")
        _say(browser, "no", purpose="measurement")
        assert COOKIE not in browser.cookies

    def test_only_an_account_agrees(self, browser: Browser) -> None:
        for purpose in Purpose:
            assert _say(browser, "yes", purpose=purpose).status_code == 401
        assert not Consent.objects.exists()

    def test_where_visitors_are_asked_they_agree_and_take_it_back(
        self, browser: Browser, settings: Settings
    ) -> None:
        settings.MEASUREMENT_OF_VISITORS = "opt_in"
        visitor = browser.scan()
        assert _page(browser).count("I agree") == 1
        for answer, stands in (("yes", True), ("no", False)):
            assert _say(browser, answer, purpose="measurement").status_code == 303
            standing = consents.in_force(person_id=visitor, purpose=Purpose.MEASUREMENT)
            assert (standing is not None) == stands
        assert [fact.payload["personId"] for fact in OutboxFact.objects.all()] == [str(visitor)] * 2
        assert _say(browser, "yes", purpose="health_profile").status_code == 401

    def test_what_an_account_decides_its_browser_does_not(self, browser: Browser, settings: Settings) -> None:
        settings.MEASUREMENT_OF_VISITORS = "opt_in"
        account = Account.objects.create(issuer="https://id.example", subject=str(uuid4()))
        assert link(visitor_id=browser.scan(), account_id=account.pk, at=account.created_at)
        assert "This browser has been used with an account." in _page(browser)
        assert _say(browser, "yes", purpose="measurement").status_code == 401
