"""Text from outside becomes safe, and says the same."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.text import cleaned, folded, shortened

#: Any text, lone surrogates and controls included.
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))
OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_shown(text: str) -> None:
    clean = cleaned(text)
    clean.encode("utf-8")
    assert not [c for c in clean if unicodedata.category(c) == "Cc" or c in OVERRIDES]
    assert clean == clean.strip()
    assert "  " not in clean


@given(ANY_TEXT)
def test_cleaning_and_folding_again_change_nothing(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Nd")), min_size=1))
def test_words_keep_their_letters(text: str) -> None:
    assert cleaned(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("nul\0and bell\a", "nuland bell"),
        ("turned \u202eotni\u202c around", "turned otni around"),
        ("a mark\u200f stays", "a mark\u200f stays"),
        ("joiner\u200dstays", "joiner\u200dstays"),
        ("two\r\nlines\tand\u00a0a tab", "two lines and a tab"),
        ("e\u0301clair", "éclair"),
        ("\ud800", ""),
        ("e\0\u0301", "é"),
    ],
)
def test_what_is_taken_out(text: str, clean: str) -> None:
    assert cleaned(text) == clean


@pytest.mark.parametrize(
    ("text", "found_as"),
    [
        ("Crème Brûlée", "creme brulee"),
        ("Straße, Ørsted & Łódź", "strasse orsted lodz"),
        ("ﬁne œufs", "fine oeufs"),
        ("half_and-half", "half and half"),
        ("МОЛОКО", "молоко"),
        ("!%_*", ""),
    ],
)
def test_text_is_looked_for_without_case_and_accents(text: str, found_as: str) -> None:
    assert folded(text) == found_as


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_shortened_text_fits(text: str, limit: int) -> None:
    short = shortened(text, limit=limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")
