"""The fridge in a real browser: fit for everybody in every window; changed in place where a script runs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from contexts.fridge.domain.commands import Freeze, Open, Use, Waste
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.domain.freshness import DateKind
from contexts.fridge.tests.people import World
from contexts.fridge.tests.web.kitchen import at_home, do, put, today
from tests.browser import PHONE, WINDOWS, Auditor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["fridge"], transaction=True),
    pytest.mark.usefixtures("built"),
]


@pytest.mark.parametrize("window", [WINDOWS[0], WINDOWS[3]])
def test_every_page_is_fit_for_everybody(
    chromium: Browser, live_server: LiveServer, audit: Auditor, world: World, window: dict[str, object]
) -> None:
    context = chromium.new_context(**window)
    page = context.new_page()
    sara = at_home(world)
    page.goto(f"{live_server.url}/fridge")
    audit(page)
    put(sara, "Ham", -2)
    milk = put(sara, "", 6)
    do(sara, milk, Open(on=today() - timedelta(days=1)))
    put(sara, "A name without any space in it: " + "x" * 80, 9, DateKind.BEST_BEFORE)
    do(sara, put(sara, "Peas", 30), Freeze())
    do(sara, put(sara, "Salad", 3), Waste(reason=WasteReason.DISLIKED))
    do(sara, put(sara, "Bread", 3), Use())
    addresses = ["/fridge", f"/fridge/items/{milk}?do=waste", "/fridge/waste?period=month"]
    if window["viewport"] == PHONE:
        addresses += ["/fridge/add", "/fridge/shopping-list"]
    for address in addresses:
        page.goto(live_server.url + address)
        if address == "/fridge":
            rest = page.locator(".acts > details").first
            rest.locator("summary").click()
            expect(rest.get_by_role("link", name="Everything about it")).to_be_visible()
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        small = page.evaluate(
            """[...document.querySelectorAll('main :is(.button, .act, .field, summary, .pick)')]
                .filter((control) => control.checkVisibility())
                .filter((control) => control.getBoundingClientRect().height < 44)
                .map((control) => control.outerHTML)"""
        )
        assert small == [], address
    cookie = {"name": "packytrace_language", "value": "de", "url": live_server.url}
    context.add_cookies([cookie])  # type: ignore[list-item]  # a dictionary of the right form
    for address in addresses:
        page.goto(live_server.url + address)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_tap_is_answered_by_a_bar_that_takes_it_back(
    chromium: Browser, live_server: LiveServer, world: World, script: bool
) -> None:
    sara = at_home(world)
    put(sara, "Tofu", 2)
    for number in range(12):
        put(sara, f"Food {number}", 9, DateKind.BEST_BEFORE)
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{live_server.url}/fridge")
    if script:
        page.evaluate("window.stayed = true")
    status = page.get_by_role("status")
    page.get_by_role("button", name="Ate it").first.click()
    expect(status).to_contain_text("Eaten: Tofu.")
    expect(page.get_by_role("link", name="Tofu", exact=True)).to_have_count(0)
    if script:
        assert page.evaluate("window.stayed"), "changed in place, not loaded again"
        assert status.evaluate("(bar) => document.activeElement === bar")
    status.get_by_role("button", name="Undo").click()
    expect(status).to_contain_text("Taken back: Tofu.")
    page.get_by_role("link", name="Tofu", exact=True).click()
    page.get_by_text("Throw away, all or some").click()
    page.locator("#waste").get_by_role("button", name="Half").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was done yet")
    expect(page.get_by_text("Say why")).to_be_visible()
    page.get_by_text("Used some").click()
    page.locator("#use-amount").fill("0,2")
    page.locator("#use-amount").press("Enter")
    expect(status).to_contain_text("Eaten: Tofu.")
    expect(page.get_by_text("Eaten: 0.2 pieces").or_(page.get_by_text("Eaten: 0.2 packs"))).to_be_visible()
    context.close()


def test_what_to_do_with_the_ticked_ones_stays_in_sight(
    chromium: Browser, live_server: LiveServer, world: World
) -> None:
    sara = at_home(world)
    for number in range(12):
        put(sara, f"Food {number}", number + 4, DateKind.BEST_BEFORE)
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/fridge")
    button, bottom = (
        page.get_by_role("button", name="I ate these"),
        page.get_by_role("navigation", name="Main"),
    )
    expect(button).not_to_be_in_viewport()
    page.get_by_role("checkbox", name="Food 0").check()
    expect(button).to_be_in_viewport()
    box, bar = button.bounding_box(), bottom.bounding_box()
    assert box is not None
    assert bar is not None
    assert box["y"] + box["height"] <= bar["y"], "not behind the bar of the phone"
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Eaten: Food 0.")
    context.close()


def test_four_places_to_go_fit_the_bar_of_a_small_phone(
    chromium: Browser, live_server: LiveServer, world: World
) -> None:
    world.account = uuid4()
    context = chromium.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    for language in ("en", "it", "de", "fr", "es"):
        cookie = {"name": "packytrace_language", "value": language, "url": live_server.url}
        context.add_cookies([cookie])  # type: ignore[list-item]  # a dictionary of the right form
        page.goto(f"{live_server.url}/fridge/add")
        links = page.locator("nav.fixed a.nav-link")
        expect(links).to_have_count(4)
        for link in links.all():
            fits = link.evaluate(
                "(link) => link.scrollWidth <= link.clientWidth && link.getBoundingClientRect().height <= 60"
            )
            assert fits, (language, link.inner_text())
    context.close()
