"""The laws of freshness, for items, days and time zones of every kind."""

from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from contexts.fridge.domain.freshness import (
    ColdSpell,
    DateKind,
    Facts,
    PlaceKind,
    Reason,
    State,
    freshness,
    on_day,
    severity,
    timetable,
)
from contexts.fridge.domain.storage_guidance import UNKNOWN, guidance

GUIDANCE = guidance()
WORST = {State.EXPIRED, State.OPENED_TOO_LONG}

#: Eleven laws: with the nightly profile together more than 100,000 examples.
often = settings(max_examples=max(125, settings().max_examples))

# Daylight saving by half an hour, a day that never was (Apia, 30 December 2011), both ends of the day line.
zones = st.sampled_from(
    [
        "Europe/Rome",
        "UTC",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
        "Asia/Kathmandu",
    ]
).map(ZoneInfo)
days = st.dates(date(2000, 1, 1), date(2060, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2027, 2, 28), date(2026, 12, 31), date(2026, 3, 29), date(2026, 10, 25)]
)
spans = st.integers(0, 40) | st.integers(0, 1500)
kinds = st.sampled_from([*GUIDANCE.rows, "no_such_kind"])


#: Minutes, hours, days: a door that was opened, a night, a winter.
outside = st.integers(0, 5) | st.integers(0, 60 * 24 * 2) | st.integers(0, 60 * 24 * 30)
inside = st.integers(0, 5) | st.integers(0, 60 * 24 * 2) | st.integers(0, 60 * 24 * 400)


@st.composite
def cold_spells(draw: st.DrawFn, first: date) -> tuple[ColdSpell, ...]:
    at = datetime.combine(first, time(0), tzinfo=UTC)
    spells = []
    for _ in range(draw(st.integers(0, 3))):
        frozen_at = at + timedelta(minutes=draw(outside))
        at = frozen_at + timedelta(minutes=draw(inside))
        spells.append(ColdSpell(frozen_at=frozen_at, thawed_at=at))
    if spells and draw(st.booleans()):
        spells[-1] = replace(spells[-1], thawed_at=None)
    return tuple(spells)


@st.composite
def items(draw: st.DrawFn) -> Facts:
    stored_on = draw(days)
    printed = draw(st.none() | spans.map(lambda span: stored_on + timedelta(days=span - 5)))
    return Facts(
        stored_on=stored_on,
        printed=printed,
        date_kind=draw(st.none() | st.sampled_from(DateKind)),
        kind=draw(kinds),
        place=draw(st.sampled_from(PlaceKind)),
        opened_on=draw(st.none() | spans.map(lambda span: stored_on + timedelta(days=span - 5))),
        opened_days=draw(st.none() | st.integers(0, 400)),
        cold=draw(cold_spells(stored_on)),
    )


def state(facts: Facts, day: date, zone: ZoneInfo, window_days: int = 3) -> State:
    times = timetable(facts=facts, guidance=GUIDANCE, zone=zone)
    return on_day(timetable=times, today=day, window_days=window_days).state


def thawed(facts: Facts) -> Facts:
    """The item with nothing in the freezer any more."""
    assume(not facts.cold or facts.cold[-1].thawed_at is not None)
    return facts


@often
@given(facts=items(), zone=zones, offset=st.integers(-10, 2000), later=spans, window=st.integers(0, 30))
def test_it_never_improves_as_time_goes_on(
    facts: Facts, zone: ZoneInfo, offset: int, later: int, window: int
) -> None:
    day = facts.stored_on + timedelta(days=offset)
    before = state(facts, day, zone, window)
    after = state(facts, day + timedelta(days=later), zone, window)
    assert severity(after) >= severity(before)


@often
@given(facts=items(), zone=zones, past=st.integers(1, 3000))
def test_past_its_use_by_it_is_expired_unless_frozen_in_time(facts: Facts, zone: ZoneInfo, past: int) -> None:
    assume(facts.printed is not None)
    assert facts.printed is not None
    facts = replace(facts, date_kind=DateKind.USE_BY)
    frozen_in_time = any(spell.frozen_at.astimezone(zone).date() <= facts.printed for spell in facts.cold)
    found = state(facts, facts.printed + timedelta(days=past), zone)
    assert frozen_in_time or found is State.EXPIRED
    if facts.stored_on <= facts.printed and facts.opened_on is None and frozen_in_time:
        whole = replace(facts, cold=(replace(facts.cold[0], thawed_at=None),))
        # What is sold frozen and did not go into the freezer thaws at once: its day may be over before.
        reasons = {because.code for because in timetable(facts=whole, guidance=GUIDANCE, zone=zone).reasons}
        assume(Reason.OUT_OF_FREEZER not in reasons)
        assert state(whole, facts.printed + timedelta(days=past), zone) in {State.FROZEN, State.CHECK}


@often
@given(facts=items(), zone=zones, opened=spans, offset=st.integers(-10, 2000))
def test_opening_never_extends(facts: Facts, zone: ZoneInfo, opened: int, offset: int) -> None:
    closed = replace(facts, opened_on=None)
    facts = replace(facts, opened_on=facts.stored_on + timedelta(days=opened - 5))
    day = facts.stored_on + timedelta(days=offset)
    assert severity(state(facts, day, zone)) >= severity(state(closed, day, zone))
    due_open = timetable(facts=facts, guidance=GUIDANCE, zone=zone).due_on
    due_closed = timetable(facts=closed, guidance=GUIDANCE, zone=zone).due_on
    assert due_closed is None or (due_open is not None and due_open <= due_closed)
    if facts.printed is not None and not facts.cold:
        assert due_open is not None
        assert due_open <= facts.printed


def end(day: date, zone: ZoneInfo) -> datetime:
    """The first instant that is after a day."""
    return datetime.combine(day + timedelta(days=1), time(0), tzinfo=zone).astimezone(UTC)


def in_freezer(facts: Facts, until: datetime) -> timedelta:
    """How long it was there, until an instant."""
    return sum(
        (max(timedelta(0), min(spell.thawed_at or until, until) - spell.frozen_at) for spell in facts.cold),
        timedelta(0),
    )


#: Minutes outside the freezer, and then in it: around a day out, and in and out in a moment.
cycles = st.tuples(st.integers(0, 60 * 24) | st.integers(60 * 23, 60 * 24), st.integers(0, 60 * 48))


def never_out_of_the_freezer(facts: Facts, zone: ZoneInfo) -> bool:
    """As far as the facts say it: since the day on which it was stored."""
    return bool(facts.cold) and facts.cold[0].frozen_at.astimezone(zone).date() <= facts.stored_on


@often
@given(facts=items().map(thawed), zone=zones, after=outside, frozen=inside)
def test_freezing_and_thawing_give_no_more_life_than_was_left(
    facts: Facts, zone: ZoneInfo, after: int, frozen: int
) -> None:
    last = facts.cold[-1].thawed_at if facts.cold else None
    start = last or datetime.combine(facts.stored_on, time(0), tzinfo=UTC)
    frozen_at = start + timedelta(minutes=after)
    thawed_at = frozen_at + timedelta(minutes=frozen)
    cold = (*facts.cold, ColdSpell(frozen_at=frozen_at, thawed_at=thawed_at))
    frozen_on, thawed_on = (moment.astimezone(zone).date() for moment in (frozen_at, thawed_at))
    assume(facts.opened_on is None or facts.opened_on <= frozen_on)
    assume(facts.stored_on <= frozen_on)
    again = replace(facts, cold=cold)
    due_before = timetable(facts=facts, guidance=GUIDANCE, zone=zone).due_on
    due_after = timetable(facts=again, guidance=GUIDANCE, zone=zone).due_on
    row = GUIDANCE.of(facts.kind)
    assert due_after is not None
    assert due_after <= thawed_on + timedelta(hours=row.thawed_hours)
    if due_before is None or (row.sold_frozen and never_out_of_the_freezer(again, zone) and not facts.cold):
        return
    if due_before < frozen_on:
        assert due_after <= due_before
    else:
        assert end(due_after, zone) - thawed_at <= end(due_before, zone) - frozen_at


@often
@given(facts=items(), zone=zones, span=st.integers(0, 3), cycles=st.lists(cycles, min_size=1, max_size=8))
def test_however_often_frozen_it_is_not_outside_for_longer_than_it_keeps(
    facts: Facts, zone: ZoneInfo, span: int, cycles: list[tuple[int, int]]
) -> None:
    assume(not GUIDANCE.of(facts.kind).sold_frozen)
    at = end(facts.stored_on, zone) - timedelta(days=1)
    cold = []
    for out, within in cycles:
        frozen_at = at + timedelta(minutes=out)
        at = frozen_at + timedelta(minutes=within)
        cold.append(ColdSpell(frozen_at=frozen_at, thawed_at=at))
    facts = replace(facts, cold=tuple(cold), printed=facts.stored_on + timedelta(days=span))
    due = timetable(facts=facts, guidance=GUIDANCE, zone=zone).due_on
    never_frozen = timetable(facts=replace(facts, cold=()), guidance=GUIDANCE, zone=zone).due_on
    assert never_frozen is not None
    assert due is not None
    outside_until = end(due, zone) - in_freezer(facts, end(due, zone))
    assert outside_until <= end(never_frozen, zone)


@often
@given(
    facts=items().map(thawed),
    zone=zones,
    kind=st.sampled_from([slug for slug, row in GUIDANCE.rows.items() if row.sold_frozen]),
    past=st.integers(1, 400),
)
def test_what_is_sold_frozen_keeps_outside_the_freezer_as_if_thawed(
    facts: Facts, zone: ZoneInfo, kind: str, past: int
) -> None:
    facts, row = replace(facts, kind=kind), GUIDANCE.of(kind)
    last = facts.cold[-1].thawed_at if facts.cold else None
    out_since = facts.stored_on if last is None else last.astimezone(zone).date()
    day = out_since + timedelta(hours=row.thawed_hours) + timedelta(days=past)
    assert state(facts, day, zone) in (WORST if row.perishable else WORST | {State.CHECK})


@often
@given(facts=items(), zone=zones, past=st.integers(0, 400))
def test_going_in_and_out_of_the_freezer_gives_no_more_months_there(
    facts: Facts, zone: ZoneInfo, past: int
) -> None:
    row = GUIDANCE.of(facts.kind)
    assume(facts.cold)
    assume(not row.sold_frozen or facts.printed is None)
    first = facts.cold[0].frozen_at
    began = first.astimezone(zone).date()
    years, month = divmod(began.month - 1 + row.freezer_months, 12)
    months = (began.year + years, month + 1)
    span = end(date(*months, min(began.day, monthrange(*months)[1])), zone) - first
    kept_until = timetable(facts=facts, guidance=GUIDANCE, zone=zone).frozen_until
    last = facts.cold[-1].thawed_at
    assert (kept_until is None) is (last is not None)
    if kept_until is not None:
        assert in_freezer(facts, end(kept_until, zone)) <= span
    elif last is not None and in_freezer(facts, last) > span:
        day = last.astimezone(zone).date() + timedelta(days=past)
        assert severity(state(facts, day, zone)) >= severity(State.CHECK)


@often
@given(facts=items(), zone=zones, offset=st.integers(0, 1000), one=st.times(), other=st.times())
def test_a_day_is_a_day_of_the_household(
    facts: Facts, zone: ZoneInfo, offset: int, one: time, other: time
) -> None:
    day = facts.stored_on + timedelta(days=offset)
    times = timetable(facts=facts, guidance=GUIDANCE, zone=zone)
    for moment in (one, other):
        now = datetime.combine(day, moment, tzinfo=zone).astimezone(UTC)
        # A moment that daylight saving or the day line leaves out may belong to the next day.
        here = now.astimezone(zone).date()
        found = freshness(facts=facts, guidance=GUIDANCE, now=now, zone=zone)
        assert found == on_day(timetable=times, today=here)
        assert found.days_left == (None if found.due_on is None else (found.due_on - here).days)


@often
@given(facts=items(), zone=zones, offset=st.integers(-10, 2000), window=st.integers(0, 30))
def test_an_estimate_is_never_fresh_and_says_that_it_is_one(
    facts: Facts, zone: ZoneInfo, offset: int, window: int
) -> None:
    facts = replace(facts, printed=None)
    times = timetable(facts=facts, guidance=GUIDANCE, zone=zone)
    found = on_day(timetable=times, today=facts.stored_on + timedelta(days=offset), window_days=window)
    codes = {because.code for because in found.reasons}
    assert found.state is not State.FRESH
    assert found.estimated is (found.due_on is not None)
    assert (Reason.ESTIMATE in codes) is not (Reason.NO_DATE in codes)
    # Frozen food in the fridge is thawing: that is no estimate.
    assume(not GUIDANCE.of(facts.kind).sold_frozen)
    only_estimate = on_day(
        timetable=timetable(facts=replace(facts, opened_on=None, cold=()), guidance=GUIDANCE, zone=zone),
        today=facts.stored_on + timedelta(days=offset),
        window_days=window,
    )
    assert only_estimate.state not in WORST
    if GUIDANCE.of(facts.kind).unopened_days is None:
        assert only_estimate.state is State.NO_DATE


@often
@given(facts=items(), zone=zones, offset=st.integers(-10, 2000))
def test_food_of_unknown_kind_is_treated_at_least_as_carefully_as_any(
    facts: Facts, zone: ZoneInfo, offset: int
) -> None:
    day = facts.stored_on + timedelta(days=offset)
    unknown = replace(facts, kind="no_such_kind")
    thaws = GUIDANCE.of(facts.kind).sold_frozen and not never_out_of_the_freezer(facts, zone)
    if facts.printed is not None and not thaws:
        known, careful = state(facts, day, zone, 0), state(unknown, day, zone, 0)
        assert (careful in WORST) or known not in WORST
    found = timetable(facts=unknown, guidance=GUIDANCE, zone=zone)
    guided = bool(facts.cold) or (facts.opened_on is not None and facts.opened_days is None)
    assert guided is (Reason.UNKNOWN_KIND in {because.code for because in found.reasons})
    assert GUIDANCE.of("no_such_kind") is GUIDANCE.rows[UNKNOWN]


@often
@given(
    facts=items(),
    zone=zones,
    offset=st.integers(-10, 2000),
    window=st.integers(0, 30),
    wider=st.integers(0, 30),
)
def test_a_wider_window_only_warns_earlier(
    facts: Facts, zone: ZoneInfo, offset: int, window: int, wider: int
) -> None:
    day = facts.stored_on + timedelta(days=offset)
    narrow, wide = state(facts, day, zone, window), state(facts, day, zone, window + wider)
    assert narrow is wide or {wide, narrow} <= {State.FRESH, State.NO_DATE, State.USE_SOON}
    assert severity(wide) >= severity(narrow)
