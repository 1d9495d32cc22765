"""Ports for servers that a test starts."""

import random
import socket
from typing import Final

#: Below what Linux (32768) and macOS (49152) hand out by themselves: no outgoing connection takes one of them
#: between our look and the server's start.
_RANGE: Final = range(20_000, 32_000, 2)


def free_pair() -> int:
    """A port that is free together with the next one. Sessions side by side begin at different places."""
    candidates = random.sample(_RANGE, k=len(_RANGE))
    return next(port for port in candidates if _is_free(port) and _is_free(port + 1))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
