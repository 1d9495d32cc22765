"""Freshness: what a Fridge Item is, on a day. A pure function of facts, guidance, clock and time zone.

Every reason to eat an item by some day is a **limit**: its printed date, its opening, its thawing, or,
where no date is known, an estimate. The item is due on the earliest one. A limit that had not passed when the
item was frozen stands still in the freezer and goes on with what was left of it after thawing; one that had
passed stays passed. Opening and thawing add a limit; they take none away and put none off. So no opening,
thawing or freezing gives more life than was left, and nothing but an event makes an item better.

A limit is a day, a stay in the freezer is not: a limit moves by so many whole days that the time from thawing
to its end is never longer than it was from freezing, be it by a minute. What was frozen in the last hours of
its last good day has none after thawing. Time in the freezer has a limit of quality, for which the time
outside counts as little.

Days are those of the household's time zone. Dates up to a hundred years ahead are reckoned with.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from contexts.fridge.domain.storage_guidance import UNKNOWN, DateKind, FoodKind, Guidance, PlaceKind

__all__ = [
    "Because",
    "ColdSpell",
    "DateKind",
    "Facts",
    "Freshness",
    "Limit",
    "PlaceKind",
    "Reason",
    "State",
    "Timetable",
    "freshness",
    "on_day",
    "severity",
    "timetable",
]

_DAY: Final = timedelta(days=1)
_NO_TIME: Final = timedelta(0)

SOON_AT_MOST_DAYS: Final = 30
"""However long an item keeps, a share of its life puts it into "use soon" no earlier than this."""


class State(StrEnum):
    """What an item is on a day."""

    FRESH = "fresh"
    USE_SOON = "use_soon"
    USE_TODAY = "use_today"
    CHECK = "check"
    """Past a day of quality: look, smell, taste."""
    EXPIRED = "expired"
    """Past a day of safety: do not eat."""
    OPENED_TOO_LONG = "opened_too_long"
    FROZEN = "frozen"
    NO_DATE = "no_date"


_SEVERITY: Final[Mapping[State, int]] = {
    State.FRESH: 0,
    State.FROZEN: 0,
    State.NO_DATE: 0,
    State.USE_SOON: 1,
    State.USE_TODAY: 2,
    State.CHECK: 3,
    State.EXPIRED: 4,
    State.OPENED_TOO_LONG: 4,
}


def severity(state: State) -> int:
    """How much a state presses, from 0 (nothing to do) to 4 (do not eat)."""
    return _SEVERITY[state]


class Reason(StrEnum):
    """Why an item is due when it is; with the names of its values."""

    PRINTED_USE_BY = "printed_use_by"
    """day"""
    PRINTED_BEST_BEFORE = "printed_best_before"
    """day"""
    PRINTED = "printed"
    """day: a date of which nobody said which kind it is; for perishable food from the fridge it is taken as a
    use-by, otherwise as what is usual for the kind of food"""
    OPENED = "opened"
    """day, days, by: `label` or `guidance`"""
    THAWED = "thawed"
    """day, hours"""
    OUT_OF_FREEZER = "out_of_freezer"
    """day, hours: food that is sold frozen, and that was not put into the freezer on the day it was stored"""
    FROZEN_SINCE = "frozen_since"
    """day on which it was first frozen, months: how long the guidance recommends"""
    FROZEN_BEST_BEFORE = "frozen_best_before"
    """day: a printed date that is meant for the freezer"""
    FROZEN_TOO_LATE = "frozen_too_late"
    """day: on which it was frozen, when it was past its limit already"""
    FROZEN_AT_LAST = "frozen_at_last"
    """day: on which it was frozen, with too little left of its last good day for another one after thawing"""
    ESTIMATE = "estimate"
    """kind, days: how long such food usually keeps, from the day it was stored"""
    UNKNOWN_KIND = "unknown_kind"
    """no values: the most careful guidance is used, since the kind of food is not known"""
    NO_DATE = "no_date"
    """no values"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Because:
    """One reason, to be put into words by a page."""

    code: Reason
    values: Mapping[str, date | int | str]


@dataclass(frozen=True, kw_only=True, slots=True)
class ColdSpell:
    """A stay in the freezer. Whatever puts an item there begins one, adding it there included: without a
    spell an item is not frozen, wherever it lies."""

    frozen_at: datetime
    thawed_at: datetime | None
    """None: it is still frozen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What is known of an item, as far as it matters to its freshness."""

    stored_on: date
    printed: date | None
    date_kind: DateKind | None
    """None: which kind the printed date is of was not said."""
    kind: str
    """Slug of its row of the storage guidance."""
    place: PlaceKind
    """Where it lies. No day depends on it: whether it is in the freezer is told by `cold`."""
    opened_on: date | None
    opened_days: int | None
    """Days after opening as the label itself states them: they win over the guidance."""
    cold: tuple[ColdSpell, ...] = ()
    """In the order of time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Limit:
    """One reason to eat an item by some day."""

    last_good: date
    soon_on: date
    """First day on which it is to be used soon."""
    after: State
    """What the item is once `last_good` is over: CHECK, EXPIRED or OPENED_TOO_LONG."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timetable:
    """The days on which an item's freshness changes, as long as nothing happens to it."""

    due_on: date | None
    """The last good day; None without any limit, and while every limit stands still in the freezer."""
    soon_on: date | None
    """First day of "use soon" by share of shelf life."""
    after: State | None
    """What it is on the day after `due_on`; None where there is no such day."""
    limits: tuple[Limit, ...]
    """All that count, the earliest first. Those that stand still are left out."""
    frozen: bool
    frozen_until: date | None
    """Last day in the freezer without loss of quality; None unless it is frozen."""
    estimated: bool
    """No printed date is known: `due_on` rests on guidance alone, and the item is never called fresh."""
    reasons: tuple[Because, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Freshness:
    """What an item is on a day, and why."""

    state: State
    due_on: date | None
    days_left: int | None
    """0 on the last good day, negative afterwards."""
    estimated: bool
    reasons: tuple[Because, ...]


def freshness(
    *, facts: Facts, guidance: Guidance, now: datetime, zone: ZoneInfo, window_days: int = 3
) -> Freshness:
    """What an item is now, where the household is. `window_days` is the person's own window: whatever is due
    in so many days is to be used soon."""
    times = timetable(facts=facts, guidance=guidance, zone=zone)
    return on_day(timetable=times, today=now.astimezone(zone).date(), window_days=window_days)


def on_day(*, timetable: Timetable, today: date, window_days: int = 3) -> Freshness:
    """What an item with this timetable is on a day."""
    due_on = timetable.due_on
    days_left = None if due_on is None else (due_on - today).days
    return Freshness(
        state=_state(timetable, today, days_left, window_days),
        due_on=due_on,
        days_left=days_left,
        estimated=timetable.estimated,
        reasons=timetable.reasons,
    )


def _state(timetable: Timetable, today: date, days_left: int | None, window_days: int) -> State:
    if days_left is not None and days_left < 0:
        passed = [limit.after for limit in timetable.limits if limit.last_good < today]
        for state in (State.EXPIRED, State.OPENED_TOO_LONG):
            if state in passed:
                return state
        return State.CHECK
    if timetable.frozen_until is not None and timetable.frozen_until < today:
        return State.CHECK
    if timetable.frozen:
        return State.FROZEN
    if days_left is None or timetable.soon_on is None:
        return State.NO_DATE
    if days_left == 0:
        return State.USE_TODAY
    if days_left <= window_days or timetable.soon_on <= today:
        return State.USE_SOON
    return State.NO_DATE if timetable.estimated else State.FRESH


def timetable(*, facts: Facts, guidance: Guidance, zone: ZoneInfo) -> Timetable:
    """The days on which an item's freshness changes; no clock is looked at."""
    row = guidance.of(facts.kind)
    stays = [(spell.frozen_at, spell.thawed_at) for spell in facts.cold]
    frozen_on, thawed_on = _last_days(facts.cold, zone)
    is_frozen = frozen_on is not None and thawed_on is None
    reasons: list[Because] = []
    limits: list[Limit] = []
    guided = False
    is_safety = row.perishable or facts.date_kind is DateKind.USE_BY
    after_thawing = State.EXPIRED if is_safety else State.CHECK
    before_last_stay: list[date] = []

    def limit(*, since: date, days: int, after: State, stays_from: int = 0) -> None:
        """Take in one limit: good until `days` after `since`, the stays from this one on reckoned in."""
        unmoved, moving = since + timedelta(days=days), stays[stays_from:]
        last_good = _moved(since, unmoved, moving, zone)
        if last_good is not None:
            limits.append(Limit(last_good=last_good, soon_on=last_good - _soon_days(row, days), after=after))
            before_last_stay.append(_moved(since, unmoved, moving[:-1], zone) or last_good)

    if facts.printed is not None:
        date_kind = facts.date_kind or _in_doubt(row)
        reasons.append(_printed(facts.printed, facts.date_kind))
        limit(
            since=facts.stored_on,
            days=(facts.printed - facts.stored_on).days,
            after=State.EXPIRED if date_kind is DateKind.USE_BY else State.CHECK,
        )
    elif row.unopened_days is not None:
        reasons.append(Because(code=Reason.ESTIMATE, values={"kind": row.slug, "days": row.unopened_days}))
        limit(since=facts.stored_on, days=row.unopened_days, after=State.CHECK)
    else:
        reasons.append(Because(code=Reason.NO_DATE, values={}))

    if facts.opened_on is not None:
        days = row.opened_days if facts.opened_days is None else facts.opened_days
        by = "guidance" if facts.opened_days is None else "label"
        guided = facts.opened_days is None
        reasons.append(Because(code=Reason.OPENED, values={"day": facts.opened_on, "days": days, "by": by}))
        limit(
            since=facts.opened_on,
            days=days,
            after=State.OPENED_TOO_LONG if is_safety else State.CHECK,
        )

    if row.sold_frozen and not (stays and _day(stays[0][0], zone) <= facts.stored_on):
        guided = True
        reasons.append(
            Because(code=Reason.OUT_OF_FREEZER, values={"day": facts.stored_on, "hours": row.thawed_hours})
        )
        limit(since=facts.stored_on, days=row.thawed_hours // 24, after=after_thawing)

    for number, (_, thawed_at) in enumerate(stays, start=1):
        if thawed_at is not None:
            guided = True
            limit(
                since=_day(thawed_at, zone),
                days=row.thawed_hours // 24,
                after=after_thawing,
                stays_from=number,
            )

    if frozen_on is not None and thawed_on is not None:
        reasons.append(Because(code=Reason.THAWED, values={"day": thawed_on, "hours": row.thawed_hours}))
        if min(before_last_stay) >= frozen_on and min(limit.last_good for limit in limits) < thawed_on:
            reasons.append(Because(code=Reason.FROZEN_AT_LAST, values={"day": frozen_on}))
    elif frozen_on is not None and limits:
        reasons.append(Because(code=Reason.FROZEN_TOO_LATE, values={"day": frozen_on}))

    best_until = None
    if stays:
        best_until, because = _best_in_freezer(facts, row, zone)
        guided = guided or because.code is Reason.FROZEN_SINCE
        if thawed_on is None:
            reasons.append(because)
        elif best_until is not None:
            limits.append(Limit(last_good=best_until, soon_on=best_until, after=State.CHECK))
            if because.code is Reason.FROZEN_SINCE:
                reasons.append(because)
    if guided and row.slug == UNKNOWN:
        reasons.append(Because(code=Reason.UNKNOWN_KIND, values={}))

    limits.sort(key=_by_day)
    return Timetable(
        due_on=limits[0].last_good if limits else None,
        soon_on=min(limit.soon_on for limit in limits) if limits else None,
        after=limits[0].after if limits else None,
        limits=tuple(limits),
        frozen=is_frozen,
        frozen_until=best_until if is_frozen else None,
        estimated=facts.printed is None and bool(limits),
        reasons=tuple(reasons),
    )


def _in_doubt(row: FoodKind) -> DateKind:
    """What a printed date of unsaid kind is: a day of safety on perishable food from the fridge."""
    return DateKind.USE_BY if row.perishable and row.keeps_in is PlaceKind.FRIDGE else row.date_kind


def _by_day(limit: Limit) -> tuple[date, int]:
    return limit.last_good, -_SEVERITY[limit.after]


def _printed(day: date, date_kind: DateKind | None) -> Because:
    code = Reason.PRINTED
    if date_kind is DateKind.USE_BY:
        code = Reason.PRINTED_USE_BY
    elif date_kind is DateKind.BEST_BEFORE:
        code = Reason.PRINTED_BEST_BEFORE
    return Because(code=code, values={"day": day})


def _best_in_freezer(facts: Facts, row: FoodKind, zone: ZoneInfo) -> tuple[date | None, Because]:
    """Until when an item that was ever frozen is at its best, and why; None for the day while it lies outside
    and that day has not come."""
    if row.sold_frozen and facts.printed is not None:
        return facts.printed, Because(code=Reason.FROZEN_BEST_BEFORE, values={"day": facts.printed})
    since = _day(facts.cold[0].frozen_at, zone)
    outside: list[_Pause] = [
        (before.thawed_at, after.frozen_at)
        for before, after in pairwise(facts.cold)
        if before.thawed_at is not None
    ]
    if (thawed_at := facts.cold[-1].thawed_at) is not None:
        outside.append((thawed_at, None))
    best_until = _moved(since, _months_later(since, row.freezer_months), outside, zone)
    return best_until, Because(code=Reason.FROZEN_SINCE, values={"day": since, "months": row.freezer_months})


def _last_days(cold: Sequence[ColdSpell], zone: ZoneInfo) -> tuple[date | None, date | None]:
    """The days on which it was last frozen, and thawed since then."""
    if not cold:
        return None, None
    thawed_at = cold[-1].thawed_at
    return _day(cold[-1].frozen_at, zone), None if thawed_at is None else _day(thawed_at, zone)


_Pause = tuple[datetime, datetime | None]
"""From one instant to another; None: until now, and on."""


def _moved(since: date, last_good: date, pauses: Sequence[_Pause], zone: ZoneInfo) -> date | None:
    """The last good day of a limit that counts from `since`, moved by pauses in the order of time: by as many
    whole days as leave it, from the end of each pause, no longer than it had from the beginning. None while
    it stands still in one."""
    for begun, ended in pauses:
        if ended is not None and _day(ended, zone) <= since:
            continue
        left = _end(last_good, zone) - max(begun, _end(since - _DAY, zone))
        if left <= _NO_TIME:
            return last_good
        if ended is None:
            return None
        last_good = _day(ended + left, zone) - _DAY
    return last_good


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _end(day: date, zone: ZoneInfo) -> datetime:
    """The first instant after a day."""
    return datetime.combine(day + _DAY, time(0), tzinfo=zone).astimezone(UTC)


def _soon_days(row: FoodKind, life_days: int) -> timedelta:
    return timedelta(days=min(SOON_AT_MOST_DAYS, -(-max(0, life_days) // row.soon_one_in)))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
