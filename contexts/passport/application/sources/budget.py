"""How often sources are asked, counted in PostgreSQL for all processes together."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connections

from contexts.passport.application.sources.adapter import Budget

_DATABASE: Final = "passport"

#: The generic cell rate algorithm: one moment per source says how much of its budget is spent. The row's lock
#: lets processes count one after the other.
_SPEND: Final = """
INSERT INTO source_state AS state (source, next_at, breaker, failures, successes)
VALUES (%(source)s, %(now)s::timestamptz + make_interval(secs => %(interval)s), 'closed', 0, 0)
ON CONFLICT (source) DO UPDATE
SET next_at = greatest(state.next_at, %(now)s::timestamptz) + make_interval(secs => %(interval)s)
WHERE (state.next_at IS NULL OR state.next_at <= %(now)s::timestamptz + make_interval(secs => %(tolerance)s))
  AND (state.blocked_until IS NULL OR state.blocked_until <= %(now)s::timestamptz)
"""
_BLOCK: Final = """
INSERT INTO source_state AS state (source, blocked_until, breaker, failures, successes)
VALUES (%(source)s, %(until)s, 'closed', 0, 0)
ON CONFLICT (source) DO UPDATE SET blocked_until = greatest(state.blocked_until, excluded.blocked_until)
"""

#: A source that asks for more than this is asked again after it: its clock may be wrong.
LONGEST_BLOCK: Final = timedelta(hours=6)


def spend(*, source: str, budget: Budget, now: datetime) -> bool:
    """Count one question; False, and nothing counted, where there is none left, or the source has asked to be
    left alone."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            _SPEND,
            {
                "source": source,
                "now": now,
                "interval": budget.interval.total_seconds(),
                "tolerance": budget.tolerance.total_seconds(),
            },
        )
        return bool(cursor.rowcount)


def leave_alone(*, source: str, until: datetime, now: datetime) -> None:
    """Ask a source nothing until a moment, as it has asked for."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_BLOCK, {"source": source, "until": min(until, now + LONGEST_BLOCK)})
