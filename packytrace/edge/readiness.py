"""Whether this process can serve: each part by name, asked at the same time, with a deadline."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from django.conf import settings
from django.db import connections
from kombu.connection import Connection
from limits.storage import storage_from_string

from packytrace.databases import roles
from packytrace.edge import ports
from packytrace.edge.metrics import log_of_process
from packytrace.logs.exceptions import describe
from packytrace.openid.issuer import configured_issuer

log = structlog.get_logger(__name__)

#: Seconds that a part may take. Load balancers ask every few seconds and give up after one or two.
DEADLINE: Final = 1.5
#: Seconds for which an answer is given again: asking costs connections, and anybody may ask.
KEPT: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Part:
    """Something that this process needs. `check` raises when it is not there."""

    check: Callable[[], None]
    required: bool
    """Whether shoppers or brand users would notice within one request."""


@dataclass(frozen=True, kw_only=True)
class State:
    """How a part is."""

    ok: bool
    required: bool
    duration_ms: float


class Readiness:
    """Asks the parts, each in a thread of its own, and never a second time while one has not answered."""

    def __init__(
        self,
        parts: Mapping[str, Part],
        *,
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parts = dict(parts)
        self._deadline = deadline
        self._clock = clock
        self._lock = threading.Lock()
        self._running: dict[str, _Check] = {}
        self._report: dict[str, State] = {}
        self._reported_at = float("-inf")

    def report(self) -> dict[str, State]:
        """State of each part by name."""
        with self._lock:
            if self._clock() - self._reported_at >= KEPT:
                self._report = self._ask()
                self._reported_at = self._clock()
            return self._report

    def _ask(self) -> dict[str, State]:
        for name, part in self._parts.items():
            if name not in self._running:
                self._running[name] = _Check(name, part)
        until = time.monotonic() + self._deadline
        return {name: self._state_of(name, until=until) for name in self._parts}

    def _state_of(self, name: str, *, until: float) -> State:
        check = self._running[name]
        check.join(timeout=max(0.0, until - time.monotonic()))
        if check.is_alive():
            seconds = time.monotonic() - check.started_at
            log.warning("part does not answer", part=name, seconds=round(seconds, 1))
        else:
            seconds = check.seconds
            del self._running[name]
        return State(ok=check.ok, required=self._parts[name].required, duration_ms=round(seconds * 1000, 1))


class _Check(threading.Thread):
    """One question to one part. A daemon: a part that hangs does not keep the process from ending."""

    def __init__(self, name: str, part: Part) -> None:
        super().__init__(name=f"readiness {name}", daemon=True)
        self._part = part
        self.ok = False
        self.seconds = 0.0
        self.started_at = time.monotonic()
        self.start()

    def run(self) -> None:
        try:
            self._part.check()
        except Exception as error:  # noqa: BLE001 - whatever it raises, the part is not there
            log.warning("part failed", part=self.name.removeprefix("readiness "), reason=describe(error))
        else:
            self.ok = True
        finally:
            self.seconds = time.monotonic() - self.started_at
            connections.close_all()  # this thread's own


def parts() -> dict[str, Part]:
    """What the web server stands on.

    Without passport's database there is no scan, without identity's no session. A part that only some pages
    need is told and takes nobody off the load balancer: one wrong password must not stop every scan.
    """
    databases = {
        f"database {context}": Part(
            check=_database_check(context), required=context in {"passport", "identity"}
        )
        for context in roles.CONTEXTS
    }
    others: dict[str, Callable[[], None]] = {
        # Scans wait in the outbox while the log is away.
        "log": _log_check,
        "sign-in provider": _provider_check,
    }
    if not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        # What happens on schedule waits; no request puts a task into it.
        others["task queue"] = _task_queue_check
    if settings.CACHE_URL:
        # Each process counts requests alone while it is away.
        others["rate limit store"] = _rate_limit_store_check
    return databases | {name: Part(check=check, required=False) for name, check in others.items()}


def _database_check(alias: str) -> Callable[[], None]:
    def check() -> None:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")

    return check


def _log_check() -> None:
    log_of_process().check(ports.consumers())


def _provider_check() -> None:
    configured_issuer().endpoint("jwks_uri")


def _task_queue_check() -> None:
    with Connection(settings.CELERY_BROKER_URL, connect_timeout=DEADLINE) as connection:
        connection.connect()


def _rate_limit_store_check() -> None:
    # A question a second is not worth a connection that stays.
    storage = storage_from_string(
        settings.CACHE_URL, socket_timeout=DEADLINE, socket_connect_timeout=DEADLINE
    )
    if not storage.check():
        raise ConnectionError
