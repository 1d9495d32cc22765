"""Who waits for sections inside a request: few at once, and not for long.

A waiting request holds one of the few threads that answer everybody. So a quarter of them may wait, and where
those do nobody else does: a script asks again a moment later, and a page without scripts has a link.
"""

import threading
import time
from datetime import UTC, datetime
from typing import Final

from django.conf import settings

from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.sections import for_page, refreshed

#: Seconds for which a page without scripts waits.
WAIT: Final = 0.3
_LOOK_EVERY: Final = 0.05

_PLACES: Final = threading.BoundedSemaphore(max(1, settings.WEB_THREADS // 4))


def take_place() -> bool:
    """Whether this request may wait; if so it has a place, until `give_back`."""
    return _PLACES.acquire(blocking=False)


def give_back() -> None:
    """Let somebody else wait."""
    _PLACES.release()


def wait_for_sections(*, gtin: str) -> None:
    """Wait until no section of a product is being asked for, WAIT seconds at most."""
    if not _are_awaited(gtin) or not take_place():
        return
    try:
        until = time.monotonic() + WAIT
        while time.monotonic() < until and _are_awaited(gtin):
            time.sleep(_LOOK_EVERY)
    finally:
        give_back()


def _are_awaited(gtin: str) -> bool:
    stored, now = find_entry(gtin=gtin), datetime.now(UTC)
    return stored is not None and for_page(stored, refreshed(stored, now=now), now=now).waits
