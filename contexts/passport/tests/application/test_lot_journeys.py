"""Telling of a lot at once with others."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from contexts.passport.application import brand_products, company_prefixes, journeys
from contexts.passport.application.brand_products import Speaker
from contexts.passport.application.errors import JourneyChanged
from contexts.passport.application.lot_journeys import TypedStep, tell_again, tell_journey
from contexts.passport.domain.journey_events import told_by
from contexts.passport.models import LotJourneyChange, OutboxFact
from contexts.passport.tests.application.sources.samples import epcis, event
from contexts.passport.tests.entries import MUESLI, muesli, stock

NOW = datetime(2026, 5, 4, tzinfo=UTC)
MILL = Speaker(id=UUID(int=7), name="Alder Mill")


def tell(place: str) -> str:
    step = TypedStep(kind="origin", place=place, date="2026-04-01")
    try:
        tell_journey(
            speaker=MILL, account_id=UUID(int=9), gtin=MUESLI, lot="L1", steps=[step], seen=None, now=NOW
        )
    except JourneyChanged:
        return "told already"
    return "told"


def fed() -> str:
    journeys.tell(told_by(epcis(event("packing")), today=NOW.date()), at=NOW)
    return "fed"


def published() -> str:
    stock(replace(muesli(), brand_id=MILL.id, brand_name="Elder Mill"))
    return "published"


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_two_persons_a_feed_and_a_file_at_once_each_make_a_version_and_one_person_looks_again() -> None:
    company_prefixes.ensure_confirmed(brand_id=MILL.id, brand_name=MILL.name, prefix="9520123", now=NOW)
    brand_products.add_product(brand_id=MILL.id, gtin=MUESLI, now=NOW)
    stock(replace(muesli(), brand_id=MILL.id))
    barrier = threading.Barrier(4)

    def run(act: Callable[[], str]) -> str:
        barrier.wait()
        try:
            return act()
        finally:
            connections["passport"].close()

    acts = [lambda: tell("Our field"), lambda: tell("Another field"), fed, published]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(run, acts)) == ["fed", "published", "told", "told already"]
    facts = OutboxFact.objects.filter(type="CatalogueEntryChanged").order_by("id")
    assert sorted(fact.payload["dataVersion"] for fact in facts) == [1, 2, 3, 4]
    assert LotJourneyChange.objects.count() == 2


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_what_several_tell_again_at_once_is_told_once() -> None:
    company_prefixes.ensure_confirmed(brand_id=MILL.id, brand_name=MILL.name, prefix="9520123", now=NOW)
    brand_products.add_product(brand_id=MILL.id, gtin=MUESLI, now=NOW)
    stock(muesli())
    tell("Our field")
    change = LotJourneyChange.objects.get()
    who: Any = {"speaker": MILL, "account_id": UUID(int=9), "gtin": MUESLI}
    tell_journey(**who, lot="L1", steps=[], seen=NOW, now=NOW + timedelta(days=1))
    barrier = threading.Barrier(4)

    def again(_person: int) -> str:
        barrier.wait()
        try:
            return tell_again(**who, change_id=change.id, now=NOW + timedelta(days=2))
        finally:
            connections["passport"].close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(again, range(4))) == ["L1"] * 4
    assert LotJourneyChange.objects.count() == 3


@pytest.mark.django_db(databases=["passport"])
def test_a_brand_that_loses_a_product_falls_silent_about_its_lots_and_that_is_told() -> None:
    company_prefixes.ensure_confirmed(brand_id=MILL.id, brand_name=MILL.name, prefix="9520123", now=NOW)
    brand_products.add_product(brand_id=MILL.id, gtin=MUESLI, now=NOW)
    stock(muesli())
    tell("Our field")
    (claimed,) = company_prefixes.claims_of(brand_id=MILL.id)
    company_prefixes.refuse(claim_id=claimed.id, reason="Sold.", with_products=True, now=NOW)
    assert journeys.journey_of_lot(gtin=MUESLI, lot="L1") is None
    facts = OutboxFact.objects.filter(type="CatalogueEntryChanged").order_by("id")
    assert [fact.payload["dataVersion"] for fact in facts] == [1, 2, 3]
    assert LotJourneyChange.objects.order_by("data_version")[1].steps == []
