"""Where every failure ends up: Django's error handlers, and the errors that views raise on purpose."""

import sys
from collections.abc import Callable

import structlog
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError

from packytrace.edge import problems
from packytrace.edge.answers import answer
from packytrace.edge.languages import speaking_to
from packytrace.logs.exceptions import describe

log = structlog.get_logger(__name__)


class FailureMiddleware:
    """Turns the errors that were foreseen into answers, before Django takes them for crashes.

    Stands innermost: what a view raises comes here first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.status_code == 405 and not getattr(response, "content", b"-"):
            # Django's own answer to a wrong method is empty.
            told = answer(request, problems.METHOD_NOT_ALLOWED)
            told.headers["Allow"] = response.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an expected error; leave any other to Django."""
        with speaking_to(request):  # what went wrong says it itself, even where the Resolver ran into it
            problem = problems.expected(error)
        if problem is None:
            return None
        if problem.status >= 500:
            log.warning("request failed", reason=describe(error))
        return answer(request, problem)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    if isinstance(exception, RequestDataTooBig):
        return answer(request, problems.BODY_TOO_LARGE)
    if isinstance(exception, DisallowedHost):
        return answer(request, problems.BAD_HOST)
    return answer(request, problems.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    return answer(request, problems.FORBIDDEN)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    return answer(request, problems.FORM_EXPIRED)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    return answer(request, problems.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: a middleware's failure that was foreseen, too, such as a session whose database is gone."""
    error = sys.exc_info()[1]
    if isinstance(error, UnreadablePostError):
        # Nobody is there any more to read an answer: the connection broke in the middle of the body.
        return answer(request, problems.BAD_REQUEST)
    problem = (problems.expected(error) if error else None) or problems.SERVER_ERROR
    return answer(request, problem)
