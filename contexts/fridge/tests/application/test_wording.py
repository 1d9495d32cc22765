"""Sentences about food: every code has one, days are said as people say them, numbers as they write them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.translation import override

from contexts.fridge.application import wording
from contexts.fridge.domain.deciding import Caution
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.domain.freshness import Because, DateKind, PlaceKind, Reason, State
from contexts.fridge.domain.quantity import RULES_OF_QUANTITIES, Quantity, QuantityRefused, Unit

TODAY = date(2026, 11, 24)  # a Tuesday
VALUES = {"day": TODAY, "days": 3, "by": "label", "hours": 24, "months": 2, "kind": "yogurt"}


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_a_sentence(reason: Reason) -> None:
    said = wording.because_text(Because(code=reason, values=VALUES), today=TODAY)
    assert said
    assert "%(" not in said


def test_what_keeps_for_hours_once_it_is_open_is_for_that_day() -> None:
    because = Because(code=Reason.OPENED, values={**VALUES, "days": 0})
    said = wording.because_text(because, today=TODAY)
    assert said == "opened today, to be used up on that day as the label says"


def test_everything_that_people_see_has_a_name() -> None:
    for name, values in (
        (wording.state_name, State),
        (wording.place_name, PlaceKind),
        (wording.waste_reason, WasteReason),
        (wording.date_kind_name, DateKind),
        (wording.unit_name, Unit),
        (wording.caution_text, Caution),
    ):
        assert all(name(value) for value in values)  # type: ignore[operator]  # each of its own kind
    for rule in RULES_OF_QUANTITIES:
        refused = QuantityRefused(field="amount", rule=rule, most="1", unit="g")
        assert wording.quantity_refusal(refused)


@pytest.mark.parametrize(
    ("away", "said"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (-4, "Friday"), (-7, "17 Nov"), (4, "28 Nov")],
)
def test_days_are_said_as_people_say_them(away: int, said: str) -> None:
    assert wording.day_text(TODAY + timedelta(days=away), today=TODAY) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (Reason.PRINTED_USE_BY, "use by 20 Nov"),
        (Reason.PRINTED_BEST_BEFORE, "best before 20 Nov"),
        (Reason.PRINTED, "date on the pack: 20 Nov"),
        (Reason.FROZEN_BEST_BEFORE, "in the freezer best before 20 Nov"),
        (Reason.OPENED, "opened Friday, 3 days after opening as the label says"),
        (Reason.THAWED, "thawed Friday, keeps 24 hours in the fridge at most"),
        (Reason.FROZEN_TOO_LATE, "frozen too late, Friday"),
    ],
)
def test_what_stands_on_a_pack_is_a_date_and_what_was_done_a_weekday(code: Reason, said: str) -> None:
    friday = Because(code=code, values={**VALUES, "day": TODAY - timedelta(days=4)})
    assert wording.because_text(friday, today=TODAY) == said


@pytest.mark.parametrize(
    ("days", "keeps", "opened"),
    [
        (60, "60 days", "60 days"),
        (90, "3 months", "about 3 months"),
        (365, "12 months", "about 12 months"),
        (730, "2 years", "about 24 months"),
    ],
)
def test_long_spans_are_told_in_months_and_years(days: int, keeps: str, opened: str) -> None:
    told = {**VALUES, "days": days, "by": "guidance"}
    del told["months"]
    estimate = wording.because_text(Because(code=Reason.ESTIMATE, values=told), today=TODAY)
    assert estimate == f"such food usually keeps {keeps} (Yogurt)"
    said = wording.because_text(Because(code=Reason.OPENED, values=told), today=TODAY)
    assert said == f"opened today, {opened} after opening"


def test_another_year_is_said() -> None:
    assert wording.day_text(date(2027, 2, 3), today=TODAY) == "3 Feb 2027"


@pytest.mark.parametrize(
    ("days", "estimated", "said"),
    [
        (None, True, ""),
        (-1, False, "1 day over"),
        (-60, False, "60 days over"),
        (-670, False, "22 months over"),
        (0, False, "last good day: today"),
        (20, False, "20 days left"),
        (60, False, "8 weeks left"),
        (200, False, "6 months left"),
        (3, True, "about 3 days left (estimate)"),
    ],
)
def test_how_long_something_is_good(days: int | None, estimated: bool, said: str) -> None:
    assert wording.due_text(days_left=days, estimated=estimated) == said


def test_amounts_are_written_as_in_the_language() -> None:
    amounts = [
        Quantity(Decimal("1.500"), Unit.LITRE),
        Quantity(Decimal(100), Unit.GRAM),
        Quantity(Decimal(1), Unit.PACK),
        Quantity(Decimal("2.5"), Unit.PIECE),
    ]
    assert list(map(wording.quantity_text, amounts)) == ["1.5 l", "100 g", "1 pack", "2.5 pieces"]
    with override("de"):
        assert wording.quantity_text(amounts[0]) == "1,5 l"
        assert wording.price_text(Decimal("2.5"), "EUR") == "2,50 EUR"
