"""What a household used, wasted and gave away in a week, a month or a year."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connections

from contexts.fridge.application.households import Membership
from contexts.fridge.domain.impact import impacts
from contexts.fridge.domain.waste import Basis, Outcome, Period, Portion, Span, Summary, span_of, summarise

_DATABASE: Final = "fridge"

_PORTIONS: Final = """
    SELECT day, kind, outcome, reason, mass_basis, sum(mass), sum(price)
    FROM portion
    WHERE household_id = %(household)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY day, kind, outcome, reason, mass_basis, price IS NULL
"""

_HOUSEHOLD: Final = """
    SELECT
        (SELECT min(day) FROM portion WHERE household_id = %(household)s),
        (SELECT count(*) FROM member WHERE household_id = %(household)s)
"""


def summary(*, member: Membership, period: Period, now: datetime, day: date | None = None) -> Summary:
    """The waste of the week, month or year in which a day of the household lies; of today without one.

    Two queries.
    """
    today = now.astimezone(member.zone).date()
    span = span_of(period=period, day=day or today)
    recorded_since, people = _household(member.household_id)
    return summarise(
        portions=_portions(member.household_id, span),
        span=span,
        today=today,
        recorded_since=recorded_since,
        people=people,
        impacts=impacts(),
    )


def _portions(household_id: UUID, span: Span) -> list[Portion]:
    """Those of the same day that differ in nothing but mass and price come as one."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_PORTIONS, {"household": household_id, "first": span.first, "last": span.last})
        rows = cursor.fetchall()
    return [
        Portion(
            day=day,
            kind=kind,
            outcome=Outcome(outcome),
            reason=reason,
            mass=mass,
            basis=Basis(basis),
            price=price,
        )
        for day, kind, outcome, reason, basis, mass, price in rows
    ]


def _household(household_id: UUID) -> tuple[date | None, int]:
    """The day of its first portion, and how many its members are."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_HOUSEHOLD, {"household": household_id})
        recorded_since, people = cursor.fetchone()
    return recorded_since, people
