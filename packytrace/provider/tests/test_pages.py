"""The provider's pages in a real browser: registering by mail, and passkeys of a virtual authenticator."""

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
import requests
from django.conf import settings

from packytrace.provider.tests.visitor import Visitor
from tests.browser import PHONE, WINDOWS, Auditor
from tests.embedded_provider import EmbeddedProvider

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.provider, pytest.mark.usefixtures("built")]

PASSWORD = "bread from the third oven"


class AtLocalhost:
    """Passkeys belong to a name: the provider is reached by that of loopback."""

    def __init__(self, provider: EmbeddedProvider, context: "BrowserContext") -> None:
        self.provider, self.context = provider, context
        self.url = provider.issuer.replace("127.0.0.1", "localhost")
        self.email = f"nina-{secrets.token_hex(6)}@shop.example"
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name).click()

    def register(self) -> None:
        """As far as the account's page."""
        self.open("/sign-up?next=/account")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.press("Create the account")
        self.page.get_by_role("heading", name="Look into your mail").wait_for()
        self.page.goto(self.provider.link(self.email).replace("127.0.0.1", "localhost"))
        self.page.get_by_role("heading", name="Your account").wait_for()

    def type_password(self) -> None:
        self.open("/sign-in?next=/account")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.fixture
def somebody(embedded_provider: EmbeddedProvider, chromium: "Browser") -> Iterator[AtLocalhost]:
    context = chromium.new_context(viewport=PHONE)
    yield AtLocalhost(embedded_provider, context)
    context.close()


def plug_in(somebody: AtLocalhost) -> None:
    """Give the browser an authenticator that always says yes."""
    devtools = somebody.context.new_cdp_session(somebody.page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_the_only_factor_or_the_second(somebody: AtLocalhost, audit: Auditor) -> None:
    page = somebody.page
    plug_in(somebody)
    somebody.register()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    audit(page)
    somebody.press("Go on")
    page.get_by_label("Name of the passkey").fill("My phone")
    audit(page)
    somebody.press("Add a passkey")
    page.get_by_role("heading", name="Recovery codes").wait_for()
    audit(page)
    code = page.get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="I have them").click()
    assert page.get_by_text("My phone").first.is_visible()
    audit(page)

    somebody.context.clear_cookies()
    somebody.open("/sign-in?next=/account")
    audit(page)
    somebody.press("Sign in with a passkey")
    page.get_by_role("heading", name="Your account").wait_for()

    somebody.context.clear_cookies()
    somebody.type_password()
    page.get_by_role("heading", name="One more step").wait_for()
    audit(page)
    somebody.press("Use a passkey")
    page.get_by_role("heading", name="Your account").wait_for()

    somebody.context.clear_cookies()
    somebody.type_password()
    page.get_by_label("Code").fill(code)
    somebody.press("Go on with the code")
    page.get_by_role("heading", name="Your account").wait_for()

    refused = requests.post(
        f"{somebody.provider.issuer}/machine/sessions",
        json={"email": somebody.email, "password": PASSWORD, "client_address": "192.0.2.7"},
        auth=("packytrace-accounts", settings.OIDC_ACCOUNTS_CLIENT_SECRET),
        timeout=10,
    )
    assert refused.json()["code"] == "credentials_refused", "a password alone goes round no second factor"


def test_a_passkey_of_somebody_else_signs_nobody_in(somebody: AtLocalhost) -> None:
    plug_in(somebody)
    somebody.open("/sign-in")
    somebody.press("Sign in with a passkey")
    somebody.page.get_by_text("Your browser offered no passkey").wait_for()


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        "/sign-up",
        "/sign-up/mail",
        "/password/forgotten",
        "/password/forgotten/mail",
        "/confirm/x",
    ],
)
def test_every_page_is_for_everybody(
    embedded_provider: EmbeddedProvider, chromium: "Browser", audit: Auditor, path: str
) -> None:
    for window in (WINDOWS[0], WINDOWS[-1]):  # a phone in the light, a desktop in the dark
        context = chromium.new_context(**window.values[0])  # type: ignore[arg-type] # options are a plain dict
        page = context.new_page()
        page.goto(f"{embedded_provider.issuer}{path}")
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        context.close()


def test_without_a_script_nothing_is_missing_but_passkeys(
    embedded_provider: EmbeddedProvider, chromium: "Browser"
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    visitor = AtLocalhost(embedded_provider, context)
    visitor.register()
    context.clear_cookies()
    visitor.open("/sign-in")
    assert not visitor.page.get_by_role("button", name="Sign in with a passkey").is_visible()
    context.close()


def test_a_code_of_an_app_is_asked_for(somebody: AtLocalhost) -> None:
    somebody.register()
    somebody.page.get_by_role("link", name="Use an app for codes").click()
    somebody.page.get_by_label("Password").fill(PASSWORD)
    somebody.press("Go on")
    somebody.page.get_by_role("textbox", name="Code").fill("000000")
    somebody.press("Ask for codes from now on")
    assert somebody.page.get_by_text("This did not work").is_visible()


def test_the_sign_in_page_leads_to_the_others(embedded_provider: EmbeddedProvider) -> None:
    page = Visitor(embedded_provider).get("/sign-in", next="/account").text
    assert 'href="/sign-up?next=%2Faccount"' in page
    assert 'href="/password/forgotten"' in page
