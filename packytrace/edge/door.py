"""What is answered in front of the threads, while all of them may hang: that the process is alive, and that a
request will not be served.

It is said in the same words, with the same headers, the same line in the log and the same metric as any other
answer: the outer middlewares are the same, and none of them asks a database.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse

from packytrace.edge import problems
from packytrace.edge.answers import answer
from packytrace.edge.observation import ObservationMiddleware
from packytrace.edge.operations import OperationsMiddleware
from packytrace.edge.origins import OriginMiddleware
from packytrace.edge.problems import Problem
from packytrace.edge.security_headers import SecurityHeadersMiddleware

_REFUSALS: Final = (problems.BAD_BODY, problems.BODY_TOO_SLOW, problems.UNAVAILABLE)

Respond = Callable[[Any], Any]


class Door:
    """Answers from the event loop. Each takes well below a millisecond and waits for nothing."""

    def __init__(self) -> None:
        self._operations = _outer(OperationsMiddleware(partial(answer, problem=problems.NOT_FOUND)))
        self._refusals = {problem.code: _outer(partial(answer, problem=problem)) for problem in _REFUSALS}

    def alive(self, environ: Mapping[str, Any]) -> HttpResponse:
        """The answer to a request for /health/live."""
        return self._respond(self._operations, environ)

    def refuse(self, environ: Mapping[str, Any], problem: Problem) -> HttpResponse:
        """Tell one of the problems that are found before a thread is: see _REFUSALS."""
        return self._respond(self._refusals[problem.code], environ)

    def _respond(self, respond: Respond, environ: Mapping[str, Any]) -> HttpResponse:
        # A copy: the thread that was given up may still be changing its own.
        response: HttpResponse = respond(WSGIRequest({**environ}))
        return response


def _outer(respond: Respond) -> Respond:
    inner: Respond = OriginMiddleware(respond)
    return ObservationMiddleware(SecurityHeadersMiddleware(inner))
