"""How much one address and one visitor may ask, told in every answer.

The headers are RateLimit-Limit, -Remaining and -Reset of draft-ietf-httpapi-ratelimit-headers-06 (later
drafts fold them into one structured field that few clients read yet), and Retry-After (RFC 9110, 10.2.3).
"""

import math
import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv6Address, ip_network
from typing import Final

import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponseBase
from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter
from prometheus_client import Counter

from packytrace.edge import problems
from packytrace.edge.answers import answer
from packytrace.edge.counting import Standing, Windows
from packytrace.edge.origins import read_address
from packytrace.edge.request import EdgeRequest

log = structlog.get_logger(__name__)

LIMITED = Counter("packytrace_requests_limited", "Requests refused because there were too many.", ["limit"])

#: Seconds for which requests are counted here after the shared storage failed.
_WITHOUT_SHARED: Final = 10.0
_SHARED_TIMEOUT: Final = 0.2


class RateMiddleware:
    """Answers 429 to an address or a visitor that asks too often, and tells everybody where they stand.

    Stands behind static files and probes, which are not counted, and in front of everything that refuses.
    """

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        limits: dict[str, RateLimitItem] = settings.RATE_LIMITS
        shared = SharedStorage(url=settings.CACHE_URL) if settings.CACHE_URL else None
        self._address = Limit(name="address", item=limits["address"], shared=shared)
        self._visitor = Limit(name="visitor", item=limits["visitor"], shared=shared)

    def __call__(self, request: EdgeRequest) -> HttpResponseBase:
        limit, standing = self._address, self._address.count(network_of(request.client_address))
        # A visitor is not counted where the address is refused: their neighbours' trouble is not theirs.
        if not standing.exceeded and (visitor_id := request.visitor.known_id) is not None:
            visitors = self._visitor.count(visitor_id.hex)
            if visitors.exceeded or visitors.remaining < standing.remaining:
                limit, standing = self._visitor, visitors
        if standing.exceeded:
            LIMITED.labels(limit.name).inc()
            response: HttpResponseBase = answer(
                request,
                replace(problems.TOO_MANY_REQUESTS, headers={"Retry-After": str(max(1, standing.reset))}),
            )
        else:
            response = self._get_response(request)
        headers = response.headers
        headers["RateLimit-Limit"] = str(standing.limit)
        headers["RateLimit-Remaining"] = str(standing.remaining)
        headers["RateLimit-Reset"] = str(standing.reset)
        return response


class Limit:
    """One limit, counted in the shared storage if there is one, and here while that does not answer.

    Here, a process lets through its share: nobody passes the limit whichever processes they reach. Who stays
    on one connection, and so with one process, has that share alone, and is told so.
    """

    def __init__(self, *, name: str, item: RateLimitItem, shared: "SharedStorage | None") -> None:
        self.name = name
        self._item = item
        self._shared = shared
        share = max(1, item.amount // settings.WEB_WORKERS)
        self._here = Windows(limit=share, period=item.get_expiry())

    def count(self, who: str) -> Standing:
        """Count one request of `who`, unless that passes the limit."""
        standing = self._shared.count(name=self.name, item=self._item, who=who) if self._shared else None
        return standing or self._here.count(who)


class SharedStorage:
    """Redis, for all web processes together. A lost one never stops a scan."""

    def __init__(self, *, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        storage = storage_from_string(
            url,
            wrap_exceptions=True,
            socket_timeout=_SHARED_TIMEOUT,
            socket_connect_timeout=_SHARED_TIMEOUT,
        )
        if not isinstance(storage, Storage):
            raise ImproperlyConfigured("CACHE_URL must not be one of an asynchronous client.")
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._clock = clock
        self._again_at = 0.0

    def count(self, *, name: str, item: RateLimitItem, who: str) -> Standing | None:
        """Count one request; None while the storage does not answer."""
        if self._clock() < self._again_at:
            return None
        try:
            allowed = self._limiter.hit(item, name, who)
            stats = self._limiter.get_window_stats(item, name, who)
        except StorageError as error:
            self._again_at = self._clock() + _WITHOUT_SHARED
            log.warning("rate limits are counted per process", reason=type(error.storage_error).__name__)
            return None
        return Standing(
            limit=item.amount,
            remaining=stats.remaining if allowed else 0,
            reset=max(0, math.ceil(stats.reset_time - time.time())),
            exceeded=not allowed,
        )


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Who is counted as one: an IPv4 address, or an IPv6 /64, which is what one connection is given.

    `address` is what OriginMiddleware made of a client's words, and so short enough to be remembered.
    """
    found = read_address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found)
