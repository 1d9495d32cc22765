"""Rows of a producer's file: what columns are taken for, and what a row says."""

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
    assert document_of_row(headings=tuple(mapping), cells=cells, mapping=mapping, language="de") == (
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
