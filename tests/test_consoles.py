"""Both consoles behind the real gates: who comes in, what it costs, and that a browser refuses nothing."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from contexts.brand_analytics.tests.facts import MILK, brand_changed, day_released, product_named, receive
from contexts.identity.application.accounts import sign_in
from contexts.identity.application.brand_users import assign_brand_user
from contexts.identity.application.brands import register_brand, suspend_brand
from contexts.identity.models import Account
from contexts.passport.application import company_prefixes
from contexts.passport.application.company_prefixes import State
from contexts.passport.domain.company_prefixes import Kind
from tests.browser import DESKTOP, PHONE, WINDOWS

NOW = datetime(2026, 3, 1, tzinfo=UTC)
PAGES = ["/brand/", "/brand/products", f"/brand/products/{MILK}", "/brand/days.csv", "/brand/products.csv"]

databases = pytest.mark.django_db(databases=["brand_analytics", "identity"])


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


def _person(*roles: str, name: str = "Marco") -> Account:
    return sign_in(issuer="https://id.example", subject=name, display_name=name, roles=roles)


def _brand(slug: str, *, scans: int) -> UUID:
    """A brand with one released day of one product."""
    brand_id = register_brand(slug=slug, name=slug.title(), at=NOW)
    receive(
        brand_changed(slug.title(), brand_id=brand_id),
        product_named(MILK, f"Milk of {slug}", brand_id=brand_id),
        *day_released(total=(scans, 40), products={MILK: (scans, 40)}, brand_id=brand_id),
    )
    return brand_id


def _signed_in(client: Client, person: Account) -> Client:
    """A session as the sign-in leaves it."""
    client.force_login(person)
    session = client.session
    session["oidc_id_token_expiration"] = time.time() + 3600
    session.save()
    return client


def _brand_user(client: Client, brand_id: UUID, *, name: str = "Marco") -> Client:
    person = _person("brand_user", name=name)
    assign_brand_user(account_id=person.pk, brand_id=brand_id)
    return _signed_in(client, person)


@databases
class TestWhoComesIn:
    @pytest.mark.parametrize("address", PAGES)
    def test_nobody_is_sent_to_sign_in_and_back(self, client: Client, address: str) -> None:
        answer = client.get(address, {"days": "7"})
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/sign-in?next={address.replace('/', '%2F')}%3Fdays%3D7"

    @pytest.mark.parametrize("address", PAGES)
    @pytest.mark.parametrize("roles", [["consumer"], ["operator"], [], ["brand_user"]])
    def test_who_has_no_brand_is_told_so(self, client: Client, address: str, roles: list[str]) -> None:
        _brand("alpenhof", scans=123)
        answer = _signed_in(client, _person(*roles)).get(address)
        assert answer.status_code == 403
        assert "alpenhof" not in answer.content.decode().lower()

    @pytest.mark.parametrize("address", PAGES)
    def test_who_works_for_a_suspended_brand(self, client: Client, address: str) -> None:
        brand_id = _brand("alpenhof", scans=123)
        _brand_user(client, brand_id)
        suspend_brand(brand_id=brand_id, at=NOW)
        assert client.get(address).status_code == 403

    @pytest.mark.parametrize("address", PAGES)
    def test_two_sessions_see_two_brands(self, address: str) -> None:
        first = _brand_user(Client(), _brand("alpenhof", scans=8123456), name="Marco")
        second = _brand_user(Client(), _brand("nordkorn", scans=7456789), name="Nora")
        seen = first.get(address).content.decode().replace(",", "")
        theirs = second.get(address).content.decode().replace(",", "")
        assert "8123456" in seen
        assert "7456789" not in seen
        assert "7456789" in theirs
        assert "8123456" not in theirs
        assert "nordkorn" not in seen.lower()

    def test_the_page_says_who_is_signed_in_and_lets_them_leave(self, client: Client) -> None:
        page = _brand_user(client, _brand("alpenhof", scans=123)).get("/brand/").content.decode()
        assert "Alpenhof" in page
        assert "Marco" in page
        assert 'method="post" action="/sign-out"' in page

    def test_the_gate_costs_four_reads(self, client: Client) -> None:
        """Session, account, and in the gate once more account and brand; nothing is written."""
        _brand_user(client, _brand("alpenhof", scans=123))
        with CaptureQueriesContext(connections["identity"]) as asked:
            assert client.get("/brand/").status_code == 200
        assert [query["sql"].split()[0] for query in asked.captured_queries] == ["SELECT"] * 4


@pytest.mark.django_db(databases=["identity", "passport"])
def test_operators_confirm_prefixes_and_see_who_else_claims_them(client: Client) -> None:
    first, second = (
        company_prefixes.claim(
            brand_id=uuid4(), brand_name=name, text="9521001", kind=Kind.COMPANY_PREFIX, now=at
        )
        for name, at in (("Alpenhof", NOW), ("Nordkorn", NOW + timedelta(days=1)))
    )
    _signed_in(client, _person("operator", name="Olga"))
    claims = "/admin/passport/prefixclaim/"
    page = client.get(claims).content.decode()
    assert "Nordkorn (9521001, Waiting)" in page
    assert "Alpenhof (9521001, Waiting)" in page
    confirmed = {"action": "confirm", "_selected_action": [str(first.id), str(second.id)]}
    page = client.post(claims, confirmed, follow=True).content.decode()
    assert "9521001 is confirmed as that of Alpenhof." in page
    assert "are confirmed as those of Alpenhof (9521001)" in page
    states = {one.brand_name: one.state for one in company_prefixes.listed()}
    assert states == {"Alpenhof": State.CONFIRMED, "Nordkorn": State.WAITING}
    page = client.get(f"{claims}{second.id}/change/").content.decode()
    assert f"manage.py company_prefix refuse {second.id} --reason" in page
    assert "confirmed" in client.get(f"{claims}{first.id}/history/").content.decode()


class Watched:
    """A window of a signed-in person that collects what the browser complains about."""

    def __init__(self, *, context: BrowserContext, address: str) -> None:
        self.address = address
        self.complaints: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.address + path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        assert "unsafe" not in answer.headers["content-security-policy"]
        return self.page


@pytest.fixture
def window(
    chromium: Browser, live_server: LiveServer, client: Client, request: pytest.FixtureRequest
) -> Iterator[Watched]:
    """A window with the session of `client`."""
    context = chromium.new_context(**{"viewport": DESKTOP, **getattr(request, "param", {})})
    _signed_in(client, _person("operator", name="Olga"))
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    yield Watched(context=context, address=live_server.url)
    context.close()


@pytest.mark.browser
@pytest.mark.usefixtures("built")
@pytest.mark.django_db(databases=["brand_analytics", "identity"], transaction=True)
class TestTheOperatorsConsole:
    @pytest.mark.parametrize("window", WINDOWS, indirect=True)
    def test_every_page_keeps_the_policy(self, window: Watched) -> None:
        brand_id = register_brand(slug="alpenhof", name="Alpenhof", at=NOW)
        marco = _person("brand_user")
        for path in (
            "/admin/",
            "/admin/identity/",
            "/admin/identity/brand/",
            "/admin/identity/brand/add/",
            f"/admin/identity/brand/{brand_id}/change/",
            f"/admin/identity/brand/{brand_id}/history/",
            "/admin/identity/branduser/",
            "/admin/identity/branduser/add/",
            "/admin/identity/account/",
            f"/admin/identity/account/{marco.pk}/change/",
        ):
            expect(window.open(path).get_by_role("heading", level=1)).to_be_visible()
        assert window.complaints == []

    def test_a_brand_user_is_assigned_and_removed(self, window: Watched) -> None:
        """The bar of actions, the filter and the forms do what they do without the policy."""
        for slug in ("alpenhof", "nordkorn"):
            register_brand(slug=slug, name=slug.title(), at=NOW)
        _person("brand_user")
        page = window.open("/admin/identity/branduser/add/")
        page.locator("[name=account]").select_option(index=1)
        page.locator("[name=brand]").select_option(label="Alpenhof")
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url("**/branduser/")
        page.locator("a", has_text="Filters").click()
        expect(page.get_by_text("Nordkorn", exact=True).last).to_be_visible()
        page.keyboard.press("Escape")
        page.locator("input.action-select").check()
        page.locator("select[name=action]").select_option("delete_selected")
        page.get_by_role("button", name="Run").click()
        page.get_by_role("button", name="Yes").click()
        page.wait_for_url("**/branduser/")
        expect(page.locator("input.action-select")).to_have_count(0)
        assert window.complaints == []

    def test_sidebar_and_colours_can_be_changed(self, window: Watched) -> None:
        page = window.open("/admin/")
        page.get_by_text("unfold_more").last.click()
        page.get_by_text("Dark", exact=True).click()
        expect(page.locator("html")).to_have_class("dark")
        page.get_by_role("button", name="Sidebar").click()
        expect(page.locator("#nav-sidebar")).to_be_hidden()
        page.reload()
        expect(page.locator("html")).to_have_class("dark")
        expect(page.locator("#nav-sidebar")).to_be_hidden()
        assert window.complaints == []

    @pytest.mark.parametrize("window", [{"viewport": PHONE}], indirect=True)
    def test_the_menu_opens_on_a_phone(self, window: Watched) -> None:
        page = window.open("/admin/")
        expect(page.locator("#nav-sidebar")).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        page.get_by_role("link", name="Brand users").first.click()
        page.wait_for_url("**/branduser/")
        assert window.complaints == []
