"""What is refused unread: addresses and bodies that are too large or that no honest client sends."""

import time
from collections.abc import Callable
from io import BytesIO
from typing import Final
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.http.request import UnreadablePostError

from packytrace.edge import problems
from packytrace.edge.answers import answer
from packytrace.edge.problems import Problem
from packytrace.edge.request import EdgeRequest

#: Characters of path and query together. Every GS1 Digital Link fits many times.
LONGEST_ADDRESS: Final = 8192

#: A client that is still sending does not read an answer: before a 413 we let it finish, up to these many
#: bytes and seconds.
_DRAINED_BYTES: Final = 16 * 1024 * 1024
_DRAINED_SECONDS: Final = 5.0
_PIECE: Final = 65_536


class AdmissionMiddleware:
    """Refuses what is too large or unreadable; gives a body of unknown length its length."""

    def __init__(self, get_response: Callable[[EdgeRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        self._largest: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        self._larger: dict[str, int] = settings.LARGER_BODIES

    def __call__(self, request: EdgeRequest) -> HttpResponseBase:
        problem = _address_problem(request) or self._body_problem(request)
        if problem is not None:
            return self._refuse(request, problem)
        return self._get_response(request)

    def _refuse(self, request: EdgeRequest, problem: Problem) -> HttpResponse:
        _drain(request)
        return answer(request, problem)

    def _body_problem(self, request: EdgeRequest) -> Problem | None:
        length = request.META.get("CONTENT_LENGTH") or ""
        largest = self._larger.get(request.path_info, self._largest)
        if length:
            if not (length.isascii() and length.isdigit()):
                return problems.BAD_BODY
            if int(length) > largest:
                return problems.BODY_TOO_LARGE
        elif _may_have_unmeasured_body(request):
            # Django takes a body without a length for an empty one.
            body = request.META["wsgi.input"].read(largest + 1)
            if len(body) > largest:
                return problems.BODY_TOO_LARGE
            request.META["CONTENT_LENGTH"] = str(len(body))
            request._stream = BytesIO(body)  # the one place where WSGIRequest reads a body from
        if request.META.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
            return _form_problem(request)
        return None


def _address_problem(request: EdgeRequest) -> Problem | None:
    # As it came: Django has already replaced what is no UTF-8 in its path by the percent-encoding of that, so
    # that a broken lot would look like a lot with percent signs.
    address = request.META.get("REQUEST_URI") or request.get_full_path()
    if len(address) > LONGEST_ADDRESS:
        return problems.ADDRESS_TOO_LONG
    if "%" not in address and "\0" not in address and address.isascii():
        return None
    try:
        readable = unquote_to_bytes(address.encode("latin-1")).decode()
    except UnicodeError:
        return problems.BAD_ADDRESS
    return problems.BAD_ADDRESS if "\0" in readable else None


def _may_have_unmeasured_body(request: EdgeRequest) -> bool:
    """Chunked, or HTTP/2 without Content-Length. Only a server that ends the input can be read to its end."""
    return bool(request.META.get("wsgi.input_terminated")) and request.method not in {
        "GET",
        "HEAD",
        "OPTIONS",
    }


def _form_problem(request: EdgeRequest) -> Problem | None:
    try:
        body = request.body
    except UnreadablePostError:
        return problems.BAD_REQUEST
    if b"%00" in body or b"\0" in body:
        return problems.BAD_FORM
    return None


def _drain(request: EdgeRequest) -> None:
    """Read and forget what the client still sends."""
    measured = request.META.get("CONTENT_LENGTH")
    if not measured and not _may_have_unmeasured_body(request):
        return
    stream = request if measured else request.META["wsgi.input"]
    until = time.monotonic() + _DRAINED_SECONDS
    left = _DRAINED_BYTES
    while left > 0 and time.monotonic() < until:
        try:
            piece = stream.read(min(_PIECE, left))
        except OSError:
            return
        if not piece:
            return
        left -= len(piece)
