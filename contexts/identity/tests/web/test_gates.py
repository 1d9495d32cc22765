"""Who sees a brand's page, and what the others are told."""

import time
from datetime import UTC, datetime
from uuid import UUID

import pytest

from contexts.identity.application.brand_users import assign_brand_user
from contexts.identity.application.brands import register_brand, suspend_brand
from contexts.identity.models import Account, Brand
from contexts.identity.tests.web.conftest import Browser
from contexts.identity.web import gates

pytestmark = pytest.mark.django_db(databases=["identity"])

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def _brand(slug: str = "nordkorn") -> UUID:
    return register_brand(slug=slug, name=slug.title(), at=NOW)


def _brand_user(browser: Browser, brand_id: UUID, *, subject: str = "marco") -> None:
    browser.sign_in(sub=subject, roles=["brand_user"])
    assign_brand_user(account_id=Account.objects.get(subject=subject).pk, brand_id=brand_id)


def test_a_brand_user_sees_the_own_brand(browser: Browser) -> None:
    brand = _brand()
    _brand_user(browser, brand)
    assert browser.get("/brand/").content.decode() == f"nordkorn {brand}"


def test_no_request_chooses_the_brand(browser: Browser) -> None:
    own, other = _brand(), _brand("alpenhof")
    _brand_user(browser, own)
    for request in (
        {"query_params": {"brand": "alpenhof", "brand_id": str(other)}},
        {"headers": {"X-Brand-Id": str(other), "X-Brand": "alpenhof"}},
    ):
        assert browser.get("/brand/", **request).content.decode() == f"nordkorn {own}"
    browser.cookies["brand_id"] = str(other)
    assert browser.get("/brand/").content.decode() == f"nordkorn {own}"


def test_nobody_is_sent_to_sign_in_and_comes_back(browser: Browser) -> None:
    answer = browser.get("/brand/?period=7")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in?next=%2Fbrand%2F%3Fperiod%3D7"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_form_of_nobody_is_told_that_nothing_was_saved(browser: Browser) -> None:
    answer = browser.post("/brand/")
    assert answer.status_code == 401
    page = answer.content.decode()
    assert "Nothing was saved" in page
    assert 'href="/sign-in?next=%2Fbrand%2F"' in page
    assert "Scan a product" not in page
    assert 'href="/search"' not in page, "the shopper's bar"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Basic" not in answer.headers["WWW-Authenticate"], "a browser would ask for a password"


@pytest.mark.parametrize(
    ("referer", "wanted"),
    [
        ("http://shop.example:8000/profile?done=saved", "%2Fprofile%3Fdone%3Dsaved"),
        ("https://other.example/profile", "%2Fprofile%2Fdelete"),
    ],
)
def test_signing_in_again_leads_to_the_page_of_the_form(browser: Browser, referer: str, wanted: str) -> None:
    answer = browser.post("/profile/delete", headers={"Referer": referer})
    assert answer.status_code == 401
    assert f'href="/sign-in?next={wanted}"' in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_program_that_is_nobody_reads_what_is_wrong(browser: Browser, method: str) -> None:
    answer = getattr(browser, method)("/brand/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "correlationId"}
    assert answer.json()["code"] == "not_signed_in"
    assert "nothing was done" in answer.json()["message"]


def test_a_consumer_is_told_whom_to_ask(browser: Browser) -> None:
    browser.sign_in(name="Sara", roles=["consumer"])
    answer = browser.get("/brand/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "This page is for brands" in page
    assert "Sara" in page
    assert 'href="/sign-out"' in page
    assert "Scan a product" in page


def test_an_operator_is_led_to_the_own_console(browser: Browser) -> None:
    browser.sign_in(roles=["operator"])
    page = browser.get("/brand/").content.decode()
    assert "To the operators' start page" in page
    assert 'href="/admin/"' in page
    assert 'href="/search"' not in page, "the shopper's bar"


def test_a_brand_user_is_led_back_from_the_operators(browser: Browser) -> None:
    _brand_user(browser, _brand())
    answer = browser.get("/admin/")
    assert answer.status_code == 403
    page = answer.content.decode()
    assert "To your brand's overview" in page
    assert 'href="/search"' not in page, "the shopper's bar"


def test_a_brand_user_without_a_brand_is_told_the_number_to_give(browser: Browser) -> None:
    browser.sign_in(roles=["brand_user"])
    answer = browser.get("/brand/")
    assert answer.status_code == 403
    assert "Your account has no brand yet" in answer.content.decode()
    assert str(Account.objects.get().pk) in answer.content.decode()
    assert '<a class="button" href="/brand/">Try again</a>' in answer.content.decode()
    assert "Scan a product" not in answer.content.decode()


def test_a_suspended_brand(browser: Browser) -> None:
    brand = _brand()
    _brand_user(browser, brand)
    suspend_brand(brand_id=brand, at=NOW)
    answer = browser.get("/brand/")
    assert answer.status_code == 403
    assert "Your brand is suspended" in answer.content.decode()


def test_a_closed_account_is_out_at_the_next_request(browser: Browser) -> None:
    _brand_user(browser, _brand())
    Account.objects.update(is_active=False)
    assert browser.get("/brand/").headers["Location"].startswith("/sign-in")


def test_a_role_that_was_taken_away_is_noticed_at_the_next_sign_in(browser: Browser) -> None:
    _brand_user(browser, _brand())
    browser.sign_in(sub="marco", roles=["consumer"])
    assert browser.get("/brand/").status_code == 403


def test_after_an_hour_the_provider_is_asked_again(browser: Browser) -> None:
    _brand_user(browser, _brand())
    session = browser.session
    assert 3500 < session["oidc_id_token_expiration"] - time.time() <= 3600
    session["oidc_id_token_expiration"] = time.time() - 1
    session.save()
    assert browser.get("/brand/").headers["Location"] == "/sign-in?next=%2Fbrand%2F"
    browser.sign_in(sub="marco", roles=["brand_user"])
    assert browser.get("/brand/").status_code == 200


@pytest.mark.parametrize(
    ("seconds", "reads", "writes"),
    [(-1, 200, 200), (1, 302, 200), (14 * 60, 302, 200), (16 * 60, 302, 401), (11 * 3600, 302, 401)],
    ids=["before", "after", "+ 14 min", "+ 16 min", "+ 11 h"],
)
def test_a_form_has_a_grace_of_15_minutes(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, seconds: float, reads: int, writes: int
) -> None:
    _brand_user(browser, _brand())
    now = browser.session["oidc_id_token_expiration"] + seconds
    monkeypatch.setattr(gates, "time", lambda: now)
    assert browser.get("/brand/").status_code == reads
    for method in (browser.post, browser.put, browser.patch, browser.delete):
        assert method("/brand/").status_code == writes


def test_who_lost_the_role_writes_nothing_once_the_confirmation_is_old(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.sign_in(roles=["operator"])
    sent = {"name": "Ghost Brand", "slug": "ghost-brand", "_save": "Save"}
    now = browser.session["oidc_id_token_expiration"] + gates.GRACE + 1
    with monkeypatch.context() as later:
        later.setattr(gates, "time", lambda: now)
        answer = browser.post("/admin/identity/brand/add/", sent)
    assert answer.status_code == 401
    assert 'href="/sign-in?next=%2Fadmin%2Fidentity%2Fbrand%2Fadd%2F"' in answer.content.decode()
    assert not Brand.objects.filter(slug="ghost-brand").exists()
    assert browser.post("/admin/identity/brand/add/", sent).status_code == 302
    assert Brand.objects.filter(slug="ghost-brand").exists(), "the form was good"


def test_a_session_ends_after_half_a_day(browser: Browser) -> None:
    browser.sign_in()
    assert browser.session.get_expiry_age() == 12 * 3600


@pytest.mark.parametrize("cookie", ["", "x" * 32, "../../etc/passwd", "\x00", "'; DROP TABLE account"])
def test_a_broken_session_cookie_is_nobody(browser: Browser, cookie: str) -> None:
    browser.cookies["packytrace_session"] = cookie
    assert browser.get("/brand/").status_code == 302


def test_a_session_that_another_key_signed_is_nobody(browser: Browser, settings: object) -> None:
    _brand_user(browser, _brand())
    settings.SECRET_KEY = "another key, as after a rotation without a fallback" * 2  # type: ignore[attr-defined]
    assert browser.get("/brand/").status_code == 302
