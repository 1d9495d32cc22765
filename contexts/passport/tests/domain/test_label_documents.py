"""A label as a brand writes it: what is read, what is refused and where; nothing breaks the reader."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.application.demo_catalogue import PRODUCTS
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.label import Claim
from contexts.passport.domain.label_documents import (
    FIELDS,
    complaints_about,
    document_of,
    missing,
    read,
    recognised,
)
from contexts.passport.domain.nutrition import Basis

WHOLE: dict[str, Any] = {
    "language": "de",
    "names": {"de": "Bergmilch", "en": "Mountain milk"},
    "ingredients": {"de": "Milch, Salz"},
    "allergens": ["milk"],
    "traces": ["nuts"],
    "claims": ["organic", "vegetarian"],
    "nutrition": {"per": "100 ml", "energyKj": "272", "energyKcal": 65, "fat": "3,5", "saturates": 2.3},
    "portion": {"amount": "250", "unit": "ml", "words": "ein Glas"},
    "quantity": "1 l",
    "categories": ["en:milks"],
    "alcohol": "0",
}


def test_a_whole_label_is_read() -> None:
    label = read(WHOLE).label
    assert label.names == {"de": "Bergmilch", "en": "Mountain milk"}
    assert [(run.text, run.is_allergen) for run in label.ingredients["de"]] == [
        ("Milch", True),
        (", Salz", False),
    ]
    assert label.traces == (Allergen.NUTS,)
    assert label.claims == (Claim.VEGETARIAN, Claim.ORGANIC)
    assert label.nutrition is not None
    assert (label.nutrition.basis, label.nutrition.fat) == (Basis.MILLILITRES, Decimal("3.5"))
    assert label.portion is not None
    assert label.portion.words == "ein Glas"
    assert label.alcohol == 0
    assert read(WHOLE).categories == ("en:milks",)


def but(**changes: Any) -> dict[str, Any]:
    return {**WHOLE, **changes}


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (but(names={}), "names.de"),
        (but(names={"en": "Milk"}), "names.de"),
        (but(language="deutsch"), "language"),
        (but(names={"de": "x" * 10_000}), "names.de"),
        (but(names={"de": "Milch", "DE": "x"}), "names"),
        (but(allergens=[]), "allergens.milk"),
        (but(allergens=["milk", "cheese"]), "allergens"),
        (but(claims=["vegan"]), "claims"),
        (but(claims="vegan"), "claims"),
        (but(nutrition={"fat": "3.5 g"}), "nutrition.fat"),
        (but(nutrition={"fat": "-1"}), "nutrition.fat"),
        (but(nutrition={"fat": "1", "saturates": "2"}), "nutrition.saturates"),
        (but(nutrition={"carbohydrate": "1", "sugars": "2"}), "nutrition.sugars"),
        (but(nutrition={"energyKj": "65", "energyKcal": "272"}), "nutrition.energyKj"),
        (but(nutrition={"fat": "101"}), "nutrition"),
        (but(nutrition={"per": "1 portion", "fat": "1"}), "nutrition.per"),
        (but(nutrition={"iron": "1"}), "nutrition"),
        (but(nutrition=True), "nutrition"),
        (but(portion={"amount": "9000"}), "portion.amount"),
        (but(portion={"words": "one"}), "portion.amount"),
        (but(portion={"amount": "3", "unit": "oz"}), "portion.unit"),
        (but(alcohol="140"), "alcohol"),
        (but(categories=["Milk products"]), "categories"),
        (but(quantity=5), "quantity"),
        (but(price="1"), "document"),
        (but(dateKind="sell_by"), "dateKind"),
        (but(nutriScore="F"), "nutriScore"),
    ],
)
def test_what_is_wrong_is_said_at_its_value(document: dict[str, Any], where: str) -> None:
    assert [complaint.field for complaint in complaints_about(document)] == [where]


def test_an_allergen_in_the_list_is_ticked_or_said_to_mean_something_else() -> None:
    document = but(ingredients={"de": "Milch, Senf, Sellerie"}, traces=["mustard"])
    assert recognised(document)["de"] == (Allergen.MILK, Allergen.CELERY, Allergen.MUSTARD)
    assert [one.field for one in complaints_about(document)] == ["allergens.celery"]
    assert read({**document, "notMeant": ["celery"]}).label.allergens == (Allergen.MILK,)


@pytest.mark.parametrize(("traces", "read_as"), [(None, None), ([], ()), (["nuts"], (Allergen.NUTS,))])
def test_no_traces_are_declared_or_nobody_says(traces: Any, read_as: Any) -> None:
    label = read(but(traces=traces)).label
    assert label.traces == read_as
    assert read(document_of(label=label)).label.traces == read_as


def test_texts_are_text() -> None:
    name = read(but(names={"de": "<b>Milch</b> \u202eneu\u202c\u0000"})).label.names["de"]
    assert name == "<b>Milch</b> neu"


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda product: product.gtin)
def test_what_a_label_says_is_written_and_read_back(product: Any) -> None:
    document = document_of(label=product.label, brand_name="Alpenhof", categories=product.categories)
    again = read(document)
    assert document_of(label=again.label, brand_name="Alpenhof", categories=again.categories) == document
    assert (again.label.names, again.label.nutrition) == (product.label.names, product.label.nutrition)
    assert (again.label.allergens, again.label.claims) == (product.label.allergens, product.label.claims)


def test_what_a_label_should_have_is_known() -> None:
    assert missing({"names": {"en": "x"}}) == ("ingredients", "quantity", "dateKind", "operator", "nutrition")


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
)


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)) | st.text(max_size=8), _VALUES, max_size=8))
def test_no_document_breaks_the_reader(document: dict[str, Any]) -> None:
    recognised(document)
    if complaints := complaints_about(document):
        assert all(one.text % one.values for one in complaints)
        return
    written = read(document)
    again = document_of(label=written.label, brand_name=written.brand_name, categories=written.categories)
    assert read(again).label.names == written.label.names
