"""What the tests let work: relays and consumers, in this process, until something is so."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

from packytrace.facts.consuming import ConsumerLoop
from packytrace.facts.fact import Consumer
from packytrace.facts.relay import Relay
from packytrace.facts.tests.counting import administrator, heard
from packytrace.facts.tests.logs import Subject

#: Seconds after which a test gives up.
PATIENCE = 60.0

#: What the threads of the running test raised.
raised: list[BaseException] = []


def relay_all(subject: Subject) -> int:
    """Run a relay until the outbox is empty; returns how many facts it moved."""
    relay = Relay(log=subject.log())
    try:
        moved = 0
        deadline = time.monotonic() + PATIENCE
        while waiting():
            moved += relay.run_once()
            assert time.monotonic() < deadline, relay.trouble
        return moved
    finally:
        relay.close()


def waiting() -> int:
    """Facts in passport's outbox."""
    with administrator() as admin:
        (count,) = admin.execute("SELECT count(*) FROM passport.outbox").fetchone() or (0,)
        return int(count)


@contextmanager
def listening(
    subject: Subject, *consumers: Consumer, shared: bool = False
) -> Iterator[Sequence[ConsumerLoop]]:
    """Consumers at work, each in a thread; `shared` when several of them are the same."""
    stop = threading.Event()
    log = subject.shared_log if shared else subject.log
    loops = [ConsumerLoop(consumer=consumer, log=log(), stop=stop) for consumer in consumers]
    with threads(stop, *(loop.run for loop in loops)):
        yield loops


@contextmanager
def threads(stop: threading.Event, *targets: Callable[[], None]) -> Iterator[None]:
    """Run targets until the block ends; an error in one of them fails the test."""

    def run(target: Callable[[], None]) -> None:
        try:
            target()
        except BaseException as error:  # noqa: BLE001 - raised again below
            raised.append(error)

    started = [threading.Thread(target=run, args=[target]) for target in targets]
    for thread in started:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in started:
            thread.join(PATIENCE)
    if raised:
        raise raised[0]


def until(condition: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert raised == []
        assert time.monotonic() < deadline, "It did not come to be."
        time.sleep(0.05)


def has_heard(name: str, expected: dict[UUID, list[int]]) -> None:
    """Wait until the consumer has heard that many facts, then compare all of it."""
    count = sum(map(len, expected.values()))
    until(lambda: sum(map(len, heard(name, keys=[*expected]).values())) >= count)
    time.sleep(0.2)
    assert heard(name, keys=[*expected]) == expected
