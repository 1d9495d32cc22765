"""A long-running command's sign of life."""

import json
import time
from pathlib import Path

import pytest
from pytest_django import Settings
from structlog.testing import capture_logs

from packytrace.facts import heartbeat
from packytrace.facts.heartbeat import Heartbeat, path_of
from packytrace.facts.tests.work import until


@pytest.fixture(autouse=True)
def _quick(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.STATE = tmp_path
    monkeypatch.setattr(heartbeat, "EVERY", 0.01)


def test_writes_what_it_does_to_a_file_that_is_gone_with_it() -> None:
    said = {"relayed": 0, "trouble": ""}
    with Heartbeat(part="relay", describe=lambda: said):
        until(path_of("relay").exists)
        said["relayed"] = 7
        until(lambda: json.loads(path_of("relay").read_text())["relayed"] == 7)
        assert time.time() - json.loads(path_of("relay").read_text())["at"] < 5
    assert not path_of("relay").exists()


def test_logs_when_its_trouble_changes_and_not_each_time() -> None:
    said = {"trouble": ""}
    with capture_logs() as lines, Heartbeat(part="relay", describe=lambda: said):
        until(lambda: len(lines) == 1)
        said["trouble"] = "Kafka: nobody answers"
        until(lambda: len(lines) == 2)
        time.sleep(0.1)
    assert [line["trouble"] for line in lines] == ["", "Kafka: nobody answers"]


def test_a_disk_that_takes_no_file_stops_nothing(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "heartbeat").write_text("no folder")
    with capture_logs() as lines, Heartbeat(part="relay", describe=dict):
        until(lambda: len(lines) == 1)
