"""A client that comes through the whole front door, to views that stand for a context's."""

import contextlib
import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from packytrace.logs import lines
from tests import parts


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


@pytest.fixture(scope="session")
def redis() -> Iterator[str]:
    """A real Redis of its own; its URL."""
    parts.require("redis-server")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 10
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            assert time.monotonic() < until, "redis-server does not answer"
            time.sleep(0.05)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()
