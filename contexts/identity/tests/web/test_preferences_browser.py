"""/preferences in a real browser: readable by everybody, and one press each way, with and without script."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from contexts.identity.application import consents
from contexts.identity.application.accounts import sign_in
from contexts.identity.domain.consents import Purpose
from contexts.identity.models import Account
from tests.browser import PHONE, WINDOWS, Auditor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["identity"], transaction=True),
    pytest.mark.usefixtures("built"),
]


@pytest.fixture
def sara() -> Account:
    return sign_in(issuer="https://id.example", subject="sara", display_name="Sara", roles=["consumer"])


Opener = Callable[..., Page]


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[Opener]:
    """Opens /preferences in a window, signed in where an account is given; nothing may be complained of."""
    complaints: list[str] = []
    contexts = []

    def open_page(*, account: Account | None = None, **options: Any) -> Page:
        context = chromium.new_context(**{"viewport": PHONE, **options})
        contexts.append(context)
        if account is not None:
            client = Client()
            client.force_login(account)
            session = client.session
            session["oidc_id_token_expiration"] = time.time() + 3600
            session.save()
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": session.session_key, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/preferences")
        return page

    yield open_page
    for context in contexts:
        context.close()
    connections["identity"].close()
    assert complaints == []


@pytest.mark.parametrize("window", WINDOWS)
def test_everybody_can_read_it(
    open_page: Opener, sara: Account, audit: Auditor, window: dict[str, Any]
) -> None:
    consents.grant(
        person_id=sara.pk, purpose=Purpose.MEASUREMENT, notice_version="1", channel="web", at=sara.created_at
    )
    page = open_page(account=sara, **window)
    page.get_by_text("Read the rest of the notice (version 1)").first.click()
    expect(page.get_by_role("heading", name="Why we may").first).to_be_visible()
    audit(page)


def test_so_can_who_has_no_account(open_page: Opener, audit: Auditor) -> None:
    page = open_page()
    expect(page.get_by_role("link", name="Create an account")).to_be_visible()
    audit(page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_one_press_each_way(open_page: Opener, sara: Account, script: bool) -> None:
    page = open_page(account=sara, java_script_enabled=script)
    health = page.get_by_role("region", name="Your health profile")
    expect(health).to_contain_text("You have not agreed")
    health.get_by_role("button", name="I agree").click()
    said = health.get_by_role("status")
    expect(said).to_have_text("You have agreed.")
    if script:
        expect(said).to_be_focused()
    health.get_by_role("button", name="Take my consent back").click()
    expect(said).to_contain_text("Taken back.")
    expect(health).to_contain_text("You have not agreed")
    expect(
        page.get_by_role("region", name="What you have said so far").get_by_role("listitem")
    ).to_have_count(2)
