"""What operators ask: is it alive, is it ready, how is it doing.

Answered in front of everything that could fail or refuse: probes come by a pod's address instead of the
site's name, carry no session and are not counted.
"""

import hmac
import ipaddress
from collections.abc import Callable
from functools import cached_property
from typing import Final

import orjson
from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from prometheus_client import CONTENT_TYPE_LATEST

from packytrace.edge import metrics, problems
from packytrace.edge.answers import answer
from packytrace.edge.readiness import Readiness, parts
from packytrace.edge.request import EdgeRequest

LIVE: Final = "/health/live"
READY: Final = "/health/ready"
METRICS: Final = "/metrics"


class OperationsMiddleware:
    """Answers /health/live, /health/ready and /metrics."""

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._answers = {LIVE: _live, READY: self._ready, METRICS: _metrics}

    def __call__(self, request: EdgeRequest) -> HttpResponseBase:
        respond = self._answers.get(request.path)
        if respond is None:
            return self._get_response(request)
        request.route = request.path
        if request.method not in {"GET", "HEAD"}:
            response = answer(request, problems.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = "GET, HEAD"
            return response
        return respond(request)

    @cached_property
    def _readiness(self) -> Readiness:
        return Readiness(parts())

    def _ready(self, _request: EdgeRequest) -> HttpResponse:
        report = self._readiness.report()
        ready = all(state.ok for state in report.values() if state.required)
        body = {
            "status": "ok" if ready else "failed",
            "parts": {
                name: {
                    "status": "ok" if state.ok else "failed",
                    "required": state.required,
                    "durationMs": state.duration_ms,
                }
                for name, state in report.items()
            },
        }
        return _json(body, status=200 if ready else 503)


def _live(_request: EdgeRequest) -> HttpResponse:
    return _json({"status": "ok"}, status=200)


def _metrics(request: EdgeRequest) -> HttpResponse:
    if not _may_read_metrics(request):
        return answer(request, problems.FORBIDDEN)
    response = HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
    response.headers["Cache-Control"] = "no-store"
    return response


def _may_read_metrics(request: EdgeRequest) -> bool:
    """Who knows METRICS_TOKEN, and this machine itself: not what a proxy on this machine passes on."""
    token: str = settings.METRICS_TOKEN
    offered = request.META.get("HTTP_AUTHORIZATION", "")
    if token and hmac.compare_digest(offered.encode("utf-8", "replace"), f"Bearer {token}".encode()):
        return True
    address = request.client_address
    return request.came_directly and bool(address) and ipaddress.ip_address(address).is_loopback


def _json(body: object, *, status: int) -> HttpResponse:
    response = HttpResponse(orjson.dumps(body), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
