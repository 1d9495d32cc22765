"""What is eaten first, and what never is."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations
from uuid import UUID

from contexts.fridge.domain.freshness import Freshness, State
from contexts.fridge.domain.ranking import Candidate, eat_first

TODAY = date(2026, 11, 21)


def candidate(number: int, state: State, kind: str, days_left: int | None) -> Candidate:
    due_on = None if days_left is None else TODAY + timedelta(days=days_left)
    return Candidate(
        item_id=UUID(int=number),
        kind=kind,
        freshness=Freshness(state=state, due_on=due_on, days_left=days_left, estimated=False, reasons=()),
    )


def test_days_left_come_first_and_then_what_this_household_usually_wastes() -> None:
    candidates = [
        candidate(1, State.USE_SOON, "yogurt", 2),
        candidate(2, State.USE_SOON, "bread", 2),
        candidate(3, State.USE_TODAY, "milk", 0),
        candidate(4, State.CHECK, "cake", -1),
        candidate(5, State.EXPIRED, "fish", -1),
        candidate(6, State.OPENED_TOO_LONG, "pate", -3),
        candidate(7, State.FROZEN, "bread", None),
        candidate(8, State.NO_DATE, "cheese", None),
        candidate(9, State.FRESH, "pasta", 300),
    ]
    habits = {"bread": Decimal("0.4"), "yogurt": Decimal("0.1")}
    for order in list(permutations(candidates))[::9973]:
        ranked = eat_first(candidates=order, habits=habits)
        assert [one.item_id.int for one in ranked] == [3, 4, 2, 1]
    assert [one.item_id.int for one in eat_first(candidates=candidates, habits={}, most=3)] == [3, 4, 1]
