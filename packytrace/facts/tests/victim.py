"""A process that kills itself at the worst moment.

`python -m packytrace.facts.tests.victim MOMENT NAME KEY...`

Moments: `produced` (a relay whose batch is in the log and still in the outbox), `effect` (a consumer whose
effect is written and not committed), `committed` (a consumer whose effect is committed and whose log has not
been told).

On a log that holds facts of other tests the moment is one of a fact with one of the keys.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import django
import psycopg

if __name__ == "__main__":
    django.setup()

from packytrace.facts.consuming import ConsumerLoop
from packytrace.facts.fact import Consumer, Fact
from packytrace.facts.log import Appended, Appender, Message, Reader, Received
from packytrace.facts.relay import Relay
from packytrace.facts.tests.counting import listener
from packytrace.facts.tests.logs import log_of_environment


def die() -> None:
    """End at once, as by a power cut: nothing is closed, flushed or rolled back by us."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingAppender:
    """Appends, then dies before the relay can delete."""

    def __init__(self, appender: Appender) -> None:
        self._appender = appender

    def append(self, messages: Sequence[Message], *, connection: psycopg.Connection[Any]) -> Appended:
        """Append and die."""
        appended = self._appender.append(messages, connection=connection)
        assert not appended.failed
        die()
        return appended

    def check(self) -> None:
        """Pass on."""
        self._appender.check()

    def close(self) -> None:
        """Pass on."""
        self._appender.close()


class DyingReader:
    """Reads, then dies before the log is told what was handled."""

    def __init__(self, reader: Reader, *, keys: Sequence[str]) -> None:
        self._reader = reader
        self._keys = set(keys)

    def read(self, *, limit: int, timeout: float) -> Sequence[Received]:
        """Pass on."""
        return self._reader.read(limit=limit, timeout=timeout)

    def claim(self, received: Sequence[Received]) -> bool:
        """Pass on."""
        return self._reader.claim(received)

    def commit(self, received: Sequence[Received]) -> None:
        """Die, if it is the moment."""
        if self._keys & {one.key for one in received}:
            die()
        self._reader.commit(received)

    def rewind(self) -> None:
        """Pass on."""
        self._reader.rewind()

    def close(self) -> None:
        """Pass on."""
        self._reader.close()


def main(*, moment: str, name: str, keys: Sequence[str]) -> None:
    """Work until the moment comes."""
    log = log_of_environment()
    if moment == "produced":
        relay = Relay(log=log)
        relay._appender = DyingAppender(relay._appender)
        relay.run(threading.Event())
    consumer = listener(name)
    if moment == "effect":
        consumer = replace(consumer, handle=_dying(consumer, keys=keys))
    loop = ConsumerLoop(consumer=consumer, log=log, stop=threading.Event())
    if moment == "committed":
        loop._reader = DyingReader(loop._reader, keys=keys)
    loop.run()


def _dying(consumer: Consumer, *, keys: Sequence[str]) -> Callable[[Fact], None]:
    def handle(fact: Fact) -> None:
        consumer.handle(fact)
        if fact.key in keys:
            die()

    return handle


if __name__ == "__main__":
    main(moment=sys.argv[1], name=sys.argv[2], keys=sys.argv[3:])
