"""pytest plugin: Chromium, one for the whole session, and axe, which knows what a page owes everybody."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from packytrace.configuration import ROOT

if TYPE_CHECKING:  # half a second that tests without a browser need not spend
    from playwright.sync_api import Browser, Page

DIST = ROOT / "frontend" / "dist"
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

WINDOWS = [
    pytest.param({"viewport": viewport, "color_scheme": scheme}, id=f"{device}-{scheme}")
    for device, viewport in (("phone", PHONE), ("desktop", DESKTOP))
    for scheme in ("light", "dark")
]
"""Options of the windows in which a page must look right."""


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


def chromium_program() -> str:
    """The browser's program on this machine; without one the test at hand is skipped."""
    from tests import parts

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        parts.lack("No Chromium found: install the `chromium` package or set CHROMIUM to its path.")
    return program


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """The browser. Playwright can be started once in a process: everybody takes this one."""
    from playwright.sync_api import sync_playwright

    executable = chromium_program()
    # Playwright keeps an event loop in this thread: Django would take a test's query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


class Violations(AssertionError):
    """What axe found wrong with a page, a line for each."""


Auditor = Callable[["Page"], None]


@pytest.fixture(scope="session")
def audit(axe: str) -> Auditor:
    """Check a page against WCAG 2.2 A and AA and axe's best practices."""

    def check(page: "Page") -> None:
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
