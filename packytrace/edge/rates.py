"""How much one address and one visitor may ask, told in every answer.

The headers are RateLimit-Limit, -Remaining and -Reset of draft-ietf-httpapi-ratelimit-headers-06 (later
drafts fold them into one structured field that few clients read yet), and Retry-After (RFC 9110, 10.2.3).
"""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
from packytrace.edge.counting import WindowStorage
from packytrace.edge.origins import read_address
from packytrace.edge.request import EdgeRequest

log = structlog.get_logger(__name__)

LIMITED = Counter("packytrace_requests_limited", "Requests refused because there were too many.", ["limit"])

#: Seconds for which requests are counted here after the shared storage failed.
_WITHOUT_SHARED: Final = 10.0
_SHARED_TIMEOUT: Final = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How near a caller is to a limit."""

    name: str
    limit: int
    remaining: int
    reset: int
    """Seconds until at least one more request is allowed."""
    exceeded: bool


class RateMiddleware:
    """Answers 429 to an address or a visitor that asks too often, and tells everybody where they stand.

    Stands behind static files and probes, which are not counted.
    """

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._limits: dict[str, RateLimitItem] = settings.RATE_LIMITS
        self._counting = Counting(url=settings.CACHE_URL)

    def __call__(self, request: EdgeRequest) -> HttpResponseBase:
        # The visitor is not counted once the address is refused: a shared network's trouble is not theirs.
        standings: list[Standing] = []
        for name, who in _callers(request):
            standing = self._counting.count(name=name, item=self._limits[name], who=who)
            standings.append(standing)
            if standing.exceeded:
                LIMITED.labels(name).inc()
                response: HttpResponseBase = answer(
                    request,
                    replace(problems.TOO_MANY_REQUESTS, headers={"Retry-After": str(max(1, standing.reset))}),
                )
                break
        else:
            response = self._get_response(request)
        nearest = min(standings, key=lambda s: (not s.exceeded, s.remaining))
        response.headers["RateLimit-Limit"] = str(nearest.limit)
        response.headers["RateLimit-Remaining"] = str(nearest.remaining)
        response.headers["RateLimit-Reset"] = str(nearest.reset)
        return response


class Counting:
    """Counts in the shared storage, and here while that does not answer: a lost Redis never stops a scan."""

    def __init__(self, *, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._here = SlidingWindowCounterRateLimiter(WindowStorage())
        self._shared = SlidingWindowCounterRateLimiter(_shared_storage(url)) if url else None
        self._clock = clock
        self._shared_again_at = 0.0

    def count(self, *, name: str, item: RateLimitItem, who: str) -> Standing:
        """Count one request of `who`, unless that passes the limit."""
        if self._shared is not None and self._clock() >= self._shared_again_at:
            try:
                return _count(self._shared, name=name, item=item, who=who)
            except StorageError as error:
                self._shared_again_at = self._clock() + _WITHOUT_SHARED
                log.warning("rate limits are counted per process", reason=type(error.storage_error).__name__)
        return _count(self._here, name=name, item=item, who=who)


def _count(limiter: SlidingWindowCounterRateLimiter, *, name: str, item: RateLimitItem, who: str) -> Standing:
    allowed = limiter.hit(item, name, who)
    stats = limiter.get_window_stats(item, name, who)
    return Standing(
        name=name,
        limit=item.amount,
        remaining=stats.remaining if allowed else 0,
        reset=max(0, math.ceil(stats.reset_time - time.time())),
        exceeded=not allowed,
    )


def _callers(request: EdgeRequest) -> Iterator[tuple[str, str]]:
    yield "address", network_of(request.client_address)
    if (visitor_id := request.visitor.known_id) is not None:
        yield "visitor", visitor_id.hex


@lru_cache(maxsize=4096)
def network_of(address: str) -> str:
    """Who is counted as one: an IPv4 address, or an IPv6 /64, which is what one connection is given."""
    found = read_address(address)
    if isinstance(found, IPv6Address):
        return str(ip_network((found, 64), strict=False))
    return str(found)


def _shared_storage(url: str) -> Storage:
    storage = storage_from_string(
        url,
        wrap_exceptions=True,
        socket_timeout=_SHARED_TIMEOUT,
        socket_connect_timeout=_SHARED_TIMEOUT,
    )
    if not isinstance(storage, Storage):
        raise ImproperlyConfigured("CACHE_URL must not be one of an asynchronous client.")
    return storage
