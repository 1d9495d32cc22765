"""The operators' console: who comes in, and that it changes nothing behind the use cases' back."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from contexts.identity.application.accounts import sign_in
from contexts.identity.application.brand_users import assign_brand_user, brand_of
from contexts.identity.application.brands import register_brand, suspend_brand
from contexts.identity.application.census import census
from contexts.identity.models import Account, Brand, BrandUser, OutboxFact
from contexts.identity.tests.web.conftest import Browser
from tests.openid_issuer import TestIssuer

pytestmark = pytest.mark.django_db(databases=["identity"])

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def operator(provider: TestIssuer) -> Browser:
    browser = Browser(provider)
    browser.sign_in(sub="operator", name="Olga", roles=["operator"])
    return browser


def _told() -> list[tuple[str, str]]:
    told = OutboxFact.objects.filter(type="BrandChanged").order_by("id")
    return [(fact.payload["name"], fact.payload["status"]) for fact in told]


def _person(*roles: str) -> UUID:
    return sign_in(issuer="https://id.example", subject="marco", display_name="Marco", roles=roles).pk


class TestTheGate:
    @pytest.mark.parametrize("address", ["/admin/", "/admin/identity/brand/", "/admin/identity/account/"])
    def test_nobody_is_sent_to_sign_in(self, browser: Browser, address: str) -> None:
        assert browser.get(address).headers["Location"].startswith("/sign-in?next=%2Fadmin%2F")

    @pytest.mark.parametrize("roles", [["brand_user"], ["consumer"], [], ["Operator"], ["admin"]])
    def test_who_is_no_operator_is_told_so(self, browser: Browser, roles: list[str]) -> None:
        browser.sign_in(roles=roles)
        answer = browser.get("/admin/identity/brand/")
        assert answer.status_code == 403
        assert "This page is for operators" in answer.content.decode()

    def test_nothing_is_sent_past_it(self, browser: Browser) -> None:
        browser.sign_in(roles=["brand_user"])
        assert browser.post("/admin/identity/brand/add/", {"name": "X", "slug": "x"}).status_code == 403
        assert not Brand.objects.exists()

    def test_it_has_no_passwords(self, operator: Browser) -> None:
        assert operator.get("/admin/login/").headers["Location"] == "/sign-in?next=%2Fadmin%2F"
        assert operator.get("/admin/password_change/").status_code == 404

    def test_its_way_out_ends_both_sessions(self, operator: Browser) -> None:
        away = operator.post("/admin/logout/").headers["Location"]
        assert away.startswith(f"{operator.provider.url}/end?")
        assert operator.get("/admin/").headers["Location"].startswith("/sign-in?")

    @pytest.mark.parametrize(
        "address",
        [
            "/admin/",
            "/admin/identity/",
            "/admin/identity/brand/",
            "/admin/identity/brand/add/",
            "/admin/identity/branduser/",
            "/admin/identity/branduser/add/",
            "/admin/identity/account/",
        ],
    )
    def test_an_operator_sees_every_page(self, operator: Browser, address: str) -> None:
        assert operator.get(address).status_code == 200


class TestTheStartPage:
    def test_it_counts_and_names_what_wants_attention(self, operator: Browser) -> None:
        nordkorn = register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        suspend_brand(brand_id=register_brand(slug="alpenhof", name="Alpenhof", at=NOW), at=NOW)
        for number in range(2):
            person = sign_in(
                issuer="https://id.example",
                subject=str(number),
                display_name="M",
                roles=["brand_user"],
            )
            assign_brand_user(account_id=person.pk, brand_id=nordkorn)
        register_brand(slug="campo", name="Campo", at=NOW)
        found = census()
        assert (found.brands, found.suspended, found.without_people) == (3, 1, 1)
        assert (found.brand_users, found.accounts, found.closed) == (2, 3, 0)
        page = operator.get("/admin/").content.decode()
        assert "1 active brand has nobody yet." in page
        for way in ("/health/ready", "/metrics", "manage.py doctor", "manage.py facts dead"):
            assert way in page

    def test_moments_are_not_american(self, operator: Browser) -> None:
        account = Account.objects.get()
        Account.objects.update(last_login=datetime(2026, 3, 1, 16, 5, tzinfo=UTC))
        page = operator.get(f"/admin/identity/account/{account.pk}/change/").content.decode()
        assert "1 March 2026, 16:05 UTC" in page


class TestBrands:
    def test_registering_tells_the_others(self, operator: Browser) -> None:
        operator.post("/admin/identity/brand/add/", {"name": " Nordkorn ", "slug": "nordkorn"})
        assert Brand.objects.get().name == "Nordkorn"
        assert _told() == [("Nordkorn", "active")]

    @pytest.mark.parametrize(
        ("name", "slug"),
        [("", "x"), ("Nord\u200bkorn", "x"), ("Nordkorn", "Nord_Korn"), ("Nordkorn", "nord--korn")],
    )
    def test_what_is_no_brand_is_sent_back(self, operator: Browser, name: str, slug: str) -> None:
        answer = operator.post("/admin/identity/brand/add/", {"name": name, "slug": slug})
        assert answer.status_code == 200
        assert not Brand.objects.exists()
        assert _told() == []

    def test_a_slug_that_is_taken_is_sent_back(self, operator: Browser) -> None:
        register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        answer = operator.post("/admin/identity/brand/add/", {"name": "Other", "slug": "nordkorn"})
        assert answer.status_code == 200
        assert Brand.objects.count() == 1

    def test_renaming_and_suspending_tell_the_others(self, operator: Browser) -> None:
        brand = register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        operator.post(f"/admin/identity/brand/{brand}/change/", {"name": "Nordkorn AG", "is_active": "on"})
        operator.post(f"/admin/identity/brand/{brand}/change/", {"name": "Nordkorn AG"})
        operator.post(f"/admin/identity/brand/{brand}/change/", {"name": "Nordkorn AG", "is_active": "on"})
        assert _told() == [
            ("Nordkorn", "active"),
            ("Nordkorn AG", "active"),
            ("Nordkorn AG", "suspended"),
            ("Nordkorn AG", "active"),
        ]

    def test_the_slug_stays(self, operator: Browser) -> None:
        brand = register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        operator.post(
            f"/admin/identity/brand/{brand}/change/", {"name": "Nordkorn", "slug": "other", "is_active": "on"}
        )
        assert Brand.objects.get().slug == "nordkorn"

    def test_no_brand_is_deleted(self, operator: Browser) -> None:
        brand = register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        assert operator.post(f"/admin/identity/brand/{brand}/delete/", {"post": "yes"}).status_code == 403
        operator.post("/admin/identity/brand/", {"action": "delete_selected", "_selected_action": [brand]})
        assert Brand.objects.exists()


class TestBrandUsers:
    def test_assigned_and_removed(self, operator: Browser) -> None:
        brand, marco = register_brand(slug="nordkorn", name="Nordkorn", at=NOW), _person("brand_user")
        operator.post("/admin/identity/branduser/add/", {"account": marco, "brand": brand})
        assert brand_of(account_id=marco).slug == "nordkorn"
        page = operator.get("/admin/identity/branduser/").content.decode()
        assert str(marco) in page
        number = BrandUser.objects.get().pk
        operator.post(f"/admin/identity/branduser/{number}/delete/", {"post": "yes"})
        assert not BrandUser.objects.exists()

    def test_several_are_removed_at_once(self, operator: Browser) -> None:
        brand, marco = register_brand(slug="nordkorn", name="Nordkorn", at=NOW), _person("brand_user")
        operator.post("/admin/identity/branduser/add/", {"account": marco, "brand": brand})
        operator.post(
            "/admin/identity/branduser/",
            {
                "action": "delete_selected",
                "_selected_action": [BrandUser.objects.get().pk],
                "post": "yes",
            },
        )
        assert not BrandUser.objects.exists()

    def test_the_empty_list_says_how_somebody_comes_into_it(self, operator: Browser) -> None:
        address, nobody = "/admin/identity/branduser/add/", "Nobody is waiting"
        assert f"{nobody}: a person appears here after" in operator.get(address).content.decode()
        _person("brand_user")
        assert nobody not in operator.get(address).content.decode()

    def test_only_who_can_work_for_a_brand_is_offered(self, operator: Browser) -> None:
        brand, sara = register_brand(slug="nordkorn", name="Nordkorn", at=NOW), _person("consumer")
        answer = operator.post("/admin/identity/branduser/add/", {"account": sara, "brand": brand})
        assert answer.status_code == 200
        assert not BrandUser.objects.exists()

    def test_nobody_is_moved(self, operator: Browser) -> None:
        brand, marco = register_brand(slug="nordkorn", name="Nordkorn", at=NOW), _person("brand_user")
        other = register_brand(slug="alpenhof", name="Alpenhof", at=NOW)
        operator.post("/admin/identity/branduser/add/", {"account": marco, "brand": brand})
        number = BrandUser.objects.get().pk
        operator.post(f"/admin/identity/branduser/{number}/change/", {"account": marco, "brand": other})
        assert brand_of(account_id=marco).slug == "nordkorn"


class TestAccounts:
    def test_closed_and_opened_again(self, operator: Browser) -> None:
        marco = _person("brand_user")
        operator.post(f"/admin/identity/account/{marco}/change/", {})
        assert not Account.objects.get(pk=marco).is_active
        operator.post(f"/admin/identity/account/{marco}/change/", {"is_active": "on"})
        assert Account.objects.get(pk=marco).is_active

    def test_what_the_provider_says_is_not_changed_here(self, operator: Browser) -> None:
        marco = _person("brand_user")
        operator.post(
            f"/admin/identity/account/{marco}/change/",
            {"is_active": "on", "roles": '["operator"]', "subject": "olga", "display_name": "Olga"},
        )
        account = Account.objects.get(pk=marco)
        assert (account.roles, account.subject, account.display_name) == (["brand_user"], "marco", "Marco")

    def test_the_last_page_of_an_account_shows_it(self, operator: Browser) -> None:
        marco = _person("brand_user")
        page = operator.get(f"/admin/identity/account/{marco}/change/").content.decode()
        assert "https://id.example" in page
        assert "Marco" in page


@pytest.mark.parametrize("address", ["/admin/", "/admin/identity/brand/", "/admin/identity/account/"])
def test_a_keyboard_goes_past_the_menu(operator: Browser, address: str) -> None:
    page = operator.get(address).content.decode()
    assert page.index('href="#content"') < page.index('id="nav-sidebar"') < page.index("<main ")
    assert page.count("<main ") == 1
    assert 'id="content" tabindex="-1"' in page


def test_the_start_page_says_who_is_signed_in_without_the_menu(operator: Browser) -> None:
    page = operator.get("/admin/").content.decode()
    assert "You are signed in as Olga." in page
    assert 'href="/sign-out"' in page.partition("<main ")[2]
