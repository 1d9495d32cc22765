"""The storage in memory counts as the library's own does, and forgets."""

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from packytrace.edge.counting import WindowStorage

START = 1_700_000_000.0

#: Seconds between requests, and who asks.
REQUESTS = st.lists(st.tuples(st.floats(0, 15), st.sampled_from("ab")), max_size=80)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)
    return clock


@given(REQUESTS)
def test_it_decides_as_the_librarys_own_storage(requests: list[tuple[float, str]]) -> None:
    clock, item = Clock(), parse("5/10 seconds")
    ours = SlidingWindowCounterRateLimiter(WindowStorage())
    library = MemoryStorage()
    library.timer.cancel()
    theirs = SlidingWindowCounterRateLimiter(library)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(time, "time", clock.time)
        for pause, who in requests:
            clock.now += pause
            assert ours.hit(item, who) == theirs.hit(item, who)
            assert ours.get_window_stats(item, who).remaining == theirs.get_window_stats(item, who).remaining
            assert ours.get_window_stats(item, who).reset_time == pytest.approx(
                theirs.get_window_stats(item, who).reset_time
            )


def test_what_is_over_is_forgotten(clock: Clock) -> None:
    storage = WindowStorage()
    for number in range(1000):
        storage.acquire_sliding_window_entry(f"key {number}", 5, 10)
    clock.now += 20
    storage.acquire_sliding_window_entry("key", 5, 10)
    [windows] = storage._windows.values()
    assert (len(windows.before), len(windows.current)) == (0, 1)


def test_a_window_before_counts_by_the_share_that_is_left(clock: Clock) -> None:
    storage = WindowStorage()
    for _ in range(10):
        assert storage.acquire_sliding_window_entry("key", 10, 100)
    clock.now += 150
    allowed = sum(storage.acquire_sliding_window_entry("key", 10, 100) for _ in range(10))
    assert allowed == 5


def test_threads_together_get_exactly_the_limit() -> None:
    storage = WindowStorage()
    barrier = threading.Barrier(8)
    allowed: list[bool] = []

    def ask() -> None:
        barrier.wait()
        allowed.extend(storage.acquire_sliding_window_entry("key", 300, 3600) for _ in range(100))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(allowed) == 300


def test_a_key_and_all_keys_can_be_forgotten(clock: Clock) -> None:
    storage = WindowStorage()
    for key in ("a", "b", "c"):
        storage.acquire_sliding_window_entry(key, 1, 10)
    storage.clear_sliding_window("a", 10)
    assert storage.acquire_sliding_window_entry("a", 1, 10)
    assert storage.reset() == 3
    assert storage.acquire_sliding_window_entry("b", 1, 10)
    assert storage.check()


def test_it_serves_no_fixed_windows() -> None:
    storage = WindowStorage()
    for serve in (
        lambda: storage.incr("key", 1),
        lambda: storage.get("key"),
        lambda: storage.get_expiry("key"),
        lambda: storage.clear("key"),
    ):
        with pytest.raises(NotImplementedError):
            serve()
