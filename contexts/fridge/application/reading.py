"""What is at home, as pages and the API read it: one query each."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connections

from contexts.fridge.application import event_store
from contexts.fridge.application.errors import ItemNotFound
from contexts.fridge.application.households import Membership
from contexts.fridge.domain.events import Recorded
from contexts.fridge.domain.freshness import PlaceKind, State
from contexts.fridge.domain.item import Item
from contexts.fridge.domain.item_json import item_from_json
from contexts.fridge.domain.recalls import Certainty, RecalledPacks, match

_DATABASE: Final = "fridge"

PAGE: Final = 50
"""Items of one page, unless it asks for fewer."""
FIRST: Final = 12
"""Items among which "Eat first" chooses: of those that are due next, and of those that lately were."""
RECALLED: Final = 200
"""Items of recalled products that are looked at, those that are due next."""
HABIT: Final = timedelta(days=365)
"""How far back it is looked at what a household wastes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallAtHome:
    """A recall that is in force and that means this item, or may mean it."""

    recall_id: UUID
    text: str
    reason: str
    certainty: Certainty


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredItem:
    """An item with what its product is called and what is said of it."""

    item: Item
    name: str
    """Of the product, or as it was entered by hand; empty where neither is known: then show the GTIN."""
    brand_name: str
    picture: str | None
    """Path among our static files."""
    changed_at: datetime
    """When its last event was recorded."""
    recalls: tuple[RecallAtHome, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FridgePage:
    """One page of a household's items that are here."""

    items: tuple[StoredItem, ...]
    """By the day they are due, those without one last."""
    first: tuple[StoredItem, ...]
    """What may be eaten and is due next, or is past the day up to which it is at its best: for "Eat first",
    in no particular rank; on the first page only."""
    wasted_share: Mapping[str, Decimal]
    """Of those `first`: share of what left this household in a year that was wasted, by mass, by kind."""
    recalled: tuple[StoredItem, ...]
    """What is at home that a recall means or may mean, by the day it is due: on every page, unfiltered."""
    next_cursor: str | None
    total: int
    """Items that are here and that the filters let through."""


#: What an item is on a day, as `domain.freshness.on_day` says it; a test compares the two.
_STATE: Final = """
    CASE
        WHEN due_on < %(today)s THEN
            CASE WHEN expired_from <= %(today)s THEN 'expired'
                 WHEN too_long_from <= %(today)s THEN 'opened_too_long'
                 ELSE 'check' END
        WHEN frozen_until < %(today)s THEN 'check'
        WHEN frozen_until IS NOT NULL THEN 'frozen'
        WHEN due_on IS NULL OR soon_on IS NULL THEN 'no_date'
        WHEN due_on = %(today)s THEN 'use_today'
        WHEN due_on - %(today)s::date <= %(window)s OR soon_on <= %(today)s THEN 'use_soon'
        WHEN estimated THEN 'no_date'
        ELSE 'fresh'
    END
"""

#: What is shown of an item beside itself, for the rows of `one`: what it is called, and its recalls.
#: Few products are ever recalled: most of the look-ups find nothing in an index that has room for nothing.
SHOWN: Final = """
    COALESCE(item_name.name, product.name, ''), COALESCE(product.brand_name, ''),
    COALESCE(product.picture, ''),
    CASE WHEN one.gtin <> '' THEN (
        SELECT json_agg(json_build_array(id, text, reason, lots, serial_from, serial_to)
                        ORDER BY announced_at, id)
        FROM recall WHERE recall.gtin = one.gtin AND NOT withdrawn
    ) END
"""
#: Looked up one by one, however many rows the planner expects: it never knows.
_BESIDE_FORM: Final = """
    LEFT JOIN LATERAL (
        SELECT name, brand_name, picture FROM product WHERE product.gtin = one.gtin LIMIT 1
    ) AS product ON TRUE
    LEFT JOIN LATERAL (SELECT name FROM {names} WHERE item_id = one.id LIMIT 1) AS item_name ON TRUE
"""
_BESIDE: Final = _BESIDE_FORM.format(names="item_name")
BESIDE_NEW: Final = _BESIDE_FORM.format(
    names="(TABLE named UNION ALL SELECT item_id, name FROM item_name) AS names"
)
"""For a statement that gives names itself, as `named`: it cannot read them in the table yet."""

_ITEMS_FORM: Final = """
    SELECT one.state, one.changed_at, {shown}
    FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS wanted (id, place)
    JOIN item AS one ON one.id = wanted.id AND one.household_id = %(household)s
    {names}
    ORDER BY wanted.place
"""
_ITEMS: Final = _ITEMS_FORM.format(shown=SHOWN, names=_BESIDE)

_COLUMNS: Final = "id, gtin, state, changed_at, due_on, kind"


def fridge_page(
    *,
    member: Membership,
    now: datetime,
    state: State | None = None,
    place: PlaceKind | UUID | None = None,
    query: str | None = None,
    cursor: str | None = None,
    limit: int = PAGE,
) -> FridgePage:
    """One page of what is here; one query. A cursor that no page gave is taken for none.

    `query` is looked for in the names of products and of what was added by hand, without regard to case;
    `place` is an own place of the household, or all of a kind.
    """
    today = now.astimezone(member.zone).date()
    after = _after(cursor)
    parameters: dict[str, Any] = {
        "household": member.household_id,
        "today": today,
        "window": member.use_soon_days,
        "habit": today - HABIT,
    }
    with connections[_DATABASE].cursor() as rows:
        page = _page(parameters, state=state, place=place, query=query, after=after, limit=limit)
        rows.execute(page, parameters)
        (*_, total, wasted), *found = rows.fetchall()
    on_page = [row for row in found if row[_IS_ON_PAGE]]
    stored = {row[_ID]: _stored(row[_SHOWN_FROM:]) for row in found}
    return FridgePage(
        items=tuple([stored[row[_ID]] for row in on_page[:limit]]),
        first=tuple([stored[row[_ID]] for row in found if row[_IS_FIRST]]),
        wasted_share={kind: Decimal(share) for kind, share in (wasted or {}).items()},
        recalled=tuple([each for each in stored.values() if each.recalls]),
        next_cursor=_cursor(on_page[limit - 1]) if len(on_page) > limit else None,
        total=total,
    )


def item(*, member: Membership, item_id: UUID) -> StoredItem:
    """One item, finished or not; one query. Raises ItemNotFound, also for another household's."""
    return items(member=member, item_ids=[item_id])[0]


def items(*, member: Membership, item_ids: Sequence[UUID]) -> tuple[StoredItem, ...]:
    """Several items in the order asked for; one query. Raises ItemNotFound if one is not the household's."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_ITEMS, {"ids": list(item_ids), "household": member.household_id})
        found = tuple([_stored(row) for row in cursor.fetchall()])
    if len(found) != len(item_ids):
        raise ItemNotFound
    return found


def history(*, member: Membership, item_id: UUID) -> tuple[Recorded, ...]:
    """Everything that happened to an item, oldest first, undone actions included; one query.

    Raises ItemNotFound, also for another household's.
    """
    stream = event_store.load_many(item_ids=[item_id]).get(item_id)
    if stream is None or stream.household_id != member.household_id:
        raise ItemNotFound
    return stream.events


_ID, _DUE_ON, _IS_ON_PAGE, _IS_FIRST, _SHOWN_FROM = range(1, 6)


@dataclass(frozen=True, kw_only=True, slots=True)
class _After:
    """Where a page ended."""

    due_on: date | None
    item_id: UUID


def _page(
    parameters: dict[str, Any],
    *,
    state: State | None,
    place: PlaceKind | UUID | None,
    query: str | None,
    after: _After | None,
    limit: int,
) -> str:
    """The statement of one page; adds to the parameters what it needs beyond those of every page."""
    here = [_HOUSEHOLD, "status = 'here'"]
    if state is not None:
        here.append(f"{_STATE} = %(state)s")
        parameters["state"] = state.value
    if place is not None:
        here.append("place_id = %(place)s" if isinstance(place, UUID) else "place_kind = %(place)s")
        parameters["place"] = place if isinstance(place, UUID) else place.value
    if query:
        here.append(_NAMED)
        parameters["query"] = f"%{_WILD.sub(_ESCAPED, query)}%"
    form = _FIRST_PAGE if after is None else _PAGE_AFTER_ALL_DATES if after.due_on is None else _NEXT_PAGE
    if after is not None:
        parameters |= {"due": after.due_on, "item": after.item_id}
    rows = _ROWS.format(columns=_COLUMNS, here=" AND ".join(here))
    return _PAGE.format(
        here=" AND ".join(here),
        household=_HOUSEHOLD,
        today=_TODAY,
        columns=_COLUMNS,
        rows=rows,
        page=form.format(rows=rows, most=limit + 1),
        first=FIRST if after is None else 0,
        recalled=RECALLED,
        shown=f"one.state, one.changed_at, {SHOWN}",
        names=_BESIDE,
    )


_WILD: Final = re.compile(r"([%_\\])")
_ESCAPED: Final = r"\\\1"

#: Subselects, and limits that are no parameters: so the plan cannot hang on whose page it is and when, and
#: PostgreSQL makes it once and keeps it. Planning takes longer than reading.
_HOUSEHOLD: Final = "household_id = (SELECT %(household)s::uuid)"
_TODAY: Final = "(SELECT %(today)s::date)"
_ROWS: Final = "SELECT {columns} FROM item WHERE {here}"
_FIRST_PAGE: Final = "{rows} ORDER BY due_on, id LIMIT {most}"
#: Each part is a range of the index, read in its order until there are enough.
_NEXT_PAGE: Final = """
    ({rows} AND (due_on, id) > (%(due)s, %(item)s) ORDER BY due_on, id LIMIT {most})
    UNION ALL ({rows} AND due_on IS NULL ORDER BY id LIMIT {most})
    LIMIT {most}
"""
_PAGE_AFTER_ALL_DATES: Final = "{rows} AND due_on IS NULL AND id > %(item)s ORDER BY id LIMIT {most}"

_NAMED: Final = """(
    EXISTS (
        SELECT FROM product
        WHERE product.gtin = item.gtin AND (product.name ILIKE %(query)s OR brand_name ILIKE %(query)s)
    ) OR EXISTS (SELECT FROM item_name WHERE item_id = item.id AND name ILIKE %(query)s)
)"""

#: The first row says what there is altogether; then come the items, in order.
_PAGE: Final = """
    WITH page AS MATERIALIZED ({page}),
    first AS MATERIALIZED (
        ({rows} AND due_on >= {today} AND frozen_until IS NULL ORDER BY due_on, id LIMIT {first})
        UNION ALL (
            {rows} AND due_on < {today} AND frozen_until IS NULL
            AND (expired_from > %(today)s) IS NOT FALSE AND (too_long_from > %(today)s) IS NOT FALSE
            ORDER BY due_on DESC, id LIMIT {first}
        )
    ),
    recalled AS MATERIALIZED (
        SELECT {columns} FROM item
        WHERE {household} AND status = 'here' AND gtin IN (SELECT gtin FROM recall WHERE NOT withdrawn)
        ORDER BY due_on, id LIMIT {recalled}
    ),
    one AS MATERIALIZED (
        SELECT DISTINCT ON (id) * FROM (TABLE page UNION ALL TABLE first UNION ALL TABLE recalled) AS every
    )
    SELECT
        0, NULL::uuid, NULL::date, FALSE, FALSE, NULL::jsonb, NULL::timestamptz, '', '', '', NULL::json,
        (SELECT count(*) FROM item WHERE {here}),
        (
            SELECT json_object_agg(kind, round(share, 3)::text) FROM (
                SELECT kind, sum(mass) FILTER (WHERE outcome = 'wasted') / sum(mass) AS share
                FROM portion
                WHERE {household} AND day >= %(habit)s AND outcome <> 'given' AND mass > 0
                    AND kind IN (SELECT kind FROM first)
                GROUP BY kind
            ) AS habit WHERE share > 0
        )
    UNION ALL
    SELECT
        1, one.id, one.due_on, one.id IN (SELECT id FROM page), one.id IN (SELECT id FROM first),
        {shown}, NULL, NULL
    FROM one {names}
    ORDER BY 1, 3, 2
"""


def _stored(row: Sequence[Any]) -> StoredItem:
    state, changed_at, *shown = row
    return stored_as(item=item_from_json(orjson.loads(state)), changed_at=changed_at, shown=shown)


def stored_as(*, item: Item, changed_at: datetime, shown: Sequence[Any]) -> StoredItem:
    """An item with what is SHOWN beside it."""
    name, brand_name, picture, recalls, *_ = shown
    return StoredItem(
        item=item,
        name=name,
        brand_name=brand_name,
        picture=picture or None,
        changed_at=changed_at,
        recalls=() if recalls is None else _recalls(item, recalls),
    )


def _recalls(found: Item, told: Sequence[Sequence[Any]]) -> tuple[RecallAtHome, ...]:
    meant = []
    for recall_id, text, reason, lots, serial_from, serial_to in told:
        packs = RecalledPacks(lots=lots, serial_from=serial_from, serial_to=serial_to)
        certainty = match(recall=packs, lot=found.lot, serial=found.serial)
        if certainty is not None:
            meant.append(
                RecallAtHome(recall_id=UUID(recall_id), text=text, reason=reason, certainty=certainty)
            )
    return tuple(meant)


def _cursor(row: Sequence[Any]) -> str:
    due_on = row[_DUE_ON]
    text = f"{'' if due_on is None else due_on.isoformat()} {row[_ID]}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(cursor: str | None) -> _After | None:
    """Where the page before ended; None for the first page, and for what no page gave."""
    try:
        text = base64.urlsafe_b64decode(f"{cursor or ''}===").decode()
        due_on, _, item_id = text.partition(" ")
        return _After(due_on=date.fromisoformat(due_on) if due_on else None, item_id=UUID(item_id))
    except (ValueError, binascii.Error):
        return None
