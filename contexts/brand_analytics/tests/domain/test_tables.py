"""A file has the rows and figures of the page, and no formula."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.brand_analytics.domain.insights import Course, Day, DayState, Insights, Product
from contexts.brand_analytics.domain.tables import day_rows, product_rows

COURSE = Course(
    days=(
        Day(day=date(2025, 3, 11), state=DayState.SHOWN, scans=90, people=60),
        Day(day=date(2025, 3, 12), state=DayState.HIDDEN),
        Day(day=date(2025, 3, 13), state=DayState.MISSING),
        Day(day=date(2025, 3, 14), state=DayState.QUIET, scans=0, people=0),
    )
)


def _insights(*products: Product) -> Insights:
    return Insights(brand_name="", period=None, choices=(), k=10, course=COURSE, products=products)


def _product(name: str) -> Product:
    return Product(gtin="09521001000017", name=name, scans=90, people_per_day=60, days_shown=1, days_hidden=2)


def test_days() -> None:
    assert list(day_rows(COURSE)) == [
        ("day", "state", "scans", "people"),
        ("2025-03-11", "shown", "90", "60"),
        ("2025-03-12", "hidden", "", ""),
        ("2025-03-13", "not released", "", ""),
        ("2025-03-14", "no scans", "0", "0"),
    ]


def test_products() -> None:
    hidden = Product(
        gtin="09521001000024", name="", scans=None, people_per_day=None, days_shown=0, days_hidden=3
    )
    assert list(product_rows(_insights(_product("Milk"), hidden))) == [
        ("gtin", "product", "scans", "people per day", "days shown", "days hidden"),
        ("09521001000017", "Milk", "90", "60", "1", "2"),
        ("09521001000024", "", "", "", "0", "3"),
    ]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_name_is_never_a_formula(name: str) -> None:
    assert list(product_rows(_insights(_product(name))))[1][1] == f"'{name}"


@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_other_name_survives_the_file(name: str) -> None:
    file = io.StringIO()
    csv.writer(file).writerows(product_rows(_insights(_product(name))))
    row = list(csv.reader(io.StringIO(file.getvalue())))[1]
    assert row[1].removeprefix("'") == name.removeprefix("'")
