"""What a passport costs while every source hangs: `python -m bench.hanging_sources`.

Open Food Facts and the feed of journeys are a server that takes every connection and never answers. Asked for
are the demo's products, each for the first time since the server is warm, and products that nobody knows,
which are scanned: one after the other, so that what a request takes is the server's time and the way to it.
"""

import argparse
import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bench.load import free_port, in_process, own_place, set_up_django, verdict, web_server
from bench.passport import _prepare

#: Seconds within which 99 of 100 pages must be there.
AT_ONCE: Final = 0.100
UNKNOWN: Final = 200
_WARMING: Final = 4
#: A part of a page that will be filled when its source has answered.
_WAITS: Final = b'aria-busy="true"'


def main() -> None:
    """Measure and say whether the figure holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=0, help="of the web server; default: a free one")
    options = parser.parse_args()
    port = options.port or free_port()
    with own_place(port=port), _hanging() as source:
        os.environ["OPEN_FOOD_FACTS_URL"] = source
        os.environ["JOURNEY_FEED_URL"] = f"{source}/{{gtin}}"
        known = in_process(_prepare)
        unknown = in_process(_unknown)
        site = f"http://127.0.0.1:{port}/passport"
        with web_server():
            for gtin in [*known[:_WARMING], unknown.pop()] * _WARMING:  # each process and its templates
                _ask(f"{site}/{gtin}")
            first = [_ask(f"{site}/{gtin}") for gtin in known[_WARMING:]]
            reached = _tell("products", first, status=200)
            scans = [_ask(f"http://127.0.0.1:{port}/01/{gtin}") for gtin in unknown]
            reached &= _tell("unknown products", scans, status=404)
    sys.exit(0 if reached else 1)


Answer = tuple[float, int, bool]
"""Seconds, the status, whether something on the page waits for a source."""


def _ask(address: str) -> Answer:
    started = time.perf_counter()
    try:
        with urlopen(Request(address, headers={"Accept": "text/html"})) as response:
            page, status = response.read(), response.status
    except HTTPError as error:
        page, status = error.read(), error.code
    return time.perf_counter() - started, status, _WAITS in page


def _tell(what: str, answers: Sequence[Answer], *, status: int) -> bool:
    """Print how long the pages took."""
    seconds = [answer[0] for answer in answers]
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    right = sum(answer[1] == status for answer in answers)
    waiting = sum(answer[2] for answer in answers)
    reached = right == len(answers) and cuts[98] <= AT_ONCE
    print(
        f"{what:18} p50 {cuts[49] * 1e3:5.1f} ms  p95 {cuts[94] * 1e3:5.1f} ms  p99 {cuts[98] * 1e3:5.1f} ms,"
        f" at most {AT_ONCE * 1e3:.0f} ms: {verdict(reached)}\n{'':18} {right} of {len(answers)} answered"
        f" {status}, {waiting} with a part that waits for its source",
        flush=True,
    )
    return reached


@contextmanager
def _hanging() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _unknown() -> list[str]:
    """GTINs of no product."""
    set_up_django()
    from contexts.passport.domain.gtin import check_digit

    bodies = [f"0400{number:09}" for number in range(UNKNOWN + 1)]
    return [body + check_digit(body) for body in bodies]


if __name__ == "__main__":
    main()
