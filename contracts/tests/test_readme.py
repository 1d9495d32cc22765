"""The page for integrators says what the schemas say, and its examples are real."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from contracts import registry
from contracts.registry import check_message_written, contract, contracts

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def table() -> dict[str, list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in README.splitlines()
        if line.startswith("| [")
    ]
    return {re.sub(r"\[(\w+)\].*", r"\1", row[0]): row for row in rows}


def test_the_table_has_every_fact_once() -> None:
    assert sorted(table()) == sorted(fact for fact, _ in contracts())


@pytest.mark.parametrize("fact", [fact for fact, _ in contracts()])
def test_the_table_says_what_the_schema_says(fact: str) -> None:
    found = contract(fact=fact)
    link, topics, side, key, publishers, _ = table()[fact]
    assert f"(jsonschema/events/v1/{fact}.schema.json)" in link
    assert topics == ", ".join(f"`{topic}`" for topic in found.topics)
    assert side == found.side
    assert key == f"`{found.subject_field}`"
    assert publishers == ", ".join(found.contexts)


def test_the_message_shown_is_valid() -> None:
    [shown] = fenced("json")
    assert check_message_written(json.loads(shown)).fact == "ProductScanned"


def test_the_python_shown_reads_a_message(capsys: pytest.CaptureFixture[str]) -> None:
    [shown] = fenced("python")
    page: dict[str, Any] = {}
    exec(shown, page)
    found = contract(fact="AggregateReleased")
    payload = found.document["examples"][1]
    message = registry.envelope().document["examples"][0] | {
        "source": "/contexts/measurement",
        "type": found.type_from(context="measurement"),
        "subject": payload["brandId"],
        "dataschema": found.dataschema,
        "data": payload,
    }
    page["handle"](json.dumps(message).encode())
    assert capsys.readouterr().out == "scans_by_product_day 4\n"
    page["handle"](json.dumps(message | {"type": "packytrace.measurement.Other.v1"}).encode())
    assert capsys.readouterr().out == ""
