"""Whatever sources do, in whatever order: every page is there, and says nothing that no source has told."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connections, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from contexts.passport.application import source_answers
from contexts.passport.application.sections import PATIENCE
from contexts.passport.application.sources import registry
from contexts.passport.models import CatalogueEntry, SourceAnswer, SourceState
from contexts.passport.tests.application.sources.contract import impatient
from contexts.passport.tests.application.sources.misbehaving import Fault, Misbehaving, misbehaving_source
from contexts.passport.tests.application.sources.samples import OTHER, SAMPLES, SOUP
from contexts.passport.tests.entries import MUESLI, muesli, stock
from contexts.passport.web.pages import PAGES

pytestmark = [pytest.mark.django_db(databases=["passport"]), pytest.mark.usefixtures("plain_static_files")]

NAMES: Final = ("open_food_facts", "journey_feed")
#: Those that take long are as good as those that do not: each is in the contract.
QUICK: Final = tuple(fault for fault in Fault if fault not in {Fault.SLOW, Fault.DRIPPING, Fault.HUGE})
PAGES_OF_IT: Final = (
    f"/passport/{MUESLI}",
    f"/passport/{MUESLI}/sections/journey?try=1",
    f"/passport/{SOUP}",
    f"/passport/{SOUP}/sections/label?try=1",
)

Turn = tuple[str, Fault | None, bool]


@pytest.fixture(scope="module")
def fakes() -> Iterator[dict[str, Misbehaving]]:
    with ExitStack() as stack:
        found = {name: stack.enter_context(misbehaving_source()) for name in NAMES}
        for name, source in found.items():
            sample = SAMPLES[name]
            source.good, source.wrong_product, source.unknown = (
                sample.good.replace(f"{MUESLI}/10/L1".encode(), MUESLI.encode()),
                sample.wrong_product,
                sample.unknown,
            )
        yield found


@pytest.fixture
def switched_on(settings: Settings, fakes: dict[str, Misbehaving]) -> None:
    settings.OPEN_FOOD_FACTS_URL = fakes["open_food_facts"].url
    settings.JOURNEY_FEED_URL = fakes["journey_feed"].url + "/{gtin}"


def turns() -> st.SearchStrategy[list[Turn]]:
    """Which source is asked next, what it does then, and whether time has passed before."""
    turn = st.tuples(st.sampled_from(NAMES), st.none() | st.sampled_from(QUICK), st.booleans())
    return st.lists(turn, min_size=1, max_size=4)


@settings(
    max_examples=max(5, settings().max_examples // 100),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(schedule=turns())
def test_no_schedule_of_faults_costs_a_page_or_brings_a_wrong_value(
    schedule: list[Turn], switched_on: None, fakes: dict[str, Misbehaving]
) -> None:
    with transaction.atomic(using="passport"):
        stock(replace(muesli(), journey=(), eco=None, brand_id=UUID(int=7)))
        answered: set[str] = set()
        client = Client()
        for name, fault, time_passes in schedule:
            if time_passes:
                _let_time_pass()
            for path in PAGES_OF_IT:
                client.get(path)  # leaves its questions
            fakes[name].fault = fault
            if fault is None and _may_answer(name):
                answered.add(name)
            source = registry.remote(name)
            assert source is not None
            with impatient():
                source_answers.ask_waiting(source, until=datetime.now(UTC) + timedelta(seconds=5))
            _look(client, answered)
        transaction.set_rollback(True, using="passport")


def _may_answer(name: str) -> bool:
    """Whether a question waits, and the source is neither left alone nor resting."""
    state = SourceState.objects.filter(source=name).first()
    return SourceAnswer.objects.filter(source=name).exclude(wanted_at=None).exists() and (
        state is None or (state.blocked_until is None and state.breaker == "closed")
    )


def _let_time_pass() -> None:
    """All may be asked again."""
    SourceAnswer.objects.update(not_before=None, fresh_until=None)
    SourceState.objects.update(next_at=None, blocked_until=None, breaker="closed", failures=0)


def _look(client: Client, answered: set[str]) -> None:
    PAGES.clear()
    shown = {}
    for path in PAGES_OF_IT:
        response = client.get(path)
        assert response.status_code in {200, 404}, path
        shown[path] = response.content.decode()
    passport, soup = shown[PAGES_OF_IT[0]], shown[f"/passport/{SOUP}"]
    assert 'id="allergens"' in passport
    assert ("North mill, Kiel" in passport) == ("journey_feed" in answered)
    assert ("Tomato soup" in soup) == ("open_food_facts" in answered)
    assert "Tomato soup" not in passport
    assert not CatalogueEntry.objects.filter(gtin=OTHER).exists()


def test_with_every_source_hanging_the_page_is_there_at_once_and_says_what_is_missing(
    client: Client, switched_on: None, fakes: dict[str, Misbehaving]
) -> None:
    """Nobody who looks asks a source; the figure of 100 ms is measured by bench/, not here."""
    for fake in fakes.values():
        fake.fault = Fault.SLOW
        fake.asked.clear()
    stock(replace(muesli(), journey=(), eco=None, brand_id=UUID(int=7)))
    PAGES.clear()
    with patch.object(source_answers, "fetch", side_effect=AssertionError("asked while somebody looks")):
        for path in PAGES_OF_IT:
            assert client.get(path).status_code in {200, 404}
        with patch.object(time, "sleep", side_effect=AssertionError("waited while somebody looks")):
            assert client.get(PAGES_OF_IT[0]).status_code == 200
    assert not any(fake.asked for fake in fakes.values())
    SourceAnswer.objects.update(wanted_at=datetime.now(UTC) - PATIENCE)
    PAGES.clear()
    page = client.get(PAGES_OF_IT[0]).content.decode()
    (journey,) = re.findall(r'<section [^>]*aria-labelledby="journey".*?</section>', page, flags=re.DOTALL)
    assert "temporarily unavailable" in journey
    assert page.count("temporarily unavailable") == 1
    assert connections["passport"].is_usable()
