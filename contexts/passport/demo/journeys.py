"""When the demo's products were made: their journeys end shortly before the demo is loaded."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from contexts.passport.demo.product import DemoProduct
from contexts.passport.domain.sections import Journey

#: The day on which the catalogue's journeys are told.
WRITTEN_ON: Final = date(2026, 2, 19)
#: What happened to a fresh product longer before its delivery than this was a harvest, which has its season.
_SEASONAL: Final = timedelta(days=60)


def journey_as_of(product: DemoProduct, *, day: date) -> Journey:
    """The product's journey as somebody would tell it on that day: all of it is over, nothing out of season.

    A fresh product moves by days. What keeps moves by whole years: it is from the last season.
    """
    dates = [step.date for step in product.journey if step.date]
    last = max(dates)
    if product.is_fresh:
        moved = {then: then + (day - WRITTEN_ON) for then in dates if last - then < _SEASONAL}
        made = min(moved.values())
        moved |= {then: _in_year(then, by=_years(then, before=made)) for then in dates if then not in moved}
    else:
        years = _years(last, before=day)
        moved = {then: _in_year(then, by=years) for then in dates}
    return tuple(replace(step, date=step.date and moved[step.date]) for step in product.journey)


def _years(then: date, *, before: date) -> int:
    """How many years later the same day of the year was last, before a day."""
    years = before.year - then.year
    return years if _in_year(then, by=years) < before else years - 1


def _in_year(then: date, *, by: int) -> date:
    return then.replace(year=then.year + by)
