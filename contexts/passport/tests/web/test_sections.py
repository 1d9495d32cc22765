"""Sections on the page, as fragments, as a stream and without scripts, whatever their sources do."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from contexts.passport.application import source_answers
from contexts.passport.application.sources import registry
from contexts.passport.models import SourceAnswer
from contexts.passport.tests.application.sources.contract import impatient
from contexts.passport.tests.application.sources.misbehaving import Fault, Misbehaving, misbehaving_source
from contexts.passport.tests.application.sources.samples import SAMPLES, SOUP
from contexts.passport.tests.entries import MUESLI, muesli, stock, tell_of
from contexts.passport.web import section_waiting, sections
from contexts.passport.web.pages import PAGES
from contexts.passport.web.public_copy import FRESH

pytestmark = [pytest.mark.django_db(databases=["passport"]), pytest.mark.usefixtures("plain_static_files")]

BRAND = UUID(int=7)
UNAVAILABLE = "temporarily unavailable"
JOURNEY, ECO = f"/passport/{MUESLI}/sections/journey", f"/passport/{MUESLI}/sections/eco"


@pytest.fixture(autouse=True)
def _no_copies() -> Iterator[None]:
    PAGES.clear()
    yield
    PAGES.clear()


@pytest.fixture
def feed(settings: Settings) -> Iterator[Misbehaving]:
    """A journey feed that answers as it is told to."""
    with misbehaving_source() as source:
        source.good = SAMPLES["journey_feed"].good
        source.wrong_product = SAMPLES["journey_feed"].wrong_product
        settings.JOURNEY_FEED_URL = source.url + "/{gtin}"
        yield source


@pytest.fixture
def open_food_facts(settings: Settings) -> Iterator[Misbehaving]:
    """An Open Food Facts that answers as it is told to."""
    with misbehaving_source() as source:
        sample = SAMPLES["open_food_facts"]
        source.good, source.wrong_product, source.unknown = sample.good, sample.wrong_product, sample.unknown
        settings.OPEN_FOOD_FACTS_URL = source.url
        yield source


@pytest.fixture
def product() -> str:
    """A brand's product of which the catalogue knows no journey."""
    stock(replace(muesli(), journey=(), brand_id=BRAND))
    return f"/passport/{MUESLI}"


def work() -> None:
    """What a worker does with the questions that wait."""
    with impatient():
        for source in registry.REMOTE:
            source_answers.ask_waiting(source, until=datetime.now(UTC) + timedelta(seconds=5))


def text(client: Client, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_without_a_source_nothing_waits(client: Client, product: str) -> None:
    page = text(client, product)
    assert "/sections" not in page
    assert "http-equiv" not in page
    assert "Journey: not known for this product." in page
    assert not SourceAnswer.objects.exists()


def test_a_section_comes_when_its_source_has_answered(
    client: Client, product: str, feed: Misbehaving
) -> None:
    page = text(client, product)
    assert f'hx-get="{JOURNEY}?try=1"' in page
    assert feed.questions == 0
    work()
    assert "not known" in text(client, JOURNEY + "?try=1")  # it told of one lot, and not of all
    assert "hx-get" not in text(client, JOURNEY + "?try=1")


def test_where_every_lot_has_been_has_the_source_that_told_it(client: Client) -> None:
    (source,) = muesli().sources
    stock(replace(muesli(), sources=(replace(source, fields=("names", "journey")),)))
    provenance = 'class="mt-1 text-sm text-muted">Name'
    assert f"{provenance}, Journey</p>" in text(client, f"/passport/{MUESLI}")
    tell_of(MUESLI, lot="")
    PAGES.clear()
    page = text(client, f"/passport/{MUESLI}")
    assert "As Alder Mill told it on 1 May 2026." in page
    assert f"{provenance}</p>" in page
    assert "County Meath" not in page


def test_who_scanned_a_pack_sees_where_its_lot_has_been(
    client: Client, product: str, feed: Misbehaving
) -> None:
    text(client, product)
    work()
    client.cookies.load(client.get(f"/01/{MUESLI}/10/L1").headers["Set-Cookie"])
    assert "Where this lot has been" in text(client, product)
    assert "North mill, Kiel" in text(client, product)
    assert "As recorded along its way" in text(client, product)
    fragment = text(client, JOURNEY + "?try=1")
    assert "Journey of lot L1" in fragment, "also where the page came before the answer"
    client.cookies.load(client.get(f"/01/{MUESLI}/10/L2").headers["Set-Cookie"])
    assert "Where this lot has been" not in text(client, product)


def test_what_has_come_is_in_everyones_page_soon(
    client: Client, product: str, feed: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.good = feed.good.replace(f"{MUESLI}/10/L1".encode(), MUESLI.encode())  # of every lot
    before = client.get(product).headers["ETag"]
    work()
    monkeypatch.setattr(PAGES, "_clock", lambda: time.monotonic() + FRESH)
    page = client.get(product)
    assert "North mill, Kiel" in page.content.decode()
    assert "As told on" in page.content.decode()
    assert page.headers["ETag"] != before


@pytest.mark.parametrize("fault", [Fault.SLOW, Fault.NOT_JSON, Fault.WRONG_PRODUCT])
def test_a_source_that_fails_costs_its_own_section_alone(
    client: Client, product: str, feed: Misbehaving, fault: Fault
) -> None:
    feed.fault = fault
    text(client, product)
    work()
    assert UNAVAILABLE in text(client, JOURNEY + "?try=1")
    PAGES.clear()
    page = text(client, product)
    assert UNAVAILABLE in page
    assert 'id="allergens"' in page
    assert 'id="eco"' in page


def test_each_try_waits_longer_and_the_last_gives_up(client: Client, product: str, feed: Misbehaving) -> None:
    text(client, product)
    seen = [text(client, f"{JOURNEY}?try={number}") for number in range(1, len(sections.PAUSES) + 1)]
    for number, fragment in enumerate(seen[:-1], start=1):
        assert f"?try={number + 1}" in fragment
        assert f"delay:{sections.PAUSES[number]}ms" in fragment
    assert UNAVAILABLE in seen[-1]
    assert "hx-get" not in seen[-1]


def test_who_was_wanted_for_long_is_not_waited_for(client: Client, product: str, feed: Misbehaving) -> None:
    text(client, product)
    SourceAnswer.objects.update(wanted_at=datetime.now(UTC) - timedelta(minutes=1))
    assert UNAVAILABLE in text(client, JOURNEY + "?try=1")


def test_without_scripts_the_page_waits_a_moment_and_has_a_link(
    client: Client, product: str, feed: Misbehaving
) -> None:
    assert '<noscript><meta http-equiv="refresh" content="0;url=?wait"></noscript>' in text(client, product)
    response = client.get(product + "?wait")
    page = response.content.decode()
    assert UNAVAILABLE in page
    assert f'href="{product}?wait"' in page
    assert "http-equiv" not in page
    assert "no-store" in response.headers["Cache-Control"]


def test_where_many_wait_nobody_else_does(
    client: Client, product: str, feed: Misbehaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(section_waiting, "take_place", lambda: False)
    monkeypatch.setattr(sections, "take_place", lambda: False)
    slept: list[float] = []
    monkeypatch.setattr(section_waiting.time, "sleep", slept.append)
    assert UNAVAILABLE in text(client, product + "?wait")
    assert client.get(f"{product}/sections").status_code == 204
    assert slept == []


class TestStream:
    """Server-Sent Events."""

    def read(self, client: Client, path: str) -> list[str]:
        """The events of a stream."""
        response: Any = client.get(path)
        assert isinstance(response, StreamingHttpResponse)
        assert response.headers["Content-Type"] == "text/event-stream"
        body = b"".join(response.streaming_content).decode()  # type: ignore[arg-type]
        return body.split("\n\n")

    def test_sections_come_and_the_stream_ends(
        self, client: Client, product: str, feed: Misbehaving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sections, "_LOOK_EVERY", 0.0)
        text(client, product)
        monkeypatch.setattr(sections.time, "sleep", lambda _: work())
        events = self.read(client, f"{product}/sections")
        assert [event.partition("\n")[0] for event in events if event] == [
            "event: eco",
            ": still asking",
            "event: journey",
            "event: end",
        ]

    def test_it_ends_where_nobody_answers(
        self, client: Client, product: str, feed: Misbehaving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sections, "STREAM", 0.0)
        assert self.read(client, f"{product}/sections") == ["event: end\ndata: ", ""]

    def test_its_place_is_free_again(self, client: Client, product: str) -> None:
        for _ in range(20):
            self.read(client, f"{product}/sections")

    def test_of_many_a_few_are_open_and_the_others_ask_for_fragments(
        self, client: Client, product: str, feed: Misbehaving, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """So that streams, of which each holds a thread, leave threads to everybody else."""
        text(client, product)
        monkeypatch.setattr(sections, "STREAM", 0.0)
        answers: list[Any] = [client.get(f"{product}/sections") for _ in range(50)]
        assert [answer.status_code for answer in answers].count(200) == settings.WEB_THREADS // 4
        assert {answer.status_code for answer in answers} == {200, 204}
        for answer in answers:
            if answer.streaming:
                list(answer.streaming_content)  # to its end, where it gives its place back
        assert self.read(client, f"{product}/sections")

    def test_one_that_fails_before_it_begins_keeps_no_place(
        self, client: Client, product: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: Any, **__: Any) -> None:
            raise OperationalError

        client.raise_request_exception = False
        with monkeypatch.context() as patched:
            patched.setattr(sections, "scan_behind", fails)
            for _ in range(settings.WEB_THREADS):
                client.get(f"{product}/sections")
        assert self.read(client, f"{product}/sections")

    def test_there_is_none_of_a_product_that_nobody_knows(self, client: Client) -> None:
        assert client.get(f"/passport/{MUESLI}/sections").status_code == 204


@pytest.mark.parametrize(
    "path", ["/passport/123/sections/eco", "/passport/123/sections", f"/passport/{MUESLI}/sections/recalls"]
)
def test_what_is_no_section_of_a_product_is_not_there(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


class TestUnknown:
    """A product that the catalogue lacks is asked for, and its page opens when it is found."""

    FRAGMENT = f"/passport/{SOUP}/sections/label"

    def test_it_is_asked_for_once_and_found(self, client: Client, open_food_facts: Misbehaving) -> None:
        waiting = text(client, self.FRAGMENT + "?try=1")
        assert f'hx-get="{self.FRAGMENT}?try=2"' in waiting
        work()
        assert f'data-opens="/passport/{SOUP}"' in text(client, self.FRAGMENT + "?try=2")
        assert "Tomato soup" in text(client, f"/passport/{SOUP}")
        assert open_food_facts.questions == 1

    def test_what_goes_out_is_the_code_alone(self, client: Client, open_food_facts: Misbehaving) -> None:
        client.get(self.FRAGMENT, headers={"User-Agent": "Sara's phone", "Accept-Language": "it"})
        work()
        ((path, headers),) = open_food_facts.asked
        assert path.startswith(f"/api/v3/product/{SOUP[1:]}?fields=")
        assert headers["User-Agent"].startswith("PackyTrace/")
        assert "it" not in headers.get("Accept-Language", "")
        assert "Cookie" not in headers

    def test_nobody_is_asked_twice_a_day_for_what_nobody_knows(
        self, client: Client, open_food_facts: Misbehaving
    ) -> None:
        open_food_facts.is_unknown = True
        for _ in range(3):
            text(client, self.FRAGMENT)
            work()
        assert open_food_facts.questions == 1
        assert "does not know it either" in text(client, self.FRAGMENT)

    def test_an_answer_about_another_product_is_refused(
        self, client: Client, open_food_facts: Misbehaving
    ) -> None:
        open_food_facts.fault = Fault.WRONG_PRODUCT
        text(client, self.FRAGMENT)
        work()
        assert "cannot be asked" in text(client, self.FRAGMENT)
        assert client.get(f"/passport/{SOUP}").status_code == 404

    def test_its_page_says_that_somebody_is_asked_and_leads_on_without_scripts(
        self, client: Client, open_food_facts: Misbehaving
    ) -> None:
        page = client.get(f"/passport/{SOUP}")
        assert page.status_code == 404
        assert f'hx-get="{self.FRAGMENT}?try=1"' in page.content.decode()
        assert f'<noscript><p class="mt-3"><a href="/passport/{SOUP}?wait">' in page.content.decode()
        work()
        assert "Tomato soup" in text(client, f"/passport/{SOUP}?wait")

    def test_where_it_is_switched_off_nobody_is_asked(self, client: Client) -> None:
        assert "Open Food Facts" not in client.get(f"/passport/{SOUP}").content.decode()
        assert "hx-get" not in text(client, self.FRAGMENT)
        assert not SourceAnswer.objects.exists()
