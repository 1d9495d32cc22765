"""An address and a visitor may ask so much, and are told."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from limits import parse
from prometheus_client import REGISTRY
from pytest_django import Settings

from packytrace.edge.rates import Limit, SharedStorage, network_of
from packytrace.edge.visitors import COOKIE, VisitorCookies, today

Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def _few(settings: Settings) -> None:
    settings.RATE_LIMITS = {"address": parse("5/hour"), "visitor": parse("3/hour")}
    settings.WEB_WORKERS = 1


@pytest.fixture
def client(_few: None, client: Client) -> Client:
    return client


def known(settings: Settings) -> str:
    cookies = VisitorCookies(secrets=[settings.SECRET_KEY])
    return f"{COOKIE}={cookies.write(visitor_id=uuid4(), minted_on=today())}"


def test_every_answer_says_what_is_left(client: Client) -> None:
    answers = [client.get("/show") for _ in range(3)]
    assert [a["RateLimit-Limit"] for a in answers] == ["5"] * 3
    assert [a["RateLimit-Remaining"] for a in answers] == ["4", "3", "2"]
    assert all(0 < int(a["RateLimit-Reset"]) <= 3600 for a in answers)


def test_one_more_is_told_when_to_come_back(client: Client) -> None:
    for _ in range(5):
        assert client.get("/show").status_code == 200
    refused = client.get("/api/v1/show")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert refused["RateLimit-Remaining"] == "0"
    page = client.get("/show")
    assert page.status_code == 429
    assert "Too many requests" in page.content.decode()


def test_another_address_is_not_concerned(client: Client) -> None:
    for _ in range(6):
        client.get("/show", REMOTE_ADDR="203.0.113.1")
    assert client.get("/show", REMOTE_ADDR="203.0.113.1").status_code == 429
    assert client.get("/show", REMOTE_ADDR="203.0.113.2").status_code == 200


def test_a_visitor_has_a_limit_wherever_they_are(client: Client, settings: Settings) -> None:
    cookie = known(settings)
    statuses = [
        client.get("/show", headers={"Cookie": cookie}, REMOTE_ADDR=f"203.0.113.{n}").status_code
        for n in range(4)
    ]
    assert statuses == [200, 200, 200, 429]
    assert (
        client.get("/show", headers={"Cookie": known(settings)}, REMOTE_ADDR="203.0.113.9").status_code == 200
    )


def test_a_visitor_is_not_counted_where_the_address_is_refused(client: Client, settings: Settings) -> None:
    for _ in range(5):
        client.get("/show", REMOTE_ADDR="203.0.113.1")
    cookie = known(settings)
    for _ in range(3):
        refused = client.get("/show", headers={"Cookie": cookie}, REMOTE_ADDR="203.0.113.1")
        assert (refused.status_code, refused["RateLimit-Limit"]) == (429, "5")
    elsewhere = client.get("/show", headers={"Cookie": cookie}, REMOTE_ADDR="203.0.113.2")
    assert (elsewhere.status_code, elsewhere["RateLimit-Remaining"]) == (200, "2")


def test_the_nearer_limit_is_told(client: Client, settings: Settings) -> None:
    answer = client.get("/show", headers={"Cookie": known(settings)})
    assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("3", "2")


def test_a_forged_cookie_is_no_way_out_and_no_way_to_hurt(client: Client, settings: Settings) -> None:
    forged = VisitorCookies(secrets=["guessed"]).write(visitor_id=uuid4(), minted_on=today())
    statuses = [client.get("/show", headers={"Cookie": f"{COOKIE}={forged}"}).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/static/app.css"])
def test_what_is_not_counted(client: Client, settings: Settings, tmp_path: Path, path: str) -> None:
    (tmp_path / "app.css").touch()
    settings.STATIC_ROOT = tmp_path
    for _ in range(8):
        answer = client.get(path)
        assert answer.status_code != 429
        assert "RateLimit-Limit" not in answer


def test_a_refusal_mints_nobody_and_is_counted(client: Client) -> None:
    def refused() -> float:
        return REGISTRY.get_sample_value("packytrace_requests_limited_total", {"limit": "address"}) or 0

    for _ in range(5):
        client.get("/show")
    before = refused()
    answer = client.get("/scan")
    assert answer.status_code == 429
    assert COOKIE not in answer.cookies
    assert refused() == before + 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.1", "203.0.113.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.1", "203.0.113.1", True),
        ("", "203.0.113.1", False),
    ],
)
def test_who_counts_as_one(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) == same


class LostRedis:
    """Accepts, then hangs up."""

    def __init__(self) -> None:
        self.asked = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.url = f"redis://127.0.0.1:{self._server.getsockname()[1]}/0"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._server.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.asked += 1
            connection.close()


@pytest.fixture
def lost_redis() -> Iterator[LostRedis]:
    redis = LostRedis()
    yield redis
    redis.close()


@pytest.mark.parametrize(("workers", "limit", "share"), [(1, 6, 6), (2, 6, 3), (4, 6, 1), (8, 6, 1)])
def test_processes_that_count_alone_let_no_more_through_together(
    settings: Settings, workers: int, limit: int, share: int
) -> None:
    settings.WEB_WORKERS = workers
    processes = [Limit(name="address", item=parse(f"{limit}/hour"), shared=None) for _ in range(workers)]
    for process in processes:
        standings = [process.count("a") for _ in range(limit + 1)]
        assert [standing.exceeded for standing in standings] == [False] * share + [True] * (limit + 1 - share)
        assert {standing.limit for standing in standings} == {share}, "and it is told"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"path": "/show", "data": {"q": "x" * 9_000}}, 414),
        ({"path": "/show", "QUERY_STRING": "q=%FF"}, 400),
        ({"path": "/show", "CONTENT_LENGTH": "many"}, 400),
    ],
)
def test_what_is_refused_unread_is_counted(client: Client, asked: dict[str, Any], status: int) -> None:
    answers = [client.get(**asked) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [status] * 5 + [429]
    assert [answer["RateLimit-Remaining"] for answer in answers[:2]] == ["4", "3"]


def test_a_lost_redis_stops_nobody(lost_redis: LostRedis, written: Written, settings: Settings) -> None:
    settings.WEB_WORKERS = 1
    now = 0.0
    shared = SharedStorage(url=lost_redis.url, clock=lambda: now)
    limit = Limit(name="address", item=parse("2/hour"), shared=shared)
    assert [limit.count("a").exceeded for _ in range(3)] == [False, False, True], "counted here instead"
    asked = lost_redis.asked
    limit.count("b")
    assert lost_redis.asked == asked, "and not asked at every request"
    now = 11.0
    limit.count("b")
    assert lost_redis.asked > asked, "but again after a while"
    assert {line["event"] for line in written()} == {"rate limits are counted per process"}


def test_all_processes_count_together_in_redis(redis: str, written: Written) -> None:
    one, other = (
        Limit(name="address", item=parse("3/hour"), shared=SharedStorage(url=redis)) for _ in range(2)
    )
    standings = [process.count("a") for process in (one, other, one, other)]
    assert [standing.exceeded for standing in standings] == [False, False, False, True]
    assert [standing.remaining for standing in standings] == [2, 1, 0, 0]
    assert all(0 <= standing.reset <= 3600 for standing in standings)
    assert not one.count("b").exceeded
    assert written() == []
