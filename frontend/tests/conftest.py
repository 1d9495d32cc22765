"""Chromium, the built styles, and axe: what the tests of this folder look at pages with."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from pytest_django import Settings

FRONTEND = Path(__file__).resolve().parent.parent
DIST = FRONTEND / "dist"
AXE = FRONTEND / "node_modules" / "axe-core" / "axe.min.js"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

_MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
CONTENT_SECURITY_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"


@pytest.fixture(autouse=True)
def plain_static_files(settings: Settings) -> None:
    """Static files by their own names: the manifest of hashed names is made by `collectstatic` only."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of built styles and scripts."""
    if not (DIST / "app.css").is_file():
        pytest.fail("frontend/dist is missing: run `npm ci && npm run build` in frontend/.")
    return DIST


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, to be put into a page by the debugger: no page's policy would load it."""
    if not AXE.is_file():
        pytest.fail("axe-core is missing: run `npm ci` in frontend/.")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        message = "No Chromium found: install the `chromium` package or set CHROMIUM to its path."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    # Playwright keeps an event loop in this thread: Django would take a test's query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Violations(AssertionError):
    """What axe found wrong with a page, a line for each."""


Auditor = Callable[[Page], None]


@pytest.fixture(scope="session")
def audit(axe: str) -> Auditor:
    """Check a page against WCAG 2.2 A and AA and axe's best practices."""

    def check(page: Page) -> None:
        page.evaluate(axe)
        result = page.evaluate(
            "(rules) => axe.run(document, {runOnly: rules})",
            ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        )
        found = [
            f"{violation['id']}: {violation['help']}: {node['html']} {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]
        if found:
            raise Violations("\n".join(found))
        assert result["passes"], "axe ran no rule"

    return check


class Stage:
    """A browser window that shows templates as a server would: with the built files and a strict policy."""

    def __init__(self, *, context: BrowserContext, built: Path) -> None:
        self.context = context
        self.built = built
        self.complaints: list[str] = []
        self.sent: list[str] = []
        self._html = ""
        context.route("**/*", self._answer)
        self.page = context.new_page()
        self.page.on("console", lambda line: self.complaints.append(line.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, html: str) -> Page:
        self._html = html
        self.page.goto("http://stage.test/")
        return self.page

    def _answer(self, route: Route) -> None:
        request = route.request
        path = re.sub(r"^http://stage\.test", "", request.url)
        if path.startswith("/static/"):
            file = self.built / path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=_MEDIA_TYPES[file.suffix])
            return
        if request.method == "POST":
            self.sent.append(f"{path} {request.post_data}")
        route.fulfill(
            body=self._html,
            content_type="text/html; charset=utf-8",
            headers={"content-security-policy": CONTENT_SECURITY_POLICY},
        )


@pytest.fixture
def stage(chromium: Browser, built: Path, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """A stage; `@pytest.mark.parametrize("stage", [{...}], indirect=True)` gives options of the window."""
    options = {"viewport": PHONE, **getattr(request, "param", {})}
    context = chromium.new_context(**options)
    yield Stage(context=context, built=built)
    context.close()
