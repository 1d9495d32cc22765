"""A shopper's walk through the real application, in a real browser, with and without its script."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from contexts.passport.application.demo_catalogue import PRODUCTS, load_demo_catalogue
from contexts.passport.demo import BRANDS
from contexts.passport.models import Scan, UnknownProductReport
from contexts.passport.tests.entries import MUESLI, full_of, stock
from contexts.passport.web.pages import PAGES
from contexts.passport.web.scan_cookie import COOKIE as SCAN_COOKIE
from packytrace.edge.visitors import COOKIE as VISITOR_COOKIE
from tests.browser import PHONE, WINDOWS, Auditor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["passport"], transaction=True),
    pytest.mark.usefixtures("built", "demo"),
]

MILK, PESTO, UNVERIFIED = "09521001000017", "09521002000030", "09521003000060"
UNKNOWN = "9520123456788"
LATER = datetime.now(UTC) + timedelta(days=200)
PACK = f"/01/{MILK}/10/L26-05/21/S123?17={LATER:%y%m%d}&3103=001030"

SCRIPT = pytest.mark.parametrize(
    "shopper",
    [{"java_script_enabled": True}, {"java_script_enabled": False}],
    ids=["script", "no-script"],
    indirect=True,
)


@pytest.fixture
def demo(settings: Settings) -> Iterator[None]:
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=datetime.now(UTC))
    PAGES.clear()
    yield
    PAGES.clear()
    connections["passport"].close()


class Shopper:
    """A browser window, and what the browser complains about in it."""

    def __init__(self, *, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._watch(request.url))

    def open(self, path: str, *, status: int = 200) -> Page:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == status
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        return self.page

    def cookies(self) -> set[str]:
        """Names of the cookies that the browser holds for us."""
        return {cookie["name"] for cookie in self.context.cookies()}

    def _listen(self, line: ConsoleMessage) -> None:
        # Chromium reports the status of the very page that it shows, which is meant where it is 404 or 400.
        if not (line.text.startswith("Failed to load resource") and line.location["url"] == self.page.url):
            self.complaints.append(line.text)

    def _watch(self, url: str) -> None:
        if not url.startswith(self.address):
            self.foreign.append(url)


def passport_of(shopper: Shopper, gtin: str) -> re.Pattern[str]:
    """The address of a passport; what the code said goes along."""
    return re.compile(re.escape(f"{shopper.address}/passport/{gtin}") + r"(\?.*)?$")


@pytest.fixture
def shopper(
    chromium: Browser, live_server: LiveServer, settings: Settings, request: pytest.FixtureRequest
) -> Iterator[Shopper]:
    """A phone; other options come by `parametrize("shopper", [{...}], indirect=True)`."""
    context = chromium.new_context(**{"viewport": PHONE, **getattr(request, "param", {})})
    settings.PUBLIC_URL = live_server.url  # where codes lead
    shopper = Shopper(context=context, address=live_server.url)
    yield shopper
    assert shopper.complaints == []
    assert shopper.foreign == []
    context.close()


@SCRIPT
def test_from_the_code_on_a_pack_to_its_passport_and_on(shopper: Shopper, chromium: Browser) -> None:
    page = shopper.open(PACK)
    expect(page).to_have_url(passport_of(shopper, MILK))
    expect(page.get_by_role("heading", level=1)).to_have_text("Lactose-free whole milk 1 l")
    pack = page.get_by_role("region", name="The pack you scanned")
    expect(pack).to_contain_text("L26-05")
    expect(pack).to_contain_text("S123")
    expect(pack).to_contain_text("1.03 kg")
    expect(pack).to_contain_text(f"{LATER.day} {LATER:%B %Y}")
    expect(page.get_by_role("region", name="Allergens")).to_contain_text("Milk")
    expect(page.locator("strong.allergen")).to_have_text("Whole milk")
    expect(page.get_by_text("Always check the pack.")).to_be_visible()
    picture = page.get_by_role("img", name="The pack of Lactose-free whole milk 1 l")
    assert picture.evaluate("(image) => image.complete && image.naturalWidth > 0")
    page.reload()
    expect(pack).to_contain_text("L26-05")

    # Somebody to whom the address is sent sees the product and nothing of the pack.
    other = chromium.new_context()
    theirs = other.new_page()
    theirs.goto(page.url)
    expect(theirs.get_by_role("heading", level=1)).to_be_visible()
    expect(theirs.get_by_text("The pack you scanned")).to_have_count(0)
    other.close()

    page.get_by_role("link", name="Search").click()
    page.get_by_label("Name of the product, or its code").fill("basil pesto")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Basil pesto").click()
    expect(page).to_have_url(passport_of(shopper, PESTO))
    expect(page.get_by_text("The pack you scanned")).to_have_count(0)
    page.go_back()
    page.go_back()
    page.go_back()
    expect(pack).to_contain_text("L26-05")
    assert shopper.cookies() == {VISITOR_COOKIE, SCAN_COOKIE}
    assert Scan.objects.count() == 1


@SCRIPT
def test_a_product_that_we_do_not_know_is_reported_with_one_tap(shopper: Shopper) -> None:
    page = shopper.open("/")
    assert shopper.cookies() == set()
    page.get_by_label("Type or paste the code").fill(f"{UNKNOWN[:1]} {UNKNOWN[1:7]}-{UNKNOWN[7:]}")
    page.get_by_role("button", name="Show the product").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("We don't know this product yet")
    page.get_by_role("button", name="Tell us that it is missing").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you, we have noted it.")
    expect(page).to_have_url(re.compile(r"/scan/[0-9a-f-]{36}/report$"))
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    page.get_by_role("link", name="Scan another product").click()
    expect(page).to_have_url(f"{shopper.address}/")
    assert shopper.cookies() == {VISITOR_COOKIE}
    assert UnknownProductReport.objects.count() == 1


@SCRIPT
def test_a_known_code_that_is_typed_leads_to_its_passport(shopper: Shopper) -> None:
    page = shopper.open("/")
    page.get_by_label("Type or paste the code").fill(f"https://id.gs1.org/01/{PESTO}/10/AB")
    page.keyboard.press("Enter")
    expect(page).to_have_url(passport_of(shopper, PESTO))
    expect(page.get_by_role("region", name="The pack you scanned")).to_contain_text("AB")
    page.reload()
    assert Scan.objects.count() == 1


@pytest.mark.parametrize("shopper", [{"java_script_enabled": False}], indirect=True)
def test_without_the_script_the_server_says_what_is_wrong_with_a_code(shopper: Shopper) -> None:
    page = shopper.open("/")
    page.get_by_label("Type or paste the code").fill("9520123456780")
    page.keyboard.press("Enter")
    expect(page.get_by_text("One digit is wrong.")).to_be_visible()
    expect(page.get_by_label("Type or paste the code")).to_have_value("9520123456780")
    page.get_by_label("Type or paste the code").fill(MILK)
    page.keyboard.press("Enter")
    expect(page).to_have_url(passport_of(shopper, MILK))


@SCRIPT
def test_the_line_that_offers_a_verdict_stays_away_once_it_is_sent_away(shopper: Shopper) -> None:
    page = shopper.open(f"/passport/{PESTO}")
    line = page.get_by_text("Does it fit you?")
    expect(page.get_by_role("link", name="Sign up")).to_have_attribute(
        "href", f"/sign-up?next=/setup%3Fnext=/passport/{PESTO}"
    )
    page.get_by_role("button", name="Do not show this again").click()
    expect(line).to_be_hidden()
    expect(page).to_have_url(passport_of(shopper, PESTO))
    shopper.open(f"/passport/{MILK}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Lactose-free whole milk 1 l")
    expect(line).to_be_hidden()


@SCRIPT
def test_what_was_scanned_is_found_again_from_the_home_page(shopper: Shopper) -> None:
    shopper.open(PACK)
    page = shopper.open("/")
    page.get_by_role("link", name=re.compile("Your recent scans|All your scans")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your scans")
    page.get_by_role("link", name="Lactose-free whole milk 1 l").click()
    expect(page).to_have_url(passport_of(shopper, MILK))


@pytest.mark.parametrize("shopper", WINDOWS, indirect=True)
def test_every_page_is_for_everybody_and_fits_the_window(shopper: Shopper, audit: Auditor) -> None:
    past = datetime.now(UTC) - timedelta(days=20)
    for path, status in (
        ("/", 200),
        (PACK, 200),
        (f"/01/{PESTO}?15={past:%y%m%d}", 200),
        (f"/01/{UNVERIFIED}?17={past:%y%m%d}", 200),
        ("/history", 200),
        ("/search", 200),
        ("/search?q=milk", 200),
        ("/search?q=xyzzy", 200),
        (f"/01/0{UNKNOWN}", 404),
        ("/01/09520123456780", 400),
        (f"/passport/0{UNKNOWN}", 404),
        ("/nowhere", 404),
    ):
        page = shopper.open(path, status=status)
        audit(page)
        assert page.viewport_size
        assert page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"], path


@pytest.mark.parametrize("shopper", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
def test_no_word_is_too_long_for_the_smallest_window(shopper: Shopper) -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 6
    stock(replace(full_of(word), picture=None))
    for path in (f"/passport/{MUESLI}", f"/search?q={MUESLI}"):
        page = shopper.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


def test_every_picture_of_the_demo_can_be_seen(shopper: Shopper) -> None:
    for product in PRODUCTS:
        page = shopper.open(f"/passport/{product.gtin}")
        pictures = page.locator("header img")
        assert pictures.count() == 1
        assert pictures.evaluate("(image) => image.complete && image.naturalWidth > 0"), product.gtin
