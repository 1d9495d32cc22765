"""A long-running command's sign of life, and who reads it."""

import json
import os
import shelve
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings
from structlog.testing import capture_logs

from packytrace.facts import heartbeat
from packytrace.facts.heartbeat import GONE, HANGING, LASTING, Heartbeat, Sign, complaints, path_of
from packytrace.facts.tests.work import until


@pytest.fixture(autouse=True)
def _quick(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STATE = tmp_path
    monkeypatch.setattr(heartbeat, "EVERY", 0.01)
    monkeypatch.setattr(heartbeat.socket, "gethostname", lambda: "here")


class Part:
    """A part whose sign the test sets."""

    def __init__(self, **values: Any) -> None:
        self.turned_at = time.time()
        self.trouble = ""
        self.values = values

    def __call__(self) -> Sign:
        """How it is."""
        return Sign(turned_at=self.turned_at, trouble=self.trouble, values=self.values)


@contextmanager
def beating(part: Part, *, name: str = "relay") -> Iterator[None]:
    """The part has said something."""
    with Heartbeat(part=name, describe=part):
        until(path_of(name).exists)
        yield


def told(name: str = "relay") -> dict[str, Any]:
    """What is in this process's file."""
    found: dict[str, Any] = json.loads(path_of(name).read_text())
    return found


def has_told(**expected: Any) -> Callable[[], bool]:
    """Whether the file says so by now."""
    return lambda: expected.items() <= told().items()


def test_writes_what_it_does_to_a_file_that_is_gone_with_it(tmp_path: Path) -> None:
    part = Part(relayed=0)
    with beating(part):
        part.values = {"relayed": 7}
        until(has_told(values={"relayed": 7}))
        assert time.time() - told()["said_at"] < 5
    assert list((tmp_path / "heartbeat").iterdir()) == []


def test_logs_when_its_trouble_changes_and_not_each_time() -> None:
    part = Part()
    with capture_logs() as lines, Heartbeat(part="relay", describe=part):
        until(lambda: len(lines) == 1)
        part.trouble = "Kafka: nobody answers"
        until(lambda: len(lines) == 2)
        time.sleep(0.1)
    assert [line["trouble"] for line in lines] == ["", "Kafka: nobody answers"]


def test_a_disk_that_takes_no_file_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "heartbeat").write_text("no folder")
    part = Part()
    with capture_logs() as lines, Heartbeat(part="relay", describe=part):
        until(lambda: bool(lines))
        before, part.trouble = len(lines), "and it goes on"
        until(lambda: len(lines) > before)


def test_a_terminal_that_is_gone_stops_no_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_: Heartbeat, __: Sign) -> None:
        raise BrokenPipeError

    monkeypatch.setattr(Heartbeat, "_log", gone)
    part = Part(relayed=0)
    with beating(part):
        part.values = {"relayed": 1}
        until(has_told(values={"relayed": 1}))


def test_a_part_that_works_has_no_complaint() -> None:
    with beating(Part()):
        assert list(complaints("relay")) == []


def test_a_part_that_never_started_or_has_ended_is_missed() -> None:
    missed = [f"relay gave no sign of life on here in the last {GONE:.0f} s."]
    assert list(complaints("relay")) == missed
    with beating(Part()):
        pass
    assert list(complaints("relay")) == missed


def test_what_a_killed_process_left_is_no_sign_of_life() -> None:
    leave(pid=7, said_at=time.time() - GONE - 1)
    assert [sentence.partition(" on ")[0] for sentence in complaints("relay")] == [
        "relay gave no sign of life"
    ]
    with beating(Part()):
        assert list(complaints("relay")) == []


def test_each_process_of_a_part_answers_for_itself() -> None:
    with beating(Part()):
        leave(pid=7, turned_at=time.time() - HANGING - 1)
        leave(pid=8)
        (hanging,) = complaints("relay")
        assert hanging.startswith("relay (process 7) hangs: its loop went round 15")
    assert not path_of("relay").exists()
    assert len(list(path_of("relay").parent.iterdir())) == 2, "only its own file is gone with it"


def test_other_hosts_and_other_parts_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    leave(pid=7, turned_at=0.0)
    monkeypatch.setattr(heartbeat.socket, "gethostname", lambda: "here.too")
    assert "gave no sign of life on here.too" in next(complaints("relay"))
    with beating(Part()):
        assert list(complaints("relay")) == []
        assert len(list(complaints("consumers"))) == 1


def test_a_loop_that_hangs_is_told_while_the_heart_beats() -> None:
    part = Part()
    with beating(part):
        part.turned_at -= HANGING + 5
        until(has_told(turned_at=part.turned_at))
        assert [sentence.partition(": ")[0] for sentence in complaints("relay")] == [
            f"relay (process {os.getpid()}) hangs"
        ]


def test_trouble_counts_once_it_lasts_and_not_after_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    part = Part()
    part.trouble = "Kafka: nobody answers"
    with beating(part):
        assert list(complaints("relay")) == []
        monkeypatch.setattr(heartbeat, "LASTING", -1.0)
        (sentence,) = complaints("relay")
        assert sentence.endswith(": Kafka: nobody answers")
        part.trouble = ""
        until(has_told(troubled_since=None))
        assert list(complaints("relay")) == []


def test_trouble_that_changes_its_words_has_lasted_from_the_first() -> None:
    part = Part()
    part.trouble = "Kafka: nobody answers"
    with beating(part):
        since = told()["troubled_since"]
        part.trouble = "PostgreSQL: OperationalError"
        until(has_told(trouble=part.trouble))
        assert told()["troubled_since"] == since
    assert LASTING < HANGING


def test_what_replaced_containers_left_is_swept(tmp_path: Path) -> None:
    leave(pid=7)
    recent = leave(pid=8)
    yesterday = time.time() - heartbeat.LEFT_BEHIND - 1
    os.utime(tmp_path / "heartbeat" / "relay@here.7.json", (yesterday, yesterday))
    with beating(Part()):
        assert set((tmp_path / "heartbeat").glob("*.json")) == {recent, path_of("relay")}


def test_the_command_says_nothing_of_a_part_that_is_well() -> None:
    with beating(Part(), name="consumers"):
        call_command("alive", "consumers")


def test_the_command_ends_with_1_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("alive", "relay")
    assert ended.value.code == 1
    assert capsys.readouterr().out == "relay gave no sign of life on here in the last 30 s.\n"


def test_beat_is_known_by_the_age_of_its_schedule(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.CELERY_BEAT_SCHEDULE_FILENAME = str(tmp_path / "beat")
    with pytest.raises(SystemExit):
        call_command("alive", "beat")
    assert capsys.readouterr().out == f"beat has saved no schedule at {tmp_path / 'beat'}.\n"
    with shelve.open(tmp_path / "beat") as schedule:
        schedule["entries"] = {}
    call_command("alive", "beat")
    long_ago = time.time() - 1000
    for file in tmp_path.glob("beat*"):
        os.utime(file, (long_ago, long_ago))
    with pytest.raises(SystemExit):
        call_command("alive", "beat")
    assert capsys.readouterr().out == "beat saved its schedule 1000 s ago.\n"


def leave(
    *, pid: int, said_at: float | None = None, turned_at: float | None = None, trouble: str = ""
) -> Path:
    """What another process of the relay on this host wrote."""
    now = time.time()
    file = path_of("relay").with_name(f"relay@here.{pid}.json")
    file.parent.mkdir(exist_ok=True)
    content = {
        "said_at": now if said_at is None else said_at,
        "turned_at": now if turned_at is None else turned_at,
        "trouble": trouble,
        "troubled_since": None,
        "values": {},
    }
    file.write_text(json.dumps(content))
    return file
