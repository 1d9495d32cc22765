"""`make up` as a process: what it prints, what it refuses, what it restarts, and that it stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest

from packytrace.configuration import ROOT
from packytrace.databases.embedded import DATABASE, EmbeddedServer
from tests import ports
from tests.conftest import Stack, environment

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


def test_the_link_is_printed_when_it_can_be_opened(stack: Stack) -> None:
    ready = {part: stack.await_line(rf"^{part}\s+ready").start() for part in ("web", "provider")}
    assert stack.said().index(stack.link) > max(ready.values())


def test_a_second_one_beside_it_is_told_what_to_do(stack: Stack) -> None:
    second = _manage("up", stack=stack)
    assert second.returncode != 0
    assert "already runs" in second.stderr
    assert "make down" in second.stderr
    assert "Traceback" not in second.stderr
    assert stack.process.poll() is None


def test_a_taken_port_is_named() -> None:
    port = ports.free_pair()
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


@contextmanager
def _paused(stack: Stack, command: str) -> Iterator[None]:
    """A part that hangs, its children with it: the supervisor sees it run."""
    group = _pid_of(stack, command)
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(group, signal.SIGCONT)


@contextmanager
def _no_relay(stack: Stack) -> Iterator[None]:
    with _paused(stack, "relay"), _admin(stack) as admin:
        with urllib.request.urlopen(stack.link, timeout=10):
            pass
        waiting = admin.execute("UPDATE passport.outbox SET occurred_at = now() - interval '2 minutes'")
        assert waiting.rowcount > 0
        yield


@contextmanager
def _no_provider(stack: Stack) -> Iterator[None]:
    with _paused(stack, "packytrace.provider.wsgi:application"):
        yield


@contextmanager
def _another_password(stack: Stack) -> Iterator[None]:
    with _admin(stack) as admin:
        admin.execute("ALTER ROLE fridge_app PASSWORD 'another'")
        yield
    assert _manage("provision", stack=stack).returncode == 0


@contextmanager
def _a_grant_too_many(stack: Stack) -> Iterator[None]:
    with _admin(stack) as admin:
        admin.execute("GRANT SELECT ON identity.account TO relay")
        yield
        admin.execute("REVOKE SELECT ON identity.account FROM relay")


def _admin(stack: Stack) -> psycopg.Connection:
    server = EmbeddedServer(state=stack.state)
    return psycopg.connect(server.admin_conninfo(database=DATABASE), autocommit=True)


@pytest.mark.parametrize(
    ("broken", "parts", "seen"),
    [
        (_no_relay, ["relay"], "facts of passport wait, the oldest for"),
        (_no_provider, ["OpenID provider"], "does not answer|timed out"),
        (_another_password, ["database"], "fridge_app.*password authentication failed"),
        (_a_grant_too_many, ["grants"], "relay may SELECT identity.account"),
    ],
)
def test_the_doctor_finds_what_is_wrong_and_nothing_else(
    stack: Stack, broken: Callable[[Stack], AbstractContextManager[None]], parts: list[str], seen: str
) -> None:
    with broken(stack):
        result = _manage("doctor", stack=stack)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    findings = re.findall(r"^(?:bad|warning) +(.+?)  +(.+)$", result.stdout, flags=re.MULTILINE)
    assert [name for name, _ in findings] == parts, result.stdout
    assert re.search(seen, findings[0][1]), result.stdout


def test_the_doctor_finds_a_healthy_stack(stack: Stack) -> None:
    result = _manage("doctor", stack=stack)
    assert result.returncode == 0, result.stdout + result.stderr
    assert len(result.stdout.splitlines()) >= 8
    assert not re.findall(r"^(?:bad|warning) ", result.stdout, flags=re.MULTILINE), result.stdout


def test_the_doctor_finds_that_nothing_runs() -> None:
    with tempfile.TemporaryDirectory(prefix="packytrace-nothing-") as folder:
        result = subprocess.run(
            [sys.executable, "manage.py", "doctor"],
            cwd=ROOT,
            env=environment(state=Path(folder), port=ports.free_pair()),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "make up" in result.stdout
    bad = re.findall(r"^bad +(.+?)  ", result.stdout, flags=re.MULTILINE)
    assert set(bad) == {
        "database",
        "relay",
        "consumers",
        "worker",
        "beat",
        "web server",
        "OpenID provider",
        "static files",
    }, result.stdout


@pytest.mark.parametrize("part", ["relay", "consumers", "web"])
def test_a_killed_part_comes_back(stack: Stack, part: str) -> None:
    command = {"relay": "relay", "consumers": "consume", "web": "packytrace.asgi:application"}[part]
    before = _pid_of(stack, command)
    children = psutil.Process(before).children(recursive=True)
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
                break
        except OSError:  # refused, cut off or too slow: it is starting
            assert time.monotonic() < deadline
            time.sleep(0.2)
    _, left = psutil.wait_procs(children, timeout=10)
    assert [child for child in left if child.status() != psutil.STATUS_ZOMBIE] == []


def _pid_of(stack: Stack, command: str) -> int:
    for child in psutil.Process(stack.process.pid).children():
        try:
            words = child.cmdline()
        except (psutil.NoSuchProcess, psutil.ZombieProcess):  # ended, and not yet reaped by its parent
            continue
        if any(command in (word, Path(word).name) for word in words):
            return child.pid
    raise LookupError(command)
