"""The name under which we are asked."""

from urllib.parse import urlsplit

import pytest
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from packytrace.edge.hosts import HostMiddleware


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
    with pytest.raises(DisallowedHost):
        middleware(rf.get("/", headers={"Host": host}))


def test_ours_is_always_among_those_that_are_allowed(settings: Settings) -> None:
    assert urlsplit(settings.PUBLIC_URL).hostname in settings.ALLOWED_HOSTS
