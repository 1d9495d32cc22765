"""A source on this machine that answers as it is told to: well, slowly, half, wrongly or not at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

#: Longer than the tests let anybody wait for an answer.
SLOW: Final = 0.6


class Fault(Enum):
    """What goes wrong."""

    SLOW = "slow"
    DRIPPING = "dripping"
    RESET = "reset"
    HALF_BODY = "half_body"
    NOT_JSON = "not_json"
    OTHER_JSON = "other_json"
    TOO_MANY = "429"
    UNAVAILABLE = "503"
    BROKEN = "500"
    FORBIDDEN = "403"
    WRONG_PRODUCT = "wrong_product"
    HUGE = "huge"
    REDIRECT = "redirect"
    COMPRESSED = "compressed"


@dataclass
class Misbehaving:
    """How the source answers from now on, and what it was asked."""

    url: str = ""
    good: bytes = b"{}"
    wrong_product: bytes = b"{}"
    unknown: bytes = b"{}"
    is_unknown: bool = False
    etag: str = ""
    fault: Fault | None = None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers of each question."""
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def questions(self) -> int:
        """How often it was asked."""
        return len(self.asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    source: Misbehaving

    def log_message(self, *_: object) -> None:
        """Nothing: what goes wrong here is meant to."""

    def do_GET(self) -> None:
        source = self.source
        source.asked.append((self.path, dict(self.headers)))
        self.close_connection = True
        match source.fault:
            case Fault.SLOW:
                source.ended.wait(SLOW)
            case Fault.DRIPPING:
                self._drip()
            case Fault.RESET:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                self.connection.close()
            case Fault.HALF_BODY:
                self._answer(200, source.good[: len(source.good) // 2], length=len(source.good))
            case Fault.NOT_JSON:
                self._answer(200, b"<html>We are upgrading</html>")
            case Fault.OTHER_JSON:
                self._answer(200, b'[[["surprise"]]]')
            case Fault.TOO_MANY:
                self._answer(429, b"", headers={"Retry-After": "120"})
            case Fault.UNAVAILABLE:
                self._answer(503, b"")
            case Fault.BROKEN:
                self._answer(500, b"{}")
            case Fault.FORBIDDEN:
                self._answer(403, b"{}")
            case Fault.WRONG_PRODUCT:
                self._answer(200, source.wrong_product)
            case Fault.HUGE:
                self._huge()
            case Fault.REDIRECT:
                self._answer(302, b"", headers={"Location": f"{source.url}/elsewhere"})
            case Fault.COMPRESSED:
                self._answer(200, source.good, headers={"Content-Encoding": "gzip"})
            case None:
                self._well()

    def _well(self) -> None:
        source = self.source
        if source.is_unknown:
            self._answer(404, source.unknown)
        elif source.etag and self.headers.get("If-None-Match") == source.etag:
            self._answer(304, b"", headers={"ETag": source.etag})
        else:
            self._answer(200, source.good, headers={"ETag": source.etag} if source.etag else {})

    def _answer(
        self, status: int, body: bytes, *, length: int | None = None, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _drip(self) -> None:
        """One byte of the headers now and then: no single piece is ever late."""
        for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000:
            if self.source.ended.wait(0.05):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def _huge(self) -> None:
        self.send_response(200)
        self.end_headers()  # no length: it goes on
        try:
            for _ in range(10_000):
                self.wfile.write(b" " * 65_536)
        except OSError:
            return


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is no news."""


@contextmanager
def misbehaving_source() -> Iterator[Misbehaving]:
    """The source, listening on this machine."""
    source = Misbehaving()
    handler = type("Handler", (_Handler,), {"source": source})
    with _Server(("127.0.0.1", 0), handler) as server:
        source.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield source
        finally:
            source.ended.set()
            server.shutdown()
            thread.join()
