"""The Health Profile and its document."""

import json
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.personalization.domain.profile import (
    HealthProfile,
    Intolerance,
    ProfileRefused,
    Sensitivity,
    avoided_words,
)
from contexts.personalization.domain.profile_json import profile_from_json, profile_to_json
from contexts.personalization.tests.domain import strategies


@given(profile=strategies.profiles)
def test_a_profile_comes_back_from_its_document(profile: HealthProfile) -> None:
    assert profile_from_json(json.loads(json.dumps(profile_to_json(profile)))) == profile


def test_a_field_that_is_left_out_is_empty() -> None:
    assert profile_from_json({"intolerances": ["lactose"]}) == HealthProfile(
        intolerances=frozenset({Intolerance.LACTOSE})
    )
    assert profile_from_json({}).is_empty


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (None, "profile"),
        ([], "profile"),
        ({"allergies": {}}, "profile"),
        ({1: 2}, "profile"),
        ({"allergens": ["milk"]}, "allergens"),
        ({"allergens": {"milk": True}}, "allergens"),
        ({"allergens": {"milk": "a little"}}, "allergens"),
        ({"allergens": {"kiwi": "contains"}}, "allergens"),
        ({"intolerances": "lactose"}, "intolerances"),
        ({"intolerances": ["lactose"] * 5}, "intolerances"),
        ({"diets": [["vegan"]]}, "diets"),
        ({"diets": ["carnivore"]}, "diets"),
        ({"goals": None}, "goals"),
        ({"goals": [0]}, "goals"),
        ({"avoided": "sugar"}, "avoided"),
        ({"avoided": [1]}, "avoided"),
        ({"avoided": [""]}, "avoided"),
        ({"avoided": [" -- "]}, "avoided"),
        ({"avoided": ["a" * 61]}, "avoided"),
        ({"avoided": ["a\x00b"]}, "avoided"),
        ({"avoided": ["a\u202eb"]}, "avoided"),
        ({"avoided": [f"word {number}" for number in range(10_000)]}, "avoided"),
    ],
)
def test_anything_else_is_refused_by_field_and_rule(document: object, field: str) -> None:
    with pytest.raises(ProfileRefused) as refused:
        profile_from_json(document)
    assert refused.value.field == field
    assert refused.value.rule


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(("milk", "vegan", "contains")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


@given(
    document=_JSON
    | st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(("allergens", "intolerances", "diets", "goals", "avoided"), _JSON),
    )
)
def test_any_document_is_a_profile_or_refused(document: object) -> None:
    try:
        profile = profile_from_json(document)
    except ProfileRefused:
        return
    assert profile_from_json(profile_to_json(profile)) == profile


def test_words_to_avoid_get_their_plain_form() -> None:
    assert avoided_words(["  palm \t oil ", "Palm Oil", "cre\u0301me"]) == ("palm oil", "créme")


def test_markup_is_a_word_like_any_other() -> None:
    """Pages escape it."""
    assert avoided_words(["<script>alert(1)</script>"]) == ("<script>alert(1)</script>",)


def test_nothing_shows_a_value_by_itself() -> None:
    profile = profile_from_json({"allergens": {"milk": "traces_too"}, "avoided": ["canary"]})
    assert set(profile.allergens.values()) == {Sensitivity.TRACES_TOO}
    assert "milk" not in repr(profile)
    assert "canary" not in f"{profile}"
    with pytest.raises(ProfileRefused) as refused:
        profile_from_json({"avoided": ["canary" * 20]})
    assert "canary" not in "".join(traceback.format_exception_only(refused.value))
