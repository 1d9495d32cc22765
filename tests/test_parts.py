"""What a test needs and this machine lacks is skipped by name, and fails where CI=true."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from packytrace.configuration import ROOT
from tests import keycloak, parts
from tests.kafka import broker

FOLDERS: Final = ("contexts", "contracts", "frontend/tests", "packytrace", "tests")
#: Where a test may be left out by other means, and why.
BY_OTHER_MEANS: Final = {
    "tests/parts.py": "the one place",
    "contracts/tests/test_generated.py": "the contracts stand alone; fails where CI=true by itself",
    "packytrace/logs/tests/test_lines.py": "a system without fork() cannot be given one",
}
#: What the message names, the programs that are here, and what asks.
NEEDS: Final[list[tuple[str, tuple[str, ...], Callable[[], object]]]] = [
    ("no java", (), parts.require_kafka),
    ("no mvn", ("java",), parts.require_kafka),
    ("Kafka is not installed", ("java", "mvn"), parts.require_kafka),
    ("no java", (), parts.require_keycloak),
    ("Keycloak is not installed", ("java", "mvn"), parts.require_keycloak),
    ("no redis-server", (), lambda: parts.require("redis-server")),
    ("There is no .*nowhere", (), lambda: parts.shared("nowhere")),
]


@pytest.mark.parametrize(("message", "here", "need"), NEEDS)
@pytest.mark.parametrize(
    ("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)], ids=["ci", "stranger"]
)
def test_what_is_lacking_is_named(
    message: str,
    here: tuple[str, ...],
    need: Callable[[], object],
    ci: str,
    outcome: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    for program in here:
        (tmp_path / program).touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(broker, "installed", lambda: False)
    monkeypatch.setattr(keycloak, "installed", lambda: False)
    with pytest.raises(outcome, match=message):
        need()


def test_what_is_here_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "java").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(broker, "installed", lambda: True)
    parts.require("java")
    parts.require_kafka()
    assert parts.missing("java", "mvn") == ["mvn"]


def test_no_test_is_left_out_by_other_means() -> None:
    files = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py") if "tests" in file.parts]
    assert len(files) > 100
    found = {
        file.relative_to(ROOT).as_posix()
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if _leaves_out(node)
    }
    assert found == set(BY_OTHER_MEANS)


def _leaves_out(node: ast.AST) -> bool:
    """A call or mark of pytest's that skips; its own exception is no such call."""
    match node:
        case ast.Call(func=ast.Attribute(attr="skip" | "skipif" | "importorskip" | "xfail")):
            return True
        case ast.Attribute(value=ast.Attribute(attr="mark"), attr="skip" | "xfail"):
            return True
    return False
