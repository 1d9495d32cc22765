"""How fast products come in: `python -m bench.import_products [--products N]`. Needs the real sample.

A whole import into an empty catalogue, the same again, and beside them the usual way, an object a row through
Django's `bulk_create`. Rates are by the clock; processor time is told of each side, for on a machine with two
cores the importer and PostgreSQL work at the same time.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from bench import products
from bench.load import (
    ROOT,
    database_server,
    free_port,
    in_process,
    own_place,
    set_up_django,
    verdict,
)

_RATE: Final = 25_000
_MEMORY: Final = 500
_PEERS_PRODUCTS: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One run."""

    rows: int
    seconds: float
    client: float
    database: float
    memory: float
    """Peak of the importer, in MB."""

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds

    def __str__(self) -> str:
        return (
            f"{self.rate:>9,.0f} rows/s   importer {self.client / self.rows * 1e6:5.1f} us/row"
            f"   PostgreSQL {self.database / self.rows * 1e6:5.1f} us/row   peak {self.memory:,.0f} MB"
        )


def main() -> None:
    """Measure; the exit code says whether the figures were reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=4_000_000)
    rows = parser.parse_args().products
    with own_place(port=free_port()) as folder:
        in_process(_prepare)
        server = in_process(database_server)
        export = products.write(folder / "export.parquet", products=rows)
        print(f"{rows:,} products, {export.stat().st_size / 1e6:,.0f} MB of Parquet", flush=True)
        command = [sys.executable, "manage.py", "import_products", str(export)]
        first = _measured(command, rows=rows, server=server)
        print(f"first run    {first}", flush=True)
        again = _measured(command, rows=rows, server=server)
        print(f"again        {again}", flush=True)
        peer = _measured(
            [sys.executable, "-m", "bench.import_products_naively", str(export), str(_PEERS_PRODUCTS)],
            rows=_PEERS_PRODUCTS,
            server=server,
        )
        print(f"bulk_create  {peer}   (of {_PEERS_PRODUCTS:,})", flush=True)
    print(f"ratio        {first.rate / peer.rate:.1f} times bulk_create")
    reached = first.rate >= _RATE and first.memory <= _MEMORY
    print(f"at least {_RATE:,} rows/s and at most {_MEMORY} MB: {verdict(reached)}")
    sys.exit(0 if reached else 1)


def _measured(command: Sequence[str], *, rows: int, server: int) -> Measured:
    before, client, began = _of_server(server), _of_children(), time.monotonic()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        process = psutil.Popen(command, cwd=ROOT, stdout=nowhere)
        peak = 0
        while process.poll() is None:
            try:
                peak = max(peak, process.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(0.05)
    if process.wait():
        raise subprocess.CalledProcessError(process.returncode, command)
    return Measured(
        rows=rows,
        seconds=time.monotonic() - began,
        client=_of_children() - client,
        database=_of_server(server) - before,
        memory=peak / 1e6,
    )


def _of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _of_server(server: int) -> float:
    """Processor seconds of PostgreSQL with all its processes, those included that have ended."""
    process = psutil.Process(server)
    total = sum(process.cpu_times()[:4])
    return total + sum(sum(child.cpu_times()[:2]) for child in process.children())


def _prepare() -> None:
    set_up_django()
    from django.core.management import call_command

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        call_command("provision", stdout=nowhere)
        call_command("migrate", verbosity=0, interactive=False)


if __name__ == "__main__":
    main()
