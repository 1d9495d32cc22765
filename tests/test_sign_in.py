"""The application and the embedded provider together: in, at the brand's page, and out on both sides."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import Settings as SettingsWrapper

from contexts.identity.application.brands import suspend_brand
from contexts.identity.application.demo import demo_brand_id, ensure_demo_brand_user, ensure_demo_brands
from contexts.identity.models import Account
from packytrace.openid import issuer as issuers
from packytrace.provider.demo import DEMO_PEOPLE, DemoPerson
from tests.embedded_provider import EmbeddedProvider
from tests.two_sides import Browser

pytestmark = [pytest.mark.provider, pytest.mark.django_db(databases=["identity", "brand_analytics"])]

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class DemoBrowser(Browser):
    """A browser of one of the demo people."""

    def __init__(self, provider: EmbeddedProvider) -> None:
        super().__init__(site=provider.public_url)
        self.provider = provider

    def sign_in(self, person: DemoPerson, *, at: str) -> Any:
        """Open a page of the application, meet the provider's form, fill it in and arrive."""
        form = self.open(at)
        assert form.url.startswith(f"{self.provider.issuer}/sign-in?"), form.url
        return self.send(form, login=person.email, password=self.provider.password(person))


@pytest.fixture(autouse=True)
def site(embedded_provider: EmbeddedProvider, settings: SettingsWrapper) -> Iterator[None]:
    settings.OIDC_EMBEDDED = True
    settings.OIDC_ISSUER = embedded_provider.issuer
    settings.PUBLIC_URL = embedded_provider.public_url
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    issuers.issuer_at.cache_clear()
    ensure_demo_brands(at=NOW)
    for person in DEMO_PEOPLE:
        if person.brand:
            ensure_demo_brand_user(
                issuer=embedded_provider.issuer,
                subject=str(person.subject),
                display_name=person.name,
                slug=person.brand,
            )
    yield
    issuers.issuer_at.cache_clear()


@pytest.fixture
def browser(embedded_provider: EmbeddedProvider) -> DemoBrowser:
    return DemoBrowser(embedded_provider)


def test_a_demo_brand_user_comes_to_the_own_brand(browser: DemoBrowser) -> None:
    jonas = browser.provider.person(role="brand_user", brand="nordkorn")
    page = browser.sign_in(jonas, at="/brand/")
    assert page.status_code == 200
    assert "Nordkorn" in page.content.decode()
    account = Account.objects.get(subject=str(jonas.subject))
    assert (account.issuer, account.display_name) == (browser.provider.issuer, jonas.name)
    assert account.brand_user.brand_id == demo_brand_id("nordkorn")


def test_signing_out_ends_both_sessions(browser: DemoBrowser) -> None:
    heidi = browser.provider.person(role="brand_user", brand="alpenhof")
    browser.sign_in(heidi, at="/brand/")
    away = browser.site.post("/sign-out").headers["Location"]
    assert away.startswith(f"{browser.provider.issuer}/identity/o/logout?")
    page = browser.open(away)
    assert "You are signed out" in page.content.decode()
    asked = browser.open("/brand/")
    assert asked.url.startswith(f"{browser.provider.issuer}/sign-in?"), "the provider asks again"


def test_while_the_provider_remembers_nobody_is_asked_twice(browser: DemoBrowser) -> None:
    browser.sign_in(browser.provider.person(role="brand_user", brand="nordkorn"), at="/brand/")
    session = browser.site.session
    session["oidc_id_token_expiration"] = 0
    session.save()
    browser.passed.clear()
    page = browser.open("/brand/")
    assert page.status_code == 200
    assert any("/identity/o/authorize" in address for address in browser.passed)


def test_a_consumer_is_turned_away_from_the_console(browser: DemoBrowser) -> None:
    page = browser.sign_in(browser.provider.person(role="consumer"), at="/brand/")
    assert page.status_code == 403
    assert "This page is for brands" in page.content.decode()


def test_an_operator_administers_and_is_no_brand_user(browser: DemoBrowser) -> None:
    page = browser.sign_in(browser.provider.person(role="operator"), at="/admin/identity/brand/")
    assert page.status_code == 200
    assert "Campo Vivo" in page.content.decode()
    assert browser.open("/brand/").status_code == 403


def test_the_brand_of_a_suspended_one_is_closed(browser: DemoBrowser) -> None:
    suspend_brand(brand_id=demo_brand_id("nordkorn"), at=NOW)
    page = browser.sign_in(browser.provider.person(role="brand_user", brand="nordkorn"), at="/brand/")
    assert page.status_code == 403
    assert "Your brand is suspended" in page.content.decode()
