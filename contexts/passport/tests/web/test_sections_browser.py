"""Sections that load on their own, in Chromium: they come by themselves, say when they cannot, and need no
scripts."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from contexts.passport.application import source_answers
from contexts.passport.application.sources import registry
from contexts.passport.tests.application.sources.contract import impatient
from contexts.passport.tests.application.sources.misbehaving import Fault, Misbehaving, misbehaving_source
from contexts.passport.tests.application.sources.samples import SAMPLES, SOUP
from contexts.passport.tests.entries import MUESLI, muesli, stock
from contexts.passport.web.pages import PAGES
from tests.browser import PHONE, Auditor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["passport"], transaction=True),
    pytest.mark.usefixtures("plain_static_files", "built"),
]


@pytest.fixture
def sources(settings: Settings) -> Iterator[dict[str, Misbehaving]]:
    """Both sources, and a worker that asks them."""
    ended = threading.Event()

    def work() -> None:
        with impatient():
            while not ended.wait(0.2):
                for source in registry.REMOTE:
                    source_answers.ask_waiting(source, until=datetime.now(UTC) + timedelta(seconds=5))
        connections.close_all()

    with misbehaving_source() as feed, misbehaving_source() as off:
        feed.good = SAMPLES["journey_feed"].good.replace(f"{MUESLI}/10/L1".encode(), MUESLI.encode())
        off.good = SAMPLES["open_food_facts"].good
        settings.JOURNEY_FEED_URL, settings.OPEN_FOOD_FACTS_URL = feed.url + "/{gtin}", off.url
        PAGES.clear()
        worker = threading.Thread(target=work)
        worker.start()
        yield {"feed": feed, "off": off}
        ended.set()
        worker.join()
        PAGES.clear()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE)
    yield context.new_page()
    context.close()


def test_a_section_comes_by_itself(
    page: Page, live_server: LiveServer, sources: dict[str, Misbehaving], audit: Auditor
) -> None:
    stock(replace(muesli(), journey=(), brand_id=UUID(int=7)))
    page.goto(f"{live_server.url}/passport/{MUESLI}")
    journey = page.get_by_role("region", name="Journey")
    expect(journey).to_contain_text("North mill, Kiel", timeout=15_000)
    audit(page)


def test_one_that_cannot_come_says_so_and_the_rest_is_there(
    page: Page, live_server: LiveServer, sources: dict[str, Misbehaving], audit: Auditor
) -> None:
    sources["feed"].fault = Fault.BROKEN
    stock(replace(muesli(), journey=(), brand_id=UUID(int=7)))
    page.goto(f"{live_server.url}/passport/{MUESLI}")
    journey = page.get_by_role("region", name="Journey")
    expect(journey).to_contain_text("temporarily unavailable", timeout=15_000)
    expect(journey.get_by_role("link", name="Try again")).to_be_visible()
    expect(page.get_by_role("region", name="Allergens")).to_be_visible()
    audit(page)


def test_an_unknown_product_opens_when_it_is_found(
    page: Page, live_server: LiveServer, sources: dict[str, Misbehaving]
) -> None:
    page.goto(f"{live_server.url}/passport/{SOUP}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tomato soup", timeout=15_000)


def test_without_scripts_there_is_a_link(
    chromium: Browser, live_server: LiveServer, sources: dict[str, Misbehaving]
) -> None:
    sources["feed"].fault = Fault.SLOW
    stock(replace(muesli(), journey=(), brand_id=UUID(int=7)))
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/passport/{MUESLI}")
    expect(page.get_by_role("region", name="Journey").get_by_role("link", name="Try again")).to_be_visible()
    assert page.url.endswith("?wait")
    sources["feed"].fault = None
    deadline = time.monotonic() + 15
    while "North mill" not in page.content() and time.monotonic() < deadline:
        source_answers.SourceAnswer.objects.update(not_before=None)
        page.get_by_role("link", name="Try again").click()
    assert "North mill, Kiel" in page.content()
    context.close()
