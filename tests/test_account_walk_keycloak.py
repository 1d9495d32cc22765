"""The same walk where Keycloak knows who people are, with the realm that production imports."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from contexts.identity.models import Account
from packytrace import wiring
from packytrace.openid import issuer as issuers
from tests import keycloak as keycloaks
from tests import mail_server, parts, ports
from tests.browser import PHONE
from tests.keycloak import Keycloak
from tests.mail_server import MailServer
from tests.shopper import MUESLI, PASSWORD, Shopper

pytestmark = [
    pytest.mark.provider,
    pytest.mark.browser,
    pytest.mark.django_db(
        databases=["identity", "passport", "personalization", "brand_analytics"], transaction=True
    ),
    pytest.mark.usefixtures("built"),
]


@dataclass(frozen=True, kw_only=True)
class Sides:
    """Both sides, and where Keycloak's mails arrive."""

    application: LiveServer
    keycloak: Keycloak
    mails: MailServer


@pytest.fixture
def sides(settings: Settings, tmp_path: Path) -> Iterator[Sides]:
    parts.require_keycloak()
    port = ports.free_pair()
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.OIDC_EMBEDDED = False
    settings.OIDC_ISSUER = Keycloak(url=f"http://127.0.0.1:{port}").issuer
    settings.OIDC_RP_CLIENT_SECRET = keycloaks.SECRET
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    issuers.issuer_at.cache_clear()
    # Not the session's: when a server starts, it reads to which provider its pages' forms may lead.
    application = LiveServer("127.0.0.1")
    settings.PUBLIC_URL = application.url
    try:
        with (
            mail_server.running() as mails,
            keycloaks.running(port=port, site=application.url, folder=tmp_path) as keycloak,
        ):
            keycloak.send_mails_to(port=mails.port)
            yield Sides(application=application, keycloak=keycloak, mails=mails)
    finally:
        application.stop()
        issuers.issuer_at.cache_clear()


@pytest.fixture
def shopper(chromium: Browser, sides: Sides) -> Iterator[Shopper]:
    wiring.load_demo_catalogue(now=datetime.now(UTC))
    context = chromium.new_context(viewport=PHONE)
    yield Shopper(
        url=sides.application.url, context=context, page=context.new_page(), email="nina@shop.example"
    )
    context.close()


def test_a_shopper_registers_gets_a_verdict_and_leaves_both(shopper: Shopper, sides: Sides) -> None:
    page = shopper.page
    shopper.open(f"/01/{MUESLI}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Sign up and see").click()

    page.locator("#email").fill(shopper.email)
    way = next(url for url in asked if "/protocol/openid-connect/" in url)
    query = parse_qs(urlsplit(way).query)
    assert query["prompt"] == ["create"]
    assert query["code_challenge_method"] == ["S256"]
    assert query["state"][0]
    assert query["nonce"][0]
    page.locator("#password").fill(PASSWORD)
    page.locator("#password-confirm").fill(PASSWORD)
    page.locator("[type=submit]").click()
    page.get_by_text("verify your email").first.wait_for()
    page.goto(sides.mails.link(shopper.email))

    shopper.set_up()
    expect(page).to_have_url(f"{shopper.url}/passport/{MUESLI}")
    expect(shopper.verdict).to_contain_text("Avoid")
    expect(shopper.verdict).to_contain_text("“whey”")
    assert Account.objects.get().issuer == sides.keycloak.issuer

    shopper.open("/profile")
    page.get_by_role("link", name="Sign out").click()
    shopper.press("Sign out")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    shopper.open(f"/passport/{MUESLI}")
    expect(shopper.verdict).to_have_count(0)
    shopper.open("/sign-in?next=/profile")
    expect(page.locator("#password")).to_be_visible()
    assert page.url.startswith(sides.keycloak.issuer), "Keycloak asks again"
