"""How long to wait before trying again: longer each time, never all at the same moment."""

import random
from dataclasses import dataclass


@dataclass(kw_only=True)
class Backoff:
    """Delays in seconds that double from `first` to `longest`, each between half and all of it."""

    first: float
    longest: float
    failures: int = 0

    def failed(self) -> float:
        """Count a failure; returns how long to wait now."""
        delay = min(self.longest, self.first * 2.0 ** min(self.failures, 32))
        self.failures += 1
        return delay * random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing

    def succeeded(self) -> None:
        """The next failure is the first again."""
        self.failures = 0
