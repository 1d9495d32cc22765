"""A gate that lets one brand in, as the wiring's does after a sign-in; and figures to show."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Model
from django.http import HttpRequest
from pytest_django import Settings

from contexts.brand_analytics.models import Brand, Product, Release, ReleasedCell
from contexts.brand_analytics.tests.facts import (
    BRAND,
    FRIDAY,
    JAM,
    MILK,
    OATS,
    brand_changed,
    day_released,
    product_named,
    receive,
)
from packytrace.databases.scope import brand_scope
from packytrace.edge import ports
from packytrace.edge.ports import BrandIdentity
from packytrace.facts.fact import Fact

MILK_NAME, OATS_NAME = "Lactose-free whole milk 1 l", "Organic oat flakes"
HIDDEN_DAYS = (FRIDAY - timedelta(days=3), FRIDAY - timedelta(days=4))
QUIET_DAY = FRIDAY - timedelta(days=5)
STORED = (Brand, Product, Release, ReleasedCell)


class Closed(Exception):
    """Whoever stands before the gate has no brand."""


class FakeGate:
    """Knows who works for which brand without asking anybody."""

    def __init__(self) -> None:
        self.brand_id: UUID | None = BRAND
        self.asked = 0

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        assert request.path.startswith("/brand/")
        self.asked += 1
        if self.brand_id is None:
            raise Closed
        return BrandIdentity(id=self.brand_id, name="Alpenglanz")

    def brand_of_account(self, *, account_id: UUID) -> BrandIdentity:
        raise AssertionError(f"No page asks for the account {account_id}.")


@pytest.fixture
def gate() -> Iterator[FakeGate]:
    """The fake in the place of the provider's, for one test."""
    provided = ports.brand_gate()
    fake = FakeGate()
    ports.bind(brand_gate=fake)
    yield fake
    ports.bind(brand_gate=provided)


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Settings) -> None:
    """Static files by their own names: the manifest of hashed names is made by `collectstatic` only."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}


def history(*, days: int, brand_id: UUID = BRAND) -> Iterator[Fact]:
    """Facts of so many days until FRIDAY: two hidden, one quiet, one product that never has enough people."""
    for number in range(days):
        day = FRIDAY - timedelta(days=number)
        if day in HIDDEN_DAYS:
            yield from day_released(total=None, products={MILK: None}, brand_id=brand_id, day=day)
        elif day == QUIET_DAY:
            yield from day_released(quiet=True, brand_id=brand_id, day=day)
        else:
            yield from _busy_day(day, brand_id=brand_id)


def _busy_day(day: date, *, brand_id: UUID) -> Iterator[Fact]:
    people = 40 + day.toordinal() * 7 % 23 + (25 if day.weekday() >= 4 else 0)
    scans = people + people // 2
    yield from day_released(
        total=(scans + 31, people + 12),
        products={MILK: (scans, people), OATS: (24, 12), JAM: None},
        brand_id=brand_id,
        day=day,
    )


@pytest.fixture(scope="session")
def received() -> dict[type[Model], list[Any]]:
    """The rows of `figures` once the consumer has stored them: handling the facts takes seconds."""
    return {}


@pytest.fixture
def figures(received: dict[type[Model], list[Any]]) -> None:
    """Five weeks of a brand with a product that has no name; stored by the consumer itself the first time."""
    with brand_scope(brand_id=BRAND, using="brand_analytics"):
        for model, rows in received.items():
            model.objects.bulk_create(rows)
    if not received:
        receive(
            brand_changed("Alpenglanz"),
            product_named(MILK, MILK_NAME),
            product_named(OATS, OATS_NAME),
            *history(days=35),
        )
        with brand_scope(brand_id=BRAND, using="brand_analytics"):
            received.update({model: list(model.objects.all()) for model in STORED})
