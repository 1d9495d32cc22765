"""The shopping list: what was finished lately or is nearly finished, and is not at home any more.

Rules of our own, by what a household's items tell:

- **Finished**: the last of it went within SINCE_DAYS days, and no item of the same product is at home.
- **Low**: at most LOW_SHARE of what was added is left, and no other item of the product is at home.
- **Often thrown away**: of the product at least OFTEN_TIMES items were thrown away, all or in part, within a
  year, and that was at least OFTEN_SHARE of its mass that left in that year. It is a hint, no more.

A product is its GTIN, else the name that was entered by hand. A line that is ticked off is gone for good: it
comes back with the next item of that product that is finished.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from contexts.fridge.application.households import Membership, check_still_member

_DATABASE: Final = "fridge"

SINCE_DAYS: Final = 28
LOW_SHARE: Final = Decimal("0.25")
OFTEN_TIMES: Final = 3
OFTEN_SHARE: Final = Decimal("0.3")
_YEAR: Final = timedelta(days=365)
#: Lines of one list: nobody carries more home.
MOST_LINES: Final = 100

_LINES: Final = """
    WITH known AS (
        SELECT i.id, i.status, i.left_share, i.changed_at, i.gtin,
               COALESCE(NULLIF(i.gtin, ''), lower(n.name), '') AS product,
               COALESCE(n.name, p.name, i.gtin) AS name, COALESCE(p.brand_name, '') AS brand_name
        FROM item i
        LEFT JOIN item_name n ON n.item_id = i.id
        LEFT JOIN product p ON p.gtin = i.gtin
        WHERE i.household_id = %(household)s
          AND (i.status = 'here' OR i.status = 'finished' AND i.changed_at >= %(since)s)
    ), wanted AS (
        SELECT k.product,
               array_agg(k.id) AS item_ids,
               bool_and(k.status = 'here') AS is_low,
               max(k.changed_at) AS at,
               (array_agg(k.name ORDER BY k.changed_at DESC))[1] AS name,
               (array_agg(k.brand_name ORDER BY k.changed_at DESC))[1] AS brand_name,
               max(k.gtin) AS gtin
        FROM known k
        WHERE k.product <> ''
          AND (k.status = 'finished' OR k.left_share <= %(low)s)
          AND NOT EXISTS (
              SELECT FROM known other
              WHERE other.product = k.product AND other.status = 'here' AND other.left_share > %(low)s)
          AND NOT EXISTS (
              SELECT FROM shopping_tick t
              WHERE t.household_id = %(household)s AND t.item_id = k.id)
        GROUP BY k.product
        ORDER BY max(k.changed_at) DESC, k.product
        LIMIT %(most)s
    ), habits AS (
        SELECT COALESCE(NULLIF(q.gtin, ''), lower(n.name), '') AS product,
               count(DISTINCT q.item_id) FILTER (WHERE q.outcome = 'wasted') AS times,
               sum(q.mass) FILTER (WHERE q.outcome = 'wasted') AS wasted,
               sum(q.mass) AS all_of_it
        FROM portion q
        LEFT JOIN item_name n ON n.item_id = q.item_id AND q.gtin = ''
        WHERE q.household_id = %(household)s AND q.day >= %(year)s
        GROUP BY 1
    )
    SELECT w.item_ids, w.is_low, w.name, w.brand_name, w.gtin, h.times, h.wasted, h.all_of_it
    FROM wanted w
    LEFT JOIN habits h ON h.product = w.product
    ORDER BY w.at DESC, w.product
"""

_TICK: Final = """
    INSERT INTO shopping_tick (item_id, household_id, ticked_at)
    SELECT i.id, i.household_id, %(at)s FROM item i
    WHERE i.household_id = %(household)s AND i.id = ANY(%(items)s)
    ON CONFLICT (item_id) DO NOTHING
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One thing to buy."""

    item_ids: tuple[UUID, ...]
    """The items of which it is about: what is ticked off."""
    name: str
    brand_name: str
    gtin: str
    """GTIN-14; empty for what was entered by hand."""
    is_low: bool
    """Some is left; otherwise nothing is."""
    wasted_times: int
    """Of how many items of it something was thrown away within a year."""
    wasted_share: Decimal | None
    """Of what left of it within a year, by mass; None where nothing did."""

    @property
    def is_often_wasted(self) -> bool:
        """Whether to say so; by the rule above."""
        return (
            self.wasted_times >= OFTEN_TIMES
            and self.wasted_share is not None
            and self.wasted_share >= OFTEN_SHARE
        )


def shopping_list(*, member: Membership, now: datetime) -> tuple[Line, ...]:
    """What is to be bought, what was finished last first. One query."""
    today: date = now.astimezone(member.zone).date()
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            _LINES,
            {
                "household": member.household_id,
                "since": now - timedelta(days=SINCE_DAYS),
                "low": LOW_SHARE,
                "most": MOST_LINES,
                "year": today - _YEAR,
            },
        )
        rows = cursor.fetchall()
    return tuple(
        Line(
            item_ids=tuple(item_ids),
            name=name,
            brand_name=brand_name,
            gtin=gtin or "",
            is_low=is_low,
            wasted_times=times or 0,
            wasted_share=(wasted or Decimal(0)) / all_of_it if all_of_it else None,
        )
        for item_ids, is_low, name, brand_name, gtin, times, wasted, all_of_it in rows
    )


def tick_off(*, member: Membership, item_ids: Sequence[UUID], now: datetime) -> None:
    """Take lines from the list; again, or with another household's items, it does nothing.

    Raises NoLongerMember.
    """
    with transaction.atomic(using=_DATABASE):
        check_still_member(member=member)
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(
                _TICK, {"household": member.household_id, "items": sorted(set(item_ids)), "at": now}
            )


def untick(*, member: Membership, item_ids: Sequence[UUID]) -> None:
    """Put lines back. Raises NoLongerMember."""
    with transaction.atomic(using=_DATABASE):
        check_still_member(member=member)
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(
                "DELETE FROM shopping_tick WHERE household_id = %s AND item_id = ANY(%s)",
                [member.household_id, sorted(set(item_ids))],
            )
