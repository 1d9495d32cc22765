"""What the tests of passport share."""

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings


@pytest.fixture
def plain_static_files(settings: Settings) -> None:
    """Static files go by their own names: no build is needed to see what a page says."""
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
