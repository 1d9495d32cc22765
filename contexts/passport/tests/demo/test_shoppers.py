"""The invented shoppers: always the same, believable, and found again by the first of them."""

from collections import Counter
from datetime import UTC, date, timedelta

import pytest

from contexts.passport.application.demo_catalogue import PRODUCTS
from contexts.passport.demo.shoppers import PlannedScan, plan_day, shopper_id

START = date(2026, 3, 2)  # a Monday
DAYS = 35


@pytest.fixture(scope="module")
def plans() -> list[tuple[PlannedScan, ...]]:
    """The whole history."""
    return [plan_day(start=START, number=number, products=PRODUCTS) for number in range(DAYS)]


def test_the_same_every_time(plans: list[tuple[PlannedScan, ...]]) -> None:
    assert plan_day(start=START, number=3, products=PRODUCTS) == plans[3]


def test_each_scan_is_on_its_day(plans: list[tuple[PlannedScan, ...]]) -> None:
    for number, plan in enumerate(plans):
        assert {scan.at.astimezone(UTC).date() for scan in plan} == {START + timedelta(days=number)}
        assert list(plan) == sorted(plan, key=lambda scan: scan.at)


def test_the_first_scan_is_the_first_shoppers_first(plans: list[tuple[PlannedScan, ...]]) -> None:
    own = [scan for plan in plans for scan in plan if scan.visitor_id == shopper_id(0)]
    assert plans[0][0] == min(own, key=lambda scan: scan.at)


def test_a_day_is_known_by_its_first_scan(plans: list[tuple[PlannedScan, ...]]) -> None:
    firsts = {(plan[0].visitor_id, plan[0].at) for plan in plans}
    assert len(firsts) == DAYS


def test_thousands_of_scans_by_hundreds_of_shoppers_who_come_back(
    plans: list[tuple[PlannedScan, ...]],
) -> None:
    scans = [scan for plan in plans for scan in plan]
    days_of_visitor = Counter(visitor for plan in plans for visitor in {scan.visitor_id for scan in plan})
    assert 5000 <= len(scans) <= 9000
    assert 300 <= len(days_of_visitor) <= 1000
    assert sum(days > 1 for days in days_of_visitor.values()) > len(days_of_visitor) / 2


def test_weekends_are_quiet_and_weeks_grow(plans: list[tuple[PlannedScan, ...]]) -> None:
    sizes = [len(plan) for plan in plans]
    sundays = sizes[6::7]
    fridays = sizes[4::7]
    assert max(sundays) < min(fridays)
    assert sum(sizes[-7:]) > sum(sizes[:7])


def test_fresh_products_do_not_keep_for_months(plans: list[tuple[PlannedScan, ...]]) -> None:
    fresh = {product.gtin for product in PRODUCTS if product.is_fresh}
    for scan in (scan for plan in plans for scan in plan):
        until = scan.item.expiry or scan.item.best_before
        assert until is not None
        assert until > scan.at.date()
        assert (until - scan.at.date() <= timedelta(days=25)) == (scan.item.gtin in fresh)


def test_some_products_are_rare(plans: list[tuple[PlannedScan, ...]]) -> None:
    scanned = Counter(scan.item.gtin for plan in plans for scan in plan)
    assert set(scanned) == {product.gtin for product in PRODUCTS}
    assert max(scanned.values()) > 5 * min(scanned.values())
