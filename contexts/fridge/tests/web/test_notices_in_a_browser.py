"""The pages of notices in a real browser: fit for everybody, asked only by a tap, shown by our own worker."""

import json
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from contexts.fridge.application.notices import DEFAULTS, unsubscribe_secret
from contexts.fridge.tests.application.test_notices import browser
from contexts.fridge.tests.people import World
from contexts.fridge.tests.pressing import somebody
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
    member = somebody(world, wanted=DEFAULTS)
    browser(member.account_id)
    secret = unsubscribe_secret(account_id=member.account_id, consented_at=world.notified[member.account_id])
    for account_id, address in (
        (uuid4(), "/fridge/notices"),
        (member.account_id, "/fridge/notices?done=saved"),
        (None, f"/notices/unsubscribe/{secret}"),
    ):
        world.account = account_id
        page.goto(live_server.url + address)
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    context.close()


def test_a_tap_asks_the_browser_and_the_worker_shows_what_is_pushed(
    chromium: Browser, live_server: LiveServer, world: World
) -> None:
    context = chromium.new_context(viewport=PHONE)
    page = context.new_page()
    world.account = uuid4()
    page.goto(f"{live_server.url}/fridge/notices")
    page.get_by_role("button", name="I agree").click()
    button = page.get_by_role("button", name="Show notices in this browser")
    expect(button).to_be_visible()
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("does not allow it")
    context.grant_permissions(["notifications"], origin=live_server.url)
    page.reload()
    button.click()
    # Without a profile of its own Chromium has no push service; the worker is there by then.
    expect(page.get_by_role("alert")).to_contain_text("could not reach its push service")
    _push(page, origin=live_server.url)
    titles = (
        "navigator.serviceWorker.ready.then(r => r.getNotifications()).then(all => all.map(n => n.title))"
    )
    shown = page.evaluate(titles)
    assert shown == ["Yogurt: Expired"]
    context.close()


def _push(page: Page, *, origin: str) -> None:
    """The same message twice, as after a sender's death."""
    debugger = page.context.new_cdp_session(page)
    registrations: list[str] = []
    debugger.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    debugger.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    message = {
        "title": "Yogurt: Expired",
        "body": "Do not eat it.",
        "address": f"{origin}/fridge",
        "language": "en",
        "tag": "1",
    }
    for _twice in range(2):
        debugger.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": origin, "registrationId": registrations[0], "data": json.dumps(message)},
        )
    page.wait_for_timeout(500)
