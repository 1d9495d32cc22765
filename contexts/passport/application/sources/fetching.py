"""One question to a source over HTTP: it ends in time, with so many bytes, from the address that was asked.

Addresses are the operator's configuration: nobody else chooses where we ask, and a redirect leads nowhere.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from queue import Empty, SimpleQueue
from typing import Final

import requests
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from contexts.passport.application.sources.adapter import AnswerRefused, Question

#: Seconds for a connection, and for each piece of an answer.
PIECE_SECONDS: Final = 2.0
#: Seconds for the whole of an answer.
WHOLE_SECONDS: Final = 4.0
#: Bytes of the largest answer that is read.
LARGEST: Final = 4 * 1024 * 1024
_PIECE: Final = 64 * 1024
_OVERLOADED: Final = frozenset({429, 503})


class Unreachable(Exception):
    """No answer came, or not all of it: another try may bring one."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Overloaded(Exception):
    """The source asks to be left alone for a while."""

    code: Final = "overloaded"

    def __init__(self, retry_after: timedelta | None) -> None:
        super().__init__(self.code)
        self.retry_after = retry_after


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """An answer that came as a whole: 200, 304 or 404."""

    status: int
    body: bytes
    etag: str


def fetch(
    question: Question,
    *,
    etag: str = "",
    piece_seconds: float = PIECE_SECONDS,
    whole_seconds: float = WHOLE_SECONDS,
) -> Fetched:
    """Ask. Raises Unreachable, Overloaded, or AnswerRefused for what no second try would better.

    Whoever waits, waits no longer than `whole_seconds`: a source that sends a byte now and then keeps a
    thread of its own until a piece fails to come, and nobody else.
    """
    results: SimpleQueue[Fetched | Unreachable | Overloaded | AnswerRefused] = SimpleQueue()
    deadline = time.monotonic() + whole_seconds

    def run() -> None:
        # Of whatever else is wrong here the log has the trace, and nobody waits for it.
        result: Fetched | Unreachable | Overloaded | AnswerRefused = Unreachable("failed")
        try:
            result = _fetched(question, etag=etag, piece_seconds=piece_seconds, deadline=deadline)
        except (Unreachable, Overloaded, AnswerRefused) as error:
            result = error
        finally:
            results.put(result)

    threading.Thread(target=run, name="source", daemon=True).start()
    try:
        result = results.get(timeout=whole_seconds)
    except Empty:
        raise Unreachable("too_slow") from None
    if isinstance(result, Exception):
        raise result
    return result


def _fetched(question: Question, *, etag: str, piece_seconds: float, deadline: float) -> Fetched:
    headers = {"Accept-Encoding": "identity", **question.headers}
    if etag:
        headers["If-None-Match"] = etag
    try:
        with (
            requests.Session() as session,
            session.get(
                question.url, headers=headers, timeout=piece_seconds, stream=True, allow_redirects=False
            ) as answer,
        ):
            _check(answer.status_code, answer.headers)
            body = _body(answer, deadline=deadline) if answer.status_code != 304 else b""
            return Fetched(
                status=answer.status_code, body=body, etag=_kept_etag(answer.headers.get("ETag", ""))
            )
    except requests.exceptions.Timeout:
        raise Unreachable("too_slow") from None
    except (RequestException, HTTPError, OSError):
        raise Unreachable("connection") from None


def _check(status: int, headers: Mapping[str, str]) -> None:
    if status in _OVERLOADED:
        raise Overloaded(_pause(headers.get("Retry-After", "")))
    if status >= 500:
        raise Unreachable("server_error")
    if 300 <= status < 400 and status != 304:
        raise AnswerRefused("redirected")
    if status not in {200, 304, 404}:
        raise AnswerRefused("not_accepted")
    if headers.get("Content-Encoding", "identity").lower() != "identity":
        raise AnswerRefused("encoded")


def _body(answer: requests.Response, *, deadline: float) -> bytes:
    body = bytearray()
    while piece := answer.raw.read(_PIECE, decode_content=False):
        body += piece
        if len(body) > LARGEST:
            raise AnswerRefused("too_large")
        if time.monotonic() > deadline:
            raise Unreachable("too_slow")
    return bytes(body)


def _kept_etag(etag: str) -> str:
    """One that we can send back; a longer one than our column is none."""
    return etag if len(etag) <= 200 and etag.isascii() and etag.isprintable() else ""


def _pause(retry_after: str) -> timedelta | None:
    """Retry-After (RFC 9110 section 10.2.3): seconds or a date; None for neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return timedelta(seconds=min(int(retry_after[:9]), 86_400))
    try:
        moment = parsedate_to_datetime(retry_after)
    except (ValueError, TypeError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(timedelta(), moment - datetime.now(UTC))
