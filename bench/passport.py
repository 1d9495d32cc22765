"""What the public passport page costs: `python -m bench.passport`.

The page from warm cache under load, with PostgreSQL, the web server and the load generator on the same cores:

- whole: the bytes of twenty products' pages; - unchanged: the answer 304 to a client that has them
(If-None-Match); - yardstick: the same pages by a plain Django view (`bench.plain_page`) that asks the ORM and
renders the template
  each time, on the same server behind the same middlewares.

Both must be ten times as good as the yardstick, in requests a second and in processor time a request.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

import psutil

from bench.load import (
    Spent,
    database_server,
    describe,
    free_port,
    in_process,
    installed_oha,
    own_place,
    run_oha,
    set_up_django,
    spent,
    verdict,
    web_server,
)

#: What must be reached: how many times as good as the yardstick.
RATIO: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one run of the load generator saw, and what it cost."""

    requests: int
    rate: float
    p50: float
    p99: float
    answers: dict[str, int]
    failures: dict[str, int]
    cost: Spent
    """Processor seconds a request."""

    def is_all(self, status: str) -> bool:
        """Whether every request was answered with that status."""
        return not self.failures and self.answers == {status: self.requests}


def main() -> None:
    """Measure and say whether the figures hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--requests", type=int, default=30_000, help="of one run")
    parser.add_argument("--connections", type=int, default=32, help="of the load generator")
    parser.add_argument("--port", type=int, default=0, help="of the web server; default: a free one")
    options = parser.parse_args()
    oha = installed_oha()
    port = options.port or free_port()
    with own_place(port=port) as folder:
        gtins = in_process(_prepare)
        describe(oha, connections=options.connections, of=f"{len(gtins)} pages")
        site = f"http://127.0.0.1:{port}"
        generator = Generator(oha=oha, folder=folder, connections=options.connections)
        with web_server(addresses="bench.plain_page") as server:
            pages = [f"{site}/passport/{gtin}" for gtin in gtins]
            plain_pages = [f"{site}/plain/{gtin}" for gtin in gtins]
            _same_bytes(pages[0], plain_pages[0])
            whole = generator.run(server, pages, requests=options.requests)
            etag = urlopen(pages[0]).headers["ETag"]
            unchanged = generator.run(server, pages[:1], requests=options.requests, etag=etag)
            plain = generator.run(server, plain_pages, requests=max(options.requests // 10, 1_000))
    _tell("yardstick: ORM and template for every request", plain)
    reached = _compare("whole pages from warm cache", whole, plain, status="200")
    reached &= _compare("unchanged pages (If-None-Match)", unchanged, plain, status="304")
    sys.exit(0 if reached else 1)


@dataclass(frozen=True, kw_only=True)
class Generator:
    """oha, asking for the pages of some addresses in turn."""

    oha: Path
    folder: Path
    connections: int

    def run(self, server: psutil.Process, pages: Sequence[str], *, requests: int, etag: str = "") -> Load:
        """One run, after a shorter one that warms every process and thread up."""
        addresses = self.folder / "addresses.txt"
        addresses.write_text("".join(f"{page}\n" for page in pages), encoding="ascii")
        arguments = ["-c", str(self.connections), "--urls-from-file", str(addresses)]
        if etag:
            arguments += ["-H", f"If-None-Match: {etag}"]
        run_oha(self.oha, "-n", str(requests // 10), *arguments)
        database = in_process(database_server)
        before = spent(web=server, database=database)
        summary = run_oha(self.oha, "-n", str(requests), *arguments)
        return Load(
            requests=requests,
            rate=summary["summary"]["requestsPerSec"],
            p50=summary["latencyPercentiles"]["p50"],
            p99=summary["latencyPercentiles"]["p99"],
            answers=summary["statusCodeDistribution"],
            failures=summary["errorDistribution"],
            cost=spent(web=server, database=database).since(before, requests=requests),
        )


def _compare(what: str, load: Load, plain: Load, *, status: str) -> bool:
    ratio, processor = load.rate / plain.rate, plain.cost.web / load.cost.web
    reached = load.is_all(status) and plain.is_all("200") and min(ratio, processor) >= RATIO
    _tell(what, load)
    print(f"  yardstick    {ratio:.1f} times its requests/s, for {processor:.1f} times less processor time")
    print(f"               of the web server a request; at least {RATIO:.0f} times: {verdict(reached)}")
    return reached


def _tell(what: str, load: Load) -> None:
    answers = ", ".join(f"{count:,} with {status}" for status, count in sorted(load.answers.items()))
    failures = ", ".join(f"{count:,} {why}" for why, count in load.failures.items()) or "none"
    cost = load.cost
    print(f"\n{what}")
    print(f"  rate         {load.rate:,.0f} requests/s; answers {answers}; failed: {failures}")
    print(f"  latency      p50 {load.p50 * 1e3:.1f} ms, p99 {load.p99 * 1e3:.1f} ms")
    print(
        f"  processor    web {cost.web * 1e6:.0f} us, PostgreSQL {cost.database * 1e6:.0f} us,"
        f" load generator {cost.generator * 1e6:.0f} us, everything else {cost.rest * 1e6:.0f} us a request"
    )


def _same_bytes(page: str, plain: str) -> None:
    """Both views must show the same, or their ratio means nothing."""
    if urlopen(page).read() != urlopen(plain).read():
        sys.exit("The plain view does not show the same page: its figures would mean nothing.")


def _prepare() -> list[str]:
    set_up_django()
    from datetime import UTC, datetime
    from uuid import uuid4

    from django.core.management import call_command

    from contexts.passport.application.demo_catalogue import PRODUCTS, load_demo_catalogue
    from contexts.passport.demo import BRANDS

    quiet: dict[str, Any] = {"verbosity": 0}
    call_command("provision", **quiet)
    call_command("migrate", interactive=False, **quiet)
    call_command("collectstatic", interactive=False, **quiet)
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=datetime.now(UTC))
    return [product.gtin for product in PRODUCTS]


if __name__ == "__main__":
    main()
