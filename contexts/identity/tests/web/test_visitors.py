"""Whose the scans of a browser are: no scan is lost, and none is seen by two accounts."""

from collections import defaultdict
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contexts.identity.application.visitors import account_of
from contexts.identity.models import Account, OutboxFact, VisitorLink
from contexts.identity.tests.web.conftest import Browser
from packytrace.edge.visitors import COOKIE
from tests.openid_issuer import TestIssuer

pytestmark = pytest.mark.django_db(databases=["identity"])


def account(subject: str) -> UUID:
    return Account.objects.get(subject=subject).pk


class TestSignIn:
    def test_what_was_scanned_before_comes_along(self, browser: Browser) -> None:
        visitor = browser.scan()
        browser.sign_in(sub="sara")
        assert account_of(visitor_id=visitor) == account("sara")
        assert browser.scan() == visitor
        fact = OutboxFact.objects.get(type="VisitorLinkedToAccount")
        assert fact.aggregate_id == fact.payload["accountId"] == str(account("sara"))
        assert fact.payload["visitorId"] == str(visitor)

    def test_again_tells_nothing_new(self, browser: Browser) -> None:
        for _time in range(2):
            browser.sign_in(sub="sara")
        assert VisitorLink.objects.count() == OutboxFact.objects.count() == 1

    def test_somebody_else_in_the_same_browser_gets_nothing(self, browser: Browser) -> None:
        browser.sign_in(sub="sara")
        hers = browser.scan()
        browser.sign_in(sub="marco")
        his = browser.scan()
        assert (account_of(visitor_id=hers), account_of(visitor_id=his)) == (
            account("sara"),
            account("marco"),
        )

    def test_a_sign_in_that_fails_links_nobody(self, browser: Browser) -> None:
        browser.scan()
        browser.sign_in(nonce="of another sign-in")
        assert not VisitorLink.objects.exists()

    def test_the_answer_is_never_shared(self, browser: Browser) -> None:
        answer = browser.sign_in(sub="sara")
        assert COOKIE in answer.cookies
        assert "no-store" in answer.headers["Cache-Control"]


class TestSignUp:
    def test_the_provider_is_asked_for_a_registration(self, browser: Browser) -> None:
        assert "prompt=create" in browser.get("/sign-up", {"next": "/"}).headers["Location"]
        assert "prompt" not in browser.start()

    def test_it_ends_as_a_sign_in_does(self, browser: Browser, provider: TestIssuer) -> None:
        visitor = browser.scan()
        way = browser.get("/sign-up", {"next": "/preferences"}).headers["Location"]
        assert browser.get(provider.approve(way, sub="new")).headers["Location"] == "/preferences"
        assert account_of(visitor_id=visitor) == account("new")

    @pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
    def test_no_wish_leads_to_another_site(self, browser: Browser, provider: TestIssuer, wanted: str) -> None:
        way = browser.get("/sign-up", {"next": wanted}).headers["Location"]
        assert browser.get(provider.approve(way, roles=[])).headers["Location"] == "/"


class TestSignOut:
    def test_the_next_scan_is_nobodys(self, browser: Browser) -> None:
        browser.sign_in(sub="sara")
        hers = browser.scan()
        answer = browser.post("/sign-out")
        assert answer.cookies[COOKIE]["max-age"] == 0
        assert browser.scan() != hers
        assert VisitorLink.objects.count() == 1

    def test_a_session_that_ran_out_is_no_sign_out(self, browser: Browser) -> None:
        browser.sign_in(sub="sara")
        hers = browser.scan()
        del browser.cookies[django_settings.SESSION_COOKIE_NAME]
        assert browser.scan() == hers


class TestKnownAccount:
    def test_it_costs_the_session_alone(self, browser: Browser, django_assert_num_queries: Any) -> None:
        browser.sign_in(sub="sara")
        sara = account("sara")
        with django_assert_num_queries(1, using="identity"):
            assert browser.get("/test/known-account").content.decode() == str(sara)

    def test_nobody_costs_nothing(self, browser: Browser, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0, using="identity"):
            assert browser.get("/test/known-account").content == b"None"


class Shop:
    """The rules, said without a database: devices whose browser keeps a visitor, and who owns which."""

    def __init__(self) -> None:
        self.visitor: dict[int, int] = {}
        self.owner: dict[int, str] = {}
        self._numbers = count()

    def scan(self, device: int) -> int:
        return self.visitor.setdefault(device, next(self._numbers))

    def sign_in(self, device: int, person: str) -> None:
        if self.owner.setdefault(self.scan(device), person) != person:
            self.visitor[device] = next(self._numbers)
            self.owner[self.visitor[device]] = person

    def sign_out(self, device: int) -> None:
        self.visitor.pop(device, None)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["scan", "scan", "sign in", "sign up", "sign out", "expire"]),
        st.integers(0, 2),
        st.sampled_from(["sara", "marco"]),
    ),
    min_size=4,
    max_size=14,
)
_examples = count()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_scan_is_lost_and_none_has_two_owners(
    provider: TestIssuer, site: None, steps: list[tuple[str, int, str]]
) -> None:
    example, shop = next(_examples), Shop()
    browsers = defaultdict(lambda: Browser(provider))
    scans: list[tuple[UUID, int]] = []
    owned: dict[UUID, UUID] = {}
    for what, device, person in steps:
        browser, subject = browsers[device], f"{person} {example}"
        match what:
            case "scan":
                scans.append((browser.scan(), shop.scan(device)))
            case "sign in":
                browser.sign_in(sub=subject)
                shop.sign_in(device, subject)
            case "sign up":
                way = browser.get("/sign-up").headers["Location"]
                browser.get(provider.approve(way, sub=subject))
                shop.sign_in(device, subject)
            case "sign out":
                browser.post("/sign-out")
                shop.sign_out(device)
            case "expire":
                browser.cookies.pop(django_settings.SESSION_COOKIE_NAME, None)
        for visitor, number in scans:
            owner = account_of(visitor_id=visitor)
            expected = shop.owner.get(number)
            assert owner == (account(expected) if expected else None)
            assert owned.get(visitor, owner) == owner, "a scan that was somebody's stays theirs"
            if owner is not None:
                owned[visitor] = owner
    assert len(dict(scans)) == len(set(scans)), "two visitors of ours are two here, and one is one"
