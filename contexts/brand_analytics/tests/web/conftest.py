"""A gate that lets one brand in, as the wiring's does after a sign-in."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.http import HttpRequest

from contexts.brand_analytics.application import ports
from contexts.brand_analytics.application.ports import BrandIdentity
from contexts.brand_analytics.tests.facts import BRAND


class Closed(Exception):
    """Whoever stands before the gate has no brand."""


class FakeGate:
    """Knows who works for which brand without asking anybody."""

    def __init__(self) -> None:
        self.brand_id: UUID | None = BRAND
        self.asked = 0

    def brand_of(self, *, request: HttpRequest) -> BrandIdentity:
        self.asked += 1
        if self.brand_id is None:
            raise Closed
        return BrandIdentity(id=self.brand_id, name="Alpenglanz")


@pytest.fixture
def gate() -> Iterator[FakeGate]:
    """The fake in the place of the provider's, for one test."""
    provided = ports.brand_gate()
    fake = FakeGate()
    ports.bind(brand_gate=fake)
    yield fake
    ports.bind(brand_gate=provided)


@pytest.fixture(autouse=True)
def _plain_static_files(settings: pytest.FixtureRequest) -> None:
    """Static files by their own names: the manifest of hashed names is made by `collectstatic` only."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
