"""The way of the brand's products from the shelf to their end, as far as Released Cells tell it.

The steps are not shares of each other: people scan what they do not store and store what they did not scan,
what is stored one week is finished in another, and a cell that is hidden in one step may be shown in the
next. Items add up over products and windows; households do not, so they are not said at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from contexts.brand_analytics.domain.insights import Course, DayState


class Stage(Enum):
    """What happened, in its order."""

    SCANNED = "scanned"
    STORED = "stored"
    USED = "used"
    WASTED = "wasted"
    GIVEN = "given"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What the cells of one stage add up to."""

    amount: int | None
    """Of those that are shown; None where none is."""
    shown: int
    hidden: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """One stage of the way."""

    stage: Stage
    amount: int | None
    """Scans or items that can be shown; None where none can."""
    hidden: int
    """Figures that privacy rules hide: days of scans, else a product's days or weeks."""
    share_of_most: float
    """Of the largest step, 0 to 1: how long its bar is."""


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """All steps, the first one first."""

    steps: tuple[Step, ...]

    @property
    def knows_fridges(self) -> bool:
        """Whether there is a cell of any fridge, shown or hidden."""
        return any(step.hidden or step.amount is not None for step in self.steps[1:])


def funnel(*, course: Course, fridges: Mapping[Stage, Counted]) -> Funnel:
    """The way over a period: scans as its course has them, and what is known of fridges."""
    scanned = Counted(amount=course.scans, shown=len(course.shown), hidden=course.count(DayState.HIDDEN))
    nothing = Counted(amount=None, shown=0, hidden=0)
    counted = {stage: fridges.get(stage, nothing) for stage in Stage} | {Stage.SCANNED: scanned}
    most = max((each.amount or 0 for each in counted.values()), default=0)
    return Funnel(
        steps=tuple(
            Step(
                stage=stage,
                amount=each.amount,
                hidden=each.hidden,
                share_of_most=(each.amount or 0) / most if most else 0.0,
            )
            for stage, each in counted.items()
        )
    )
