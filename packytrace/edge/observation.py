"""Outermost: gives a request its correlation id, then tells log and metrics how it went."""

import functools
import random
import re
import time
import uuid
from collections.abc import Callable
from typing import Final

import structlog
from django.http import HttpResponseBase

from packytrace.edge.metrics import DURATION
from packytrace.edge.request import EdgeRequest
from packytrace.edge.routes import method_of, route_of
from packytrace.facts import correlation

log = structlog.get_logger(__name__)

HEADER: Final = "X-Correlation-ID"
_ACCEPTED: Final = re.compile(r"[A-Za-z0-9-]{8,64}")

#: Behind requests to these addresses stands a brand or an operator, never a consumer.
_NO_CONSUMER: Final = ("/brand/", "/api/v1/brand/", "/admin/")


#: The metric keeps its children, too, but takes a lock and makes four texts to find one.
_duration_of: Final = functools.cache(DURATION.labels)


class ObservationMiddleware:
    """One correlation id, one log line and one observation per request."""

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: EdgeRequest) -> HttpResponseBase:
        started = time.perf_counter()
        request.correlation_id = _correlation_id(request.META.get("HTTP_X_CORRELATION_ID"))
        with correlation.bind(request.correlation_id, brand_safe=request.path.startswith(_NO_CONSUMER)):
            response = self._get_response(request)
            response.headers[HEADER] = request.correlation_id
            seconds = time.perf_counter() - started
            method, route, status = method_of(request), route_of(request), response.status_code
            _duration_of(method, route, status).observe(seconds)
            log.info(
                "request", method=method, route=route, status=status, duration_ms=round(seconds * 1000, 2)
            )
        return response


def _correlation_id(offered: str | None) -> str:
    if offered is not None and _ACCEPTED.fullmatch(offered):
        return offered
    # Names lines of a log and protects nothing: not worth asking the kernel for randomness.
    return str(uuid.UUID(int=random.getrandbits(128), version=4))
