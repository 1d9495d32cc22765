"""A real Redis to look through."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from tests import parts

_PATIENCE = 10.0


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """Address of a Redis of its own, by a socket in the test's folder."""
    parts.require("redis-server")
    socket = tmp_path / "redis.sock"
    command = [
        "redis-server",
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--save",
        "",
        "--dir",
        str(tmp_path),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not socket.exists():
            assert time.monotonic() < deadline, "Redis did not start."
            time.sleep(0.01)
        url = f"unix://{socket}"
        redis.Redis.from_url(url).ping()
        yield url
    finally:
        process.terminate()
        process.wait()
