"""A number for every request: on the pages that tell of trouble, in the log, and on the answer."""

import uuid
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from packytrace.facts import correlation

HEADER: Final = "X-Correlation-ID"


class CorrelationMiddleware:
    """Outermost: what is logged while a request is answered has its number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = str(uuid.uuid4())
        with correlation.bind(number):
            response = self._get_response(request)
        response.headers[HEADER] = number
        return response
