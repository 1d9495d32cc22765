"""The API's description (OpenAPI 3.1) at /api/v1/openapi.json, made once per process from the views."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from packytrace.edge import problems
from packytrace.edge.visitors import COOKIE
from packytrace.errors import DomainError

_SCHEMA: Final = {"$ref": "#/components/schemas/Error"}

_SCHEME: Final = "accessToken"
_VISITOR: Final = "visitor"

_Security = tuple[dict[str, list[str]], ...]

#: Who may see something that a scan made: whoever sends back its cookie, or a token of its account.
OWNER: Final[_Security] = ({_VISITOR: []}, {_SCHEME: []})
#: Anybody; with one of them it is theirs.
ANYBODY: Final[_Security] = ({}, *OWNER)

_RAISED: Final = "x-raised"
_ASKED: Final = "x-asked"
_HEADERS: Final = frozenset({"Retry-After", "WWW-Authenticate"})
_EXAMPLE_ID: Final = "494ceb84-eb03-4e6c-9098-8b77538a9df5"

#: Answers that any operation may give, whatever it does: the front door's.
_ALWAYS: Final = (
    problems.BAD_REQUEST,
    problems.BAD_ADDRESS,
    problems.BAD_HOST,
    problems.INVALID_TOKEN,
    problems.METHOD_NOT_ALLOWED,
    problems.NOT_ACCEPTABLE,
    problems.BODY_TOO_LARGE,
    problems.ADDRESS_TOO_LONG,
    problems.TOO_MANY_REQUESTS,
    problems.SERVER_ERROR,
    problems.UNAVAILABLE,
    problems.SIGN_IN_UNAVAILABLE,
)
_WITH_A_BODY: Final = (
    problems.BAD_BODY,
    problems.TOO_DEEP,
    problems.INVALID,
    problems.UNSUPPORTED_MEDIA_TYPE,
)
_WITH_A_QUERY: Final = (problems.INVALID,)
_WITH_A_PATH: Final = (problems.NOT_FOUND,)
_WITH_AN_ACCOUNT: Final = (problems.NOT_SIGNED_IN,)
#: Whoever works for no active brand is told so by the gate's provider, in more words.
_WITH_A_BRAND: Final = (problems.FORBIDDEN,)
_OF_BRANDS: Final = "/api/v1/brand/"


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself
    """Tells drf-spectacular how one signs in."""

    target_class = "packytrace.edge.api.BearerAuthentication"
    name = _SCHEME

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """The scheme's definition; `complete` says the rest."""
        return {"type": "http", "scheme": "bearer"}


def may_raise(*errors: Callable[[], DomainError], asked_by: _Security | None = None) -> dict[str, Any]:
    """`extensions` of an operation: the errors that its use case may raise, each made by a call.

    `asked_by` says who may ask where the view's permissions do not tell it.
    """
    return {_RAISED: errors, _ASKED: asked_by}


@require_safe
def view(request: HttpRequest) -> HttpResponse:
    """The document, revalidated by its ETag."""
    body, etag = document()
    response = (
        HttpResponseNotModified()
        if request.headers.get("If-None-Match") == etag
        else HttpResponse(body, content_type="application/json")
    )
    response.headers["ETag"] = etag
    response.headers["Content-Language"] = "en"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@cache
def document() -> tuple[bytes, str]:
    """The document, in English whoever asks first, and its ETag."""
    with translation.override("en"):
        schema = SchemaGenerator(patterns=None).get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    body = orjson.dumps(schema, default=str)
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def complete(result: dict[str, Any], generator: object, request: object, public: bool) -> dict[str, Any]:
    """POSTPROCESSING_HOOKS: what the front door does for every operation, and no view knows of.

    A token is accepted everywhere, needed where the view says so, refused if it is not valid; there is one
    error body.
    """
    components = result.setdefault("components", {})
    components.setdefault("securitySchemes", {})[_SCHEME] = {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of the OpenID provider for this API (RFC 9068).",
    }
    components["securitySchemes"][_VISITOR] = {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "Who scans without an account. The answer to the first scan sets it (`Set-Cookie`:"
        " HttpOnly, at most 13 months). Keep it, as a cookie jar does, and send it back with every request:"
        " a scan is read and reported with the cookie that it was made with, or a token of its account, and"
        " by nobody else. A program that scans for several people keeps one jar for each.",
    }
    told = codes()
    for path, operation in _operations(result):
        needed = operation.get("security") == [{_SCHEME: []}]
        usual: list[dict[str, list[str]]] = [{_SCHEME: []}] if needed else [{}, {_SCHEME: []}]
        operation["security"] = list(operation.pop(_ASKED, None) or usual)
        found = tuple(_problems_of(path, operation))
        told.update({problem.code: problem.status for problem in found})
        for status in sorted({problem.status for problem in found}):
            response = _response([problem for problem in found if problem.status == status])
            operation.setdefault("responses", {})[str(status)] = response
    components.setdefault("schemas", {})["Error"] = _error(told)
    return result


def _problems_of(path: str, operation: dict[str, Any]) -> Iterator[problems.Problem]:
    """What an operation may answer, the most telling first."""
    for error in operation.pop(_RAISED, ()):
        if (problem := problems.expected(error())) is not None:
            yield problem
    if "requestBody" in operation:
        yield from _WITH_A_BODY
    elif any(parameter["in"] == "query" for parameter in operation.get("parameters", ())):
        yield from _WITH_A_QUERY
    if "{" in path:
        yield from _WITH_A_PATH
    if operation["security"] == [{_SCHEME: []}]:
        yield from _WITH_AN_ACCOUNT
    if path.startswith(_OF_BRANDS):
        yield from _WITH_A_BRAND
    yield from _ALWAYS


def _error(told: Mapping[str, int]) -> dict[str, Any]:
    listed = "\n".join(f"- `{code}` ({status})" for code, status in sorted(told.items()))
    return {
        "type": "object",
        "required": ["code", "message", "correlationId"],
        "properties": {
            "code": {
                "type": "string",
                "pattern": "^[a-z][a-z0-9_]*$",
                "description": f"Never renamed: branch on it. New ones may be added. Now:\n\n{listed}",
            },
            "message": {"type": "string", "description": "For people; may change."},
            "correlationId": {"type": "string", "description": "Also in the X-Correlation-ID header."},
            "details": {
                "type": "object",
                "description": "Of some codes only. Of a refused product code: `ai`, the GS1 Application"
                " Identifier at fault, and `position`, the offset in the code from 0; null where none is.",
            },
        },
    }


def codes() -> dict[str, int]:
    """Every code and its HTTP status: the edge's own and those of all contexts."""
    found = {problem.code: problem.status for problem in problems.ALL}
    for error in _domain_errors(DomainError):
        found[error.code] = problems.STATUS_OF_KIND[error.kind]
    return found


def _domain_errors(parent: type[DomainError]) -> Iterator[type[DomainError]]:
    for error in parent.__subclasses__():
        if hasattr(error, "code"):
            yield error
        yield from _domain_errors(error)


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document.get("paths", {}).items():
        for method, operation in methods.items():
            if method in {"get", "put", "post", "delete", "patch", "options", "head"}:
                yield path, operation


def _response(found: Iterable[problems.Problem]) -> dict[str, Any]:
    """One status with an example of each of its problems, and the headers that come with it."""
    by_code = {problem.code: problem for problem in found}
    response: dict[str, Any] = {
        "description": "\n\n".join(
            f"`{code}`: {problem.message}" if len(by_code) > 1 else str(problem.message)
            for code, problem in by_code.items()
        ),
        "content": {
            "application/json": {
                "schema": _SCHEMA,
                "examples": {code: {"value": _body(problem)} for code, problem in by_code.items()},
            }
        },
    }
    if headers := _HEADERS & {name for problem in by_code.values() for name in problem.headers}:
        response["headers"] = {name: {"schema": {"type": "string"}} for name in sorted(headers)}
    return response


def _body(problem: problems.Problem) -> dict[str, str]:
    return {"code": problem.code, "message": str(problem.message), "correlationId": _EXAMPLE_ID}
