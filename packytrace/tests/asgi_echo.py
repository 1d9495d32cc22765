"""A small WSGI application behind the server's door, for the tests of the door itself."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from packytrace.asgi import Environ, ThreadedApplication

LARGEST_BODY = 1000
LARGER_BODY = 3000
THREADS = 2
#: Seconds, so long that nothing else here takes them.
PATIENCE = 3.0
WAITING_PER_THREAD = 16
#: Of a static file: more than the buffers of the server and of a connection take.
FILE_BYTES = 600_000


class Stream:
    """An answer in pieces, all made by one thread, that knows whether it was closed."""

    streaming = True
    closed = threading.Event()

    def __init__(self, *, pieces: int, pause: float = 0, piece: bytes = b"") -> None:
        self._pieces = pieces
        self._pause = pause
        self._piece = piece

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self._pieces):
            time.sleep(self._pause)
            yield self._piece or f"{threading.current_thread().name}\n".encode()

    def close(self) -> None:
        """What Django does at the end of a request."""
        self.closed.set()


def _hang(folder: Path) -> None:
    """Say that this thread hangs, and do so until the folder's file `lock` is gone."""
    (folder / threading.current_thread().name).touch()
    while (folder / "lock").exists():
        time.sleep(0.02)


def echo(environ: Environ, start_response: Any) -> Iterable[bytes]:
    """Tell what arrived; some paths do something else."""
    path = environ["PATH_INFO"]
    if path == "/crash":
        raise RuntimeError("crashed on purpose")
    if path == "/file":
        start_response("200 OK", [("Content-Length", str(FILE_BYTES))])
        return Stream(pieces=10, piece=b"x" * (FILE_BYTES // 10))
    start_response(
        "200 OK", [("Content-Type", "application/json"), ("Set-Cookie", " a=1"), ("Set-Cookie", "b=2")]
    )
    if path == "/stream":
        return Stream(pieces=5)
    if path == "/slow-stream":
        return Stream(pieces=5, pause=PATIENCE / 4)
    if path == "/long-stream":
        return Stream(pieces=2_000)
    if path == "/endless-stream":
        return Stream(pieces=1_000_000, piece=b"x" * 65_536)
    if path == "/slow":
        time.sleep(0.5)
    if path == "/hang":
        _hang(Path(environ["QUERY_STRING"]))
    told = {key: value for key, value in environ.items() if isinstance(value, str)}
    body = environ["wsgi.input"].read()
    return [json.dumps({**told, "body": len(body), "threads": threading.active_count()}).encode()]


application = ThreadedApplication(
    echo,
    threads=THREADS,
    largest_body=LARGEST_BODY,
    larger_bodies={"/api/v1/upload": LARGER_BODY},
    body_seconds=PATIENCE,
    answer_seconds=PATIENCE,
    piece_seconds=PATIENCE / 3,
    waiting_per_thread=WAITING_PER_THREAD,
)
