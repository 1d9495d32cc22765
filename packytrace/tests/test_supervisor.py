"""The supervisor keeps parts alive, and leaves nothing behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psutil
import pytest

from packytrace import supervisor
from packytrace.supervisor import Part, State, Supervisor

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
]


def wait_until(condition: Callable[[], bool], *, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


class Run:
    """A supervisor in a thread."""

    def __init__(self, folder: Path, *parts: Part) -> None:
        self.supervisor = Supervisor(state=folder, parts=parts, on_change=lambda _: None)
        self.thread = threading.Thread(target=self.supervisor.run)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.supervisor.stop()
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()

    def state(self, index: int = 0) -> State:
        return self.supervisor.running[index].state

    def pid(self, index: int = 0) -> int:
        process = self.supervisor.running[index].process
        assert process is not None
        return process.pid


def test_a_part_that_dies_is_started_again(tmp_path: Path) -> None:
    with Run(tmp_path, Part(name="one", command=SLEEPER)) as run:
        wait_until(lambda: run.state() is State.READY)
        first = run.pid()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: run.supervisor.running[0].restarts == 1 and run.state() is State.READY)
        assert run.pid() != first
    assert run.state() is State.STOPPED


def test_what_cannot_be_written_ends_nothing_and_is_written_once_it_can_be(tmp_path: Path) -> None:
    # A folder in a file's place refuses what a full disk refuses, also to root.
    (in_the_way := tmp_path / "up.json.new").mkdir()
    (log := tmp_path / "logs" / "two.log").mkdir(parents=True)
    parts = [Part(name=name, command=SLEEPER) for name in ("one", "two")]
    with Run(tmp_path, *parts) as run:
        wait_until(lambda: run.state(0) is State.READY and run.state(1) is State.WAITING)
        assert not (tmp_path / "up.json").exists()
        log.rmdir()
        wait_until(lambda: run.state(1) is State.READY)
        in_the_way.rmdir()
        wait_until((tmp_path / "up.json").exists)
        known = {entry["pid"] for entry in json.loads((tmp_path / "up.json").read_text())["processes"]}
        assert {run.pid(0), run.pid(1)} <= known


def test_the_children_of_a_part_that_dies_end_with_it(tmp_path: Path) -> None:
    told = tmp_path / "child"
    with_child = (
        "import pathlib, subprocess, sys, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); "
        "path = pathlib.Path(sys.argv[1]); "
        "path.with_suffix('.new').write_text(str(child.pid)); path.with_suffix('.new').replace(path); "
        "time.sleep(600)"
    )
    with Run(tmp_path, Part(name="one", command=[sys.executable, "-c", with_child, str(told)])) as run:
        wait_until(told.exists)
        child = psutil.Process(int(told.read_text()))
        os.kill(run.pid(), signal.SIGKILL)
        wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_part_that_is_meant_to_end_is_done_and_a_failed_one_is_tried_again(tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    fails_once = (
        "import pathlib, sys; m = pathlib.Path(sys.argv[1]); "
        "sys.exit(0) if m.exists() else (m.touch(), sys.exit(3))"
    )
    command = [sys.executable, "-c", fails_once, str(marker)]
    with Run(tmp_path, Part(name="once", command=command, once=True)) as run:
        wait_until(lambda: run.state() is State.DONE)
        assert run.supervisor.running[0].restarts == 1


def test_a_part_with_an_address_is_ready_when_it_answers(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    with Run(tmp_path, Part(name="web", command=command, ready_url=f"http://127.0.0.1:{port}/")) as run:
        assert run.state() in {State.STARTING, State.STOPPED}
        wait_until(lambda: run.state() is State.READY)


def test_a_part_that_ignores_the_signal_is_ended_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "GRACE", 0.5)
    with Run(tmp_path, Part(name="stubborn", command=STUBBORN)) as run:
        wait_until(lambda: run.state() is State.READY)
        pid = run.pid()
        time.sleep(0.3)  # until it ignores the signal
    assert not psutil.pid_exists(pid)
    assert not (tmp_path / "up.json").exists()


def test_what_a_killed_supervisor_left_is_found_and_stopped(tmp_path: Path) -> None:
    orphan = subprocess.Popen(SLEEPER, start_new_session=True)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    started = psutil.Process(orphan.pid).create_time()
    (tmp_path / "up.json").write_text(
        json.dumps(
            {"processes": [{"pid": gone.pid, "started": 1.0}, {"pid": orphan.pid, "started": started}]}
        )
    )
    reaper = threading.Thread(target=orphan.wait)
    reaper.start()
    assert supervisor.stop_running(tmp_path) == 1
    reaper.join(timeout=10)
    assert orphan.returncode is not None
    assert supervisor.stop_running(tmp_path) == 0


def test_a_stranger_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    stranger = subprocess.Popen(SLEEPER)
    try:
        (tmp_path / "up.json").write_text(
            json.dumps({"processes": [{"pid": stranger.pid, "started": 12345.0}]})
        )
        assert supervisor.stop_running(tmp_path) == 0
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_only_one_supervisor_holds_a_folder(tmp_path: Path) -> None:
    with (
        supervisor.only_one(tmp_path),
        pytest.raises(supervisor.AlreadyRunning, match="make down"),
        supervisor.only_one(tmp_path),
    ):
        pass
    with supervisor.only_one(tmp_path):
        pass


def test_a_taken_port_is_named_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(supervisor.PortTaken, match=f"Port {port} is taken.*PORT={port + 100}"):
            supervisor.check_port(host="127.0.0.1", port=port)
    supervisor.check_port(host="127.0.0.1", port=port)
