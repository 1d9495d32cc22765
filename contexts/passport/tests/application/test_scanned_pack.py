"""What the code of a scanned pack says."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.application.scanned_pack import ScannedPack, scanned_pack
from contexts.passport.domain.scanned_item import ScannedItem

TODAY = date(2026, 5, 1)


def pack(**said: Any) -> ScannedPack:
    return scanned_pack(item=ScannedItem(gtin="09520123456788", raw="", **said), today=TODAY)


def test_everything_a_code_can_say() -> None:
    said = pack(
        lot="A1",
        serial="7",
        expiry=date(2026, 5, 9),
        best_before=date(2026, 4, 30),
        net_weight=Decimal("0.25000"),
    )
    assert said == ScannedPack(
        lot="A1",
        serial="7",
        use_by=date(2026, 5, 9),
        best_before=date(2026, 4, 30),
        net_weight="250 g",
        use_by_passed=False,
        best_before_passed=True,
    )


@given(st.dates())
def test_a_date_is_passed_the_day_after_and_never_before(day: date) -> None:
    said = pack(expiry=day, best_before=day)
    assert said.use_by_passed == said.best_before_passed == (day < TODAY)


@pytest.mark.parametrize(
    ("kilograms", "shown"),
    [("1.50000", "1.5 kg"), ("0.00750", "7.5 g"), ("12", "12 kg"), ("10", "10 kg"), ("0.1", "100 g")],
)
def test_weights(kilograms: str, shown: str) -> None:
    assert pack(net_weight=Decimal(kilograms)).net_weight == shown


def test_a_code_that_says_no_more_than_the_product_is_nothing_to_show() -> None:
    assert not pack()
    assert pack(lot="A1")
