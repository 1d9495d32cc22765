"""Signing out ends our session in any case, and the provider's if it can be reached."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from contexts.identity.models import BrowserSession
from contexts.identity.tests.web.conftest import PUBLIC_URL, Browser
from packytrace.openid import issuer as issuers
from tests.openid_issuer import CLIENT_ID, TestIssuer

pytestmark = pytest.mark.django_db(databases=["identity"])


def test_the_provider_is_told_whose_session_ends(browser: Browser) -> None:
    browser.sign_in(sub="s-1")
    answer = browser.post("/sign-out")
    address = urlsplit(answer.headers["Location"])
    query = parse_qs(address.query)
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{browser.provider.url}/end"
    assert query["client_id"] == [CLIENT_ID]
    assert query["post_logout_redirect_uri"] == [f"{PUBLIC_URL}/signed-out"]
    assert query["id_token_hint"][0].count(".") == 2
    assert "_auth_user_id" not in browser.session


def test_nothing_of_the_session_is_left(browser: Browser) -> None:
    browser.sign_in()
    key = browser.session.session_key
    browser.post("/sign-out")
    assert not BrowserSession.objects.filter(pk=key).exists()


def test_a_provider_that_is_down_keeps_nobody_signed_in(browser: Browser, provider: TestIssuer) -> None:
    browser.sign_in()
    provider.down = True
    issuers.issuer_at.cache_clear()
    answer = browser.post("/sign-out")
    assert answer.headers["Location"] == "/signed-out?only=here"
    assert "_auth_user_id" not in browser.session
    assert "could not be told" in browser.get(answer.headers["Location"]).content.decode()


def test_a_link_signs_nobody_out(browser: Browser) -> None:
    browser.sign_in(name="Marco")
    answer = browser.get("/sign-out")
    assert answer.status_code == 200
    assert "You are signed in as Marco." in answer.content.decode()
    assert "_auth_user_id" in browser.session


def test_nor_does_a_form_of_another_site(provider: TestIssuer) -> None:
    browser = Browser(provider, enforce_csrf_checks=True)
    browser.sign_in()
    assert browser.post("/sign-out").status_code == 403
    assert "_auth_user_id" in browser.session


@pytest.mark.parametrize(
    ("roles", "home"), [(["consumer"], "/"), (["brand_user"], "/brand/"), (["operator"], "/admin/")]
)
def test_an_old_form_is_asked_anew_and_leads_back_to_the_work(
    provider: TestIssuer, roles: list[str], home: str
) -> None:
    browser = Browser(provider, enforce_csrf_checks=True)
    browser.sign_in(roles=roles)
    answer = browser.post("/sign-out", {"csrfmiddlewaretoken": "old"})
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "Nobody was signed out" in page
    assert f'<a class="button button-quiet" href="{home}">' in page
    assert ('href="/search"' in page) == (home == "/"), "the shopper's bar"
    (token,) = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    browser.post("/sign-out", {"csrfmiddlewaretoken": token})
    assert "_auth_user_id" not in browser.session


def test_signed_out_without_having_been_signed_in(browser: Browser) -> None:
    assert browser.post("/sign-out").headers["Location"] == "/signed-out"
    assert "You are signed out" in browser.get("/signed-out").content.decode()
    assert "Nobody is signed in here." in browser.get("/sign-out").content.decode()


def test_the_page_after_it_needs_no_session(provider: TestIssuer) -> None:
    answer = Client(headers={"host": "shop.example"}).get("/signed-out")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "packytrace_session" not in answer.cookies


@pytest.mark.parametrize(
    ("roles", "home"), [(["consumer"], "/"), (["brand_user"], "/brand/"), (["operator"], "/admin/")]
)
def test_who_stays_goes_back_to_where_the_work_is(browser: Browser, roles: list[str], home: str) -> None:
    browser.sign_in(roles=roles)
    page = browser.get("/sign-out").content.decode()
    assert f'<a class="button button-quiet" href="{home}">' in page
    assert ('href="/search"' in page) == (home == "/"), "the shopper's bar is for shoppers"
