"""The pages in a real browser: fit for everybody in every window; changed in place where a script runs."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from contexts.personalization.application.profiles import read_profile, save_profile
from contexts.personalization.domain.profile import HealthProfile
from contexts.personalization.tests.people import GRANTED, LATER, NOW, PROFILE, SARA, World
from tests.browser import PHONE, WINDOWS, Auditor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["personalization"], transaction=True),
    pytest.mark.usefixtures("built"),
]


@pytest.mark.parametrize("window", [WINDOWS[0], WINDOWS[3]])
def test_every_page_is_fit_for_everybody(
    chromium: Browser, live_server: LiveServer, audit: Auditor, world: World, window: dict[str, object]
) -> None:
    context = chromium.new_context(**window)
    page = context.new_page()
    world.grants.clear()
    addresses = ["/setup", "/profile"]
    for consented in (False, True):
        if consented:
            world.grants[SARA] = GRANTED
            save_profile(account_id=SARA, profile=PROFILE, edition=None, at=NOW)
            addresses = ["/setup/allergens", "/setup/wishes", "/profile", "/profile/change"]
        for address in addresses:
            page.goto(live_server.url + address)
            audit(page)
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_is_wrong_and_what_was_changed_elsewhere_is_said_where_one_types(
    chromium: Browser, live_server: LiveServer, script: bool
) -> None:
    save_profile(account_id=SARA, profile=PROFILE, edition=None, at=NOW)
    context = chromium.new_context(viewport=PHONE, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{live_server.url}/profile/change")
    avoided, alert = page.get_by_label("Ingredients to avoid"), page.get_by_role("alert")
    avoided.fill("!!!")
    page.get_by_role("button", name="Save").click()
    expect(alert).to_contain_text("Nothing was saved yet")
    expect(avoided).to_have_value("!!!")
    edition = read_profile(account_id=SARA).edition
    save_profile(account_id=SARA, profile=HealthProfile(avoided=("soup",)), edition=edition, at=LATER)
    avoided.fill("tofu")
    page.get_by_role("button", name="Save").click()
    expect(alert).to_contain_text("Ingredients to avoid: soup")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved.")
    expect(page.get_by_text("tofu")).to_be_visible()
    page.get_by_role("button", name="Delete the profile").click()
    expect(page.get_by_role("status")).to_contain_text("is deleted")
    expect(page).to_have_url(f"{live_server.url}/profile?done=deleted")
    context.close()
