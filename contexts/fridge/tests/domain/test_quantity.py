"""Amounts: exact, bounded, in units that fit; and what a label's words say."""

from decimal import Decimal

import pyarrow.parquet as parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.fridge.domain.quantity import MOST, Quantity, QuantityRefused, Unit, quantity_of
from contexts.fridge.tests.domain.histories import of
from tests import parts


@pytest.mark.parametrize(
    "amount",
    ["0", "-0", "-1", "1000000.001", "1E+30", "0.0001", "1E-30", "1.0005", "NaN", "sNaN", "Infinity"],
)
def test_an_amount_that_nothing_has_is_refused(amount: str) -> None:
    with pytest.raises(QuantityRefused) as refused:
        Quantity(Decimal(amount), Unit.GRAM)
    assert refused.value.field == "amount"


@pytest.mark.parametrize("amount", ["0.001", "1", "1.50000", "1E+6"])
def test_amounts_up_to_a_million_in_thousandths_are_accepted(amount: str) -> None:
    assert Quantity(Decimal(amount), Unit.PIECE).amount <= MOST


def test_units_are_exchanged_where_they_count_the_same() -> None:
    assert of("1.5", Unit.KILOGRAM).in_unit(Unit.GRAM) == of("1500")
    assert of("330", Unit.MILLILITRE).in_unit(Unit.LITRE) == of("0.33", Unit.LITRE)
    assert of("1500").readable == of("1.5", Unit.KILOGRAM)
    assert of("999").readable == of("999")
    assert of("1000.5").readable == of("1000.5")
    for quantity, unit in (
        (of("1"), Unit.MILLILITRE),
        (of("1", Unit.PACK), Unit.PIECE),
        (of("0.5"), Unit.KILOGRAM),
        (of("1001", Unit.KILOGRAM), Unit.GRAM),
    ):
        with pytest.raises(QuantityRefused):
            quantity.in_unit(unit)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("500 g", "500", Unit.GRAM),
        ("500g", "500", Unit.GRAM),
        ("e 500 G", "500", Unit.GRAM),
        ("250 g \u212e", "250", Unit.GRAM),
        ("500 gr.", "500", Unit.GRAM),
        ("4 x 125 g", "500", Unit.GRAM),
        ("4x125g", "500", Unit.GRAM),
        ("6 \u00d7 33 cl", "1980", Unit.MILLILITRE),
        ("1,5 L", "1.5", Unit.LITRE),
        ("0,750 l", "0.75", Unit.LITRE),
        ("1 kilo", "1", Unit.KILOGRAM),
        ("500 ml (16.9 fl oz)", "500", Unit.MILLILITRE),
        ("6 eggs", "6", Unit.PIECE),
        ("10 St\u00fcck", "10", Unit.PIECE),
    ],
)
def test_a_label_says_how_much_there_is(text: str, amount: str, unit: Unit) -> None:
    assert quantity_of(text) == of(amount, unit)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "g",
        "500",
        "1.000 g",
        "1 000 g",
        "12 oz",
        "500 g + 50 g",
        "2 x 6 x 33 cl",
        "about 500 g",
        "0 g",
        "2 packs",
        "500 g drained 300 g",
        "9999 x 9999999 kg",
        "5" * 300 + " g",
    ],
)
def test_where_a_label_is_not_sure_nothing_is_said(text: str) -> None:
    assert quantity_of(text) is None


@given(st.text() | st.from_regex(r"[0-9 .,x]{0,20}(g|ml)?", fullmatch=True))
def test_any_text_may_be_on_a_label(text: str) -> None:
    found = quantity_of(text)
    assert found is None or 0 < found.amount <= MOST


def test_most_real_labels_are_understood() -> None:
    """And where the source has reckoned the quantity itself, it is the same one."""
    path = parts.shared("data", "openfoodfacts-sample.parquet")
    table = parquet.read_table(path, columns=["quantity", "product_quantity", "product_quantity_unit"])
    rows = [row for row in table.to_pylist() if (row["quantity"] or "").strip()]
    found = [(row, quantity_of(row["quantity"])) for row in rows]
    understood = [(row, quantity.small) for row, quantity in found if quantity is not None]
    assert len(understood) >= 0.9 * len(rows)
    compared = [
        (row["quantity"], quantity.amount, Decimal(row["product_quantity"]))
        for row, quantity in understood
        if row["product_quantity"] and row["product_quantity_unit"] == quantity.unit
    ]
    assert len(compared) >= 0.8 * len(understood)
    assert [words for words, ours, theirs in compared if ours != theirs] == []
