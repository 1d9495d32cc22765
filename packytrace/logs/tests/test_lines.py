"""One way for all lines: structlog's, Django's, granian's and Celery's."""

import json
import logging
import os
import pty
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from packytrace.configuration import ROOT
from packytrace.facts import correlation
from packytrace.logs import lines

Written = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    text: list[str] = []
    monkeypatch.setattr(lines, "write", text.append)
    return lambda: [json.loads(line) for line in text]


def failing() -> None:
    raise ValueError("LOT-7")


def test_a_line_of_ours(written: Written) -> None:
    with correlation.bind("test-correlation"):
        structlog.get_logger("some.module").warning("something happened", number=1)
    [line] = written()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "something happened",
        "level": "warning",
        "logger": "some.module",
        "number": 1,
        "correlation_id": "test-correlation",
    }


def test_a_full_disk_costs_lines_and_fails_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    full = os.fdopen(os.open("/dev/full", os.O_WRONLY), "w")
    monkeypatch.setattr(sys, "stderr", full)
    for number in range(1_000):
        structlog.get_logger("some.module").info("something happened", number=number)
    with suppress(OSError):
        full.close()


def test_a_line_of_the_standard_library(written: Written) -> None:
    with correlation.bind("test-correlation"):
        logging.getLogger("some.library").warning("disk %s is at %d %%", "sda", 93)
    [line] = written()
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "disk sda is at 93 %",
        "level": "warning",
        "logger": "some.library",
        "correlation_id": "test-correlation",
    }


def test_both_are_redacted(written: Written) -> None:
    structlog.get_logger().info("sara@example.com", password="s3cret")
    logging.getLogger("x").warning("to %s", "sara@example.com")
    assert "sara" not in str(written())
    assert "s3cret" not in str(written())


def test_an_exception_is_told_by_its_place(written: Written) -> None:
    try:
        failing()
    except ValueError:
        structlog.get_logger().exception("ours failed")
        logging.getLogger("x").exception("theirs failed")
    ours, theirs = written()
    assert ours["level"] == theirs["level"] == "error"
    assert ours["exception"] == theirs["exception"]
    assert "test_lines.py" in ours["exception"]
    assert "LOT-7" not in str(written())


def test_django_tells_no_address(written: Written) -> None:
    request_log = logging.getLogger("django.request")
    request_log.warning("Not Found: %s", "/01/09521234543213/10/LOT-7")
    request_log.error("Internal Server Error: %s", "/x/LOT-7")
    assert written() == [], "every request has a line of ours"
    try:
        failing()
    except ValueError:
        request_log.exception("Internal Server Error: %s", "/x/LOT-7")
    logging.getLogger("django.security.DisallowedHost").error("Invalid HTTP_HOST header: 'LOT-7'")
    logging.getLogger("django.security.csrf").warning("Forbidden (%s): %s", "reason", "/x/LOT-7")
    logging.getLogger("django.server").info('"GET /x/LOT-7 HTTP/1.1" 200 1')
    assert [line["event"] for line in written()] == [
        "request failed",
        "suspicious request",
        "suspicious request",
        "development server",
    ]
    assert [line["level"] for line in written()][1:3] == ["warning", "warning"]
    assert "LOT-7" not in str(written())


def test_granian_tells_what_it_does_and_no_address(written: Written) -> None:
    logging.getLogger("_granian").info("Started worker-1")
    logging.getLogger("granian.access").info("%(path)s", {"path": "/x/LOT-7"})
    assert [line["event"] for line in written()] == ["Started worker-1"]


def test_celery_tells_no_argument_of_a_task(written: Written) -> None:
    try:
        failing()
    except ValueError:
        logging.getLogger("celery.app.trace").exception(
            "Task %(name)s[%(id)s] %(description)s: %(exc)s",
            {
                "id": "1",
                "name": "measurement.close_windows",
                "description": "raised unexpected",
                "exc": "ValueError('LOT-7')",
                "args": "LOT-7",
                "kwargs": "{}",
                "traceback": "LOT-7",
            },
        )
    [line] = written()
    assert line["event"] == "task measurement.close_windows raised unexpected"
    assert "test_lines.py" in line["exception"]
    assert "LOT-7" not in str(line)


def test_what_json_cannot_say_is_said_as_text(written: Written) -> None:
    structlog.get_logger().info("odd", surrogate="\udcff", path=Path("/x"), huge=2**70)
    [line] = written()
    assert line["event"] == "odd"
    assert line["path"] == "/x"


def test_lines_of_threads_do_not_mix(capfd: pytest.CaptureFixture[str]) -> None:
    log, library = structlog.get_logger("ours"), logging.getLogger("theirs")

    def tell(number: int) -> None:
        for _ in range(50):
            log.warning("x" * 500, number=number)
            library.warning("y" * 500)

    threads = [threading.Thread(target=tell, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    # Threads that other tests have left may tell something, too.
    events = Counter(line["event"] for line in told if line.get("logger") in {"ours", "theirs"})
    assert events == {"x" * 500: 400, "y" * 500: 400}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="This system has no fork().")
def test_a_process_forked_in_the_middle_of_a_line_can_write() -> None:
    fork = (
        "import os, sys; from packytrace.logs import lines\n"
        "with lines._WRITING.lock:\n"
        "    child = os.fork()\n"
        "    if child == 0: lines.write('from the child'); os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    )
    said = subprocess.run([sys.executable, "-c", fork], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert said.stderr == b"from the child\n"


def test_a_record_that_cannot_be_written_does_not_stop_its_caller(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logging.getLogger("x").warning("needs %d", "a number")
    assert "needs" not in capfd.readouterr().err


def test_a_level_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL must be one of"):
        lines.configure({"level": "LOUD"})


def test_the_least_level_holds_for_both(written: Written) -> None:
    try:
        lines.configure({"level": "error"})
        structlog.get_logger("quiet").warning("x")
        logging.getLogger("quiet").warning("x")
        assert written() == []
    finally:
        lines.configure(settings.LOGGING)


SAY = (
    "from packytrace.logs import lines; lines.configure({'level': 'INFO'});"
    "import structlog; structlog.get_logger('m').info('hello', who='sara@example.com')"
)


def test_outside_a_terminal_it_is_json() -> None:
    said = subprocess.run([sys.executable, "-c", SAY], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(said.stderr)["event"] == "hello"
    assert said.stdout == b""


def test_on_a_terminal_it_is_for_people() -> None:
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", SAY], cwd=ROOT, stderr=theirs, check=True)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    os.close(theirs)
    assert "hello" in said
    assert "[redacted]" in said
    assert not said.startswith("{")


def test_the_web_servers_main_process_writes_the_same_lines() -> None:
    """granian's own process has no Django settings: it reads a file."""
    configuration = json.loads((ROOT / "packytrace" / "logs" / "granian.json").read_text(encoding="utf-8"))
    say = (
        "import json, logging.config;"
        f"logging.config.dictConfig(json.loads({json.dumps(json.dumps(configuration))}));"
        "logging.getLogger('_granian').info('Listening at: http://127.0.0.1:8000')"
    )
    said = subprocess.run([sys.executable, "-c", say], cwd=ROOT, capture_output=True, check=True)
    assert json.loads(said.stderr)["event"] == "Listening at: http://127.0.0.1:8000"
