"""Django REST Framework's side of the front door: JSON in, JSON out, and one body for every error."""

from collections.abc import Mapping
from typing import IO, Any, Final

import orjson
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from packytrace.edge import problems
from packytrace.edge.answers import answer
from packytrace.edge.problems import Problem

#: Levels of lists and objects that a body may have.
DEEPEST: Final = 16

_LONGEST_MESSAGE: Final = 500


class UnreadableBody(exceptions.ParseError):
    """The body is not JSON that we read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem.message))
        self.problem = problem


class JsonParser(BaseParser):
    """Strict JSON (RFC 8259) in UTF-8: neither NaN nor null characters, which PostgreSQL cannot keep."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The body. Raises UnreadableBody."""
        try:
            data = orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            raise UnreadableBody(problems.BAD_BODY) from error
        _check(data)
        return data


class JsonRenderer(BaseRenderer):
    """JSON in UTF-8."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The body; empty for None."""
        return b"" if data is None else orjson.dumps(data, default=_plain)


class BearerAuthentication(BaseAuthentication):
    """The middleware has already verified the token: this only says how to sign in."""

    def authenticate(self, request: Request) -> None:
        """There is no Django user behind a token: `request.account_id` says who it is."""

    def authenticate_header(self, request: Request) -> str:
        """The scheme that a 401 names."""
        return "Bearer"


class HasAccount(BasePermission):
    """A valid access token. The default: what is open to everybody says so with AllowAny."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Whether the request speaks for an account."""
        return getattr(request, "account_id", None) is not None


def exception_handler(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """EXCEPTION_HANDLER: the product's error body, or None for what nobody foresaw."""
    problem = _problem_of(error)
    if problem is None:
        return None
    response = answer(context["request"]._request, problem)
    for name, value in getattr(error, "headers", {}).items():
        response.headers[name] = value
    return response


def _problem_of(error: Exception) -> Problem | None:
    if isinstance(error, UnreadableBody):
        return error.problem
    if isinstance(error, exceptions.ValidationError):
        return Problem(
            status=problems.INVALID.status,
            code=problems.INVALID.code,
            message="; ".join(_sentences(error.detail))[:_LONGEST_MESSAGE] or problems.INVALID.message,
        )
    if isinstance(error, exceptions.APIException):
        return problems.of_status(error.status_code)
    if isinstance(error, Http404):
        return problems.NOT_FOUND
    if isinstance(error, PermissionDenied):
        return problems.FORBIDDEN
    return problems.expected(error)


def _sentences(detail: Any, *, field: str = "") -> list[str]:
    """A serializer's complaints as `field: sentence`."""
    if isinstance(detail, Mapping):
        return [
            sentence
            for name, inner in detail.items()
            for sentence in _sentences(
                inner, field=field if name == "non_field_errors" else f"{field}.{name}".strip(".")
            )
        ]
    if isinstance(detail, list | tuple):
        return [sentence for inner in detail for sentence in _sentences(inner, field=field)]
    return [f"{field}: {detail}" if field else str(detail)]


def _check(data: Any) -> None:
    """Refuse null characters, and nesting that only an attack has. Iterative: depth is what it looks for."""
    left = [(data, 1)]
    while left:
        value, depth = left.pop()
        if isinstance(value, str):
            if "\0" in value:
                raise UnreadableBody(problems.BAD_BODY)
            continue
        if not isinstance(value, dict | list):
            continue
        if depth > DEEPEST:
            raise UnreadableBody(problems.TOO_DEEP)
        if isinstance(value, dict):
            left.extend((key, depth) for key in value)
            value = value.values()
        left.extend((inner, depth + 1) for inner in value)


def _plain(value: object) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON.")
