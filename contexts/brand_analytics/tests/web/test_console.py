"""The console in a real browser: under the policy, for everybody, in every window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response
from pytest_django.live_server_helper import LiveServer

from contexts.brand_analytics.tests.facts import JAM, MILK, day_released, receive
from contexts.brand_analytics.tests.web.conftest import MILK_NAME, FakeGate
from tests.browser import DESKTOP, PHONE, WINDOWS, Auditor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["brand_analytics", "identity"], transaction=True),
    pytest.mark.usefixtures("built"),
]

PAGES = [
    "/brand/",
    "/brand/?days=7",
    "/brand/?days=90",
    "/brand/products",
    f"/brand/products/{MILK}",
    f"/brand/products/{JAM}",
]


class Console:
    """The console in a window; collects what the browser complains about."""

    def __init__(self, *, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        self.page = context.new_page()
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._request(request.url))

    def _request(self, url: str) -> None:
        if not url.startswith(self.address):
            self.foreign.append(url)

    def open(self, path: str) -> Response:
        """Load a page and wait until it is quiet."""
        answer = self.page.goto(self.address + path, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        return answer


@pytest.fixture
def console(
    chromium: Browser, live_server: LiveServer, gate: FakeGate, request: pytest.FixtureRequest
) -> Iterator[Console]:
    """The console in a window; its options come by `parametrize("console", [{...}], indirect=True)`."""
    assert gate.brand_id
    context = chromium.new_context(**{"viewport": DESKTOP, **getattr(request, "param", {})})
    yield Console(context=context, address=live_server.url)
    context.close()


def _fits(page: Page) -> bool:
    assert page.viewport_size
    return bool(page.evaluate("document.documentElement.scrollWidth") == page.viewport_size["width"])


@pytest.mark.usefixtures("figures")
class TestWithFigures:
    @pytest.mark.parametrize("console", WINDOWS, indirect=True)
    def test_every_page_keeps_the_policy_fits_and_passes_axe(self, console: Console, audit: Auditor) -> None:
        for path in PAGES:
            policy = console.open(path).headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "script-src 'self'" in policy
            assert "style-src 'self'" in policy
            assert _fits(console.page), path
            for twin in console.page.locator("summary").all():
                twin.click()
            audit(console.page)
            assert _fits(console.page), f"{path} with its table"
        assert console.complaints == []
        assert console.foreign == []

    @pytest.mark.parametrize("console", [{"viewport": {"width": 320, "height": 640}}], indirect=True)
    def test_nothing_is_cut_off_at_320_pixels(self, console: Console) -> None:
        """WCAG 2.2, 1.4.10: reflow at a width of 320 CSS pixels."""
        for path in PAGES:
            console.open(path)
            assert _fits(console.page), path

    @pytest.mark.parametrize("console", [{"color_scheme": "dark"}, {"color_scheme": "light"}], indirect=True)
    def test_it_follows_the_system_before_the_first_paint_and_afterwards(self, console: Console) -> None:
        console.open("/brand/")
        before = console.page.evaluate("document.documentElement.classList.contains('dark')")
        assert before == console.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        console.page.emulate_media(color_scheme="light" if before else "dark")
        console.page.wait_for_function(
            "(before) => document.documentElement.classList.contains('dark') !== before", arg=before
        )

    @pytest.mark.parametrize("console", [{"java_script_enabled": False}], indirect=True)
    def test_it_needs_no_script(self, console: Console) -> None:
        console.open("/brand/")
        console.page.get_by_role("link", name="Scans by product", exact=True).click()
        console.page.get_by_role("link", name=MILK_NAME).click()
        console.page.get_by_role("link", name="7 days").click()
        console.page.get_by_text("The same as a table").click()
        assert console.page.get_by_role("table").get_by_role("row").count() == 8

    def test_the_drawing_is_for_eyes_and_the_table_for_everybody(self, console: Console) -> None:
        console.open("/brand/")
        assert console.page.get_by_role("img").count() == 0
        assert console.page.locator(".trend-scans").first.bounding_box()["width"] > 500  # type: ignore[index]
        console.page.get_by_text("The same as a table").click()
        table = console.page.get_by_role("table", name="Scans and people per day")
        assert table.get_by_role("row").count() == 29

    def test_the_keyboard_reaches_the_content_first_and_everything_after_it(self, console: Console) -> None:
        console.open("/brand/")
        console.page.keyboard.press("Tab")
        skip = console.page.get_by_role("link", name="Skip to the content")
        assert skip.evaluate("(link) => document.activeElement === link")
        console.page.keyboard.press("Enter")
        assert console.page.evaluate("document.activeElement.id") == "content"
        reached = set()
        for _ in range(12):
            console.page.keyboard.press("Tab")
            reached.add(console.page.evaluate("document.activeElement.innerText.trim()"))
        assert {"7 days", "Download CSV", "The same as a table", "All products", MILK_NAME} <= reached

    @pytest.mark.parametrize("console", [{"viewport": PHONE}], indirect=True)
    def test_every_control_is_large_enough_for_a_thumb(self, console: Console) -> None:
        for path in PAGES:
            console.open(path)
            small = console.page.evaluate(
                """[...document.querySelectorAll('nav a, button, summary, .console-quiet')]
                    .filter((control) => control.checkVisibility())
                    .filter((control) => control.getBoundingClientRect().height < 36)
                    .map((control) => control.outerHTML)"""
            )
            assert small == [], path

    def test_the_file_that_is_saved_is_the_one_of_the_page(self, console: Console, tmp_path: Path) -> None:
        console.open("/brand/products?days=7&sort=name")
        with console.page.expect_download() as download:
            console.page.get_by_role("link", name="Download CSV").click()
        assert download.value.suggested_filename == "packytrace-products-2025-03-08-to-2025-03-14.csv"
        download.value.save_as(tmp_path / "saved.csv")
        assert MILK_NAME in (tmp_path / "saved.csv").read_text(encoding="utf-8-sig")

    def test_a_click_on_a_heading_turns_the_order(self, console: Console) -> None:
        console.open("/brand/products")
        heading = console.page.get_by_role("columnheader", name="Scans")
        assert heading.get_attribute("aria-sort") == "descending"
        heading.get_by_role("link").click()
        assert heading.get_attribute("aria-sort") == "ascending"
        assert console.page.get_by_role("rowheader").first.inner_text().startswith("Organic")

    def test_a_printed_page_has_no_navigation(self, console: Console) -> None:
        console.open("/brand/")
        console.page.emulate_media(media="print")
        assert not console.page.get_by_role("navigation", name="Console", include_hidden=True).is_visible()
        assert console.page.get_by_role("heading", name="Overview").is_visible()


@pytest.mark.parametrize("console", WINDOWS, indirect=True)
def test_a_brand_without_figures_sees_why(console: Console, audit: Auditor) -> None:
    console.open("/brand/")
    audit(console.page)
    assert console.page.get_by_role("heading", name="Not enough data yet").is_visible()
    receive(*day_released(total=None, products={MILK: None}))
    console.open("/brand/")
    audit(console.page)
    assert _fits(console.page)
    assert console.page.get_by_text("none may tell of fewer than 10 people").is_visible()
    assert console.complaints == []
