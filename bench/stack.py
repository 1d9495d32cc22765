"""What `make up` costs a stranger: `python -m bench.stack`.

In a fresh clone, with the caches of uv, pip and npm empty:

- first start: from `make up` until the printed Digital Link is answered with the product's passport; what is
  downloaded on the way is part of it, so the network's speed is, too;
- second start: the same once more, everything being there;
- memory: of all processes of the stack, PostgreSQL's included, a while after the demo's history is told. PSS
  counts a shared page once; RSS counts it in every process that maps it, and is told for comparison.

Measured is what is committed. PSS is what Linux tells; elsewhere memory is not judged.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from bench.load import ROOT, free_port, verdict

#: What must be reached: seconds, seconds, bytes of PSS.
FIRST_START: Final = 120.0
SECOND_START: Final = 15.0
MEMORY: Final = 10**9

_PATIENCE: Final = 600.0


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What the processes of the stack hold, in bytes."""

    pss: int
    rss: int
    processes: int


def main() -> None:
    """Measure and say whether the figures hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=0, help="of the web server; default: a free one")
    parser.add_argument("--rest", type=float, default=30.0, help="seconds from the last work to the memory")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="packytrace-bench-", ignore_cleanup_errors=True) as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "--quiet", "--no-local", str(ROOT), str(clone)], check=True)
        environment = _stranger(Path(folder), port=options.port or free_port())
        with _up(clone, environment=environment) as stack:
            first = stack.answered_after()
        with _up(clone, environment=environment) as stack:
            second = stack.answered_after()
            stack.await_line(r"^demo history\s+done")
            time.sleep(options.rest)
            memory = stack.memory()
    reached = _tell("first start", first, FIRST_START) & _tell("second start", second, SECOND_START)
    if memory.pss:
        reached &= memory.pss <= MEMORY
        print(
            f"memory        {memory.pss / 1e6:,.0f} MB PSS ({memory.rss / 1e6:,.0f} MB RSS) in"
            f" {memory.processes} processes; at most {MEMORY / 1e6:,.0f} MB: {verdict(memory.pss <= MEMORY)}"
        )
    else:
        print(f"memory        {memory.rss / 1e6:,.0f} MB RSS in {memory.processes} processes; no PSS here")
    sys.exit(0 if reached else 1)


def _tell(what: str, seconds: float, most: float) -> bool:
    print(f"{what:<13} {seconds:.1f} s; at most {most:.0f} s: {verdict(seconds <= most)}", flush=True)
    return seconds <= most


def _stranger(folder: Path, *, port: int) -> dict[str, str]:
    """A stranger's shell: nothing of ours, and no package that was ever downloaded."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SSL_CERT_FILE") if name in os.environ}
    # Where packages come from is the machine's affair; what it has of them is not.
    kept |= {
        name: value
        for name, value in os.environ.items()
        if re.match(r"(PIP|UV|NPM_CONFIG)_", name, re.IGNORECASE)
    }
    kept |= {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    caches = {name: str(folder / name) for name in ("UV_CACHE_DIR", "PIP_CACHE_DIR", "npm_config_cache")}
    return kept | caches | {"HOME": os.environ.get("HOME", str(folder)), "PORT": str(port)}


@dataclass(kw_only=True)
class _Stack:
    """A running `make up` and what it printed."""

    process: subprocess.Popen[bytes]
    output: Path
    started: float

    def answered_after(self) -> float:
        """Seconds from the start until a scan of the printed link shows a passport."""
        link = self.await_line(r"A shopper scans a pack:\s+(http://\S+/01/\S+)")[1]
        with urllib.request.urlopen(link, timeout=30) as answer:
            if b"Always check the pack" not in answer.read():
                sys.exit(f"{link} shows no passport.")
        return time.monotonic() - self.started

    def await_line(self, pattern: str) -> re.Match[str]:
        """Wait until `make up` prints a line of that form."""
        deadline = time.monotonic() + _PATIENCE
        while (found := re.search(pattern, self._said(), flags=re.MULTILINE)) is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"`make up` did not get there:\n{self._said()[-4000:]}")
            time.sleep(0.05)
        return found

    def memory(self) -> Memory:
        """What all processes hold that work in the clone: PostgreSQL does in its data folder."""
        clone = str(self.output.parent / "clone")
        held = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if Path(process.cwd()).is_relative_to(clone):
                    held.append(process.memory_full_info())
        return Memory(
            pss=sum(getattr(one, "pss", 0) for one in held),
            rss=sum(one.rss for one in held),
            processes=len(held),
        )

    def _said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")


@contextmanager
def _up(clone: Path, *, environment: dict[str, str]) -> Iterator[_Stack]:
    """`make up` in the clone, stopped afterwards as with Ctrl-C."""
    output = clone.parent / "up.txt"
    started = time.monotonic()
    with output.open("wb") as file:
        process = subprocess.Popen(
            ["make", "up"],
            cwd=clone,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _Stack(process=process, output=output, started=started)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        process.wait(60)
        subprocess.run(["make", "down"], cwd=clone, env=environment, check=False, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
