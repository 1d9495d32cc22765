"""A copy and an end in a real browser, by the keyboard alone and without script: nothing more is needed."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect

from contexts.identity.application import exports, ports
from contexts.identity.models import Account, Erasure
from contexts.identity.tests.web.test_preferences_browser import Opener, open_page, sara
from tests.browser import WINDOWS, Auditor

__all__ = ["open_page", "sara"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["identity"], transaction=True),
    pytest.mark.usefixtures("built"),
]


@pytest.fixture(autouse=True)
def _contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "exporters", lambda: {"passport": lambda _ids: {"scans.json": [{"a": 1}]}})
    monkeypatch.setattr(ports, "editions", dict)
    monkeypatch.setattr(ports, "soon", lambda _task: None)


def _erase(page: Page) -> None:
    page.get_by_role("link", name="Erase your account").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Erase my account").click()


@pytest.mark.parametrize("window", WINDOWS)
def test_everybody_can_read_all_of_it(
    open_page: Opener, sara: Account, audit: Auditor, window: dict[str, Any]
) -> None:
    page = open_page(account=sara, **window)
    page.get_by_role("link", name="Get a copy of your data").click()
    page.get_by_role("button", name="Prepare my copy").click()
    expect(page.get_by_role("status")).to_contain_text("being prepared")
    audit(page)
    exports.prepare_all(now=datetime.now(UTC))
    expect(page.get_by_role("heading", name="Your copy is ready")).to_be_visible()  # it looks by itself
    audit(page)
    page.goto(page.url.replace("/export", "/erase"))
    audit(page)
    page.goto(page.url.replace("/erase", ""))
    _erase(page)
    expect(page.get_by_role("heading", name="You are being forgotten")).to_be_visible()
    audit(page)


def test_without_script(open_page: Opener, sara: Account, tmp_path: Path) -> None:
    page = open_page(account=sara, java_script_enabled=False)
    page.get_by_role("link", name="Get a copy of your data").click()
    page.get_by_role("button", name="Prepare my copy").click()
    exports.prepare_all(now=datetime.now(UTC))
    page.get_by_role("link", name="Look again").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the ZIP file").click()
    download.value.save_as(tmp_path / "copy.zip")
    assert "index.html" in ZipFile(tmp_path / "copy.zip").namelist()
    page.get_by_role("link", name="Back to preferences").click()
    _erase(page)
    expect(page.get_by_text(str(Erasure.objects.get().pk))).to_be_visible()
    page.goto(page.url.split("/erasure")[0] + "/preferences")
    expect(page.get_by_role("link", name="Create an account")).to_be_visible()
    assert not Account.objects.exists()
