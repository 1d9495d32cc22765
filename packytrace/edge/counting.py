"""Where requests are counted: in Redis for all web processes together, or in the memory of each.

The library's own memory storage starts a thread every hundredth of a second and walks through all keys there;
with 100,000 addresses nothing else would be done. Ours forgets a whole window at once.
"""

import threading
import time
from math import floor

from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport


class WindowStorage(Storage, SlidingWindowCounterSupport):
    """Counts per key in the current window and the one before; older ones are dropped with their dictionary.

    Serves the sliding window counter only. The weighted sum of both windows approximates a moving window.
    """

    STORAGE_SCHEME = ["packytrace-memory"]

    def __init__(self) -> None:
        super().__init__(None)
        self._lock = threading.Lock()
        self._windows: dict[int, _Windows] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a failing storage raises: memory does not fail."""
        return ValueError

    def acquire_sliding_window_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` more in windows of `expiry` seconds, unless `limit` would be passed."""
        now = time.time()
        with self._lock:
            windows = self._at(now, expiry=expiry)
            weighted = windows.before.get(key, 0) * windows.share_of_before(now) + windows.current.get(key, 0)
            if floor(weighted) + amount > limit:
                return False
            windows.current[key] = windows.current.get(key, 0) + amount
            return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Count and remaining seconds of the window before and of the current one."""
        now = time.time()
        with self._lock:
            windows = self._at(now, expiry=expiry)
            before, current = windows.before.get(key, 0), windows.current.get(key, 0)
        remaining = windows.share_of_before(now) * expiry
        return before, remaining if before else 0.0, current, remaining + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forget a key."""
        with self._lock:
            windows = self._at(time.time(), expiry=expiry)
            windows.before.pop(key, None)
            windows.current.pop(key, None)

    def reset(self) -> int | None:
        """Forget every key."""
        with self._lock:
            forgotten = sum(len(w.before) + len(w.current) for w in self._windows.values())
            self._windows.clear()
        return forgotten

    def check(self) -> bool:
        """Memory is always there."""
        return True

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Fixed windows are not served."""
        raise NotImplementedError

    def get(self, key: str) -> int:
        """Fixed windows are not served."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Fixed windows are not served."""
        raise NotImplementedError

    def clear(self, key: str) -> None:
        """Fixed windows are not served."""
        raise NotImplementedError

    def _at(self, now: float, *, expiry: int) -> "_Windows":
        index = int(now // expiry)
        windows = self._windows.get(expiry)
        if windows is None or windows.index != index:
            follows = windows is not None and windows.index == index - 1
            windows = self._windows[expiry] = _Windows(
                index=index, expiry=expiry, before=windows.current if windows is not None and follows else {}
            )
        return windows


class _Windows:
    """The counts of one length of window."""

    __slots__ = ("before", "current", "expiry", "index")

    def __init__(self, *, index: int, expiry: int, before: dict[str, int]) -> None:
        self.index = index
        self.expiry = expiry
        self.before = before
        self.current: dict[str, int] = {}

    def share_of_before(self, now: float) -> float:
        """How much of the window before still lies within the last `expiry` seconds."""
        return 1 - (now / self.expiry) % 1
