"""The way from the scan to the end: released cells added up, and nothing that they do not say."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client

from contexts.brand_analytics.application import insights as reads
from contexts.brand_analytics.domain.funnel import Stage
from contexts.brand_analytics.tests.facts import (
    BRAND,
    FRIDAY,
    MILK,
    OATS,
    OTHER_BRAND,
    day_released,
    fridges_released,
    receive,
)
from contexts.brand_analytics.tests.web.reading import tables

pytestmark = [pytest.mark.django_db(databases=["brand_analytics"]), pytest.mark.usefixtures("gate")]

MONDAY = FRIDAY - timedelta(days=4)


def _a_fridge() -> None:
    receive(
        *day_released(total=(400, 90), products={MILK: (300, 60), OATS: (100, 40)}),
        fridges_released({(MILK, ""): (120, 50), (OATS, ""): None}),
        fridges_released({(MILK, ""): (30, 12)}, day=FRIDAY - timedelta(days=1)),
        fridges_released(
            {
                (MILK, "used"): (90, 44),
                (MILK, "wasted"): (0, 11),
                (OATS, "used"): None,
                (OATS, "wasted"): None,
                (OATS, "given"): None,
            },
            day=MONDAY,
        ),
        # Of other periods and brands.
        fridges_released({(MILK, ""): (999, 99)}, day=FRIDAY - timedelta(days=7)),
        fridges_released({(MILK, "used"): (999, 99)}, day=MONDAY - timedelta(days=7)),
        fridges_released({(MILK, ""): (999, 99)}, brand_id=OTHER_BRAND),
    )


def _rows(client: Client, address: str) -> list[list[str]]:
    """Name, amount and what is hidden of each row."""
    found = [
        table for table in tables(client.get(address).content.decode()) if table[0][0] == "What happened"
    ]
    return [[row[0], row[-2], row[-1]] for table in found for row in table[1:]]


def test_of_the_brand(client: Client) -> None:
    _a_fridge()
    assert _rows(client, "/brand/?days=7") == [
        ["Scanned", "400", "0"],
        ["Put into a fridge", "150", "1"],
        ["Used", "90", "1"],
        ["Thrown away", "0", "1"],
        ["Given away", "Hidden by privacy rules", "1"],
    ]


def test_of_one_product(client: Client) -> None:
    _a_fridge()
    assert _rows(client, f"/brand/products/{MILK}?days=7") == [
        ["Scanned", "300", "0"],
        ["Put into a fridge", "150", "0"],
        ["Used", "90", "0"],
        ["Thrown away", "0", "0"],
        ["Given away", "Not enough data yet", "0"],
    ]
    assert [row[1] for row in _rows(client, f"/brand/products/{OATS}?days=7")] == [
        "100",
        *["Hidden by privacy rules"] * 4,
    ]


def test_bars_are_as_long_as_their_amounts_and_never_nothing() -> None:
    _a_fridge()
    seen = reads.insights(brand_id=BRAND, days=7)
    shares = {step.stage: step.share_of_most for step in reads.fridges(brand_id=BRAND, seen=seen).steps}
    assert shares == {
        Stage.SCANNED: 1,
        Stage.STORED: 150 / 400,
        Stage.USED: 90 / 400,
        Stage.WASTED: 0,
        Stage.GIVEN: 0,
    }


def test_without_a_fridge_it_says_so(client: Client) -> None:
    receive(*day_released(total=(400, 90), products={MILK: (400, 90)}))
    page = client.get("/brand/?days=7").content.decode()
    assert "Nothing was released yet of what households keep in their fridges." in page
    assert _rows(client, "/brand/?days=7") == []


def test_a_cell_of_a_week_is_kept_once_for_each_outcome() -> None:
    receive(fridges_released({(MILK, "used"): (90, 44), (MILK, "wasted"): (10, 11)}, day=MONDAY))
    with pytest.raises(IntegrityError):
        receive(fridges_released({(MILK, "used"): (91, 44)}, day=MONDAY))
