"""Counting requests in a process's own memory, with a window that slides.

The count of the window before, weighted by the share of it that still lies within the period, is added to the
count of the current one: what Redis counts for all processes together (the library's sliding window counter).
The library's own memory storage starts a thread every hundredth of a second, which walks through all keys.
"""

import threading
import time
from collections.abc import Callable
from math import ceil, floor
from typing import Final, NamedTuple


class Standing(NamedTuple):
    """How near a caller is to a limit."""

    limit: int
    remaining: int
    reset: int
    """Seconds: with requests left, until the window ends; without, until another one is allowed."""
    exceeded: bool


class Windows:
    """Counts per key for one limit. Forgets a whole window at once: no key outlives two periods."""

    def __init__(self, *, limit: int, period: int, clock: Callable[[], float] = time.time) -> None:
        self._limit: Final = limit
        self._period: Final = period
        self._clock = clock
        self._lock = threading.Lock()
        self._index = 0
        self._before: dict[str, int] = {}
        self._current: dict[str, int] = {}

    def __len__(self) -> int:
        """How many counts are held."""
        return len(self._before) + len(self._current)

    def count(self, key: str) -> Standing:
        """Count one more request of `key`, unless that passes the limit."""
        windows = self._clock() / self._period
        index = int(windows)
        left = 1 - (windows - index)
        with self._lock:
            if index != self._index:
                self._before = self._current if index == self._index + 1 else {}
                self._current = {}
                self._index = index
            before, current = self._before.get(key, 0), self._current.get(key, 0)
            room = self._limit - floor(before * left + current)
            if room >= 1:
                self._current[key] = current + 1
                return Standing(self._limit, room - 1, ceil(left * self._period), exceeded=False)
        # Until the weighted count is below the limit: the window before loses weight, or this one ends.
        too_much = left - (self._limit - current) / before if current < self._limit else left
        return Standing(self._limit, 0, floor(too_much * self._period) + 1, exceeded=True)
