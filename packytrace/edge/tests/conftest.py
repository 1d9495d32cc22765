"""A client that comes through the whole front door, to views that stand for a context's."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from packytrace.logs import lines


@pytest.fixture
def _views(settings: Settings) -> None:
    settings.ROOT_URLCONF = "packytrace.edge.tests.urls"
    # Pages name static files by their content; no build is needed to see what the edge does.
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def client(_views: None) -> Client:
    """Sees error pages as a browser does, instead of the exception behind them."""
    return Client(raise_request_exception=False)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """The log lines of this test so far, as a machine reads them."""
    text: list[str] = []
    monkeypatch.setattr(lines, "write", text.append)
    return lambda: [json.loads(line) for line in text]
