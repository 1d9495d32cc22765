"""A client that comes through the whole front door to the real addresses."""

from datetime import UTC, datetime
from uuid import UUID

import limits
import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from contexts.passport.models import CatalogueEntry
from contexts.passport.web.pages import PAGES
from contexts.passport.web.product_api import PASSPORTS

GTIN = "09520123456788"
BRAND = UUID("3fa85f64-5717-4562-b3fc-2c963f66afa6")


@pytest.fixture(autouse=True)
def no_copies() -> None:
    """No test sees what another one has made: copies are taken for current for some seconds."""
    PAGES.clear()
    PASSPORTS.clear()


@pytest.fixture
def client(settings: Settings) -> Client:
    """A browser of its own; error pages are what it sees instead of exceptions."""
    # Pages name static files by their content; no build is needed to see what the views do.
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.RATE_LIMITS = dict.fromkeys(django_settings.RATE_LIMITS, limits.parse("100000/minute"))
    return Client(raise_request_exception=False)


@pytest.fixture
def product() -> str:
    """GTIN of a product that the catalogue knows."""
    CatalogueEntry.objects.create(
        gtin=GTIN, name="Oat muesli", brand_id=BRAND, updated_at=datetime(2026, 5, 1, tzinfo=UTC)
    )
    return GTIN
