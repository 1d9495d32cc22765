"""Words, beginnings, endings and insides of words, and which of them wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.lexicon import Lexicon

LEXICON = Lexicon[str](
    [
        ("milk", "milk"),
        ("skimmed milk powder", "powder"),
        ("coconut milk", None),
        ("pšenič*", "wheat"),
        ("pšeničn* mouk*", "flour"),
        ("*milch*", "milk"),
        ("kokosmilch*", None),
        ("*butter", "butter"),
        ("*nuss*", "nut"),
        ("propane-1,2-diol", "diol"),
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], meaning) for start, end, meaning in LEXICON.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Milk, SKIMMED  milk-powder", [("Milk", "milk"), ("SKIMMED  milk-powder", "powder")]),
        ("coconut milk, coconut, milk", [("milk", "milk")]),
        ("milky, almilk", []),
        ("psenicna mouka, PŠENIČNÝ", [("psenicna mouka", "flour"), ("PŠENIČNÝ", "wheat")]),
        ("pšenična: mouka", [("pšenična", "wheat")]),
        ("Vollmilchpulver, Kokosmilchpulver", [("Vollmilchpulver", "milk")]),
        ("Kräuterbutter, Butterkeks", [("Kräuterbutter", "butter")]),
        ("Nussbutter, Nussmilch", [("Nussbutter", "nut"), ("Nussmilch", "nut")]),
        ("propane-1,2-diol, propane-1, 2-diol", [("propane-1,2-diol", "diol")]),
        ("", []),
    ],
)
def test_what_a_text_says(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@given(
    st.lists(
        st.sampled_from(["milk", "coconut ", "Nuss", "butter", " ", "-", "ß", "ﬁ", "\u0301"]) | st.text()
    )
)
def test_places_are_in_the_text_in_order_and_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    after = 0
    for start, end, _ in LEXICON.find(text):
        assert after <= start < end <= len(text)
        after = end
