"""The line as people walk it: a shopper on a phone, a brand user on a desktop, in a real browser."""

import re
from typing import Final

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from contexts.identity.application.demo import demo_brand_id
from packytrace.databases.embedded import DATABASE, EmbeddedServer
from packytrace.provider.demo import DEMO_PEOPLE
from tests.browser import DESKTOP, PHONE
from tests.conftest import Stack

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def _watched(context: BrowserContext) -> tuple[Page, list[str]]:
    """A page, and what its console complains about: policy violations and failed scripts."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return page, complaints


#: Scans of the brand's products on those of the last 28 released days on which each was shown, counted from
#: the scans themselves: at most five of each visitor, product and day.
_SCANNED: Final = """
    WITH counted AS (
        SELECT gtin, day, sum(least(scans, 5)) AS scans
        FROM (
            SELECT gtin, (scanned_at AT TIME ZONE 'UTC')::date AS day, count(*) AS scans
            FROM passport.scan
            GROUP BY gtin, day, visitor_id
        ) AS of_a_visitor
        GROUP BY gtin, day
    )
    SELECT sum(counted.scans)::int
    FROM brand_analytics.released_cell AS cell JOIN counted USING (gtin, day)
    WHERE cell.brand_id = %s AND cell.scans IS NOT NULL
      AND day > (SELECT max(day) - 28 FROM brand_analytics.release WHERE brand_id = cell.brand_id)
    GROUP BY gtin
    ORDER BY 1 DESC
"""


def _scanned(stack: Stack, *, brand: str) -> list[int]:
    server = EmbeddedServer(state=stack.state)
    with psycopg.connect(server.admin_conninfo(database=DATABASE)) as admin:
        return [scans for (scans,) in admin.execute(_SCANNED, [demo_brand_id(brand)])]


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_a_shopper_scans_a_pack(stack: Stack, chromium: Browser, javascript: bool) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=javascript)
    page, complaints = _watched(context)
    page.goto(stack.link)
    expect(page).to_have_url(re.compile(r"/passport/\d{14}(\?.*)?$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Always check the pack").first).to_be_visible()
    names = {cookie["name"]: cookie for cookie in context.cookies()}
    visitor = names["packytrace_visitor"]
    assert visitor["httpOnly"]
    assert visitor["sameSite"] == "Lax"
    assert complaints == []
    context.close()


def test_a_brand_user_sees_released_figures_and_leaves(stack: Stack, chromium: Browser) -> None:
    address, password = stack.demo_user("brand_user")
    (brand,) = {person.brand for person in DEMO_PEOPLE if person.email == address}
    context = chromium.new_context(viewport=DESKTOP, accept_downloads=True)
    page, complaints = _watched(context)
    page.goto(f"{stack.url}/brand/")
    page.get_by_label(re.compile("e-?mail|login", re.IGNORECASE)).fill(address)
    page.get_by_label("Password", exact=False).first.fill(password)
    page.get_by_role("button", name=re.compile("sign in|log in|continue", re.IGNORECASE)).click()
    page.wait_for_url(re.compile(r"/brand/"))
    products = page.get_by_role("group", name="Most scanned products").get_by_role("row")
    scans = [int(said.replace(",", "")) for said in products.locator("td:nth-of-type(1)").all_inner_texts()]
    assert len(scans) >= 3
    assert scans == _scanned(stack, brand=brand)[: len(scans)]
    assert complaints == []
    page.get_by_role("button", name=re.compile("sign out", re.IGNORECASE)).first.click()
    page.goto(f"{stack.url}/brand/")
    expect(page.get_by_label("Password", exact=False).first).to_be_visible()
    context.close()


def test_a_stranger_sees_no_brand(stack: Stack, chromium: Browser) -> None:
    context = chromium.new_context(viewport=DESKTOP)
    page, _ = _watched(context)
    page.goto(f"{stack.url}/brand/")
    expect(page.get_by_label("Password", exact=False).first).to_be_visible()
    context.close()
