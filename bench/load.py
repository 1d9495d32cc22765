"""What the measurements under load share: the generator, the server, a place of their own, processor time."""

import json
import multiprocessing
import os
import platform
import resource
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

ROOT: Final = Path(__file__).resolve().parent.parent
OHA: Final = ROOT / ".cache" / "oha"

_CALIBRATION_SECONDS: Final = 0.5
_ADDITIONS: Final = 100_000


def run_oha(oha: Path, *arguments: str) -> dict[str, Any]:
    """Run the load generator; returns its summary."""
    command = [str(oha), "--no-tui", "--redirect", "0", "--output-format", "json", *arguments]
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
def own_place(*, port: int, kept: Path | None = None) -> Iterator[Path]:
    """A state folder of our own, and settings for all processes to come that use it; gone afterwards, unless
    it is one to be kept."""
    folder = kept.resolve() if kept else Path(tempfile.mkdtemp(prefix="packytrace-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    for variable in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS", "CACHE_URL", "PUBLIC_URL"):
        os.environ.pop(variable, None)
    os.environ |= {
        "STATE": str(folder),
        "ENVIRONMENT": "embedded",
        "PORT": str(port),
        # All requests come from one address.
        "RATE_LIMIT_ADDRESS": "100000000/minute",
        "RATE_LIMIT_VISITOR": "100000000/minute",
    }
    try:
        yield folder
    finally:
        in_process(_stop_database)
        if not kept:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def web_server(*, addresses: str = "") -> Iterator[psutil.Process]:
    """The web server as `manage.py serve` starts it, its log lines in a file; `addresses`, a URL
    configuration, takes the place of the deployable's own."""
    state, port = Path(os.environ["STATE"]), int(os.environ["PORT"])
    with (state / "web.log").open("ab") as log:
        process = psutil.Popen(
            [sys.executable, str(ROOT / "manage.py"), "serve"],
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "bench.plain_settings" if addresses else "packytrace.settings",
                "BENCH_ADDRESSES": addresses,
            },
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        for _ in range(900):
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


def describe(oha: Path, *, connections: int, of: str) -> None:
    """Print what is measured on."""
    version = subprocess.run([str(oha), "--version"], check=True, capture_output=True, text=True).stdout
    print(f"machine      {_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for line in in_process(_versions):
        print(line)
    print(f"load         {version.strip()}, {connections} connections, {of}")


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def in_process(work: Any, *arguments: Any) -> Any:
    """Run a function in a fresh process, where Django has not read its settings yet."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def verdict(reached: bool) -> str:
    """How a figure stands to what it must reach."""
    return "reached" if reached else "NOT REACHED"


def database_server() -> int:
    """Process id of the embedded PostgreSQL."""
    set_up_django()
    from django.conf import settings

    pid_file = settings.EMBEDDED_SERVER.data / "postmaster.pid"
    return int(pid_file.read_text(encoding="ascii").splitlines()[0])


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Processor seconds, or seconds a request, of who took part."""

    web: float
    database: float
    generator: float
    machine: float
    """Of the whole machine: more than the sum of the others if something else ran."""
    stolen: float
    """What a virtual machine's host kept for others while there was work to do."""

    @property
    def rest(self) -> float:
        """What none of the others spent."""
        return self.machine - self.web - self.database - self.generator - self.stolen

    def since(self, before: "Spent", *, requests: int) -> "Spent":
        """What was spent on each of so many requests since then."""
        return Spent(
            web=(self.web - before.web) / requests,
            database=(self.database - before.database) / requests,
            generator=(self.generator - before.generator) / requests,
            machine=(self.machine - before.machine) / requests,
            stolen=(self.stolen - before.stolen) / requests,
        )


def spent(*, web: psutil.Process, database: int) -> Spent:
    """Processor seconds up to now."""
    return Spent(
        web=_processor_seconds(web),
        database=_processor_seconds(psutil.Process(database)),
        generator=_children(),
        machine=_machine(),
        stolen=_stolen(),
    )


def _processor_seconds(process: psutil.Process) -> float:
    """Of a process, its children, and those of its children that have ended."""
    total = sum(process.cpu_times()[:4])
    for child in process.children(recursive=True):
        total += sum(child.cpu_times()[:4])
    return total


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _machine() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0)


def _stolen() -> float:
    return getattr(psutil.cpu_times(), "steal", 0.0)  # told on Linux alone


def additions_a_second() -> float:
    """What one core does at this moment: how often a plain loop of Python adds one, in half a second."""
    added, started = 0, time.perf_counter()
    while (seconds := time.perf_counter() - started) < _CALIBRATION_SECONDS:
        for _ in range(_ADDITIONS):
            added += 1
    return added / seconds


def set_up_django() -> None:
    """For functions that run in a process of their own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "packytrace.settings")
    import django

    django.setup()


def _stop_database() -> None:
    set_up_django()
    from django.conf import settings

    settings.EMBEDDED_SERVER.stop()


def _versions() -> list[str]:
    set_up_django()
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
            f"web          Python {platform.python_version()} ({_build()}), Django {django.get_version()},"
            f" granian {granian.__version__}, psycopg {psycopg.__version__};"
            f" {settings.WEB_WORKERS} processes of {settings.WEB_THREADS} threads"
        ),
    ]


def _build() -> str:
    """Which Python, and whether it says that it was compiled with optimisations: without, all takes up to
    twice as long. Debian's is optimised and does not say so."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    says = "built with" if "--enable-optimizations" in arguments else "does not say that it was built with"
    return f"of {sys.base_prefix}, {says} optimisations"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
