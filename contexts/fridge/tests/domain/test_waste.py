"""Waste, reckoned by hand and by law."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.fridge.domain.impact import impacts
from contexts.fridge.domain.storage_guidance import UNKNOWN, guidance
from contexts.fridge.domain.waste import (
    Basis,
    Outcome,
    Period,
    Portion,
    Slice,
    Summary,
    span_of,
    summarise,
)

TODAY = date(2026, 11, 21)


def portion(
    day: int, kind: str, outcome: Outcome, mass: int, basis: Basis, price: str | None, reason: str = ""
) -> Portion:
    return Portion(
        day=date(2026, 11, day),
        kind=kind,
        outcome=outcome,
        reason=reason,
        mass=Decimal(mass),
        basis=basis,
        price=None if price is None else Decimal(price),
    )


#: Two people, in the week from Monday 16 to Sunday 22 November; their first portion ever left on the 18th.
WEEK = [
    portion(18, "milk", Outcome.USED, 1000, Basis.PACK, "1.20"),
    portion(19, "minced_meat", Outcome.USED, 400, Basis.PACK, "5.00"),
    portion(19, "milk", Outcome.WASTED, 250, Basis.PACK, "0.30", "expired"),
    portion(20, "bananas", Outcome.WASTED, 480, Basis.TYPICAL, None, "expired"),
    portion(20, "bread", Outcome.GIVEN, 500, Basis.PACK, "2.00"),
    portion(21, "minced_meat", Outcome.WASTED, 100, Basis.MEASURED, "1.25", "cooked_too_much"),
    portion(21, UNKNOWN, Outcome.WASTED, 120, Basis.TYPICAL, None, "other"),
    portion(15, "milk", Outcome.WASTED, 900, Basis.PACK, "1.08", "expired"),
    portion(23, "milk", Outcome.WASTED, 900, Basis.PACK, "1.08", "expired"),
]


def summary(
    portions: list[Portion], period: Period = Period.WEEK, *, since: date | None = date(2026, 11, 18)
) -> Summary:
    return summarise(
        portions=portions,
        span=span_of(period=period, day=TODAY),
        today=TODAY,
        recorded_since=since,
        people=2,
        impacts=impacts(),
    )


def close(expected: str) -> object:
    """To 0.1 %."""
    return pytest.approx(Decimal(expected), rel=Decimal("0.001"))


def test_a_week_agrees_with_what_was_reckoned_by_hand() -> None:
    total = summary(WEEK).total
    assert (total.used, total.wasted, total.given) == (1400, 950, 500)
    assert total.rate == close("0.404255")  # 950 / (1400 + 950)
    assert (total.recorded, total.estimated) == (350, 600)
    assert (total.money, total.mass_without_price) == (Decimal("1.55"), 600)
    # Milk 0.250 kg x 1.49; bananas 0.480 kg x (1 - 0.36 peel) x 1.87; minced meat 0.100 kg x 41.43.
    assert total.co2e == close("5.089964")
    assert total.mass_without_co2e == 120


def test_a_week_is_told_by_kind_by_reason_and_day_by_day() -> None:
    found = summary(WEEK)
    assert [(one.of, one.wasted) for one in found.by_kind] == [
        ("bananas", 480),
        ("milk", 250),
        (UNKNOWN, 120),
        ("minced_meat", 100),
    ]
    assert found.by_kind[0].share == close("0.505263")
    assert found.by_kind[0].co2e == close("0.574464")
    assert found.by_kind[2].co2e is None
    assert [(one.of, one.wasted) for one in found.by_reason] == [
        ("expired", 730),
        ("other", 120),
        ("cooked_too_much", 100),
    ]
    assert [(bar.first.day, bar.used, bar.wasted, bar.given) for bar in found.series] == [
        (16, 0, 0, 0),
        (17, 0, 0, 0),
        (18, 1000, 0, 0),
        (19, 400, 250, 0),
        (20, 0, 480, 500),
        (21, 0, 220, 0),
        (22, 0, 0, 0),
    ]


def test_averages_are_for_as_many_people_and_for_the_days_that_count() -> None:
    found = summary(WEEK)
    assert found.days == 4  # from the first portion on the 18th up to today, the 21st
    assert [(one.area, one.people, one.days) for one in found.averages] == [("eu", 2, 4), ("world", 2, 4)]
    assert found.averages[0].wasted == close("1511.325")  # 69 kg x 2 x 4 / 365.2425
    assert found.averages[1].wasted == close("1730.357")  # 79 kg x 2 x 4 / 365.2425
    assert summary(WEEK, Period.MONTH, since=date(2026, 1, 1)).days == 21
    assert summary([], since=None).averages == ()


def test_nothing_is_told_of_nothing() -> None:
    found = summary([], Period.YEAR, since=None)
    assert (found.total.rate, found.total.money, found.total.co2e) == (None, None, 0)
    assert (found.by_kind, found.by_reason) == ((), ())
    assert [bar.first.month for bar in found.series] == list(range(1, 13))


def test_portions_that_weigh_nothing_are_no_share_of_anything() -> None:
    nothing = portion(20, "milk", Outcome.WASTED, 0, Basis.PACK, None, "expired")
    assert summary([nothing]).by_kind == (
        Slice(of="milk", wasted=Decimal(0), share=Decimal(0), co2e=Decimal(0)),
    )


portions = st.builds(
    Portion,
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    kind=st.sampled_from(sorted(guidance().rows)),
    outcome=st.sampled_from(Outcome),
    reason=st.sampled_from(["expired", "other"]),
    mass=st.decimals(0, 5000, places=3),
    basis=st.sampled_from(Basis),
    price=st.none() | st.decimals(0, 100, places=4),
)


@given(told=st.lists(portions, max_size=30), period=st.sampled_from(Period), offset=st.integers(0, 364))
def test_every_way_of_telling_adds_up_to_the_same(told: list[Portion], period: Period, offset: int) -> None:
    found = summarise(
        portions=told,
        span=span_of(period=period, day=date(2026, 1, 1) + timedelta(days=offset)),
        today=TODAY,
        recorded_since=date(2026, 1, 1),
        people=1,
        impacts=impacts(),
    )
    total = found.total
    assert total.wasted == total.recorded + total.estimated
    assert total.wasted == sum(one.wasted for one in found.by_kind)
    assert total.wasted == sum(one.wasted for one in found.by_reason)
    for outcome in ("used", "wasted", "given"):
        assert getattr(total, outcome) == sum(getattr(bar, outcome) for bar in found.series)
    assert total.rate is None or 0 <= total.rate <= 1
    assert found.series[0].first == found.span.first
    assert found.series[-1].last == found.span.last
    for before, after in zip(found.series, found.series[1:], strict=False):
        assert after.first == before.last + timedelta(days=1)
