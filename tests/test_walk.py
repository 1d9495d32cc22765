"""The line as people walk it: a shopper on a phone, a brand user on a desktop, in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

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


@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "no-javascript"])
def test_a_shopper_scans_a_pack(stack: Stack, chromium: Browser, javascript: bool) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=javascript)
    page, complaints = _watched(context)
    page.goto(stack.link)
    expect(page).to_have_url(re.compile(r"/passport/\d{14}$"))
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
    context = chromium.new_context(viewport=DESKTOP, accept_downloads=True)
    page, complaints = _watched(context)
    page.goto(f"{stack.url}/brand/")
    page.get_by_label(re.compile("e-?mail|login", re.IGNORECASE)).fill(address)
    page.get_by_label("Password", exact=False).first.fill(password)
    page.get_by_role("button", name=re.compile("sign in|log in|continue", re.IGNORECASE)).click()
    page.wait_for_url(re.compile(r"/brand/"))
    products = page.get_by_role("group", name="Most scanned products").get_by_role("row")
    scans = [int(figure) for figure in products.locator("td:nth-of-type(1)").all_inner_texts()]
    assert len(scans) >= 3
    assert scans == sorted(scans, reverse=True)
    assert min(scans) >= 10, "a figure tells of at least ten people, so of ten scans"
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
