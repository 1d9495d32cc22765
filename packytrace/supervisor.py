"""Keeps the embedded default running: starts each part as a process, restarts what dies, stops all of it.

A part's output goes to `STATE/logs/<part>.log`; what runs is written to `STATE/up.json`, so that a later
`down` finds it even when the supervisor itself was killed.
"""

import contextlib
import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final

import psutil

#: Seconds between two looks at the parts.
TICK: Final = 0.25
#: A part that lived shorter than this before it died waits longer before its next start.
STABLE_AFTER: Final = 20.0
#: Longest wait before a restart, in seconds.
LONGEST_BACK_OFF: Final = 30.0
#: Seconds that a part has to stop by itself after SIGTERM.
GRACE: Final = 12.0


class State(Enum):
    """What a part is doing."""

    STARTING = "starting"
    READY = "ready"
    WAITING = "restarts soon"
    DONE = "done"
    STOPPED = "stopped"


class AlreadyRunning(Exception):
    """Another supervisor holds the state folder."""


class PortTaken(Exception):
    """Somebody else listens where a part should."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """One process of the stack."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None
    """The part is ready once this address answers below 500; without one, as soon as it runs."""
    once: bool = False
    """Ends by itself: exit code 0 means done, another one is tried again."""


@dataclass(kw_only=True)
class RunningPart:
    """A part with its process and its history."""

    part: Part
    process: subprocess.Popen[bytes] | None = None
    state: State = State.STOPPED
    started: float = 0.0
    restarts: int = 0
    start_again_at: float = 0.0


def check_port(*, host: str, port: int) -> None:
    """Raise PortTaken, saying which port to choose instead, when nobody could listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken(
                    f"Port {port} is taken by another program. Choose another one: make up PORT={port + 100}"
                ) from error
            raise PortTaken(
                f"Cannot listen on {host}:{port}: {error.strerror}. Check HOST and PORT."
            ) from error


class Supervisor:
    """Runs the parts of one state folder until it is told to stop."""

    def __init__(
        self,
        *,
        state: Path,
        parts: Sequence[Part],
        on_change: Callable[[Sequence[RunningPart]], None],
        on_tick: Callable[[], None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = state
        self._logs = state / "logs"
        self._on_change = on_change
        self._on_tick = on_tick
        self._clock = clock
        self._stopping = False
        self._remembered = True
        self.running = [RunningPart(part=part) for part in parts]

    def stop(self, *_: object) -> None:
        """Ask the loop to end; safe in a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Start all parts and keep them running until `stop`."""
        self._logs.mkdir(parents=True, exist_ok=True)
        try:
            for running in self.running:
                self._start(running)
            while not self._stopping:
                changes = [self._look_after(running) for running in self.running]
                if any(changes):
                    self._changed()
                if not self._remembered:
                    self._remember()
                self._on_tick()
                time.sleep(TICK)
        finally:
            self._stop_all()

    def _start(self, running: RunningPart) -> None:
        try:
            self._launch(running)
        except OSError:  # no room for its log, or for a process: later there may be
            self._wait(running)
        else:
            running.state = State.STARTING
            running.started = self._clock()
            self._remember()
        self._changed()

    def _launch(self, running: RunningPart) -> None:
        log = (self._logs / f"{running.part.name}.log").open("ab")
        with log:
            running.process = subprocess.Popen(  # noqa: S603 - our own commands, no shell
                list(running.part.command),
                env={**os.environ, **running.part.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # A session of its own: Ctrl-C reaches the supervisor alone, which then stops parts in order.
                start_new_session=True,
            )

    def _look_after(self, running: RunningPart) -> bool:
        before = running.state
        if running.state is State.WAITING:
            if self._clock() >= running.start_again_at:
                running.restarts += 1
                self._start(running)
        elif running.process is not None and running.process.poll() is not None:
            self._ended(running, process=running.process)
        elif running.state is State.STARTING and _answers(running.part.ready_url):
            running.state = State.READY
        return running.state is not before

    def _ended(self, running: RunningPart, *, process: subprocess.Popen[bytes]) -> None:
        running.process = None
        # A killed part's children would hold its port and work beside the next one.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        if running.part.once and process.returncode == 0:
            running.state = State.DONE
            return
        lived = self._clock() - running.started
        if lived >= STABLE_AFTER:
            running.restarts = 0
        self._wait(running)

    def _wait(self, running: RunningPart) -> None:
        running.start_again_at = self._clock() + min(2.0**running.restarts, LONGEST_BACK_OFF)
        running.state = State.WAITING

    def _stop_all(self) -> None:
        alive = [(running, running.process) for running in self.running if running.process is not None]
        # Last started, first stopped: nothing loses what it stands on.
        for _, process in reversed(alive):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        for running, process in alive:
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            running.state = State.STOPPED
        self._changed()
        (self._folder / "up.json").unlink(missing_ok=True)

    def _changed(self) -> None:
        self._on_change(self.running)

    def _remember(self) -> None:
        pids = [os.getpid(), *(r.process.pid for r in self.running if r.process is not None)]
        content = json.dumps({"processes": [_identity(pid) for pid in pids]})
        fresh = self._folder / "up.json.new"
        try:
            fresh.write_text(content, encoding="utf-8")
            fresh.replace(self._folder / "up.json")
        except OSError:  # a full disk ends no part: written as soon as there is room
            self._remembered = False
        else:
            self._remembered = True


def _answers(url: str | None) -> bool:
    if url is None:
        return True
    try:
        with urllib.request.urlopen(url, timeout=1) as answer:  # noqa: S310 - our own http address
            return bool(answer.status < 500)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _identity(pid: int) -> dict[str, float]:
    """A process by number and start: a number alone may be somebody else's by tomorrow."""
    try:
        return {"pid": pid, "started": psutil.Process(pid).create_time()}
    except psutil.NoSuchProcess:
        return {"pid": pid, "started": 0.0}


@contextlib.contextmanager
def only_one(state: Path) -> Iterator[None]:
    """Hold the state folder for this process; the lock goes with the process, however it ends.

    Raises AlreadyRunning.
    """
    state.mkdir(parents=True, exist_ok=True)
    with (state / "up.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"PackyTrace already runs from {state} (process {lock.read().strip() or 'unknown'}). "
                "Stop it with `make down`, or run a second one: make up STATE=other-folder PORT=8100"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def stop_running(state: Path) -> int:
    """Stop what a supervisor of this folder started, also when the supervisor is dead; returns how many."""
    path = state / "up.json"
    if not path.exists():
        return 0
    found: list[psutil.Process] = []
    for entry in json.loads(path.read_text(encoding="utf-8"))["processes"]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(entry["pid"]))
            if abs(process.create_time() - entry["started"]) < 1:
                found.append(process)
    for process in found[:1] or []:
        process.terminate()
    _, rest = psutil.wait_procs(found, timeout=GRACE + 3)
    for process in rest:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    for process in psutil.wait_procs(rest, timeout=5)[1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    path.unlink(missing_ok=True)
    return len(found)
