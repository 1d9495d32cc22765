"""Additives by number and by name, with what each is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain import additives
from contexts.passport.domain.additives import AdditiveClass, found, of_number, of_numbers
from contexts.passport.tests.real_products import real_products


def numbers(text: str) -> list[str]:
    return [one.number for one in found(text)]


@pytest.mark.parametrize(
    "text", ["E322", "E 322", "e-322", "E322i", "INS 322", "lecithin", "Lécithine de soja"]
)
def test_one_additive_by_any_name(text: str) -> None:
    (one,) = found(text)
    assert one.number == "E322"
    assert text[one.start : one.end] == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Säuerungsmittel: Citronensäure, E 300; Backtriebmittel E500(ii)", ["E330", "E300", "E500"]),
        ("colour: E160ai, emulsifier: mono- and diglycerides of fatty acids", ["E160a", "E471"]),
        ("acidificante: ácido cítrico, colorante E-150d", ["E330", "E150d"]),
        ("correttore di acidità: citrati di sodio, addensante: pectina", ["E331", "E440"]),
        ("antioxydant : acide ascorbique, acide ascorbique", ["E300"]),
        ("lactic acid bacteria, vitamin E 12 mg, E1", []),
        ("E 999999, THE 322, E32222", []),
        (
            "zucchero e 150 g di burro, latte e 200ml, olio e 100,5 g, E 120 \u00b5g, e 100 %",
            [],
        ),
        ("addensante: E440 e sale, E 471 e E472e, colorante E161g", ["E440", "E471", "E472e", "E161g"]),
        ("Farbstoffe: E 160 a, E 150 d; Emulgator (E 472 e)", ["E160a", "E150d", "E472e"]),
    ],
)
def test_lists_in_five_languages(text: str, expected: list[str]) -> None:
    assert numbers(text) == expected


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("milk, acidity regulator lactic acid, salt", {"E270": AdditiveClass.ACIDITY_REGULATOR}),
        ("milk, lactic acid, salt", {"E270": AdditiveClass.ACID}),
        ("Säureregulator: Citronensäure", {"E330": AdditiveClass.ACIDITY_REGULATOR}),
        ("acide citrique (antioxydant), sel", {"E330": AdditiveClass.ANTIOXIDANT}),
        (
            "estabilizantes (E440, E407), ácido cítrico",
            {
                "E440": AdditiveClass.STABILISER,
                "E407": AdditiveClass.STABILISER,
                "E330": AdditiveClass.ACID,
            },
        ),
        (
            "stabilizzanti: pectina, carragenina e gomma di xanthan; acido citrico",
            {
                "E440": AdditiveClass.STABILISER,
                "E407": AdditiveClass.STABILISER,
                "E330": AdditiveClass.ACID,
            },
        ),
        (
            "stabiliser: pectin, citric acid, sugar, colour, salt, ascorbic acid",
            {
                "E440": AdditiveClass.STABILISER,
                "E330": AdditiveClass.ACID,
                "E300": AdditiveClass.ANTIOXIDANT,
            },
        ),
    ],
)
def test_the_class_that_the_list_names_goes_first(text: str, classes: dict[str, AdditiveClass]) -> None:
    assert {one.number: one.purpose for one in found(text) if one.number in classes} == classes


def test_a_number_beyond_the_table_is_found_without_a_class() -> None:
    (one,) = found("E 949")
    assert (one.number, one.additive.purpose, one.additive.name("de")) == (
        "E949",
        AdditiveClass.OTHER,
        "E949",
    )


def test_forms_are_of_their_additive() -> None:
    assert of_number("en:e500ii").number == "E500"
    assert of_number("E160a(i)").number == "E160a"
    assert of_number("E160a").name("fr") == "carotènes"
    assert [additive.number for additive in of_numbers(["E322", "E322i", "E330"])] == ["E322", "E330"]


def test_the_table_is_whole() -> None:
    """Each additive has a name in each language, and each class a sentence."""
    assert len(additives.BY_NUMBER) >= 150
    for additive in additives.BY_NUMBER.values():
        assert set(additive.names) == set(additives.LANGUAGES)
        for name in additive.names.values():
            assert numbers(name) == [additive.number]
    assert all(purpose.words.endswith(".") and purpose.noun for purpose in AdditiveClass)


PIECES = st.sampled_from(["E", "322", " ", "(ii)", "citric acid", "i", "é", ","]) | st.text(max_size=4)


@given(st.lists(PIECES).map("".join))
def test_every_text_has_additives_in_its_order(text: str) -> None:
    places = found(text)
    assert [one.start for one in places] == sorted(one.start for one in places)
    assert len({one.number for one in places}) == len(places)


def test_sweeteners_without_energy() -> None:
    assert additives.is_non_nutritive_sweetener("E960a")
    assert not additives.is_non_nutritive_sweetener("E420")


def test_real_lists_name_what_the_source_found() -> None:
    """Fewer than 4 of 100 that Open Food Facts found are not found here; most of these are no additives in
    the European Union."""
    both = missed = 0
    for product in real_products():
        ours = {number for text in product.texts() for number in numbers(text)}
        theirs = {additive.number for additive in of_numbers(product.entry.label.additives)}
        both += len(ours & theirs)
        missed += len(theirs - ours)
    assert both >= 300
    assert missed <= both * 4 / 100
