"""The front door behind the real server: what only a real connection can show."""

import http.client
import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from packytrace.configuration import ROOT
from packytrace.edge import metrics
from packytrace.management.commands import serve

pytestmark = pytest.mark.stack

LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@dataclass(kw_only=True)
class Served:
    """A server with two worker processes."""

    port: int
    log: Path

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """One request on a connection of its own."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return response, response.read()

    def lines(self) -> list[dict[str, object]]:
        """What the server has logged."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def serving(folder: Path, **configuration: str) -> Iterator[Served]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    before = os.environ.get(metrics.FOLDER)
    metrics.prepare(folder / "metrics" / "own")
    environment = {**os.environ, "STATE": str(settings.STATE), **configuration}
    os.environ.pop(metrics.FOLDER)
    if before is not None:
        os.environ[metrics.FOLDER] = before
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            serve.server(
                "packytrace.tests.served:application",
                host="127.0.0.1",
                port=port,
                workers=2,
                connections=serve.room_for_connections(),
            ),
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    running = Served(port=port, log=folder / "log")
    try:
        until = time.monotonic() + 60
        while True:
            if running.log.read_text().count("Started worker-") == 2:
                break
            assert server.poll() is None, running.log.read_text()
            assert time.monotonic() < until, running.log.read_text()
            time.sleep(0.1)
        yield running
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


def test_10_mb_of_json_are_refused_and_the_client_reads_why(served: Served) -> None:
    body = b'{"a": "' + b"x" * 10_000_000 + b'"}'
    response, answer = served.ask("POST", "/api/v1/anything", body, {"Content-Type": "application/json"})
    assert (response.status, json.loads(answer)["code"]) == (413, "body_too_large")


def test_the_same_in_chunks(served: Served) -> None:
    pieces = (b"x" * 65_536 for _ in range(160))
    response, answer = served.ask("POST", "/api/v1/anything", pieces, {"Content-Type": "application/json"})
    assert (response.status, json.loads(answer)["code"]) == (413, "body_too_large")


def test_a_chunked_body_is_read(served: Served) -> None:
    response, answer = served.ask("POST", "/body", iter([b"x" * 1000] * 50))
    assert (response.status, answer) == (200, b"50000")
    response, answer = served.ask(
        "POST", "/api/v1/anything", iter([b'{"a":', b"1}"]), {"Content-Type": "application/json"}
    )
    assert (response.status, answer) == (200, b'{"a":1}')


def test_a_post_without_a_body_is_answered_at_once(served: Served) -> None:
    assert served.ask("POST", "/body")[1] == b"0"


@pytest.mark.parametrize("path", ["/%FF", "/a%00b", "/01/09521234543213/10/%C3%28", "/show?q=%FF"])
def test_a_broken_address_is_refused(served: Served, path: str) -> None:
    response, answer = served.ask("GET", path, headers={"Accept": "application/json"})
    assert (response.status, json.loads(answer)["code"]) == (400, "bad_address")


@pytest.mark.parametrize("path", ["/01/09521234543213/10/A%25FF", "/01/09521234543213/10/%E6%97%A5"])
def test_an_odd_one_is_not(served: Served, path: str) -> None:
    assert served.ask("GET", path)[0].status == 200


def test_a_long_address_is_refused_with_words(served: Served) -> None:
    response, page = served.ask("GET", "/show?q=" + "x" * 9000)
    assert response.status == 414
    assert b"longer than we accept" in page


@pytest.mark.parametrize("path", ["/fail/crash", "/api/v1/fail/crash"])
def test_a_crash_is_told_in_our_words_alone(served: Served, path: str) -> None:
    response, body = served.ask("GET", path)
    assert response.status == 500
    assert b"Traceback" not in body
    assert b"Crash" not in body
    assert response.headers["X-Correlation-ID"].encode() in body


def test_headers_that_look_alike_are_all_dropped(served: Served) -> None:
    """WSGI writes `X_Account_Id` as `X-Account-Id`: a proxy that drops one may let the other pass."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(
            b"GET /show HTTP/1.1\r\nHost: 127.0.0.1\r\nX_Account_Id: 1\r\nX-Account-Id: 2\r\n"
            b"X_Forwarded_For: 192.0.2.66\r\nConnection: close\r\n\r\n"
        )
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
    assert b"200 OK" in answer
    assert b"Account" not in answer
    assert b"192.0.2.66" not in answer


def test_all_workers_count_together(served: Served) -> None:
    asked = 40
    for _ in range(asked):
        served.ask("GET", "/look")
    _, text = served.ask("GET", "/metrics")
    [counted] = [
        sample.value
        for family in text_string_to_metric_families(text.decode())
        for sample in family.samples
        if sample.name == "packytrace_http_request_duration_seconds_count"
        and sample.labels == {"method": "GET", "route": "look", "status": "200"}
    ]
    assert counted == asked


def test_everything_that_the_server_writes_is_a_line_of_ours(served: Served) -> None:
    lines = served.lines()
    assert {"Started worker-1", "Started worker-2"} <= {str(line["event"]) for line in lines}
    assert all({"event", "level", "time", "logger"} <= set(line) for line in lines)
    requests = [line for line in lines if line["event"] == "request"]
    assert all(re.fullmatch(r"[A-Za-z0-9-]{8,64}", str(line["correlation_id"])) for line in requests)
    assert "09521234543213" not in served.log.read_text()


def test_two_processes_that_count_alone_let_no_more_through_than_the_limit(tmp_path: Path) -> None:
    limits = {"WEB_WORKERS": "2", "RATE_LIMIT_ADDRESS": "40/day", "CACHE_URL": ""}
    with serving(tmp_path, **limits) as running, ThreadPoolExecutor(8) as pool:
        answers = [answer for answer, _ in pool.map(lambda _: running.ask("GET", "/look"), range(300))]
    passed = sum(answer.status == 200 for answer in answers)
    assert 20 <= passed <= 40
    assert {answer.status for answer in answers} == {200, 429}
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"20"}
