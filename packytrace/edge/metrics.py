"""What Prometheus reads: how requests go, and how facts travel.

Several processes serve the web. The client library adds their numbers up from files in one folder
(PROMETHEUS_MULTIPROC_DIR), which must be named before it is imported and be empty when the server starts:
`prepare` does both for whoever starts the server. Without it a process tells of itself alone.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from packytrace.logs.exceptions import describe

log = structlog.get_logger(__name__)

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"

#: Seconds. 3 is the promise: from the scan to the passport (routes `passport:resolve` and `passport:passport`)
#: in less than 3 s for 95 of 100.
BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)

DURATION: Final = Histogram(
    "packytrace_http_request_duration_seconds",
    "From the request's arrival at the front door to its answer.",
    ["method", "route", "status"],
    buckets=BUCKETS,
)


def prepare(folder: Path) -> None:
    """Make the processes that this one starts, or becomes, count together in `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[FOLDER] = str(folder)


def exposition() -> bytes:
    """Every metric in Prometheus' text format."""
    if os.environ.get(FOLDER):
        requests = CollectorRegistry()
        MultiProcessCollector(requests)
    else:
        requests = REGISTRY
    travelling = CollectorRegistry()
    travelling.register(_FactsCollector())
    return generate_latest(requests) + generate_latest(travelling)


class _FactsCollector(Collector):
    """The state of outboxes and consumers, asked for when Prometheus asks."""

    def collect(self) -> Iterator[Metric]:
        failed = GaugeMetricFamily(
            "packytrace_scrape_failed", "1 for each part that could not be asked.", labels=["part"]
        )
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


def _outbox() -> Iterator[Metric]:
    from packytrace.facts import metrics as facts

    depth = GaugeMetricFamily("packytrace_outbox_facts", "Facts that wait for the relay.", labels=["context"])
    age = GaugeMetricFamily(
        "packytrace_outbox_oldest_seconds", "Age of the fact that waits longest.", labels=["context"]
    )
    for context, (waiting, seconds) in facts.outbox_state().items():
        depth.add_metric([context], waiting)
        age.add_metric([context], seconds)
    yield depth
    yield age


def _dead_letters() -> Iterator[Metric]:
    from packytrace.facts import metrics as facts

    dead = GaugeMetricFamily(
        "packytrace_dead_letters", "Facts set aside for an operator.", labels=["context"]
    )
    for context, number in facts.dead_letters().items():
        dead.add_metric([context], number)
    yield dead


def _consumer_lag() -> Iterator[Metric]:
    from packytrace.facts import metrics as facts

    lag = GaugeMetricFamily(
        "packytrace_consumer_lag_facts", "Facts not handled yet.", labels=["consumer", "topic"]
    )
    for (consumer, topic), number in facts.consumer_lag().items():
        lag.add_metric([consumer, topic], number)
    yield lag


_PARTS: Final[Mapping[str, Callable[[], Iterator[Metric]]]] = {
    "outbox": _outbox,
    "dead_letters": _dead_letters,
    "consumer_lag": _consumer_lag,
}
