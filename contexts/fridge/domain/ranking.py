"""What to eat first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from contexts.fridge.domain.freshness import Freshness, State

#: What presses and may be eaten. Expired food and what was open too long are never recommended.
WORTH_EATING_FIRST: Final = frozenset({State.USE_TODAY, State.USE_SOON, State.CHECK})


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An item that may be worth eating first."""

    item_id: UUID
    kind: str
    freshness: Freshness


def eat_first(
    *, candidates: Iterable[Candidate], habits: Mapping[str, Decimal], most: int | None = None
) -> list[Candidate]:
    """The most pressing first: by days left, then by what this household usually wastes.

    What is past its best has no day left, and stands behind what is good today for the last time: that does
    not get any better, and jam that is a year past its best can wait another day.

    `habits` says for each kind which share of it was wasted, from 0 to 1; 0 for a kind that is not in there.
    The order is the same for the same items, whatever order they come in.
    """
    ranked = sorted(
        (one for one in candidates if one.freshness.state in WORTH_EATING_FIRST),
        key=lambda one: (
            max(one.freshness.days_left or 0, 0),
            one.freshness.state is State.CHECK,
            -habits.get(one.kind, Decimal(0)),
            one.item_id,
        ),
    )
    return ranked[:most]
