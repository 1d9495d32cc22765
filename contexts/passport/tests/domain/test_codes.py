"""Codes of every key: the golden vectors, and the laws for whatever is built, mutated or scanned."""

import json
import random
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain import digital_link, refusals
from contexts.passport.domain.application_identifiers import IDENTIFIERS, KEY_QUALIFIERS
from contexts.passport.domain.digital_link import Identified, canonical_uri, identify, parse_uri
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.tests.generated_codes import codes, elements, link, tag_link, value_of

TODAY: Final = date(2026, 5, 1)
VECTORS: Final = Path(__file__).parent.parent / "golden" / "codes.json"

seeds = st.integers(min_value=0, max_value=2**32)


def judged(text: str) -> dict[str, Any]:
    """What is said of a code, as the vectors say it."""
    try:
        said = identify(text, today=TODAY)
    except CodeRefused as refused:
        return {
            "code": text,
            "accept": False,
            "rule": refused.code,
            "ai": refused.ai,
            "position": refused.position,
        }
    return {"code": text, "accept": True, "canonical": canonical_uri(said)}


def test_golden_vectors() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert [one for one in vectors if judged(one["code"]) != one] == []
    assert len(vectors) > 500
    assert {one["canonical"].split("/")[3] for one in vectors if one["accept"]} == KEY_QUALIFIERS.keys()
    # A place is said to be no pack's only after the code was read.
    rules = {one.code for one in CodeRefused.__subclasses__()} - {"key_not_read"}
    assert {one["rule"] for one in vectors if not one["accept"]} == rules


@given(seed=seeds)
def test_reading_a_built_link_gives_the_code_back(seed: int) -> None:
    source = random.Random(seed)
    path, query = elements(source)
    built = Identified(
        key=path[0][0],
        value=path[0][1],
        qualifiers=tuple(path[1:]),
        attributes=tuple(sorted(query)),
        raw="",
    )
    uri = canonical_uri(built)
    assert parse_uri(uri, today=TODAY) == Identified(
        key=built.key, value=built.value, qualifiers=built.qualifiers, attributes=built.attributes, raw=uri
    )
    assert canonical_uri(identify(link(path, query, source), today=TODAY)) == uri
    elements_of_it = "^" + "^".join(f"{ai}{value}" for ai, value in path + query)
    if built.key == "01":  # whatever an element string says of a trade item, it is about the trade item
        assert canonical_uri(identify(elements_of_it, today=TODAY)) == uri


@given(seed=seeds)
def test_no_code_crashes_and_every_refusal_says_where(seed: int) -> None:
    source = random.Random(seed)
    for text in (*islice(codes(seed=seed), 20), tag_link(source)):
        verdict = judged(text)
        if verdict["accept"]:
            said = identify(text, today=TODAY)
            assert said.path.startswith(f"/{said.key}/")
            assert said.levels[0] == said.path
            assert parse_uri(verdict["canonical"], today=TODAY).levels == said.levels
        else:
            assert 0 <= verdict["position"] <= len(text)
            assert verdict["ai"] is None or verdict["ai"].rstrip("n").isdecimal()


@given(seed=seeds)
def test_the_short_way_leads_where_the_long_one_does(seed: int) -> None:
    for text in islice(codes(seed=seed), 20):
        assert judged_by(digital_link._parse, text) == judged_by(digital_link._parse_thoroughly, text)


def judged_by(parse: Any, text: str) -> object:
    try:
        return parse(text, raw=text, today=TODAY)
    except CodeRefused as refused:
        return type(refused), refused.ai, refused.position


@pytest.mark.parametrize("ai", sorted(IDENTIFIERS))
def test_every_identifier_takes_its_values_and_says_which_it_does_not(ai: str) -> None:
    identifier = IDENTIFIERS[ai]
    source = random.Random(ai)
    for _ in range(5):
        identifier.check(value_of(identifier, source), today=TODAY)
    for wrong, position in (("", 0), ("é", 0), ("1" * 91, identifier.longest)):
        with pytest.raises(refusals.CodeRefused) as caught:
            identifier.check(wrong, today=TODAY)
        assert (caught.value.ai, caught.value.position) == (ai, position)


def test_a_level_for_each_qualifier_but_none_without_what_a_key_needs() -> None:
    lot = parse_uri("https://a/01/09520123456788/22/A/10/B%2FC/21/D", today=TODAY)
    assert lot.levels == (
        "/01/09520123456788/22/A/10/B%2FC/21/D",
        "/01/09520123456788/22/A/10/B%2FC",
        "/01/09520123456788/22/A",
        "/01/09520123456788",
    )
    slip = parse_uri("https://a/415/9520123456788/8020/R1", today=TODAY)
    assert slip.levels == ("/415/9520123456788/8020/R1",)
