"""The household in a real browser: fit for everybody, and shared by two with one link."""

from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from contexts.fridge.application import invitations, items, members, places
from contexts.fridge.application.items import Adding
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.tests.people import World, again, alone, join
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
    owner, now = alone(), timezone.now()
    tom = join(owner)
    members.introduce(member=tom, name="Tom")
    members.introduce(member=owner, name="Sara")
    places.add(member=owner, kind=PlaceKind.FREEZER, name="Freezer in the cellar")
    invitations.invite(member=owner, now=now)
    stranger = alone()
    items.add(member=stranger, adding=Adding(name="Soup"), action_id=uuid4(), now=now)
    token = invitations.invite(member=again(owner), now=now).token
    context = chromium.new_context(**window)
    page = context.new_page()
    for member, address in (
        (owner, ""),
        (owner, "/leave"),
        (owner, "/dissolve"),
        (owner, f"/members/{tom.reference}/remove"),
        (owner, f"/members/{tom.reference}/owner"),
        (stranger, f"/join/{token}"),
        (stranger, "/join/nothing"),
    ):
        world.account = member.account_id
        page.goto(f"{live_server.url}/fridge/household{address}")
        audit(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_two_share_a_fridge_with_one_link(
    chromium: Browser, live_server: LiveServer, world: World, settings: Settings, script: bool
) -> None:
    settings.PUBLIC_URL = live_server.url
    owner, guest = alone(), uuid4()
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script)
    page = context.new_page()
    world.account = owner.account_id
    page.goto(f"{live_server.url}/fridge/household")
    page.get_by_label("Name of the household").fill("Via Roma 1")
    page.get_by_role("button", name="Save").nth(1).click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    page.get_by_label("Your name, for those you invite").fill("Sara")
    page.get_by_role("button", name="Invite somebody").click()
    link = page.get_by_role("textbox", name="Your invitation").input_value()
    world.account = guest
    page.goto(link)
    expect(page.get_by_text("Sara invites you.")).to_be_visible()
    page.get_by_label("Your name, as the others read it").fill("Luca")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("status")).to_contain_text("You share this fridge now.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Via Roma 1")
    expect(page.get_by_role("button", name="Invite somebody")).to_have_count(0)

    # Who is sent away is asked for once more, with a script as without.
    world.account = owner.account_id
    page.goto(f"{live_server.url}/fridge/household")
    page.get_by_role("link", name="Remove").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Luca")
    page.get_by_label("Yes, remove this person.").check()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("status")).to_contain_text("Removed.")
    expect(page.get_by_text("Luca")).to_have_count(0)
    context.close()
