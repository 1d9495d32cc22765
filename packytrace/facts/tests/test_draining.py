"""Facts move inside the block, and `settle` knows when they have arrived."""

import threading
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from packytrace.databases import roles
from packytrace.facts import draining, metrics
from packytrace.facts.draining import FactsStopped, StillMoving, facts_moving
from packytrace.facts.fact import Consumer, Fact
from packytrace.facts.log import configured_log
from packytrace.facts.tests.counting import TOPIC, new_keys, tell

pytestmark = pytest.mark.django_db(transaction=True, databases=list(roles.CONTEXTS))


def _listener(handle: Callable[[Fact], None]) -> Consumer:
    return Consumer(
        name=f"listener-{uuid4().hex[:12]}", context="measurement", topics=frozenset({TOPIC}), handle=handle
    )


def _until(event: threading.Event) -> Callable[[Fact], None]:
    def handle(_fact: Fact) -> None:
        event.wait()

    return handle


def test_settle_returns_when_everything_has_been_handled() -> None:
    handled: list[UUID] = []
    listener = _listener(lambda fact: handled.append(fact.id))
    with facts_moving(consumers=[listener], log=configured_log()) as settle:
        for _round in range(2):
            before = len(handled)
            for key in new_keys(3):
                tell(key=key, numbers=range(10))
            settle(patience=30)
            assert len(handled) == before + 30
    assert metrics.outboxes()["passport"].waiting == 0


def test_settle_gives_up_and_says_where_facts_are() -> None:
    goes_on = threading.Event()
    slow = _listener(_until(goes_on))
    with facts_moving(consumers=[slow], log=configured_log()) as settle:
        tell(key=uuid4(), numbers=[1])
        try:
            with pytest.raises(StillMoving, match=r"passport's outbox|passport\.scans\.v1"):
                settle(patience=0.3)
        finally:
            goes_on.set()
        settle(patience=30)


def test_what_ends_a_thread_is_raised_where_somebody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    class BrokenRelay:
        def __init__(self, **_: object) -> None:
            """Nothing to prepare."""

        def run(self, _stop: threading.Event) -> None:
            raise LookupError("no such thing")

    monkeypatch.setattr(draining, "Relay", BrokenRelay)
    with facts_moving(consumers=[], log=configured_log()) as settle:
        tell(key=uuid4(), numbers=[1])
        with pytest.raises(FactsStopped) as raised:
            settle(patience=30)
    assert isinstance(raised.value.__cause__, LookupError)
