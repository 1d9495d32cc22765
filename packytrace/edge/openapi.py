"""The API's description (OpenAPI 3.1) at /api/v1/openapi.json, made once per process from the views."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator

from packytrace.edge import problems
from packytrace.errors import DomainError

_SCHEMA: Final = {"$ref": "#/components/schemas/Error"}

_SCHEME: Final = "accessToken"

#: Answers that any operation may give, whatever it does.
_ALWAYS: Final = (
    problems.BAD_REQUEST,
    problems.INVALID_TOKEN,
    problems.TOO_MANY_REQUESTS,
    problems.SERVER_ERROR,
    problems.UNAVAILABLE,
)


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself
    """Tells drf-spectacular how one signs in."""

    target_class = "packytrace.edge.api.BearerAuthentication"
    name = _SCHEME

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        """The scheme's definition; `complete` says the rest."""
        return {"type": "http", "scheme": "bearer"}


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
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@cache
def document() -> tuple[bytes, str]:
    """The document and its ETag."""
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
    components.setdefault("schemas", {})["Error"] = _error()
    for operation in _operations(result):
        needed = operation.get("security") == [{_SCHEME: []}]
        operation["security"] = [{_SCHEME: []}] if needed else [{}, {_SCHEME: []}]
        for problem in _ALWAYS:
            operation.setdefault("responses", {}).setdefault(str(problem.status), _response(problem))
    return result


def _error() -> dict[str, Any]:
    listed = "\n".join(f"- `{code}` ({status})" for code, status in sorted(codes().items()))
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


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document.get("paths", {}).values():
        for method, operation in path.items():
            if method in {"get", "put", "post", "delete", "patch", "options", "head"}:
                yield operation


def _response(problem: problems.Problem) -> dict[str, Any]:
    return {"description": str(problem.message), "content": {"application/json": {"schema": _SCHEMA}}}
