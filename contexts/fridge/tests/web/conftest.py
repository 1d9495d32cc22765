"""A browser that comes through the whole front door."""

import limits
import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _as_in_development(settings: Settings) -> None:
    """Static files by their own names, and nobody counts requests."""
    storage = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**django_settings.STORAGES, "staticfiles": storage}
    settings.RATE_LIMITS = dict.fromkeys(django_settings.RATE_LIMITS, limits.parse("100000/minute"))


@pytest.fixture
def client() -> Client:
    """Error pages are what it sees instead of exceptions; forms need their token."""
    return Client(raise_request_exception=False, enforce_csrf_checks=True)
