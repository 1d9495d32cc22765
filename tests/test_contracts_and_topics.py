"""The contracts and the topics say the same about every fact: one is read by integrators, the other by us."""

import re
from pathlib import Path

import pytest

from contracts.registry import contract, contracts
from packytrace.facts.topics import TOPICS, topic_named

README = Path(__file__).parents[1] / "contracts/README.md"


def test_every_fact_has_a_topic_and_every_topic_only_facts_with_a_contract() -> None:
    assert {(topic.name, fact) for topic in TOPICS for fact in topic.facts} == {
        (name, found.fact) for found in contracts().values() for name in found.topics
    }


@pytest.mark.parametrize("fact", [fact for fact, _ in contracts()])
def test_a_fact_is_on_the_side_and_of_the_owner_that_its_topic_declares(fact: str) -> None:
    found = contract(fact=fact)
    for name, context in zip(found.topics, found.contexts, strict=True):
        assert topic_named(name).side.value == found.side
        assert topic_named(name).owner == context


@pytest.mark.parametrize("fact", [fact for fact, _ in contracts()])
def test_the_page_for_integrators_names_the_readers_that_may_read(fact: str) -> None:
    readers = sorted({reader for name in contract(fact=fact).topics for reader in topic_named(name).readers})
    [row] = re.findall(rf"^\| \[{fact}\].*$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert row.strip("| ").split("|")[-1].strip() == ", ".join(readers)
