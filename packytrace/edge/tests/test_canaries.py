"""Canaries in every place that a request has: none may sing in the log, whatever becomes of the request."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from packytrace.edge.visitors import COOKIE

Written = Callable[[], list[dict[str, Any]]]

CANARY = "c4n4ry"

#: Headers that programs of ours, of Django, of proxies and of attackers read.
HEADERS = {
    name: f"{CANARY}-{number}"
    for number, name in enumerate(
        (
            "Accept",
            "Accept-Encoding",
            "Accept-Language",
            "Authorization",
            "Content-Type",
            "Forwarded",
            "From",
            "If-Match",
            "If-Modified-Since",
            "If-None-Match",
            "Origin",
            "Range",
            "Referer",
            "Remote-User",
            "Sec-Purpose",
            "Traceparent",
            "Transfer-Encoding",
            "User-Agent",
            "Via",
            "X-Account-Id",
            "X-Anything-Else",
            "X-Brand-Id",
            "X-CSRFToken",
            "X-Correlation-ID",
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Requested-With",
            "X-User",
            "X-Visitor-Id",
        )
    )
    # An id of the right form is the caller's own number of the request: meant to be logged.
    if name != "X-Correlation-ID"
} | {"X-Correlation-ID": f"{CANARY} is no correlation id"}

PATHS = [
    "/show",
    f"/01/09521234543213/10/{CANARY}/21/{CANARY}",
    f"/{CANARY}/{CANARY}",
    f"/static/{CANARY}.css",
    f"/fail/{CANARY}",
    "/fail/crash",
    "/fail/denied",
    "/fail/missing",
    "/fail/database",
    "/fail/closed",
    "/safe",
    "/form",
    "/api/v1/show",
    "/api/v1/shelves",
    f"/api/v1/{CANARY}",
    "/api/v1/fail/crash",
    "/api/v1/fail/database",
    "/health/live",
    "/metrics",
    "/api/v1/openapi.json",
]
QUERIES = ["", f"?q={CANARY}&token={CANARY}&code={CANARY}", f"?{CANARY}=%00", f"?{CANARY}=" + "x" * 9000]
BODIES = {
    "application/json": f'{{"name": "{CANARY}", "{CANARY}": ["{CANARY}"]}}',
    "application/json; broken": f'{{"{CANARY}',
    "application/x-www-form-urlencoded": f"email={CANARY}@example.com&{CANARY}={CANARY}",
    "multipart/form-data; boundary=b": f"--b\r\nContent-Disposition: form-data; name={CANARY}\r\n\r\n",
    f"text/{CANARY}": CANARY,
}


def send(
    client: Client,
    method: str,
    target: str,
    content_type: str = "",
    body: str = "",
    headers: dict[str, str] | None = None,
) -> None:
    path, _, query = target.partition("?")
    client.generic(method, path, data=body, content_type=content_type, headers=headers, QUERY_STRING=query)


@pytest.fixture
def client(client: Client) -> Client:
    client.cookies[COOKIE] = CANARY
    client.cookies["packytrace_session"] = CANARY
    client.cookies["packytrace_csrf"] = CANARY
    client.cookies[CANARY] = CANARY
    return client


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", CANARY.upper()])
@pytest.mark.parametrize("path", PATHS)
def test_no_canary_in_addresses_and_bodies(client: Client, written: Written, method: str, path: str) -> None:
    for query, (content_type, body) in itertools.product(QUERIES, BODIES.items()):
        send(client, method, path + query, content_type, body)
    assert len([line for line in written() if line["event"] == "request"]) == len(QUERIES) * len(BODIES)
    assert_silent(written)


@pytest.mark.parametrize("path", PATHS)
def test_no_canary_in_headers(client: Client, written: Written, path: str) -> None:
    for name, value in HEADERS.items():
        send(client, "POST", path, headers={name: value})
    assert_silent(written)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host", [CANARY, f"{CANARY}.example", f"testserver@{CANARY}", f"testserver/{CANARY}"]
)
def test_no_canary_in_the_host(client: Client, written: Written, path: str, host: str) -> None:
    send(client, "GET", path, headers={"Host": host})
    assert_silent(written)


def test_the_test_would_notice(client: Client, written: Written) -> None:
    """The crash quotes the whole request in its message: it reaches the log without it."""
    client.get(f"/fail/crash?q={CANARY}", headers={"User-Agent": CANARY})
    [crash] = [line for line in written() if line["event"] == "request failed"]
    assert crash["exception"].splitlines()[0] == "packytrace.edge.tests.urls.Crash"
    assert "urls.py" in crash["exception"]


def assert_silent(written: Written) -> None:
    singing = [line for line in written() if CANARY in str(line).lower()]
    assert not singing, singing[0]
