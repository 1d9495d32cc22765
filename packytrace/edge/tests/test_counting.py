"""Counting in memory decides as the library's sliding window counter does, and forgets."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from packytrace.edge.counting import Windows

START = 1_700_000_000.0

#: Seconds between requests, and who asks.
REQUESTS = st.lists(st.tuples(st.floats(0, 15), st.sampled_from("ab")), max_size=80)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def time(self) -> float:
        return self.now


@given(REQUESTS)
def test_it_decides_as_the_library_does(requests: list[tuple[float, str]]) -> None:
    clock, item = Clock(), parse("5/10 seconds")
    ours = Windows(limit=5, period=10, clock=clock.time)
    storage = MemoryStorage()
    storage.timer.cancel()
    theirs = SlidingWindowCounterRateLimiter(storage)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(time, "time", clock.time)
        for pause, who in requests:
            clock.now += pause
            standing = ours.count(who)
            assert standing.exceeded == (not theirs.hit(item, who))
            if not standing.exceeded:
                assert standing.remaining == theirs.get_window_stats(item, who).remaining


@given(REQUESTS)
def test_who_waits_as_long_as_told_is_let_in(requests: list[tuple[float, str]]) -> None:
    clock = Clock()
    windows = Windows(limit=5, period=10, clock=clock.time)
    for pause, who in requests:
        clock.now += pause
        if (standing := windows.count(who)).exceeded:
            assert 1 <= standing.reset <= 11
            clock.now += standing.reset
            assert not windows.count(who).exceeded


def test_nobody_passes_the_limit_within_a_window() -> None:
    clock = Clock()
    windows = Windows(limit=10, period=100, clock=clock.time)
    assert [windows.count("a").remaining for _ in range(10)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    refused = windows.count("a")
    assert (refused.exceeded, refused.remaining, refused.reset) == (True, 0, 101)
    assert not windows.count("b").exceeded


def test_a_window_before_counts_by_the_share_that_is_left() -> None:
    clock = Clock()
    windows = Windows(limit=10, period=100, clock=clock.time)
    for _ in range(10):
        windows.count("a")
    clock.now += 150
    assert sum(not windows.count("a").exceeded for _ in range(10)) == 5
    assert windows.count("a").reset == 1, "any weight that is lost lets one more in"


def test_what_is_over_is_forgotten() -> None:
    clock = Clock()
    windows = Windows(limit=5, period=10, clock=clock.time)
    for number in range(1000):
        windows.count(f"key {number}")
    assert len(windows) == 1000
    clock.now += 20
    windows.count("key")
    assert len(windows) == 1


def test_threads_together_get_exactly_the_limit() -> None:
    windows = Windows(limit=300, period=100_000_000)
    barrier = threading.Barrier(8)
    allowed: list[bool] = []

    def ask() -> None:
        barrier.wait()
        allowed.extend(not windows.count("key").exceeded for _ in range(100))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 300
