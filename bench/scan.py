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

oha is built with cargo where it is missing. All returning visitors of one run carry the same cookie, as oha
sends one; the rate limits are lifted, as all requests come from one address.
"""

import argparse
import json
import multiprocessing
import os
import platform
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psutil

ROOT: Final = Path(__file__).resolve().parent.parent
OHA: Final = ROOT / ".cache" / "oha"
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
    web: float
    """Processor seconds a scan."""
    database: float
    generator: float
    machine: float
    """Processor seconds of the whole machine: more than the sum of the others if something else ran."""

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
        describe(oha, connections=options.connections)
        generator = Generator(oha=oha, addresses=addresses, connections=options.connections)
        with web_server("packytrace.settings") as server:
            generator.warm_up()
            returning = generator.run(server, scans=options.scans, cookie=in_process(_visitor_cookie))
            first_time = generator.run(server, scans=options.scans)
            paced = generator.run(server, scans=RATE // 2 * options.seconds, rate=RATE // 2)
        reached = tell_rate("returning visitors", returning) & tell_rate("first-time visitors", first_time)
        reached &= tell_waiting(paced)
        if not options.no_yardstick:
            with web_server("bench.yardstick_settings") as server:
                generator.warm_up()
                plain = generator.run(server, scans=options.scans // 2, cookie=in_process(_visitor_cookie))
            reached &= tell_ratio(returning, plain)
    sys.exit(0 if reached else 1)


def tell_rate(who: str, load: Load) -> bool:
    """Print a run at full speed."""
    reached = load.agrees and load.rate >= RATE
    print(f"\n{who}")
    print(f"  rate         {load.rate:,.0f} scans/s, at least {RATE:,}: {_verdict(reached)}")
    _tell_run(load)
    return reached


def tell_waiting(load: Load) -> bool:
    """Print a run at a fixed arrival rate."""
    reached = load.agrees and load.p99 <= WAIT_P99
    print(f"\nfirst-time visitors, {RATE // 2:,} arrivals/s")
    print(f"  p99          {load.p99 * 1e3:.1f} ms, at most {WAIT_P99 * 1e3:.0f} ms: {_verdict(reached)}")
    _tell_run(load)
    return reached


def tell_ratio(ours: Load, plain: Load) -> bool:
    """Print the yardstick's run beside ours."""
    ratio = ours.rate / plain.rate
    reached = plain.agrees and ratio >= RATIO
    print("\nyardstick: three ORM calls, returning visitors")
    print(f"  rate         {plain.rate:,.0f} scans/s; ours is {ratio:.2f} times that,")
    print(f"               at least {RATIO} times: {_verdict(reached)}")
    _tell_run(plain)
    return reached


def _tell_run(load: Load) -> None:
    answers = ", ".join(f"{count:,} with {status}" for status, count in sorted(load.answers.items()))
    failures = ", ".join(f"{count:,} {what}" for what, count in load.failures.items()) or "none"
    print(f"  answers      {answers}; failed: {failures}; rows {load.rows:,}, facts {load.facts:,}")
    print(f"  latency      p50 {load.p50 * 1e3:.1f} ms, p99 {load.p99 * 1e3:.1f} ms")
    rest = load.machine - load.web - load.database - load.generator
    print(
        f"  processor    web {load.web * 1e6:.0f} us, PostgreSQL {load.database * 1e6:.0f} us,"
        f" load generator {load.generator * 1e6:.0f} us, everything else {rest * 1e6:.0f} us a scan"
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
        postmaster = in_process(_empty_tables)
        before = [_processor_seconds(server), _processor_seconds(postmaster), _children(), _machine()]
        summary = self._oha(scans=scans, rate=rate, cookie=cookie)
        after = [_processor_seconds(server), _processor_seconds(postmaster), _children(), _machine()]
        rows, facts = in_process(_count_rows)
        costs = [(now - then) / scans for then, now in zip(before, after, strict=True)]
        return Load(
            scans=scans,
            rate=summary["summary"]["requestsPerSec"],
            p50=summary["latencyPercentiles"]["p50"],
            p99=summary["latencyPercentiles"]["p99"],
            answers=summary["statusCodeDistribution"],
            failures=summary["errorDistribution"],
            rows=rows,
            facts=facts,
            web=costs[0],
            database=costs[1],
            generator=costs[2],
            machine=costs[3],
        )

    def _oha(self, *, scans: int, rate: int | None = None, cookie: str = "") -> dict[str, Any]:
        command = [str(self.oha), "--no-tui", "--redirect", "0", "--output-format", "json"]
        command += ["-n", str(scans), "-c", str(self.connections), "--urls-from-file", str(self.addresses)]
        if rate:
            command += ["-q", str(rate), "--latency-correction"]
        if cookie:
            command += ["-H", f"Cookie: {cookie}"]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        summary: dict[str, Any] = json.loads(done.stdout)
        return summary


def installed_oha() -> Path:
    """Where oha is; built with cargo if it is nowhere."""
    if found := shutil.which("oha", path=f"{OHA / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"):
        return Path(found)
    if shutil.which("cargo") is None:
        sys.exit("This needs oha: install it, or Rust's cargo so that it can be built.")
    print("Building oha, once ...", flush=True)
    subprocess.run(["cargo", "install", "--quiet", "oha", "--locked", "--root", str(OHA)], check=True)
    return OHA / "bin" / "oha"


@contextmanager
def environment(*, port: int) -> Iterator[Path]:
    """A database of our own with the products, and a file of addresses to scan; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="packytrace-bench-"))
    for variable in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "CACHE_URL", "PUBLIC_URL"):
        os.environ.pop(variable, None)
    os.environ |= {
        "STATE": str(folder),
        "ENVIRONMENT": "embedded",
        "PORT": str(port),
        "RATE_LIMIT_ADDRESS": "100000000/minute",
        "RATE_LIMIT_VISITOR": "100000000/minute",
    }
    try:
        gtins = in_process(_prepare)
        addresses = folder / "addresses.txt"
        choice = random.Random(20_260_501)
        with addresses.open("w", encoding="ascii") as file:
            for _ in range(ADDRESSES):
                day = f"{choice.randrange(27, 31)}{choice.randrange(1, 13):02}{choice.randrange(1, 29):02}"
                gtin, lot = choice.choice(gtins), choice.randrange(10_000)
                file.write(f"http://127.0.0.1:{port}/01/{gtin}/10/L{lot:04}?17={day}\n")
        yield addresses
    finally:
        in_process(_stop_database)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def web_server(settings: str) -> Iterator[psutil.Process]:
    """The web server as `manage.py serve` starts it, its log lines in a file."""
    state, port = Path(os.environ["STATE"]), int(os.environ["PORT"])
    with (state / "web.log").open("ab") as log:
        process = psutil.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve"],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            if process.poll() is not None:
                sys.exit((state / "web.log").read_text(encoding="utf-8")[-2000:])
            time.sleep(0.1)
        time.sleep(2)  # the other worker, too
        yield process
    finally:
        process.terminate()
        process.wait(30)


def describe(oha: Path, *, connections: int) -> None:
    """What is measured on."""
    version = subprocess.run([str(oha), "--version"], check=True, capture_output=True, text=True).stdout
    print(f"machine      {_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for line in in_process(_versions):
        print(line)
    print(f"load         {version.strip()}, {connections} connections, {PRODUCTS:,} products")


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def in_process(work: Any, *arguments: Any) -> Any:
    """Run a function in a fresh process, where Django has not read its settings yet."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _processor_seconds(process: psutil.Process | int) -> float:
    """Of a process, its children, and those of its children that have ended."""
    parent = psutil.Process(process) if isinstance(process, int) else process
    total = sum(parent.cpu_times()[:4])
    for child in parent.children(recursive=True):
        total += sum(child.cpu_times()[:4])
    return total


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _machine() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0)


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "packytrace.settings")
    import django

    django.setup()


def _prepare() -> list[str]:
    _django()
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


def _stop_database() -> None:
    _django()
    from django.conf import settings

    settings.EMBEDDED_SERVER.stop()


def _versions() -> list[str]:
    _django()
    import django
    import granian
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        row = admin.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'),"
            " current_setting('synchronous_commit'), current_setting('shared_buffers')"
        ).fetchone()
    version, fsync, synchronous, buffers = row or ("", "", "", "")
    return [
        f"PostgreSQL   {version}, fsync {fsync}, synchronous_commit {synchronous}, shared_buffers {buffers}",
        (
            f"web          Python {platform.python_version()}, Django {django.get_version()},"
            f" granian {granian.__version__}, psycopg {psycopg.__version__};"
            f" {settings.WEB_WORKERS} processes of {settings.WEB_THREADS} threads"
        ),
    ]


def _visitor_cookie() -> str:
    _django()
    from django.conf import settings

    from packytrace.edge.visitors import COOKIE, VisitorCookies, today

    cookies = VisitorCookies(secrets=(settings.SECRET_KEY,))
    return f"{COOKIE}={cookies.write(visitor_id=uuid4(), minted_on=today())}"


def _empty_tables() -> int:
    """Empty what a run fills; returns the database server's process id."""
    _django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        admin.execute("TRUNCATE passport.scan, passport.outbox")
        admin.execute("CHECKPOINT")
    pid_file = settings.EMBEDDED_SERVER.data / "postmaster.pid"
    return int(pid_file.read_text(encoding="ascii").splitlines()[0])


def _count_rows() -> tuple[int, int]:
    _django()
    import psycopg
    from django.conf import settings

    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        row = admin.execute(
            "SELECT (SELECT count(*) FROM passport.scan), (SELECT count(*) FROM passport.outbox)"
        ).fetchone()
    return row or (0, 0)


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _verdict(reached: bool) -> str:
    return "reached" if reached else "NOT REACHED"


if __name__ == "__main__":
    main()
