"""The code flow from the browser's side: what leads in, and everything that does not."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from django.db import connections

from contexts.identity.models import Account, BrowserSession
from contexts.identity.tests.web.conftest import PUBLIC_URL, Browser
from tests.openid_issuer import TestIssuer, key

pytestmark = pytest.mark.django_db(databases=["identity"])


def _account_in(browser: Browser) -> str | None:
    return browser.session.get("_auth_user_id")


class TestTheWayIn:
    def test_the_provider_is_asked_with_pkce_state_and_nonce(self, browser: Browser) -> None:
        address = urlsplit(browser.start())
        query = dict(parse_qsl(address.query))
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{browser.provider.url}/authorize"
        assert query["response_type"] == "code"
        assert query["scope"] == "openid profile"
        assert query["redirect_uri"] == f"{PUBLIC_URL}/sign-in/callback"
        assert query["code_challenge_method"] == "S256"
        assert len(query["code_challenge"]) == 43
        assert len(query["state"]) >= 32
        assert len(query["nonce"]) >= 32

    def test_two_starts_share_no_secret(self, browser: Browser) -> None:
        first, second = (parse_qs(urlsplit(browser.start()).query) for _ in range(2))
        for name in ("state", "nonce", "code_challenge"):
            assert first[name] != second[name]

    def test_a_person_arrives_where_they_wanted_to_go(self, browser: Browser) -> None:
        answer = browser.sign_in(wanted="/brand/?period=7", sub="s-9", name="Marco", roles=["brand_user"])
        assert (answer.status_code, answer.headers["Location"]) == (302, "/brand/?period=7")
        account = Account.objects.get()
        assert (account.issuer, account.subject) == (browser.provider.url, "s-9")
        assert (account.display_name, account.roles) == ("Marco", ["brand_user"])
        assert _account_in(browser) == str(account.pk)
        assert account.last_login is not None

    @pytest.mark.parametrize(
        ("roles", "home"),
        [
            (["brand_user", "operator"], "/brand/"),
            (["operator"], "/admin/"),
            (["consumer"], "/"),
            ([], "/"),
        ],
    )
    def test_without_a_wish_everybody_has_a_home(self, browser: Browser, roles: list[str], home: str) -> None:
        assert browser.sign_in(wanted="", roles=roles).headers["Location"] == home

    def test_keycloak_says_roles_elsewhere(self, browser: Browser) -> None:
        browser.sign_in(roles=None, realm_access={"roles": ["operator", "default-roles-packytrace"]})
        assert Account.objects.get().roles == ["operator"]

    def test_the_session_gets_another_key(self, browser: Browser) -> None:
        start = browser.start()
        before = browser.session.session_key
        browser.get(browser.provider.approve(start))
        after = browser.session.session_key
        assert before != after
        assert not BrowserSession.objects.filter(pk=before).exists()

    def test_also_when_the_same_person_signs_in_again(self, browser: Browser) -> None:
        browser.sign_in()
        before = browser.session.session_key
        browser.sign_in()
        assert browser.session.session_key != before
        assert not BrowserSession.objects.filter(pk=before).exists()

    def test_somebody_else_in_the_same_browser_inherits_nothing(self, browser: Browser) -> None:
        browser.sign_in(sub="first")
        session = browser.session
        session["of_the_first"] = "secret"
        session.save()
        answer = browser.sign_in(sub="second", wanted="/brand/?second")
        assert answer.headers["Location"] == "/brand/?second"
        assert "of_the_first" not in browser.session
        assert _account_in(browser) == str(Account.objects.get(subject="second").pk)
        assert browser.session["oidc_id_token"]

    def test_two_people_with_one_e_mail_address_are_two(self, browser: Browser) -> None:
        for subject in ("one", "two"):
            browser.sign_in(sub=subject, email="shared@example.com", email_verified=True)
        assert Account.objects.count() == 2

    def test_signing_in_is_never_stored_by_a_cache(self, browser: Browser) -> None:
        answer = browser.get("/sign-in")
        assert "no-store" in answer.headers["Cache-Control"]

    def test_two_tabs_at_once(self, browser: Browser) -> None:
        first, second = browser.start(), browser.start()
        assert browser.get(browser.provider.approve(first)).status_code == 302
        assert browser.get(browser.provider.approve(second)).status_code == 302

    def test_another_name_of_this_machine_is_left_for_the_public_one(self, browser: Browser) -> None:
        answer = browser.get("/sign-in", {"next": "/brand/"}, headers={"host": "localhost:8000"})
        assert answer.headers["Location"] == f"{PUBLIC_URL}/sign-in?next=%2Fbrand%2F"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
        "http://shop.example.evil.example/",
        "http://shop.example@evil.example/",
        "//shop.example:8000@evil.example/",
        "http://shop.example:8000%40evil.example/",
        "https:\\\\evil.example",
        "/\t/evil.example",
        "\\/evil.example",
        "%2f%2fevil.example",
        "%68ttps://evil.example",
        "data:text/html,x",
    ],
)
def test_no_wish_leads_to_another_site(browser: Browser, wanted: str) -> None:
    assert browser.sign_in(wanted=wanted, roles=["consumer"]).headers["Location"] == "/"


class TestRefusedTokens:
    """Each is signed in as nobody, told 401, and shown a page that says what to do."""

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://another.example"},
            {"aud": "another-client"},
            {"aud": ["packytrace-web", "another"], "azp": "another"},
            {"exp": 1_600_000_000},
            {"nonce": "of another sign-in"},
            {"nonce": None},
            {"sub": None},
        ],
        ids=str,
    )
    def test_a_wrong_claim(self, browser: Browser, claims: dict[str, Any]) -> None:
        self._check(browser, browser.sign_in(**claims))

    def test_alg_none(self, browser: Browser) -> None:
        self._check(browser, browser.sign_in(algorithm="none", signed_by=""))

    def test_a_forged_signature(self, browser: Browser) -> None:
        self._check(browser, browser.sign_in(signed_by=key("forger")))

    def test_a_shared_secret_for_a_signature(self, browser: Browser) -> None:
        self._check(browser, browser.sign_in(algorithm="HS256", signed_by="s" * 64))

    def test_no_id_token_at_all(self, browser: Browser) -> None:
        self._check(browser, browser.get(browser.provider.approve(browser.start(), id_token="")))

    def test_somebody_who_is_signed_in_stays_who_they_are(self, browser: Browser) -> None:
        browser.sign_in(sub="first")
        browser.sign_in(sub="second", signed_by=key("forger"))
        assert _account_in(browser) == str(Account.objects.get().pk)

    def _check(self, browser: Browser, answer: Any) -> None:
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "no-store" in answer.headers["Cache-Control"]
        assert "We could not verify this sign-in" in answer.content.decode()
        assert "/sign-in?next=%2Fbrand%2F" in answer.content.decode()
        assert _account_in(browser) is None
        assert not Account.objects.exists()


class TestWaysThatLeadNowhere:
    def test_a_way_back_that_nobody_started(self, browser: Browser) -> None:
        answer = browser.get("/sign-in/callback", {"code": "c", "state": "s"})
        assert answer.status_code == 400
        assert "cannot be finished" in answer.content.decode()

    @pytest.mark.parametrize("query", ["", "code=c", "state=s", "error=access_denied", "state=&code="])
    def test_a_way_back_without_what_it_needs(self, browser: Browser, query: str) -> None:
        assert browser.get(f"/sign-in/callback?{query}").status_code == 400

    def test_another_browser_cannot_use_it(self, browser: Browser, provider: TestIssuer) -> None:
        way_back = provider.approve(browser.start())
        other = Browser(provider)
        assert other.get(way_back).status_code == 400
        assert _account_in(other) is None

    def test_it_works_once(self, browser: Browser) -> None:
        way_back = browser.provider.approve(browser.start())
        assert browser.get(way_back).status_code == 302
        assert browser.get(way_back).status_code == 400

    def test_a_code_of_somebody_else_fails_on_the_verifier(
        self, browser: Browser, provider: TestIssuer
    ) -> None:
        stolen = parse_qs(urlsplit(provider.approve(Browser(provider).start())).query)["code"][0]
        state = parse_qs(urlsplit(browser.start()).query)["state"][0]
        answer = browser.get("/sign-in/callback", {"code": stolen, "state": state})
        assert answer.status_code == 400
        assert _account_in(browser) is None

    def test_the_provider_says_no(self, browser: Browser) -> None:
        state = parse_qs(urlsplit(browser.start()).query)["state"][0]
        answer = browser.get("/sign-in/callback", {"error": "access_denied", "state": state})
        assert answer.status_code == 403
        assert "You are not signed in" in answer.content.decode()
        assert browser.get("/sign-in/callback", {"code": "c", "state": state}).status_code == 400

    def test_the_provider_is_in_trouble(self, browser: Browser) -> None:
        state = parse_qs(urlsplit(browser.start()).query)["state"][0]
        answer = browser.get("/sign-in/callback", {"error": "server_error", "state": state})
        assert answer.status_code == 503

    def test_an_answer_in_another_issuers_name(self, browser: Browser) -> None:
        way_back = f"{browser.provider.approve(browser.start())}&{urlencode({'iss': 'https://evil.example'})}"
        assert browser.get(way_back).status_code == 403
        assert "/token" not in browser.provider.requests

    def test_an_answer_in_its_own_name(self, browser: Browser) -> None:
        way_back = browser.provider.approve(browser.start())
        assert browser.get(f"{way_back}&{urlencode({'iss': browser.provider.url})}").status_code == 302

    def test_a_closed_account(self, browser: Browser) -> None:
        browser.sign_in()
        Account.objects.update(is_active=False)
        answer = browser.sign_in()
        assert answer.status_code == 403
        assert "This account is closed" in answer.content.decode()

    @pytest.mark.parametrize("method", ["post", "put", "delete"])
    def test_other_methods(self, browser: Browser, method: str) -> None:
        assert getattr(browser, method)("/sign-in").status_code == 405
        assert getattr(browser, method)("/sign-in/callback").status_code == 405


class TestProviderInTrouble:
    def test_down_before_the_start(self, browser: Browser, provider: TestIssuer) -> None:
        provider.down = True
        answer = browser.get("/sign-in", {"next": "/brand/"})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Signing in is not possible right now" in answer.content.decode()
        assert "/sign-in?next=%2Fbrand%2F" in answer.content.decode()

    @pytest.mark.parametrize("status", [500, 503, 401])
    def test_down_at_the_exchange(self, browser: Browser, provider: TestIssuer, status: int) -> None:
        provider.token_status = status
        assert browser.sign_in().status_code == 503

    def test_an_exchange_that_is_no_json(self, browser: Browser, provider: TestIssuer) -> None:
        provider.token_answer = b"<html>"
        assert browser.sign_in().status_code == 503

    @pytest.mark.parametrize("answer", [b"[]", b"null", b'{"id_token": 7}'])
    def test_an_exchange_that_holds_no_token(
        self, browser: Browser, provider: TestIssuer, answer: bytes
    ) -> None:
        provider.token_answer = answer
        assert browser.sign_in().status_code == 401

    def test_an_exchange_that_hangs(
        self, browser: Browser, provider: TestIssuer, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        way_back = provider.approve(browser.start())
        settings.OIDC_TIMEOUT = (0.2, 0.2)
        provider.delay = 1.0
        assert browser.get(way_back).status_code == 503


@pytest.mark.django_db(databases=["identity"], transaction=True)
def test_the_same_person_in_many_browsers_at_once_is_one_account(provider: TestIssuer) -> None:
    ways_back = []
    for _number in range(5):
        browser = Browser(provider)
        ways_back.append((browser, provider.approve(browser.start(), sub="s-1")))
    barrier = threading.Barrier(len(ways_back))

    def arrive(arrival: tuple[Browser, str]) -> int:
        barrier.wait()
        try:
            return int(arrival[0].get(arrival[1]).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(ways_back)) as pool:
        assert list(pool.map(arrive, ways_back)) == [302] * len(ways_back)
    assert Account.objects.count() == 1
