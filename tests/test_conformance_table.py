"""The table of GS1 conformance names tests that exist, and one for each demand."""

import ast
import re
from functools import cache

import pytest

from packytrace.configuration import ROOT

TABLE = (ROOT / "docs" / "gs1-conformance.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w./-]+\.py)((?:::\w+)*)`")
HOMES = (ROOT / "contexts" / "passport" / "tests", ROOT)


@cache
def _tests_in(file: str) -> frozenset[str]:
    """The tests of a file, as `::Class::test` or `::test`; empty where there is no such file."""
    path = next((home / file for home in HOMES if (home / file).is_file()), None)
    if path is None:
        return frozenset()
    found: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {
                f"::{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)
            }
        elif isinstance(node, ast.FunctionDef):
            found.add(f"::{node.name}")
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test"))


ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.splitlines()
    if re.match(r"\| [1-9]", line)
]


def test_the_table_is_read() -> None:
    assert len(ROWS) > 50
    assert {len(row) for row in ROWS} == {5}
    assert {row[2] for row in ROWS} == {"SHALL", "SHALL NOT", "SHOULD", "MAY"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].replace(" ", "-"))
def test_what_is_demanded_is_shown(row: list[str]) -> None:
    named = NAMED.findall(row[4])
    assert named or (row[4] == "none" and not row[2].startswith("SHALL")), row
    for file, test in named:
        there = _tests_in(file)
        assert there, f"{file} has no tests"
        assert not test or test in there, f"{file}{test} is not there"


def test_tests_that_the_text_names_exist() -> None:
    for file, test in NAMED.findall(TABLE):
        assert test in _tests_in(file) or (not test and _tests_in(file)), f"{file}{test}"
