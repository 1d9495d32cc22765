"""Quantities that a list of ingredients states, and what they add up to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.produce import fruits_share, red_meat_share
from contexts.passport.domain.quantities import stated


def read(text: str) -> list[tuple[str, str | None, int]]:
    return [
        (one.name, None if one.of_product is None else f"{one.of_product:f}", one.depth)
        for one in stated(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tomatoes 60 %, water, salt", [("Tomatoes", "60", 0), ("water", None, 0), ("salt", None, 0)]),
        ("27,5 % Äpfel; Zucker", [("Äpfel", "27.5", 0), ("Zucker", None, 0)]),
        ("sauce [50%] (tomatoes 80 %, oil)", [("sauce", "50", 0), ("tomatoes", "40", 1), ("oil", None, 1)]),
        ("filling (nuts 30 %), flour", [("filling", None, 0), ("nuts", None, 1), ("flour", None, 0)]),
        ("Tomatoes (27%) Minced Beef (12%) Onions", [("Tomatoes", "27", 0), ("Minced Beef Onions", "12", 0)]),
        (
            "milk (skimmed) powder 5 %, E 330",
            [("milk powder", "5", 0), ("skimmed", None, 1), ("E 330", None, 0)],
        ),
        ("sugar, butter 120 %", [("sugar", None, 0), ("butter", None, 0)]),
        ("rice\nmilk 3 %.", [("rice", None, 0), ("milk", "3", 0)]),
    ],
)
def test_what_a_list_states(text: str, expected: list[tuple[str, str | None, int]]) -> None:
    assert read(text) == expected


def test_where_it_stands_in_the_text() -> None:
    text = "Flour, milk chocolate (27 %) [sugar, cocoa], salt"
    places = {one.name: text[one.start : one.end] for one in stated(text)}
    assert places["milk chocolate"] == "milk chocolate (27 %)"
    assert places["Flour"] == "Flour"


PIECES = st.lists(
    st.sampled_from(["(", ")", "[", "]", ",", "5 %", "99,9%", "milk", " ", ". "]) | st.text(max_size=3)
)


@given(PIECES.map("".join))
def test_every_text_can_be_read(text: str) -> None:
    for one in stated(text):
        assert 0 <= one.start < one.end <= len(text)
        assert one.name
        assert one.of_product is None or 0 <= one.of_product <= 100
    assert 0 <= fruits_share(text) <= 100


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Apples", "100"),
        ("Apples, sugar", "0"),
        ("Tomaten 60 %, Zwiebeln (5 %), Kartoffeln 20 %", "65"),
        ("tomates 40%, pois chiches 30%, pommes de terre 20%", "70"),
        ("succo di mela da concentrato 50%, purea di pera 10%", "60"),
        ("Apple powder 10 %, lemon flavouring 1 %, black pepper 2 %, vanilla bean 1 %", "0"),
        ("Salad (60 %) (carrots 50 %, oil), nuts 20 %", "30.0"),
        ("aceite de oliva 80 %, ajo 5 %", "85"),
        ("Fruit mix: raisins 30 %, dates 20 %, peanuts 50 %", "50"),
    ],
)
def test_fruits_vegetables_and_legumes(text: str, share: str) -> None:
    assert fruits_share(text) == Decimal(share)


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Beef, water, salt", "100"),
        ("Pasta, pork 12 %, bacon 3 %", "15"),
        ("Hähnchenfleisch, Schweinespeck 4 %", "4"),
        ("Water, beef flavouring 20 %", "0"),
        ("Turkey ham 60 %", "0"),
    ],
)
def test_red_meat(text: str, share: str) -> None:
    assert red_meat_share(text) == Decimal(share)
