"""Rows of a producer's file: what columns are taken for, and what a row says."""

import pytest

from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.label_documents import read
from contexts.passport.domain.product_rows import document_of_row, guessed, targets


def test_columns_are_known_by_their_headings() -> None:
    headings = ("EAN", "Artikelname", "Zutaten", "Name EN", "Energie (kJ)", "Fett (g)", "Allergene", "Preis")
    assert guessed(headings, language="de") == {
        "EAN": "gtin",
        "Zutaten": "ingredients.de",
        "Name EN": "names.en",
        "Artikelname": "names.de",
        "Energie (kJ)": "nutrition.energyKj",
        "Fett (g)": "nutrition.fat",
        "Allergene": "allergens",
    }
    every = targets("sv")
    assert guessed(every, language="sv") == {target: target for target in every}
    assert guessed(("Name", "Nom"), language="fr") == {"Name": "names.fr"}, "each value once"


def test_a_row_says_a_label() -> None:
    mapping = {
        "a": "gtin",
        "b": "names.de",
        "c": "allergens",
        "d": "claims",
        "e": "dateKind",
        "f": "nutrition.per",
        "g": "nutrition.fat",
    }
    cells = ("9521001 000017", "Milch", "Milch, nuts; Magie", "Vegan|gluten-free", "MHD", "je 100 ml", "3,5")
    assert document_of_row(
        headings=tuple(mapping), cells=cells, mapping=mapping, language="de", blank_is_none=True
    ) == (
        "9521001000017",
        {
            "language": "de",
            "names": {"de": "Milch"},
            "allergens": ["milk", "nuts", "Magie"],
            "claims": ["vegan", "gluten_free"],
            "dateKind": "best_before",
            "nutrition": {"per": "100 ml", "fat": "3,5"},
        },
    )


@pytest.mark.parametrize(
    ("cell", "blank_is_none", "traces"),
    [
        ("", True, ()),
        ("", False, None),
        ("None", False, ()),
        ("-", True, ()),
        ("nicht angegeben", True, None),
        ("?", True, None),
        ("Nüsse", True, (Allergen.NUTS,)),
    ],
)
def test_a_cell_says_which_traces_there_may_be_or_that_nobody_does(
    cell: str, blank_is_none: bool, traces: tuple[Allergen, ...] | None
) -> None:
    _, document = document_of_row(
        headings=("Name", "Spuren"),
        cells=("Reiskeks", cell),
        mapping={"Name": "names.de", "Spuren": "traces"},
        language="de",
        blank_is_none=blank_is_none,
    )
    assert read(document).label.traces == traces


def test_without_their_columns_neither_allergens_nor_traces_are_known() -> None:
    _, document = document_of_row(
        headings=("Name",),
        cells=("Reiskeks",),
        mapping={"Name": "names.de"},
        language="de",
        blank_is_none=True,
    )
    assert {"allergens", "traces"}.isdisjoint(read(document).label.known())
