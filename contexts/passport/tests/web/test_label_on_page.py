"""What Regulation (EU) No 1169/2011, Art. 9(1) (a) to (l), asks of a label, on the passport's page."""

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Final

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.passport_page import page_of
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import DateKind, DigitalLabel
from contexts.passport.domain.nutrition import Basis, Nutrition, Portion
from contexts.passport.tests.entries import MUESLI, NOW, muesli, stock
from contexts.passport.tests.real_products import real_products
from contexts.passport.web.pages import PAGES

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files", "fresh"),
]

FULL = DigitalLabel(
    language="de",
    names={"de": "Ballyalder Knusper", "en": "Ballyalder Crunch"},
    generic_names={"de": "Knuspriges Frühstücksgetreide", "en": "Crunchy breakfast cereal"},
    ingredients={
        "de": runs_of("_Hafer_flocken (58 %), Zucker, _Milch_pulver (2 %)"),
        "en": runs_of("_Oat_ flakes (58 %), sugar, _milk_ powder (2 %)"),
    },
    allergens=(Allergen.GLUTEN, Allergen.MILK),
    traces=(Allergen.NUTS,),
    quantity="450 g",
    date_kind=DateKind.BEST_BEFORE,
    storage={"de": "Trocken lagern", "en": "Keep dry"},
    instructions={"de": "Mit Milch umrühren", "en": "Stir into milk"},
    origin={"de": "Hafer aus Irland", "en": "Oats from Ireland"},
    operator="Alder Mill, 4 Weir Lane, Ballyalder",
    alcohol=Decimal("1.5"),
    nutrition=Nutrition(
        energy_kj=Decimal(1842),
        energy_kcal=Decimal(439),
        fat=Decimal("15.2"),
        saturates=Decimal("1.9"),
        carbohydrate=Decimal(61),
        sugars=Decimal("17.4"),
        fibre=Decimal("8.1"),
        protein=Decimal("9.6"),
        salt=Decimal("0.35"),
    ),
    portion=Portion(amount=Decimal(50), basis=Basis.GRAMS, words="50 g"),
)

#: Letter by letter: what stands on the page, in English and in German.
SHOWN: Final = {
    "a": (["Crunchy breakfast cereal"], ["Knuspriges Frühstücksgetreide"]),
    "b": (["Ingredients Oat flakes (58 %), sugar,"], ["Zutaten Haferflocken (58 %), Zucker,"]),
    "c": (["Contains Cereals containing gluten Milk"], ["Enthält Glutenhaltiges Getreide Milch"]),
    "d": (["flakes (58 %)", "powder (2 %)"], ["flocken (58 %)", "pulver (2 %)"]),
    "e": (["450 g"], ["450 g"]),
    "f": (["Best before: after that date"], ["Mindestens haltbar bis: "]),
    "g": (["Storage Keep dry"], ["Aufbewahrung Trocken lagern"]),
    "h": (
        ["Responsible business Alder Mill, 4 Weir Lane"],
        ["Verantwortliches Unternehmen Alder Mill, 4 Weir"],
    ),
    "i": (["Origin Oats from Ireland"], ["Herkunft Hafer aus Irland"]),
    "j": (["Instructions Stir into milk"], ["Gebrauchsanleitung Mit Milch umrühren"]),
    "k": (["Alcohol 1.5 % vol"], ["Alkohol 1,5 % vol"]),
    "l": (
        [
            "Energy 1842 kJ 921 kJ 11 %",
            "Energy 439 kcal",
            "Fat medium 15.2 g",
            "of which saturates medium 1.9 g",
            "Carbohydrate 61 g",
            "of which sugars medium 17.4 g",
            "Fibre 8.1 g",
            "Protein 9.6 g",
            "Salt medium 0.35 g",
        ],
        ["Fett mittel 15,2 g", "Salz"],
    ),
}


@pytest.fixture
def fresh() -> None:
    """No page of another test."""
    PAGES.clear()


def read(html: str) -> str:
    """What a person reads: without markup, white space collapsed."""
    main = html[html.index("<main") : html.index("</main>")]
    text = re.sub(r"<(?!/?(?:strong|mark|em)\b)[^>]*>", " ", main)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", text)))


def page(client: Client, language: str) -> str:
    return client.get(f"/passport/{MUESLI}", headers={"Accept-Language": language}).content.decode()


@pytest.mark.parametrize("place", [0, 1], ids=["en", "de"])
def test_a_whole_label_letter_by_letter(client: Client, place: int) -> None:
    stock(muesli(label=FULL, eco=None))
    text = read(page(client, ["en", "de"][place]))
    lacking = {
        letter: [words for words in shown[place] if words not in text] for letter, shown in SHOWN.items()
    }
    assert {letter: words for letter, words in lacking.items() if words} == {}
    assert ["In the original", "Im Original"][place] not in text


def test_what_the_label_lacks_in_a_language_is_marked_as_original(client: Client) -> None:
    """Each text in the label's main language then, with that language's tag for who has it read aloud."""
    stock(muesli(label=FULL, eco=None))
    html = page(client, "fr")
    text = read(html)
    for words in (
        "Knuspriges Frühstücksgetreide",
        "Trocken lagern",
        "Mit Milch umrühren",
        "Hafer aus Irland",
    ):
        assert re.search(rf'lang="de" dir="auto">{words}<', html), words
    # Name, name of the food, ingredients, storage, instructions and origin.
    assert text.count("llemand") == 6


def test_what_every_pack_states_and_the_data_lacks_is_named(client: Client) -> None:
    stock(muesli(label=replace(FULL, quantity=None, date_kind=None, operator=None)))
    assert "Not in the data, though on every pack: Quantity, Kind of date, Responsible business." in read(
        page(client, "en")
    )
    PAGES.clear()
    stock(muesli(label=FULL))
    assert "Not in the data" not in read(page(client, "en"))


def test_real_products_show_all_of_it_that_is_published() -> None:
    """Of Open Food Facts' export: (a) to (e), (i) and (l); it says nothing of the other letters."""
    seen: dict[str, int] = dict.fromkeys("abcdeil", 0)
    for product in real_products():
        label = product.entry.label
        language = label.language
        stored = StoredEntry(entry=product.entry, data_version=1, updated_at=NOW)
        with translation.override("en"):
            text = read(
                render_to_string("passport/passport.html", {"page": page_of(stored, language=language)})
            )
        row = product.row
        wanted = {
            "a": [label.names[language]] if language in label.names else [],
            "b": [words for words in (_of(row["ingredients_text"], language),) if words],
            "c": ["Contains"] if row["allergens_tags"] else [],
            "d": re.findall(r"\b\d+(?:[.,]\d+)? ?%", _of(row["ingredients_text"], language)),
            "e": [row["quantity"]] if row["quantity"] else [],
            "i": [row["origins"]] if row["origins"] else [],
            "l": ["per 100 "] if label.nutrition else [],
        }
        for letter, words in wanted.items():
            lacking = [each for each in words if _spaced(each) not in text]
            assert not lacking, (row["code"], letter, lacking)
            seen[letter] += bool(words)
    assert all(seen.values()), seen


def _of(texts: list[dict[str, str]] | None, language: str) -> str:
    """The text in a language as the source has it, but for its markup: underscores, elements, references."""
    found = {text["lang"]: text["text"] for text in texts or () if text["text"]}
    return unescape(re.sub(r"_|<[^>]*>", "", found.get(language, "")))


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
