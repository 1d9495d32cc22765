"""The parts that are asked where they are set, on real servers."""

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import Settings

from packytrace.edge import ports, readiness
from packytrace.edge.readiness import Part, Readiness, State
from packytrace.facts.fact import Consumer

Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def nobody() -> Iterator[str]:
    """A Redis URL under which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"redis://:not-to-be-told@127.0.0.1:{held.getsockname()[1]}/0"


def asked() -> dict[str, Part]:
    """The parts beside databases, log and provider."""
    always = {"log", "sign-in provider"}
    return {
        name: part
        for name, part in readiness.parts().items()
        if name not in always and not name.startswith("database ")
    }


def report() -> dict[str, State]:
    """How they are."""
    return Readiness(asked()).report()


def test_what_is_embedded_is_not_asked(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CACHE_URL = ""
    assert asked() == {}


def test_a_redis_that_answers_is_well(settings: Settings, redis: str) -> None:
    settings.CELERY_BROKER_URL = redis
    settings.CACHE_URL = redis
    found = report()
    assert {name: state.ok for name, state in found.items()} == {
        "task queue": True,
        "rate limit store": True,
    }


def test_one_that_does_not_is_told_and_stops_no_scan(
    settings: Settings, nobody: str, written: Written
) -> None:
    settings.CELERY_BROKER_URL = nobody
    settings.CACHE_URL = nobody
    found = report()
    assert {name: (state.ok, state.required) for name, state in found.items()} == {
        "task queue": (False, False),
        "rate limit store": (False, False),
    }
    assert "not-to-be-told" not in str(written())


def test_one_that_takes_no_question_does_not_hold_up_the_answer(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        settings.CACHE_URL = settings.CELERY_BROKER_URL
        found = Readiness(asked(), deadline=0.2).report()
        assert {name: state.ok for name, state in found.items()} == {
            "task queue": False,
            "rate limit store": False,
        }


def test_the_log_is_asked_for_every_consumer(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Consumer] = []

    class Log:
        def check(self, consumers: tuple[Consumer, ...]) -> None:
            heard.extend(consumers)

    monkeypatch.setattr(readiness, "log_of_process", Log)
    assert Readiness({"log": readiness.parts()["log"]}).report()["log"].ok
    assert tuple(heard) == ports.consumers()
    assert len(heard) > 1
