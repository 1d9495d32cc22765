"""What Prometheus reads: how requests go, how facts travel, and what is overdue.

Several processes serve the web. The client library adds their numbers up from files in one folder
(PROMETHEUS_MULTIPROC_DIR), which must be named before it is imported and be empty when the server starts:
`prepare` does both for whoever starts the server. Without it a process tells of itself alone.
"""

import fcntl
import functools
import hashlib
import os
import shutil
import socket
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import structlog
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from packytrace.edge import ports
from packytrace.facts import metrics as facts
from packytrace.facts.log import Log, configured_log
from packytrace.logs.exceptions import describe

log = structlog.get_logger(__name__)

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"

#: Seconds. 3 is the promise: 95 of 100 scans lead to their passport in less (the resolver, then the page).
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)

DURATION: Final = Histogram(
    "packytrace_http_request_duration_seconds",
    "From the request's arrival at the front door to its answer.",
    ["method", "route", "status"],
    buckets=BUCKETS,
)


def place(state: Path, *, memory: Path = Path("/dev/shm")) -> Path:  # noqa: S108 - checked to be ours below
    """Where this server's folder goes: into memory where the system has such a place, else below `state`.

    The files are mapped into memory without their space being reserved: where the disk is full, counting one
    more request would end the process (SIGBUS) instead of raising an error.
    """
    name = f"{hashlib.sha256(str(state).encode()).hexdigest()[:16]}-{socket.gethostname()}"
    root = memory / f"packytrace-{os.getuid()}"
    with suppress(OSError):
        root.mkdir(mode=0o700, exist_ok=True)
        found = root.lstat()
        # Anybody may write there: what another user has put in our place is not ours.
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077:
            return root / name
    return state / "metrics" / name


def prepare(own: Path) -> None:
    """Make the processes that this one starts, or becomes, count together in the folder `own`.

    Servers may share the folder above: each holds its own while it lives, and deletes those that nobody
    holds, which ended servers and replaced containers left.
    """
    root = own.parent
    root.mkdir(parents=True, exist_ok=True)
    turn = _locked(root)
    for folder in root.iterdir():
        with suppress(BlockingIOError):
            os.close(_locked(folder, wait=False))
            shutil.rmtree(folder, ignore_errors=True)
    # Empty, even where a server that is ending still holds the one before.
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    os.set_inheritable(_locked(own), True)
    os.close(turn)
    os.environ[FOLDER] = str(own)


def _locked(folder: Path, *, wait: bool = True) -> int:
    """The descriptor that holds the lock. Raises BlockingIOError."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def exposition() -> bytes:
    """Every metric in Prometheus' text format."""
    if os.environ.get(FOLDER):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)  # type: ignore[no-untyped-call] # the library leaves it untyped
    else:
        requests = REGISTRY
    travelling = CollectorRegistry()
    travelling.register(_FactsCollector())
    return generate_latest(requests) + generate_latest(travelling)


class _FactsCollector(Collector):
    """The state of outboxes, consumers and work on schedule, asked for when Prometheus asks."""

    def collect(self) -> Iterator[Metric]:
        failed = GaugeMetricFamily(
            "packytrace_scrape_failed", "1 for each part that could not be asked.", labels=["part"]
        )
        with _no_connection_left_open():
            for part, read in _PARTS.items():
                try:
                    families = list(read())
                except Exception as error:  # noqa: BLE001 - what is broken must not hide what is not
                    log.warning("metrics are missing", part=part, reason=describe(error))
                    failed.add_metric([part], 1)
                else:
                    failed.add_metric([part], 0)
                    yield from families
        yield failed


@contextmanager
def _no_connection_left_open() -> Iterator[None]:
    """Close what was opened inside: else, one scrape after the other, every web thread would keep one to each
    context, whether or not it ever serves it."""
    before = {connection.alias for connection in _open_connections()}
    yield
    for connection in _open_connections():
        if connection.alias not in before:
            connection.close()


def _open_connections() -> list[BaseDatabaseWrapper]:
    return [wrapper for wrapper in connections.all(initialized_only=True) if wrapper.connection is not None]


def _outboxes() -> Iterator[Metric]:
    waiting = GaugeMetricFamily(
        "packytrace_outbox_facts", "Facts that wait for the relay.", labels=["context"]
    )
    oldest = GaugeMetricFamily(
        "packytrace_outbox_oldest_seconds", "Age of the fact that waits longest.", labels=["context"]
    )
    dead = GaugeMetricFamily(
        "packytrace_outbox_dead_facts", "Facts that the log refused for good.", labels=["context"]
    )
    for context, state in facts.outboxes().items():
        waiting.add_metric([context], state.waiting)
        oldest.add_metric([context], state.oldest)
        dead.add_metric([context], state.dead)
    return iter((waiting, oldest, dead))


def _dead_letters() -> Iterator[Metric]:
    dead = GaugeMetricFamily(
        "packytrace_dead_letters",
        "Facts that a consumer could not handle and set aside for an operator.",
        labels=["context", "consumer"],
    )
    found = {(consumer.context, consumer.name): 0 for consumer in ports.consumers()} | dict(facts.letters())
    for (context, consumer), number in found.items():
        dead.add_metric([context, consumer], number)
    yield dead


def _consumer_lag() -> Iterator[Metric]:
    lag = GaugeMetricFamily(
        "packytrace_consumer_lag_facts",
        "Facts in the log that a consumer has not handled.",
        labels=["consumer", "topic"],
    )
    for (consumer, topic), number in facts.lag(consumers=ports.consumers(), log=log_of_process()).items():
        lag.add_metric([consumer, topic], number)
    yield lag


def _overdue() -> Iterator[Metric]:
    number = GaugeMetricFamily(
        "packytrace_overdue", "What a worker should have done by now, by the kind of work.", labels=["work"]
    )
    oldest = GaugeMetricFamily(
        "packytrace_overdue_oldest_seconds", "Age of the work that waits longest.", labels=["work"]
    )
    now = timezone.now()
    for work, overdue in ports.overdue_work(now=now).items():
        number.add_metric([work], overdue.number)
        oldest.add_metric([work], 0.0 if overdue.since is None else (now - overdue.since).total_seconds())
    return iter((number, oldest))


@functools.cache
def log_of_process() -> Log:
    """The log's client: one per process, made when it is first asked, never before a fork."""
    return configured_log()


_PARTS: Final[Mapping[str, Callable[[], Iterator[Metric]]]] = {
    "outbox": _outboxes,
    "dead_letters": _dead_letters,
    "consumer_lag": _consumer_lag,
    "overdue": _overdue,
}
