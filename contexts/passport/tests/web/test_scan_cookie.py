"""The cookie that binds a scan to one page: signed, short, and worth nothing anywhere else."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from django.http import HttpRequest, HttpResponse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from contexts.passport.domain.scans import new_scan_id
from contexts.passport.web import scan_cookie
from contexts.passport.web.scan_cookie import COOKIE, scan_for_page, set_scan_cookie

AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
SCAN = new_scan_id(at=AT)
GTIN = "09520123456788"


def value(*, gtin: str = GTIN) -> str:
    response = HttpResponse()
    set_scan_cookie(response, scan_id=SCAN, gtin=gtin)
    return SimpleCookie(response.headers["Set-Cookie"])[COOKIE].value


def request_with(cookie: str) -> HttpRequest:
    request = HttpRequest()
    request.COOKIES[COOKIE] = cookie
    return request


def test_the_page_of_the_product_gets_the_scan_for_an_hour() -> None:
    request = request_with(value())
    for age in (timedelta(0), timedelta(minutes=59, seconds=59)):
        assert scan_for_page(request, gtin=GTIN, now=AT + age) == SCAN
    assert scan_for_page(request, gtin=GTIN, now=AT + timedelta(hours=1)) is None


def test_another_products_page_gets_nothing() -> None:
    assert scan_for_page(request_with(value()), gtin="00000096385074", now=AT) is None


def test_no_cookie_is_no_scan() -> None:
    assert scan_for_page(HttpRequest(), gtin=GTIN, now=AT) is None


@given(st.text() | st.binary(min_size=33, max_size=33).map(lambda raw: raw.hex()))
def test_what_we_did_not_sign_is_no_scan(cookie: str) -> None:
    assert scan_for_page(request_with(cookie), gtin=GTIN, now=AT) is None


@given(place=st.integers(min_value=0, max_value=43), letter=st.sampled_from("AZaz09-_"))
def test_a_changed_letter_is_no_scan(place: int, letter: str) -> None:
    right = value()
    changed = right[:place] + letter + right[place + 1 :]
    expected = SCAN if changed == right else None
    assert scan_for_page(request_with(changed), gtin=GTIN, now=AT) == expected


@pytest.fixture
def _fresh_keys() -> None:
    scan_cookie._keys.cache_clear()
    yield
    scan_cookie._keys.cache_clear()


@pytest.mark.usefixtures("_fresh_keys")
def test_a_replaced_key_is_still_believed_and_an_unknown_one_is_not(settings: Settings) -> None:
    settings.SECRET_KEY = "a" * 50
    old = value()
    scan_cookie._keys.cache_clear()
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, ["a" * 50]
    assert scan_for_page(request_with(old), gtin=GTIN, now=AT) == SCAN
    assert value() != old
    scan_cookie._keys.cache_clear()
    settings.SECRET_KEY_FALLBACKS = []
    assert scan_for_page(request_with(old), gtin=GTIN, now=AT) is None


def test_behind_tls_it_is_secure(settings: Settings) -> None:
    scan_cookie._attributes.cache_clear()
    settings.SESSION_COOKIE_SECURE = True
    response = HttpResponse()
    set_scan_cookie(response, scan_id=SCAN, gtin=GTIN)
    scan_cookie._attributes.cache_clear()
    assert response.headers["Set-Cookie"].endswith("; Secure")
