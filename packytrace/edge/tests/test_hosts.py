"""The name under which we are asked."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from packytrace.edge.hosts import HostMiddleware

Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def middleware(settings: Settings) -> HostMiddleware:
    settings.PUBLIC_URL = "https://id.example.com"
    settings.ALLOWED_HOSTS = ["id.example.com"]
    return HostMiddleware(lambda _request: HttpResponse())


@pytest.mark.parametrize("host", ["id.example.com", "ID.example.com", "id.example.com:443"])
def test_ours_is_answered_however_it_is_written(
    middleware: HostMiddleware, rf: RequestFactory, host: str
) -> None:
    assert middleware(rf.get("/", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["example.com", "id.example.com.example.org", "id.example.com@example.org", "", "id.example.com:x"],
)
def test_any_other_is_refused(middleware: HostMiddleware, rf: RequestFactory, host: str) -> None:
    assert middleware(rf.get("/", headers={"Host": host})).status_code == 400


def test_a_refusal_is_one_line_like_any_other(client: Client, written: Written) -> None:
    refused = client.get("/api/v1/show", headers={"Host": "example.org"})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_host")
    [line] = written()
    assert (line["event"], line["level"], line["status"]) == ("request", "info", 400)


def test_ours_is_always_among_those_that_are_allowed(settings: Settings) -> None:
    assert urlsplit(settings.PUBLIC_URL).hostname in settings.ALLOWED_HOSTS
