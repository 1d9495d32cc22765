"""Facts on the move for the length of a block: relay and consumers as threads of this process.

For commands that need what they published to have arrived before they go on. Relays and consumers of other
processes may run beside it: whoever is first moves a fact.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from django.db import connections

from packytrace.databases import roles
from packytrace.facts import metrics
from packytrace.facts.consuming import ConsumerLoop
from packytrace.facts.fact import Consumer
from packytrace.facts.log import Log
from packytrace.facts.relay import Relay

#: Seconds between two looks at what is left.
LOOK: Final = 0.1


class StillMoving(Exception):
    """Facts did not arrive in time."""


class FactsStopped(Exception):
    """Relay or a consumer ended by an error; it is the cause of this one."""


@contextmanager
def facts_moving(*, consumers: Sequence[Consumer], log: Log) -> Iterator[Callable[..., None]]:
    """Relay and consume inside the block; yields `settle(patience=seconds)`.

    `settle` returns once no fact waits in any outbox and the consumers have handled what is in the log.
    Raises StillMoving after `patience` seconds, FactsStopped, or LogUnavailable.
    """
    stop = threading.Event()
    errors: list[Exception] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - raised by `settle`, in the thread that waits
            errors.append(error)
        finally:
            for alias in roles.CONTEXTS:
                connections[alias].close()

    relay = Relay(log=log)
    loops = [ConsumerLoop(consumer=consumer, log=log, stop=stop) for consumer in consumers]
    works: list[Callable[[], None]] = [lambda: relay.run(stop), *(loop.run for loop in loops)]

    def settle(*, patience: float) -> None:
        deadline = time.monotonic() + patience
        while waiting := _waiting(consumers, log=log):
            if errors:
                raise FactsStopped from errors[0]
            if time.monotonic() > deadline:
                raise StillMoving(f"After {patience:.0f} s there are still facts in {', '.join(waiting)}.")
            time.sleep(LOOK)

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield settle
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _waiting(consumers: Sequence[Consumer], *, log: Log) -> list[str]:
    """The outboxes and topics that hold facts; the outboxes first, for what left one is in a topic."""
    outboxes = [f"{context}'s outbox" for context, state in metrics.outboxes().items() if state.waiting]
    behind = metrics.lag(consumers=consumers, log=log)
    return outboxes + [topic for (_, topic), facts in behind.items() if facts]
