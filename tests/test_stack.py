"""`make up` as a process: what it prints, what it refuses, what it restarts, and that it stops."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from packytrace.configuration import ROOT
from tests.conftest import Stack, environment, free_port_pair

pytestmark = pytest.mark.stack


def _manage(*arguments: str, stack: Stack) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(state=stack.state, port=stack.port),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_printed_link_is_answered(stack: Stack) -> None:
    with urllib.request.urlopen(stack.link, timeout=10) as answer:
        assert answer.status == 200
        assert "/passport/" in answer.url
        assert b"Always check the pack" in answer.read()


def test_every_part_is_ready(stack: Stack) -> None:
    for part in ("database", "web", "provider", "relay", "consumers", "worker", "beat"):
        stack.await_line(rf"^{part}\s+ready")
    with urllib.request.urlopen(f"{stack.url}/health/ready", timeout=10) as answer:
        assert answer.status == 200


def test_a_second_one_beside_it_is_told_what_to_do(stack: Stack) -> None:
    second = _manage("up", stack=stack)
    assert second.returncode != 0
    assert "already runs" in second.stderr
    assert "make down" in second.stderr
    assert "Traceback" not in second.stderr
    assert stack.process.poll() is None


def test_a_taken_port_is_named() -> None:
    port = free_port_pair()
    with tempfile.TemporaryDirectory(prefix="packytrace-port-") as folder, socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        result = subprocess.run(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment(state=Path(folder), port=port),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert result.returncode != 0
    assert f"Port {port} is taken" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_doctor_finds_a_healthy_stack(stack: Stack) -> None:
    result = _manage("doctor", stack=stack)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "bad" not in result.stdout.split()


@pytest.mark.parametrize("part", ["relay", "consumers", "web"])
def test_a_killed_part_comes_back(stack: Stack, part: str) -> None:
    command = {"relay": "relay", "consumers": "consume", "web": "granian"}[part]
    before = _pid_of(stack, command)
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while True:
        assert time.monotonic() < deadline
        time.sleep(0.2)
        try:
            if _pid_of(stack, command) != before:
                break
        except LookupError:
            continue
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"{stack.url}/health/live", timeout=5) as answer:
                assert answer.status == 200
                return
        except urllib.error.URLError:
            assert time.monotonic() < deadline
            time.sleep(0.2)


def _pid_of(stack: Stack, command: str) -> int:
    for child in psutil.Process(stack.process.pid).children():
        try:
            words = child.cmdline()
        except (psutil.NoSuchProcess, psutil.ZombieProcess):  # ended, and not yet reaped by its parent
            continue
        if any(command in (word, Path(word).name) for word in words):
            return child.pid
    raise LookupError(command)
