"""What can be wrong with a request, once for the whole product: code, HTTP status and words.

Codes are a promise to API clients: never renamed, never given another meaning. Contexts add their own with
the classes in their `application/errors.py`; `openapi.py` documents all of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.db import InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from packytrace.errors import DomainError, Kind

#: Seconds after which asking again makes sense when a part of ours does not answer.
RETRY_AFTER: Final = 10


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One way in which a request can fail."""

    status: int
    code: str
    message: str | Promise
    """For people: what is wrong and what to do."""
    headers: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str | int | None] = field(default_factory=dict)
    """For programs: what is known besides."""


BAD_REQUEST: Final = Problem(status=400, code="bad_request", message=_("This request cannot be read."))
BAD_ADDRESS: Final = Problem(
    status=400,
    code="bad_address",
    message=_("The address has characters that no address may have: invalid UTF-8 or a null character."),
)
BAD_HOST: Final = Problem(
    status=400, code="bad_host", message=_("This site does not answer under the host name that was asked.")
)
BAD_BODY: Final = Problem(
    status=400,
    code="bad_body",
    message=_("The body cannot be read: it must be valid JSON in UTF-8 without null characters."),
)
BAD_FORM: Final = Problem(status=400, code="bad_form", message=_("A form must not have null characters."))
TOO_DEEP: Final = Problem(
    status=400, code="too_deep", message=_("The JSON is nested deeper than any request needs.")
)
INVALID: Final = Problem(status=400, code="invalid", message=_("A value is missing or is not allowed."))
NOT_SIGNED_IN: Final = Problem(
    status=401,
    code="not_signed_in",
    message=_("Sign in first: this needs an access token."),
    headers={"WWW-Authenticate": "Bearer"},
)
INVALID_TOKEN: Final = Problem(
    status=401,
    code="invalid_token",
    message=_("The access token is not valid or has expired: sign in again."),
    headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
)
FORBIDDEN: Final = Problem(status=403, code="forbidden", message=_("You may not do this."))
FORM_EXPIRED: Final = Problem(
    status=403,
    code="form_expired",
    message=_("The form was open for too long: reload the page and try again."),
)
NOT_FOUND: Final = Problem(status=404, code="not_found", message=_("There is nothing at this address."))
METHOD_NOT_ALLOWED: Final = Problem(
    status=405, code="method_not_allowed", message=_("This address does not take this method: see Allow.")
)
NOT_ACCEPTABLE: Final = Problem(
    status=406, code="not_acceptable", message=_("This is only available as application/json.")
)
BODY_TOO_SLOW: Final = Problem(
    status=408,
    code="body_too_slow",
    message=_("The body did not arrive in time: send it again."),
    headers={"Connection": "close"},
)
CONFLICT: Final = Problem(
    status=409, code="conflict", message=_("This does not fit what is there now: look again.")
)
PRECONDITION_FAILED: Final = Problem(
    status=412,
    code="precondition_failed",
    message=_("It was changed since you read it: read it again, then decide."),
)
BODY_TOO_LARGE: Final = Problem(
    status=413, code="body_too_large", message=_("The body is larger than we accept: send less.")
)
ADDRESS_TOO_LONG: Final = Problem(
    status=414, code="address_too_long", message=_("The address is longer than we accept.")
)
UNSUPPORTED_MEDIA_TYPE: Final = Problem(
    status=415, code="unsupported_media_type", message=_("Send the body as application/json.")
)
PRECONDITION_REQUIRED: Final = Problem(
    status=428,
    code="precondition_required",
    message=_("Say which version you change: send its ETag in If-Match."),
)
TOO_MANY_REQUESTS: Final = Problem(
    status=429,
    code="too_many_requests",
    message=_("Too many requests in a short time: wait, then try again."),
)
SERVER_ERROR: Final = Problem(
    status=500, code="server_error", message=_("Something broke on our side: it has been written down.")
)
UNAVAILABLE: Final = Problem(
    status=503,
    code="unavailable",
    message=_("A part that is needed does not answer right now: try again in a moment."),
    headers={"Retry-After": str(RETRY_AFTER)},
)
SIGN_IN_UNAVAILABLE: Final = Problem(
    status=503,
    code="sign_in_unavailable",
    message=_("Access tokens cannot be checked right now: try again in a moment."),
    headers={"Retry-After": str(RETRY_AFTER)},
)

ALL: Final = tuple(value for value in dict(globals()).values() if isinstance(value, Problem))

_OF_STATUS: Final = {
    problem.status: problem
    for problem in (
        BAD_REQUEST,
        NOT_SIGNED_IN,
        FORBIDDEN,
        NOT_FOUND,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        BODY_TOO_SLOW,
        CONFLICT,
        PRECONDITION_FAILED,
        PRECONDITION_REQUIRED,
        BODY_TOO_LARGE,
        ADDRESS_TOO_LONG,
        UNSUPPORTED_MEDIA_TYPE,
        TOO_MANY_REQUESTS,
        SERVER_ERROR,
        UNAVAILABLE,
    )
}

STATUS_OF_KIND: Final[Mapping[Kind, int]] = {
    Kind.INVALID: 400,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.PRECONDITION_FAILED: 412,
    Kind.PRECONDITION_REQUIRED: 428,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}


def of_status(status: int) -> Problem:
    """The general problem of an HTTP status."""
    if status in _OF_STATUS:
        return _OF_STATUS[status]
    return SERVER_ERROR if status >= 500 else BAD_REQUEST


def problem_of(error: DomainError) -> Problem:
    """The problem that an error in a context's words means."""
    general = of_status(STATUS_OF_KIND[error.kind])
    return Problem(
        status=general.status,
        code=error.code,
        message=str(error) or general.message,
        headers=general.headers,
        details=error.details,
    )


def expected(error: BaseException) -> Problem | None:
    """The problem that an expected error means; None for one that nobody foresaw."""
    if isinstance(error, DomainError):
        return problem_of(error)
    if isinstance(error, OperationalError | InterfaceError):
        return UNAVAILABLE
    return None
