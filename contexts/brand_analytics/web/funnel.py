"""The way from the scan to the end, as a table with a bar in each row."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.brand_analytics.domain.funnel import Funnel, Stage

_NAMES: Final = {
    Stage.SCANNED: gettext_noop("Scanned"),
    Stage.STORED: gettext_noop("Put into a fridge"),
    Stage.USED: gettext_noop("Used"),
    Stage.WASTED: gettext_noop("Thrown away"),
    Stage.GIVEN: gettext_noop("Given away"),
}
#: Of a bar that is as long as can be, in the drawing's own units.
LONGEST: Final = 100
#: Something is never drawn as nothing.
_SHORTEST: Final = 1


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A row of the table."""

    name: str
    amount: int | None
    hidden: int
    bar: int
    """Length of its bar, 0 to LONGEST; 0 without an amount."""
    is_loss: bool


def draw_funnel(funnel: Funnel) -> tuple[StepView, ...]:
    """The rows; none where nothing of any fridge was released."""
    if not funnel.knows_fridges:
        return ()
    return tuple(
        StepView(
            name=_(_NAMES[step.stage]),
            amount=step.amount,
            hidden=step.hidden,
            bar=max(_SHORTEST, round(step.share_of_most * LONGEST)) if step.amount else 0,
            is_loss=step.stage is Stage.WASTED,
        )
        for step in funnel.steps
    )
