"""A list that is brought along, and a calendar's address, on a phone."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from contexts.fridge.models import Item
from contexts.fridge.tests.people import World, alone
from tests.browser import WINDOWS, Auditor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["fridge"], transaction=True),
    pytest.mark.usefixtures("built"),
]

LIST = b"name;packs;quantity;unit;date\nYogurt;4;125;g;2030-11-24\nBread;1;500;g;soon\nRice;1;1;kg;\n"


@pytest.mark.parametrize("window", [WINDOWS[0], WINDOWS[-1]])
def test_a_list_and_a_calendar(
    chromium: Browser, live_server: Any, world: World, audit: Auditor, window: Any, tmp_path: Path
) -> None:
    world.account = alone().account_id
    shots = Path(os.environ.get("SHOTS", tmp_path))
    name = f"{window['viewport']['width']}-{window['color_scheme']}"
    (tmp_path / "list.csv").write_bytes(LIST)
    context = chromium.new_context(**window, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def look(what: str) -> None:
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), what
        page.screenshot(path=shots / f"{what}-{name}.png", full_page=True)

    page.goto(f"{live_server.url}/fridge/import")
    look("import")
    page.set_input_files("#file", tmp_path / "list.csv")
    page.get_by_role("button", name="Read the file").click()
    page.get_by_text("2 rows can be added").wait_for()
    look("import-shown")
    page.get_by_role("button", name="Add 2 items").click()
    page.get_by_text("2 items were added").wait_for()
    look("import-done")
    assert Item.objects.count() == 2

    page.goto(f"{live_server.url}/fridge/calendar")
    page.get_by_role("button", name="Make an address").click()
    page.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.locator("#feed-address").input_value()
    look("calendar-made")
    page.get_by_role("button", name="Revoke the address").click()
    page.get_by_text("The address is gone").wait_for()
    look("calendar-gone")
    context.close()
    assert complaints == []
