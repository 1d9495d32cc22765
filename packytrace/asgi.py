"""What the web server runs: ASGI outside, the WSGI application on a fixed number of threads inside.

Two things that WSGI alone cannot give us. The raw request target: WSGI passes a decoded path, in which the
`%2F` of a lot number is lost among the separators of a GS1 Digital Link (the server adds no REQUEST_URI to
WSGI, ASGI has `raw_path`). And patience: a request takes a thread only once its body is here, so that slow
clients wait in the event loop and keep neither a thread nor a database connection from the others.

A reader is waited for in the event loop too, unless the answer is a stream: its pieces have to be taken soon.

Patience ends: a request that no thread has answered in time is answered here, and so is one that would wait
behind too many others. Whatever hangs the threads, such as a database that does not answer, the process says
that it is alive, and nobody waits for nothing.
"""

import asyncio
import sys
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from queue import SimpleQueue
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote_to_bytes

import structlog
from django.conf import settings
from django.http import HttpResponse

from packytrace import wsgi
from packytrace.edge import problems
from packytrace.edge.door import Door
from packytrace.edge.operations import LIVE

log = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
WSGIApplication = Callable[[Environ, Any], Iterable[bytes]]

#: Seconds that a client has to send its body.
BODY_SECONDS: Final = 30.0
#: Seconds that we have to answer: more than a statement may take, less than clients and proxies wait.
ANSWER_SECONDS: Final = 15.0
#: Seconds that a reader has to take each piece of a stream: its thread serves nobody else.
PIECE_SECONDS: Final = 5.0
#: Bytes up to which an answer with a Content-Length, such as a static file, is read before it is sent: who is
#: slow to take it keeps these bytes and no thread.
_READ_FIRST_BYTES: Final = 1024 * 1024
#: Requests that may wait for each thread: at 10 ms each, the last of them waits less than a second.
WAITING_PER_THREAD: Final = 64
#: Seconds between two looks for requests whose time is over.
_LOOK_EVERY: Final = 0.5
#: Larger bodies that one process reads and answers at once: they are held in memory.
_MOST_LARGER: Final = 4
#: A client that still sends does not read an answer: what exceeds the largest body is read and forgotten, up
#: to these many bytes, before the application says that it is too much.
_DRAINED_BYTES: Final = 16 * 1024 * 1024
#: Names of headers that are worth remembering: whoever makes up longer ones fills no memory of ours.
_LONGEST_KEPT_NAME: Final = 64


@dataclass(slots=True, eq=False)
class _Exchange:
    """One request on its way through a thread, and what comes back to the event loop."""

    environ: Environ
    loop: asyncio.AbstractEventLoop
    send: Send
    ended: "asyncio.Future[bool]"
    """True once the thread is done, False once its time is over."""
    until: float
    """In the loop's time."""
    taken: bool = False
    """Whether a thread has begun."""
    given_up: bool = False
    stuck: bool = False
    """Whether it was given up while a thread works on it, which is not back yet."""
    start: Message | None = None
    body: bytes = b""
    failure: Exception | None = None

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        """PEP 3333's callable. The application is Django's alone, which never calls it twice."""
        self.start = {
            "type": "http.response.start",
            "status": int(status[:3]),
            "headers": [(_name(name), value.strip().encode("latin-1")) for name, value in headers],
        }


class ThreadedApplication:
    """A WSGI application as an ASGI application for HTTP; lifespan and WebSockets must not be offered to it.

    Its threads are started with the first request: nothing runs before the server's processes have forked.
    """

    def __init__(
        self,
        application: WSGIApplication,
        *,
        threads: int,
        largest_body: int,
        larger_bodies: Mapping[str, int] = MappingProxyType({}),
        body_seconds: float = BODY_SECONDS,
        answer_seconds: float = ANSWER_SECONDS,
        piece_seconds: float = PIECE_SECONDS,
        waiting_per_thread: int = WAITING_PER_THREAD,
    ) -> None:
        self.body_seconds = body_seconds
        self.answer_seconds = answer_seconds
        self.piece_seconds = piece_seconds
        self.most_waiting = threads * waiting_per_thread
        self._application = application
        self._threads = threads
        self._largest_body = largest_body
        self._larger_bodies = larger_bodies
        self._larger = 0
        self._door = Door()
        self._open: set[_Exchange] = set()
        self._watched = False
        self._stuck = 0
        self._waiting: SimpleQueue[_Exchange] = SimpleQueue()
        self._finished: deque[_Exchange] = deque()
        self._woken = False
        self._running = False

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not self._running:
            self._start()
        environ = environ_of(scope)
        larger = self._larger_bodies.get(environ["PATH_INFO"])
        if larger is None or not _may_have_body(environ):
            await self._answer(environ, receive, send, largest_body=self._largest_body)
            return
        if self._larger >= _MOST_LARGER:
            with suppress(TimeoutError):
                await self._read(receive, 0)  # who still sends does not read an answer
            await _tell(send, self._door.refuse(environ, problems.UNAVAILABLE))
            return
        self._larger += 1
        try:
            await self._answer(environ, receive, send, largest_body=larger)
        finally:
            self._larger -= 1

    async def _answer(self, environ: Environ, receive: Receive, send: Send, *, largest_body: int) -> None:
        if _may_have_body(environ):
            try:
                body = await self._read(receive, largest_body)
            except TimeoutError:
                await _tell(send, self._door.refuse(environ, problems.BODY_TOO_SLOW))
                return
            if body is None:
                await _tell(send, self._door.refuse(environ, problems.BAD_BODY))
                return
            environ["wsgi.input"] = BytesIO(body)
        if environ["PATH_INFO"] == LIVE:
            await _tell(send, self._door.alive(environ))
            return
        if self._stuck >= self._threads or self._waiting.qsize() >= self.most_waiting:
            await _tell(send, self._door.refuse(environ, problems.UNAVAILABLE))
            return
        loop = asyncio.get_running_loop()
        exchange = _Exchange(environ, loop, send, loop.create_future(), loop.time() + self.answer_seconds)
        self._open.add(exchange)
        if not self._watched:
            self._watched = True
            loop.call_later(_LOOK_EVERY, self._give_up, loop)
        self._waiting.put(exchange)
        try:
            in_time = await exchange.ended
        finally:
            self._open.discard(exchange)
        if not in_time:
            await _tell(send, self._door.refuse(environ, problems.UNAVAILABLE))
        elif exchange.start is not None:  # else a stream, which its thread has sent
            await send(exchange.start)
            await send({"type": "http.response.body", "body": exchange.body})

    def _give_up(self, loop: asyncio.AbstractEventLoop) -> None:
        """End the wait for what has taken too long. One timer for all: none is set for each request."""
        now = loop.time()
        overdue = [exchange for exchange in self._open if exchange.until < now and not exchange.ended.done()]
        for exchange in overdue:
            exchange.given_up = True
            exchange.stuck = exchange.taken
            self._stuck += exchange.stuck
            exchange.ended.set_result(False)
        if overdue:
            log.warning("no answer in time", requests=len(overdue), stuck_threads=self._stuck)
        self._watched = bool(self._open)
        if self._watched:
            loop.call_later(_LOOK_EVERY, self._give_up, loop)

    def _start(self) -> None:
        self._running = True
        for number in range(self._threads):
            threading.Thread(target=self._work, name=f"request-{number}", daemon=True).start()

    async def _read(self, receive: Receive, largest_body: int) -> bytes | None:
        """The body, cut off one byte above the largest; None for one that breaks off.

        The server tells alike that the client went away and that its chunks cannot be read: whoever is still
        there is owed an answer.

        Raises TimeoutError for a client that is too slow.
        """
        body, length = bytearray(), 0
        async with asyncio.timeout(self.body_seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                piece = message.get("body", b"")
                length += len(piece)
                body += piece[: largest_body + 1 - len(body)]
                if not message.get("more_body") or length > _DRAINED_BYTES:
                    return bytes(body)

    def _work(self) -> None:
        while True:
            exchange = self._waiting.get()
            if exchange.given_up:
                continue
            exchange.taken = True
            try:
                self._run(exchange)
            except Exception:  # closing an answer failed: no reason for the thread to end
                log.exception("request not closed")

    def _run(self, exchange: _Exchange) -> None:
        result: Iterable[bytes] = ()
        try:
            result = self._application(exchange.environ, exchange.start_response)
            if getattr(result, "streaming", False) and not _is_read_first(exchange.start):
                self._stream(exchange, result)
            else:
                exchange.body = b"".join(result)
        except Exception as error:  # noqa: BLE001 - raised again where the request is awaited; the thread lives on
            exchange.failure = error
        self._hand_back(exchange)
        if (close := getattr(result, "close", None)) is not None:
            close()  # while the answer is already on its way

    def _hand_back(self, exchange: _Exchange) -> None:
        """Wake the event loop, once for all that is finished by the time it looks: each wake-up is a system
        call and a change of threads."""
        self._finished.append(exchange)
        if not self._woken:
            self._woken = True
            exchange.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._woken = False  # before looking: whoever finishes from now on wakes again
        while self._finished:
            exchange = self._finished.popleft()
            if exchange.stuck:
                self._stuck -= 1
            if exchange.ended.done():  # given up, or cancelled: the client went away
                continue
            if exchange.failure is None:
                exchange.ended.set_result(True)
            else:
                exchange.ended.set_exception(exchange.failure)

    def _stream(self, exchange: _Exchange, result: Iterable[bytes]) -> None:
        """Send piece by piece from this thread: what makes the pieces may hold its database connection.

        Raises TimeoutError for a reader that does not take a piece in time.
        """

        def send(message: Message) -> None:
            sent = _sent(exchange.send, message, self.piece_seconds)
            asyncio.run_coroutine_threadsafe(sent, exchange.loop).result()

        async def begin(start: Message) -> None:
            if exchange.given_up:
                raise TimeoutError
            self._open.discard(exchange)  # from now on it may take as long as it likes
            await exchange.send(start)

        start, exchange.start = exchange.start, None
        if start is None:
            raise RuntimeError("The application answered without calling start_response.")
        asyncio.run_coroutine_threadsafe(begin(start), exchange.loop).result()
        for piece in result:
            send({"type": "http.response.body", "body": piece, "more_body": True})
        send({"type": "http.response.body", "body": b""})


async def _sent(send: Send, message: Message, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        await send(message)


def _is_read_first(start: Message | None) -> bool:
    """Whether an answer says that it is small."""
    headers: list[tuple[bytes, bytes]] = start["headers"] if start else []
    return any(name == b"content-length" and int(value) <= _READ_FIRST_BYTES for name, value in headers)


async def _tell(send: Send, response: HttpResponse) -> None:
    headers = [(_name(name), value.encode("latin-1")) for name, value in response.items()]
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": response.content})


def environ_of(scope: Message) -> Environ:
    """The WSGI environment (PEP 3333) of an ASGI scope, with the raw request target as REQUEST_URI."""
    raw_path: bytes = scope["raw_path"]
    path = raw_path.decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    client, server = scope.get("client"), scope.get("server")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(raw_path).decode("latin-1") if "%" in path else path,
        "QUERY_STRING": query,
        "REQUEST_URI": f"{path}?{query}" if query else path,
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0] if server else "localhost",
        "SERVER_PORT": str(server[1]) if server else "0",
        "REMOTE_ADDR": client[0] if client else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key = _kept_key(name) if len(name) <= _LONGEST_KEPT_NAME else _key(name)
        if key is None:
            continue
        text = value.decode("latin-1")
        if key in environ:
            text = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}"
        environ[key] = text
    return environ


def _key(header: bytes) -> str | None:
    """A header's name in the environment; None for one with an underscore, which could pose as another."""
    if b"_" in header:
        return None
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"


_kept_key = lru_cache(maxsize=1024)(_key)


@lru_cache(maxsize=1024)
def _name(header: str) -> bytes:
    """A header's name in an answer: in lower case, as ASGI wants it."""
    return header.lower().encode("latin-1")


def _may_have_body(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] not in {"GET", "HEAD", "OPTIONS"}
        or "CONTENT_LENGTH" in environ
        or "HTTP_TRANSFER_ENCODING" in environ
    )


def _warm_up() -> None:
    # Stands on models, which are there once `wsgi` has set Django up.
    from packytrace import wiring

    wiring.warm_up()


_warm_up()
application = ThreadedApplication(
    wsgi.application,
    threads=settings.WEB_THREADS,
    largest_body=settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
    larger_bodies=settings.LARGER_BODIES,
)
