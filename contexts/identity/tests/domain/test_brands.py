"""What can be a brand's name and slug."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.identity.domain.brands import LONGEST_NAME, LONGEST_SLUG, is_slug, tidy_name


@given(text=st.text())
def test_a_tidy_name_is_stable_visible_and_fits(text: str) -> None:
    name = tidy_name(text)
    if name is None:
        return
    assert tidy_name(name) == name
    assert 1 <= len(name) <= LONGEST_NAME
    assert name == name.strip()
    assert not any(unicodedata.category(character).startswith("C") for character in name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Alpenhof \n Molkerei ", "Alpenhof Molkerei"),
        ("Cafe\u0301", "Café"),
        ("", None),
        ("   ", None),
        ("Nord\u200bkorn", None),
        ("Nord\u202ekorn", None),
        ("Nord\x00korn", None),
        ("x" * 200, "x" * 200),
        ("x" * 201, None),
    ],
)
def test_names(text: str, name: str | None) -> None:
    assert tidy_name(text) == name


@pytest.mark.parametrize("slug", ["alpenhof", "campo-vivo", "a1-b2-c3", "x" * LONGEST_SLUG])
def test_slugs(slug: str) -> None:
    assert is_slug(slug)


@pytest.mark.parametrize(
    "slug",
    ["", "-a", "a-", "a--b", "A", "ä", "a b", "a/b", "a\n", "\u0661", "x" * (LONGEST_SLUG + 1)],
)
def test_no_slugs(slug: str) -> None:
    assert not is_slug(slug)
