"""What can be chosen on the products page: an order, in which what has no number never goes first."""

from hypothesis import given
from hypothesis import strategies as st

from contexts.brand_analytics.domain.insights import Product
from contexts.brand_analytics.web.choices import COLUMNS, USUAL_ORDER, Order, next_order

PRODUCTS = st.lists(
    st.builds(
        Product,
        gtin=st.from_regex(r"[0-9]{14}", fullmatch=True),
        name=st.text(max_size=5),
        scans=st.none() | st.integers(5, 500),
        people_per_day=st.none() | st.integers(5, 100),
        days_shown=st.integers(0, 90),
        days_hidden=st.integers(0, 90),
    ),
    max_size=12,
).map(tuple)
ORDERS = st.builds(Order, column=st.sampled_from(COLUMNS), descending=st.booleans())


@given(products=PRODUCTS, order=ORDERS)
def test_an_order_loses_and_invents_nothing(products: tuple[Product, ...], order: Order) -> None:
    ordered = order.apply(products)
    assert sorted(map(repr, ordered)) == sorted(map(repr, products))
    assert order.apply(ordered) == ordered


@given(products=PRODUCTS, order=ORDERS)
def test_what_has_no_value_comes_last_both_ways(products: tuple[Product, ...], order: Order) -> None:
    values = [order.column.key(product) for product in order.apply(products)]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known
    assert known == sorted(known, reverse=order.descending)  # type: ignore[type-var]


def test_a_second_click_turns_the_order() -> None:
    for column in COLUMNS:
        first = next_order(
            column=column, current=Order(column=COLUMNS[COLUMNS.index(column) - 1], descending=True)
        )
        second = next_order(column=column, current=first)
        assert first.descending == column.numeric
        assert second.descending != first.descending
        assert next_order(column=column, current=second) == first


def test_the_usual_order_is_that_of_the_reads() -> None:
    assert USUAL_ORDER.text == "-scans"
