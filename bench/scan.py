"""What a scan costs: `python -m bench.scan`.

A durable scan and its redirect under load, for random products of 100,000, with PostgreSQL (fsync and
synchronous_commit on), the web server and the load generator on the same cores:

- rate: the most scans a second that are answered, by returning visitors and by first-time ones. Answers are
  checked against the rows: as many scans as answers, as many facts as scans;
- waiting: the answers' p99 at half of the rate that must be reached, at a fixed arrival rate with the time
  that a request waited for its turn counted in (oha's latency correction);
- processor time a scan, of the web server and of PostgreSQL;
- yardstick: the same load on a plain Django view with three ORM calls (`bench.yardstick`), same server, same
  middlewares.

Beside each run stands what the machine was worth then: how fast one core ran a plain loop right before, and
the share of the processors that the host of a virtual machine kept for others during it. The verdict is the
absolute figure's all the same.

oha is built with cargo where it is missing. All returning visitors of one run carry the same cookie, as oha
sends one; the rate limits are lifted, as all requests come from one address.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psutil

from bench.load import (
    Spent,
    additions_a_second,
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

PRODUCTS: Final = 100_000
ADDRESSES: Final = 50_000

#: What must be reached.
RATE: Final = 1_800
WAIT_P99: Final = 0.060
RATIO: Final = 2.5


@dataclass(frozen=True, kw_only=True)
class Load:
    """What one run of the load generator saw, and what it cost."""

    scans: int
    rate: float
    p50: float
    p99: float
    answers: dict[str, int]
    failures: dict[str, int]
    rows: int
    facts: int
    cost: Spent
    """Processor seconds a scan."""
    seconds: float
    additions: float
    """How many additions a second one core did in a plain loop right before."""

    @property
    def stolen(self) -> float:
        """Share of the machine's processor time that its host kept for others."""
        return self.cost.stolen * self.scans / (self.seconds * (os.cpu_count() or 1))

    @property
    def agrees(self) -> bool:
        """Whether every request was answered well and every answer is a row and a fact."""
        return (
            not self.failures
            and self.answers == {"307": self.scans}
            and self.rows == self.facts == self.scans
        )


def main() -> None:
    """Measure and say whether the figures hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--scans", type=int, default=40_000, help="requests of one run")
    parser.add_argument("--seconds", type=int, default=30, help="how long waiting is measured")
    parser.add_argument("--connections", type=int, default=32, help="of the load generator")
    parser.add_argument("--port", type=int, default=0, help="of the web server; default: a free one")
    parser.add_argument("--no-yardstick", action="store_true")
    options = parser.parse_args()
    oha = installed_oha()
    with environment(port=options.port or free_port()) as addresses:
        describe(oha, connections=options.connections, of=f"{PRODUCTS:,} products")
        generator = Generator(oha=oha, addresses=addresses, connections=options.connections)
        with web_server() as server:
            generator.warm_up()
            returning = generator.run(server, scans=options.scans, cookie=in_process(_visitor_cookie))
            first_time = generator.run(server, scans=options.scans)
            paced = generator.run(server, scans=RATE // 2 * options.seconds, rate=RATE // 2)
        reached = tell_rate("returning visitors", returning) & tell_rate("first-time visitors", first_time)
        reached &= tell_waiting(paced)
        if not options.no_yardstick:
            with web_server(addresses="bench.yardstick") as server:
                generator.warm_up()
                plain = generator.run(server, scans=options.scans // 2, cookie=in_process(_visitor_cookie))
            reached &= tell_ratio(returning, plain)
    sys.exit(0 if reached else 1)


def tell_rate(who: str, load: Load) -> bool:
    """Print a run at full speed."""
    reached = load.agrees and load.rate >= RATE
    print(f"\n{who}")
    print(f"  rate         {load.rate:,.0f} scans/s, at least {RATE:,}: {verdict(reached)}")
    _tell_run(load)
    return reached


def tell_waiting(load: Load) -> bool:
    """Print a run at a fixed arrival rate."""
    reached = load.agrees and load.p99 <= WAIT_P99
    print(f"\nfirst-time visitors, {RATE // 2:,} arrivals/s")
    print(f"  p99          {load.p99 * 1e3:.1f} ms, at most {WAIT_P99 * 1e3:.0f} ms: {verdict(reached)}")
    _tell_run(load)
    return reached


def tell_ratio(ours: Load, plain: Load) -> bool:
    """Print the yardstick's run beside ours."""
    ratio = ours.rate / plain.rate
    reached = plain.agrees and ratio >= RATIO
    print("\nyardstick: three ORM calls, returning visitors")
    print(f"  rate         {plain.rate:,.0f} scans/s; ours is {ratio:.2f} times that,")
    print(f"               at least {RATIO} times: {verdict(reached)}")
    _tell_run(plain)
    return reached


def _tell_run(load: Load) -> None:
    answers = ", ".join(f"{count:,} with {status}" for status, count in sorted(load.answers.items()))
    failures = ", ".join(f"{count:,} {what}" for what, count in load.failures.items()) or "none"
    print(f"  answers      {answers}; failed: {failures}; rows {load.rows:,}, facts {load.facts:,}")
    print(f"  latency      p50 {load.p50 * 1e3:.1f} ms, p99 {load.p99 * 1e3:.1f} ms")
    cost = load.cost
    print(
        f"  processor    web {cost.web * 1e6:.0f} us, PostgreSQL {cost.database * 1e6:.0f} us,"
        f" load generator {cost.generator * 1e6:.0f} us, everything else {cost.rest * 1e6:.0f} us a scan"
    )
    print(
        f"  machine      {load.additions / 1e6:.1f} million additions/s in a plain loop before,"
        f" {load.stolen:.1%} of the processors stolen meanwhile"
    )


@dataclass(frozen=True, kw_only=True)
class Generator:
    """oha, asking for random products."""

    oha: Path
    addresses: Path
    connections: int

    def warm_up(self) -> None:
        """Let every thread open its connection and prepare its statement."""
        self._oha(scans=3_000)

    def run(self, server: psutil.Process, *, scans: int, rate: int | None = None, cookie: str = "") -> Load:
        """One run on empty tables."""
        in_process(_empty_tables)
        database = in_process(database_server)
        additions = additions_a_second()
        before = spent(web=server, database=database)
        started = time.perf_counter()
        summary = self._oha(scans=scans, rate=rate, cookie=cookie)
        cost = spent(web=server, database=database).since(before, requests=scans)
        seconds = time.perf_counter() - started
        rows, facts = in_process(_count_rows)
        return Load(
            scans=scans,
            rate=summary["summary"]["requestsPerSec"],
            p50=summary["latencyPercentiles"]["p50"],
            p99=summary["latencyPercentiles"]["p99"],
            answers=summary["statusCodeDistribution"],
            failures=summary["errorDistribution"],
            rows=rows,
            facts=facts,
            cost=cost,
            seconds=seconds,
            additions=additions,
        )

    def _oha(self, *, scans: int, rate: int | None = None, cookie: str = "") -> dict[str, Any]:
        arguments = ["-n", str(scans), "-c", str(self.connections), "--urls-from-file", str(self.addresses)]
        if rate:
            arguments += ["-q", str(rate), "--latency-correction"]
        if cookie:
            arguments += ["-H", f"Cookie: {cookie}"]
        return run_oha(self.oha, *arguments)


@contextmanager
def environment(*, port: int) -> Iterator[Path]:
    """A database of our own with the products, and a file of addresses to scan; gone afterwards."""
    with own_place(port=port) as folder:
        gtins = in_process(_prepare)
        addresses = folder / "addresses.txt"
        choice = random.Random(20_260_501)
        with addresses.open("w", encoding="ascii") as file:
            for _ in range(ADDRESSES):
                day = f"{choice.randrange(27, 31)}{choice.randrange(1, 13):02}{choice.randrange(1, 29):02}"
                gtin, lot = choice.choice(gtins), choice.randrange(10_000)
                file.write(f"http://127.0.0.1:{port}/01/{gtin}/10/L{lot:04}?17={day}\n")
        yield addresses


def _prepare() -> list[str]:
    set_up_django()
    import psycopg
    from django.conf import settings
    from django.core.management import call_command

    from contexts.passport.domain.gtin import check_digit
    from contexts.passport.models import CatalogueEntry

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("provision", stdout=nowhere)
        call_command("migrate", verbosity=0, interactive=False)
    bodies = [f"0952{number:09}" for number in range(PRODUCTS)]
    gtins = [body + check_digit(body) for body in bodies]
    brands = [uuid4() for _ in range(100)]
    CatalogueEntry.objects.bulk_create(
        (
            CatalogueEntry(
                gtin=gtin,
                name=f"Product {number}",
                # One product in two belongs to a tenant.
                brand_id=brands[number % 100] if number % 2 else None,
                updated_at=datetime.now(UTC),
            )
            for number, gtin in enumerate(gtins)
        ),
        batch_size=2_000,
    )
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute("VACUUM ANALYZE")
    return gtins


def _visitor_cookie() -> str:
    set_up_django()
    from django.conf import settings

    from packytrace.edge.visitors import COOKIE, VisitorCookies, today

    cookies = VisitorCookies(secrets=(settings.SECRET_KEY,))
    return f"{COOKIE}={cookies.write(visitor_id=uuid4(), minted_on=today())}"


def _empty_tables() -> None:
    set_up_django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute("TRUNCATE passport.scan, passport.outbox")
        admin.execute("CHECKPOINT")


def _count_rows() -> tuple[int, int]:
    set_up_django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        row = admin.execute(
            "SELECT (SELECT count(*) FROM passport.scan), (SELECT count(*) FROM passport.outbox)"
        ).fetchone()
    return row or (0, 0)


if __name__ == "__main__":
    main()
