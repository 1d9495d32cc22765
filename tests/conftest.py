"""The whole stack as a stranger starts it: `manage.py up` as a process of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from packytrace.configuration import ROOT
from tests import ports

#: Seconds that the stack may take to be up with its demo history told.
PATIENCE = 180


@dataclass(kw_only=True)
class Stack:
    """A running stack and what it printed."""

    process: subprocess.Popen[bytes]
    state: Path
    output: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def said(self) -> str:
        """What `up` has printed so far."""
        return self.output.read_text(encoding="utf-8", errors="replace")

    def await_line(self, pattern: str) -> re.Match[str]:
        """Wait until `up` prints a line of that form."""
        deadline = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self.said(), flags=re.MULTILINE)) is None:
            assert self.process.poll() is None, f"up ended:\n{self.said()}"
            assert time.monotonic() < deadline, f"{pattern!r} did not appear:\n{self.said()}{self.logs()}"
            time.sleep(0.2)
        return found

    def logs(self) -> str:
        """The ends of all parts' logs."""
        return "\n".join(
            f"--- {log.name}\n{log.read_text(errors='replace')[-2000:]}"
            for log in sorted((self.state / "logs").glob("*.log"))
        )

    def demo_user(self, role: str) -> tuple[str, str]:
        """Address and password of a demo person, as printed."""
        found = self.await_line(rf"^\s+{role}\s+(\S+@\S+)\s+password (\S+)")
        return found[1], found[2]

    @property
    def link(self) -> str:
        """The printed Digital Link."""
        return self.await_line(r"(http://\S+/01/\S+)")[1]


def environment(*, state: Path, port: int) -> dict[str, str]:
    """What a stranger's shell has: nothing of ours but folder and port."""
    ours = {"STATE": str(state), "PORT": str(port), "HOST": "127.0.0.1"}
    return {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ} | ours


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """`manage.py up`, started once for all tests that need it."""
    # Not below pytest's folder: another session would close that to the server's system user.
    state = Path(tempfile.mkdtemp(prefix="packytrace-stack-"))
    port = ports.free_pair()
    output = state / "up.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment(state=state, port=port),
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Stack(process=process, state=state, output=output, port=port)
    try:
        running.await_line(r"^demo history\s+done")
        yield running
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=60)
        finally:
            if process.poll() is None:
                process.kill()
            subprocess.run(
                [sys.executable, "manage.py", "down"],
                cwd=ROOT,
                env=environment(state=state, port=port),
                check=False,
            )
            shutil.rmtree(state, ignore_errors=True)
