"""What the console reads: released numbers of one brand, in a known number of queries."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from contexts.brand_analytics.application.errors import UnknownBrandProduct, UnknownPeriod
from contexts.brand_analytics.application.insights import insights, product_insights
from contexts.brand_analytics.domain.insights import DayState, Product
from contexts.brand_analytics.tests.facts import (
    BRAND,
    FRIDAY,
    JAM,
    MILK,
    OATS,
    OTHER_BRAND,
    brand_changed,
    day_released,
    product_named,
    receive,
)

pytestmark = pytest.mark.django_db(databases=["brand_analytics"])

Counting = Callable[..., AbstractContextManager[Any]]


def _a_week() -> None:
    """Four days: shown, hidden, not released, quiet; and a second brand on all of them."""
    receive(
        brand_changed("Alpenglanz"),
        product_named(MILK, "Milk"),
        product_named(OATS, "Oats"),
        *day_released(
            day=FRIDAY - timedelta(days=4), total=(90, 60), products={MILK: (60, 41), OATS: (30, 20)}
        ),
        *day_released(
            day=FRIDAY - timedelta(days=3), total=(80, 51), products={MILK: (50, 31), OATS: None, JAM: None}
        ),
        *day_released(day=FRIDAY - timedelta(days=2), total=None, products={MILK: None}),
        *day_released(day=FRIDAY, quiet=True),
        *(
            each
            for days in range(5)
            for each in day_released(
                day=FRIDAY - timedelta(days=days),
                total=(7777, 777),
                products={MILK: (7777, 777)},
                brand_id=OTHER_BRAND,
            )
        ),
    )


def test_totals_trend_and_products() -> None:
    _a_week()
    shown = insights(brand_id=BRAND, days=7)
    assert shown.brand_name == "Alpenglanz"
    assert shown.k == 10
    assert [(day.state, day.scans, day.people) for day in shown.course.days] == [
        (DayState.SHOWN, 90, 60),
        (DayState.SHOWN, 80, 51),
        (DayState.HIDDEN, None, None),
        (DayState.MISSING, None, None),
        (DayState.QUIET, 0, 0),
    ]
    assert (shown.course.scans, shown.course.people_per_day) == (170, 56)
    assert shown.products == (
        Product(gtin=MILK, name="Milk", scans=110, people_per_day=36, days_shown=2, days_hidden=1),
        Product(gtin=OATS, name="Oats", scans=30, people_per_day=20, days_shown=1, days_hidden=1),
        Product(gtin=JAM, name="", scans=None, people_per_day=None, days_shown=0, days_hidden=1),
    )
    assert (shown.product_days_hidden, shown.product_days, shown.hidden_share) == (3, 6, 0.5)
    assert shown.has_numbers


def test_a_period_ends_with_the_last_released_window() -> None:
    _a_week()
    receive(*day_released(day=FRIDAY + timedelta(days=5), total=(20, 20), products={MILK: (20, 20)}))
    shown = insights(brand_id=BRAND, days=7)
    assert shown.period is not None
    assert (shown.period.first, shown.period.last) == (FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=5))
    assert [day.scans for day in shown.course.shown] == [20]
    assert [choice.available for choice in shown.choices] == [True, True, False]


def test_nothing_released_yet() -> None:
    receive(brand_changed("Alpenglanz"))
    shown = insights(brand_id=BRAND)
    assert (shown.brand_name, shown.period, shown.k, shown.has_numbers) == ("Alpenglanz", None, None, False)
    assert (shown.course.days, shown.products, shown.hidden_share) == ((), (), None)
    assert not any(choice.available for choice in shown.choices)


def test_only_hidden_cells_are_not_enough_data() -> None:
    receive(*day_released(total=None, products={MILK: None}))
    shown = insights(brand_id=BRAND, days=7)
    assert not shown.has_numbers
    assert (shown.course.scans, shown.course.people_per_day, shown.course.busiest) == (None, None, None)
    assert shown.hidden_share == 1.0


@pytest.mark.parametrize("days", [0, 1, 8, 365, -7])
def test_only_whole_offered_periods(days: int) -> None:
    with pytest.raises(UnknownPeriod, match="7, 28, 90"):
        insights(brand_id=BRAND, days=days)
    with pytest.raises(UnknownPeriod):
        product_insights(brand_id=BRAND, gtin=MILK, days=days)


def test_one_product() -> None:
    _a_week()
    shown = product_insights(brand_id=BRAND, gtin=OATS, days=7)
    assert (shown.gtin, shown.name) == (OATS, "Oats")
    assert [(day.state, day.scans, day.people) for day in shown.course.days] == [
        (DayState.SHOWN, 30, 20),
        (DayState.HIDDEN, None, None),
        (DayState.QUIET, 0, 0),
        (DayState.MISSING, None, None),
        (DayState.QUIET, 0, 0),
    ]


def test_a_product_that_is_known_by_its_cells_alone_or_by_its_name_alone() -> None:
    _a_week()
    assert product_insights(brand_id=BRAND, gtin=JAM, days=7).name == ""
    receive(product_named("09521001000048", "Honey"))
    honey = product_insights(brand_id=BRAND, gtin="09521001000048", days=7)
    assert (honey.name, honey.course.has_numbers) == ("Honey", False)


def test_a_product_before_the_first_release() -> None:
    receive(product_named(MILK, "Milk"))
    shown = product_insights(brand_id=BRAND, gtin=MILK)
    assert (shown.name, shown.period, shown.course.days) == ("Milk", None, ())


def test_another_brands_product_does_not_exist() -> None:
    receive(product_named(MILK, "Milk", brand_id=OTHER_BRAND))
    with pytest.raises(UnknownBrandProduct):
        product_insights(brand_id=BRAND, gtin=MILK)
    _a_week()
    with pytest.raises(UnknownBrandProduct):
        product_insights(brand_id=BRAND, gtin="09521001000048")


@pytest.mark.django_db(databases=["brand_analytics"], transaction=True)
def test_the_number_of_queries_does_not_depend_on_what_there_is(
    django_assert_num_queries: Counting,
) -> None:
    connection = connections["brand_analytics"]
    begin_and_commit = 2
    with django_assert_num_queries(3 + begin_and_commit, connection=connection):
        insights(brand_id=BRAND)
    _a_week()
    with django_assert_num_queries(6 + begin_and_commit, connection=connection):
        insights(brand_id=BRAND)
    with django_assert_num_queries(4 + begin_and_commit, connection=connection):
        product_insights(brand_id=BRAND, gtin=MILK)
