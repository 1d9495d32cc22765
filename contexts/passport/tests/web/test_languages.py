"""Which language a label is read in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.web.languages import DEFAULT, LANGUAGES, wished_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT, de;q=0.9, en;q=0.8", "de"),
        ("en;q=0.5, fr;q=0.9", "fr"),
        ("FR-ca", "fr"),
        ("nb-NO", "no"),
        ("tlh, it;q=0.1", "it"),
        ("tlh", "en"),
        ("*", "en"),
        ("de;q=0", "en"),
        ("fr;q=1.1, de;q=0.2", "de"),
        ("fr;q=x, de;q=0.2", "de"),
        ("fr;q=nan, de;q=0.2", "de"),
        ("fr;level=1, de;q=0.2", "de"),
        ("it,de", "it"),
        ("de ; q=0.3 , sv", "sv"),
        ("x," * 30 + "de", "en"),
    ],
)
def test_the_first_wish_that_labels_are_written_in(header: str, language: str) -> None:
    """RFC 9110 section 12.5.4."""
    assert wished_language(header) == language


@given(st.text())
def test_no_header_breaks_it_or_invents_a_language(header: str) -> None:
    assert wished_language(header) in LANGUAGES


def test_the_default_is_a_language() -> None:
    assert DEFAULT in LANGUAGES
