"""One correlation id and one line in the log for every request."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from packytrace.facts import correlation

Written = Callable[[], list[dict[str, Any]]]


def requests(written: Written) -> list[dict[str, Any]]:
    return [line for line in written() if line["event"] == "request"]


@pytest.mark.parametrize("offered", ["a" * 8, "Z9-" * 21, "018f4c1e-7c1b-7a52-9d52-6a8f9d3b2c11"])
def test_a_usable_correlation_id_comes_back(client: Client, offered: str) -> None:
    response = client.get("/show", headers={"X-Correlation-ID": offered})
    assert response["X-Correlation-ID"] == offered
    assert response.json()["correlation_id"] == offered


@pytest.mark.parametrize(
    "offered", ["", "short", "a" * 65, "has space", "Ünïcödé-id", "line\nbreak-id", "a;b=c-1234"]
)
def test_an_unusable_one_is_replaced(client: Client, offered: str) -> None:
    response = client.get("/show", headers={"X-Correlation-ID": offered})
    assert response["X-Correlation-ID"] != offered
    assert re.fullmatch(r"[0-9a-f-]{36}", response["X-Correlation-ID"])


@pytest.mark.parametrize(
    "path",
    [
        "/show",
        "/none",
        "/fail/crash",
        "/fail/denied",
        "/api/v1/none",
        "/health/live",
        "/static/none.css",
        "/x?q=%00",
    ],
)
def test_every_answer_has_one(client: Client, path: str) -> None:
    assert re.fullmatch(r"[0-9a-f-]{36}", client.get(path)["X-Correlation-ID"])


def test_it_ends_with_the_request(client: Client) -> None:
    client.get("/show")
    assert correlation.get() is None


@pytest.mark.parametrize(("path", "safe"), [("/brand/show", True), ("/admin/show", True), ("/show", False)])
def test_only_requests_of_brands_and_operators_may_be_told_to_brands(
    client: Client, path: str, safe: bool
) -> None:
    seen = client.get(path).json()
    assert seen["brand_safe"] == (seen["correlation_id"] if safe else None)


def test_one_line_says_how_a_request_went(client: Client, written: Written) -> None:
    response = client.get("/01/09521234543213/10/ABC?17=270101")
    [line] = requests(written)
    assert line.pop("duration_ms") >= 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line.pop("time"))
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "packytrace.edge.observation",
        "method": "GET",
        "route": "resolver",
        "status": 200,
        "correlation_id": response["X-Correlation-ID"],
    }


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/none/of/ours", ("GET", "unrouted", 404)),
        ("GET", "/static/none.css", ("GET", "static", 404)),
        ("GET", "/health/live", ("GET", "/health/live", 200)),
        ("GET", "/fail/crash", ("GET", "fail", 500)),
        ("MADEUP", "/safe", ("OTHER", "safe", 405)),
    ],
)
def test_routes_and_methods_have_few_names(
    client: Client, written: Written, method: str, path: str, told: tuple[str, str, int]
) -> None:
    client.generic(method, path)
    [line] = requests(written)
    assert (line["method"], line["route"], line["status"]) == told


def test_durations_are_counted_by_route(client: Client) -> None:
    def counted(bucket: str) -> float:
        labels = {"method": "GET", "route": "resolver", "status": "200", "le": bucket}
        return REGISTRY.get_sample_value("packytrace_http_request_duration_seconds_bucket", labels) or 0

    before = counted("3.0"), counted("+Inf")
    client.get("/01/09521234543213")
    assert (counted("3.0"), counted("+Inf")) == (before[0] + 1, before[1] + 1)
