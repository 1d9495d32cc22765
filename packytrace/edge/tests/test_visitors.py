"""The visitor id: stable, signed, minted only by a scan, and gone after 13 months."""

import base64
import time
from calendar import monthrange
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from pytest_django import Settings

from packytrace.edge import visitors
from packytrace.edge.visitors import COOKIE, DAY, LIFETIME_DAYS, Visitor, VisitorCookies, today

COOKIES = VisitorCookies(secrets=["a secret"])
TODAY = 20_000


def refused(reason: str) -> float:
    return REGISTRY.get_sample_value("packytrace_visitor_cookies_refused_total", {"reason": reason}) or 0


class TestCookie:
    @given(st.uuids(), st.integers(0, 65_000), st.integers(0, LIFETIME_DAYS - 1))
    def test_it_says_who_it_is_for_as_long_as_it_lives(
        self, visitor_id: UUID, minted_on: int, age: int
    ) -> None:
        value = COOKIES.write(visitor_id=visitor_id, minted_on=minted_on)
        assert COOKIES.read(value, today=minted_on + age) == visitor_id

    @given(st.integers(LIFETIME_DAYS, 10_000))
    def test_it_ends_with_its_last_day(self, age: int) -> None:
        value = COOKIES.write(visitor_id=uuid4(), minted_on=TODAY)
        assert COOKIES.read(value, today=TODAY + age) is None

    def test_whichever_day_it_is_minted_it_ends_within_13_months(self) -> None:
        ages = []
        for number in range(8 * 366):  # with and without a leap year
            minted = date(2023, 1, 1) + timedelta(number)
            year, month = minted.year + 1 + minted.month // 12, minted.month % 12 + 1
            latest = date(year, month, min(minted.day, monthrange(year, month)[1]))
            assert minted + timedelta(LIFETIME_DAYS) <= latest
            ages.append((latest - minted).days)
        assert min(ages) == LIFETIME_DAYS, "and is not shorter than it need be"

    def test_a_day_that_has_not_come_is_no_day_of_minting(self) -> None:
        value = COOKIES.write(visitor_id=uuid4(), minted_on=TODAY + 1)
        assert COOKIES.read(value, today=TODAY) is None

    @given(st.text(max_size=100))
    def test_anything_else_is_nobody(self, value: str) -> None:
        assert COOKIES.read(value, today=TODAY) is None

    @given(st.integers(0, 47), st.characters(codec="ascii"))
    def test_no_character_can_be_changed(self, place: int, character: str) -> None:
        value = COOKIES.write(visitor_id=UUID(int=1), minted_on=TODAY)
        changed = value[:place] + character + value[place + 1 :]
        assert (COOKIES.read(changed, today=TODAY) is not None) == (changed == value)

    def test_another_secret_signs_for_nobody(self) -> None:
        value = VisitorCookies(secrets=["another"]).write(visitor_id=uuid4(), minted_on=TODAY)
        assert COOKIES.read(value, today=TODAY) is None

    def test_a_replaced_secret_is_still_believed_and_never_signs(self) -> None:
        old, new = VisitorCookies(secrets=["old"]), VisitorCookies(secrets=["new", "old"])
        visitor_id = uuid4()
        assert new.read(old.write(visitor_id=visitor_id, minted_on=TODAY), today=TODAY) == visitor_id
        assert old.read(new.write(visitor_id=visitor_id, minted_on=TODAY), today=TODAY) is None

    def test_it_fits_a_cookie_as_it_is(self) -> None:
        value = COOKIES.write(visitor_id=uuid4(), minted_on=TODAY)
        assert len(value) == 48
        assert (
            not set(value) - set("-_") - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        )


class TestVisitor:
    def test_asking_whether_somebody_is_known_mints_nobody(self) -> None:
        visitor = Visitor(cookie=None, cookies=COOKIES)
        assert (visitor.known, visitor.known_id, visitor.minted_id) == (False, None, None)

    def test_a_new_visitor_stays_the_same(self) -> None:
        visitor = Visitor(cookie=None, cookies=COOKIES)
        assert visitor.id == visitor.id == visitor.minted_id
        assert not visitor.known

    def test_a_known_visitor_is_not_minted(self) -> None:
        visitor_id = uuid4()
        cookie = COOKIES.write(visitor_id=visitor_id, minted_on=today())
        visitor = Visitor(cookie=cookie, cookies=COOKIES)
        assert (visitor.id, visitor.known, visitor.minted_id) == (visitor_id, True, None)

    def test_one_can_be_replaced_though_it_came(self) -> None:
        cookie = COOKIES.write(visitor_id=uuid4(), minted_on=today())
        visitor = Visitor(cookie=cookie, cookies=COOKIES)
        before = visitor.id
        after = visitor.replace()
        assert before != after == visitor.id == visitor.minted_id
        assert visitor.known_id is None
        assert not visitor.gone, "the new cookie takes the old one's place"

    def test_one_can_be_forgotten(self) -> None:
        cookie = COOKIES.write(visitor_id=uuid4(), minted_on=today())
        visitor = Visitor(cookie=cookie, cookies=COOKIES)
        visitor.forget()
        assert (visitor.known_id, visitor.minted_id, visitor.gone) == (None, None, True)

    def test_nobody_has_no_cookie_to_lose(self) -> None:
        visitor = Visitor(cookie=None, cookies=COOKIES)
        visitor.forget()
        assert not visitor.gone

    def test_the_signature_is_checked_once_per_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        cookie = COOKIES.write(visitor_id=uuid4(), minted_on=today())
        signed: list[bytes] = []
        original = visitors._signature

        def sign(key: bytes, body: bytes) -> bytes:
            signed.append(body)
            return original(key, body)

        monkeypatch.setattr(visitors, "_signature", sign)
        visitor = Visitor(cookie=cookie, cookies=COOKIES)
        assert visitor.known
        assert visitor.id == visitor.known_id
        assert len(signed) == 1


class TestFrontDoor:
    def test_a_scan_sets_a_cookie_that_lives_13_months_at_most(self, client: Client) -> None:
        response = client.get("/scan")
        cookie = response.cookies[COOKIE]
        left = (LIFETIME_DAYS - 1) * DAY
        assert left < cookie["max-age"] <= left + DAY
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
        assert not cookie["secure"]
        assert not cookie["domain"]

    def test_behind_tls_it_is_secure(self, client: Client, settings: Settings) -> None:
        settings.BEHIND_TLS = True
        assert client.get("/scan").cookies[COOKIE]["secure"]

    def test_the_next_scan_is_the_same_visitor_and_prolongs_nothing(self, client: Client) -> None:
        first = client.get("/scan")
        second = client.get("/scan")
        assert second.content == first.content
        assert (first["X-Known"], second["X-Known"]) == ("False", "True")
        assert COOKIE not in second.cookies

    @pytest.mark.parametrize(
        "path", ["/show", "/look", "/none", "/static/none.css", "/health/live", "/api/v1/show"]
    )
    def test_nothing_but_a_scan_sets_one(self, client: Client, path: str) -> None:
        assert COOKIE not in client.get(path).cookies

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            ("", "broken"),
            ("garbage", "broken"),
            ("=" * 48, "broken"),
            ("ü" * 48, "broken"),
            ("A" * 48, "forged"),
            (base64.urlsafe_b64encode(bytes(36)).decode(), "forged"),
        ],
    )
    def test_a_cookie_that_is_not_ours_is_replaced_and_counted(
        self, client: Client, value: str, reason: str
    ) -> None:
        before = refused(reason)
        response = client.get("/scan", headers={"Cookie": f"{COOKIE}={value}"})
        assert response.status_code == 200
        assert response["X-Known"] == "False"
        assert response.cookies[COOKIE].value != value
        assert refused(reason) == before + 1

    def test_an_expired_cookie_is_replaced_and_counted(self, client: Client, settings: Settings) -> None:
        cookies = VisitorCookies(secrets=[settings.SECRET_KEY])
        old = cookies.write(visitor_id=UUID(int=7), minted_on=today() - LIFETIME_DAYS)
        before = refused("expired")
        response = client.get("/scan", headers={"Cookie": f"{COOKIE}={old}"})
        assert response.content.decode() != str(UUID(int=7))
        assert COOKIE in response.cookies
        assert refused("expired") == before + 1

    def test_a_forgotten_visitor_takes_its_cookie_along(self, client: Client) -> None:
        client.get("/scan")
        response = client.get("/forget")
        assert (response.cookies[COOKIE].value, response.cookies[COOKIE]["max-age"]) == ("", 0)
        assert "private" in response["Cache-Control"]

    def test_who_had_none_is_sent_none(self, client: Client) -> None:
        assert COOKIE not in client.get("/forget").cookies

    def test_an_answer_that_carries_a_new_id_is_never_shared(self, client: Client) -> None:
        minting = client.get("/shared")
        assert "private" in minting["Cache-Control"]
        assert "public" not in minting["Cache-Control"]
        assert client.get("/shared")["Cache-Control"] == "public, max-age=600"

    def test_the_browser_forgets_no_later_than_the_signature(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        just_before_midnight = (TODAY + 1) * DAY - 1
        monkeypatch.setattr(time, "time", lambda: float(just_before_midnight))
        response = client.get("/scan")
        assert just_before_midnight + response.cookies[COOKIE]["max-age"] == (TODAY + LIFETIME_DAYS) * DAY
