"""The doctor tells what is wrong in words, and what to do."""

import http.server
import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import Settings as SettingsWrapper

from packytrace import clockwork, doctor, wiring
from packytrace.celery import app
from packytrace.databases import roles
from packytrace.databases.audit import NO_REPAIR, Deviation
from packytrace.doctor import Finding, Verdict
from packytrace.edge.ports import Overdue
from packytrace.facts.log import LogUnavailable
from tests import ports


class _Usage(NamedTuple):
    """As shutil tells it, in bytes."""

    total: int
    used: int
    free: int


def _examined(monkeypatch: pytest.MonkeyPatch, *names: str) -> list[Finding]:
    """What the doctor finds when it looks at these parts only."""
    chosen = tuple(each for each in doctor._EXAMINATIONS if each[0] in names)
    assert len(chosen) == len(names)
    monkeypatch.setattr(doctor, "_EXAMINATIONS", chosen)
    return list(doctor.examine())


@pytest.mark.parametrize(
    ("options", "prefix", "optimised"),
    [
        ("'--enable-shared' '--prefix=/home/one/.pyenv/versions/3.11.7'", "/home/one/.pyenv", False),
        ("'--enable-optimizations' '--with-lto'", "/usr/local", True),
        ("'--enable-shared' '--prefix=/usr'", "/usr", True),  # Debian's
        (None, "C:/Python313", True),
    ],
)
def test_an_interpreter_without_optimisations_is_known(
    options: str | None, prefix: str, optimised: bool
) -> None:
    assert doctor.is_optimised(options=options, prefix=prefix) is optimised


def test_a_slow_interpreter_is_a_remark_and_no_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(doctor, "is_optimised", lambda **_: False)
    (found,) = _examined(monkeypatch, "Python")
    assert found.verdict is Verdict.REMARK
    call_command("doctor")  # no exit code
    told = capsys.readouterr().out
    assert "remark" in told
    assert "make up PYTHON=" in told


@pytest.mark.parametrize(
    ("free", "verdict"), [(10**8, Verdict.BAD), (10**9, Verdict.WARNING), (10**10, Verdict.GOOD)]
)
def test_a_disk_that_is_nearly_full_is_a_warning(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper, tmp_path: Path, free: int, verdict: Verdict
) -> None:
    settings.STATE = tmp_path
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**12, 10**12 - free, free))
    (found,) = _examined(monkeypatch, "disk")
    assert found.verdict is verdict


def test_a_state_folder_that_cannot_be_written_is_bad(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.STATE = tmp_path
    monkeypatch.setattr(os, "access", lambda *_: False)
    (found,) = _examined(monkeypatch, "disk")
    assert (found.verdict, found.repair) == (
        Verdict.BAD,
        "Give this user the folder, or set STATE to another one.",
    )


def test_what_stands_on_the_database_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper
) -> None:
    settings.DATABASE_EMBEDDED = False
    settings.DATABASE_SERVER = {"host": "127.0.0.1", "port": str(ports.free_pair()), "dbname": "packytrace"}
    found = _examined(monkeypatch, "database", "tables", "facts", "log", "windows")
    assert [(each.part, each.verdict) for each in found] == [
        ("database", Verdict.BAD),
        ("tables", Verdict.REMARK),
        ("facts", Verdict.REMARK),
        ("log", Verdict.REMARK),
        ("windows", Verdict.REMARK),
    ]
    assert "DATABASE_URL" in found[0].repair


def test_an_embedded_server_that_does_not_run_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.DATABASE_EMBEDDED = True
    settings.EMBEDDED_SERVER = type(settings.EMBEDDED_SERVER)(state=tmp_path)
    (found,) = _examined(monkeypatch, "database")
    assert found.verdict is Verdict.BAD
    assert "does not run" in found.seen
    assert "make up" in found.repair


def test_an_erasure_that_does_not_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "overdue_erasures", lambda *, now: 2)
    (found,) = _examined(monkeypatch, "erasures")
    assert (found.verdict, found.seen[-1]) == (Verdict.WARNING, "2")
    assert "manage.py erasures" in found.repair
    monkeypatch.setattr(wiring, "overdue_erasures", lambda *, now: 0)
    (found,) = _examined(monkeypatch, "erasures")
    assert found.verdict is Verdict.GOOD


def test_brands_that_wait_for_their_prefix_are_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for days, verdict in (([], Verdict.GOOD), ([0, 1], Verdict.REMARK), ([0, 4], Verdict.WARNING)):
        waiting = [now - timedelta(days=number) for number in days]
        monkeypatch.setattr(wiring, "prefixes_waiting", lambda waiting=waiting: waiting)
        (found,) = _examined(monkeypatch, "prefixes")
        assert found.verdict is verdict
    assert "2, for 4 days at most" in found.seen


def test_work_that_fails_each_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    hour_ago = timezone.now() - timedelta(hours=1)
    overdue = dict.fromkeys(doctor._WORK, Overdue(number=0, since=None))
    overdue["erasures"] = Overdue(number=1, since=hour_ago)  # has its own examination
    monkeypatch.setattr(wiring, "overdue_work", lambda *, now: overdue)
    (found,) = _examined(monkeypatch, "work")
    assert found.verdict is Verdict.GOOD
    overdue["notices"] = Overdue(number=3, since=hour_ago)
    (found,) = _examined(monkeypatch, "work")
    assert (found.verdict, found.seen) == (
        Verdict.WARNING,
        "notices are not sent: 3, the oldest for 60 minutes",
    )
    assert "MAIL_URL" in found.repair


@pytest.mark.django_db(databases=["fridge", "identity"])
def test_the_doctor_knows_a_sentence_for_all_work_that_is_watched() -> None:
    assert wiring.overdue_work(now=timezone.now()).keys() == doctor._WORK.keys() | {"erasures"}


def test_a_window_that_nobody_closed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "oldest_overdue_window", lambda *, now: date(2025, 3, 4))
    (found,) = _examined(monkeypatch, "windows")
    assert found.verdict is Verdict.WARNING
    assert "4 March 2025" in found.seen
    assert "close_windows" in found.repair
    monkeypatch.setattr(wiring, "oldest_overdue_window", lambda *, now: None)
    (found,) = _examined(monkeypatch, "windows")
    assert found.verdict is Verdict.GOOD


@pytest.mark.django_db(databases=roles.CONTEXTS)
def test_a_grant_to_a_role_that_is_not_ours_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor.audit, "remarks", lambda _connection: ["the role nosy is not ours and may look"]
    )
    remark = next(each for each in _examined(monkeypatch, "tables") if each.verdict is Verdict.REMARK)
    assert (remark.part, remark.seen) == ("grants", "the role nosy is not ours and may look")


@pytest.mark.django_db(databases=roles.CONTEXTS)
@pytest.mark.parametrize(
    ("by_hand", "repair"),
    [([True, True], "by hand"), ([True, False], "`python manage.py provision`, then")],
)
def test_a_command_is_advised_only_where_it_helps(
    by_hand: list[bool], repair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = [Deviation(words="it is open", repair=NO_REPAIR, by_hand=each) for each in by_hand]
    monkeypatch.setattr(doctor.audit, "find", lambda _connection: wrong)
    found = next(each for each in _examined(monkeypatch, "tables") if each.part == "grants")
    assert (found.verdict, found.seen) == (Verdict.BAD, "it is open; it is open")
    assert repair in found.repair


class _Log:
    """A log with a missing topic, or with facts that wait."""

    name = "kafka"

    def __init__(self, *, missing: str = "", behind: int = 0) -> None:
        self._missing = missing
        self._behind = behind

    def check(self, consumers: object) -> None:
        del consumers
        if self._missing:
            raise LogUnavailable(f"Kafka: nobody leads {self._missing}.")

    def lag(self, consumer: Any) -> Mapping[str, int]:
        return dict.fromkeys(consumer.topics, self._behind)


def test_a_missing_topic_is_named_with_the_command_that_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "configured_log", lambda: _Log(missing="passport.scans.v1"))
    (found,) = _examined(monkeypatch, "log")
    assert (found.part, found.verdict) == ("log", Verdict.BAD)
    assert "passport.scans.v1" in found.seen
    assert "facts topics --apply" in found.repair


@pytest.mark.parametrize(("behind", "verdict"), [(10_001, Verdict.WARNING), (10_000, Verdict.GOOD)])
def test_a_consumer_that_is_far_behind_is_named(
    monkeypatch: pytest.MonkeyPatch, behind: int, verdict: Verdict
) -> None:
    monkeypatch.setattr(doctor, "configured_log", lambda: _Log(behind=behind))
    found = _examined(monkeypatch, "log")
    assert {(each.part, each.verdict) for each in found} == {("consumers", verdict)}
    if verdict is Verdict.WARNING:
        assert len(found) == sum(len(consumer.topics) for consumer in wiring.consumers())


class _Control:
    """Celery's control, for some workers or a broker that is gone."""

    def __init__(self, *, workers: int | None) -> None:
        self._workers = workers

    def ping(self, *, timeout: float, limit: int) -> list[dict[str, dict[str, str]]]:
        assert timeout > 0
        if self._workers is None:
            raise OperationalError("Connection refused.")
        return [{f"celery@host{number}": {"ok": "pong"}} for number in range(self._workers)][:limit]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_answers_is_well(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(app, "control", _Control(workers=workers))
    assert list(clockwork.worker_complaints(patience=0.1)) == []


def test_a_broker_that_is_gone_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.STATE = tmp_path
    monkeypatch.setattr(app, "control", _Control(workers=None))
    found = _examined(monkeypatch, "web server")
    assert (found[-1].verdict, found[-1].seen) == (
        Verdict.BAD,
        "Celery's broker does not answer: Connection refused.",
    )


def test_parts_without_a_sign_of_life_and_a_web_server_that_is_gone_are_bad(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.STATE = tmp_path
    settings.HOST, settings.PORT_WEB = "127.0.0.1", ports.free_pair()
    settings.CELERY_BEAT_SCHEDULE_FILENAME = str(tmp_path / "beat")
    monkeypatch.setattr(doctor, "PATIENCE", 0.2)
    monkeypatch.setattr(app, "control", _Control(workers=0))
    found = _examined(monkeypatch, "web server")
    assert [(each.part, each.verdict) for each in found] == [
        ("relay", Verdict.BAD),
        ("consumers", Verdict.BAD),
        ("worker", Verdict.BAD),
        ("beat", Verdict.BAD),
        ("web server", Verdict.BAD),
    ]
    assert all("make up" in each.repair for each in found)


@contextmanager
def _a_stranger() -> Iterator[int]:
    """Another program's web server: every path is 404."""

    class Nothing(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def test_another_program_on_our_port_is_told_from_us(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper
) -> None:
    with _a_stranger() as port:
        settings.HOST, settings.PORT_WEB = "127.0.0.1", port
        monkeypatch.setattr(doctor.heartbeat, "complaints", lambda _: iter(()))
        monkeypatch.setattr(doctor.clockwork, "beat_complaints", lambda: iter(()))
        monkeypatch.setattr(app, "control", _Control(workers=1))
        (found,) = _examined(monkeypatch, "web server")
    assert found.verdict is Verdict.BAD
    assert "another program" in found.seen
    assert f"PORT={port + 100}" in found.repair


def test_static_files_are_looked_for_where_they_are_served_from(
    monkeypatch: pytest.MonkeyPatch, settings: SettingsWrapper, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path / "elsewhere"
    (missing,) = _examined(monkeypatch, "static files")
    assert missing.verdict is Verdict.BAD
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "staticfiles.json").touch()
    (found,) = doctor.examine()
    assert found.verdict is Verdict.GOOD
