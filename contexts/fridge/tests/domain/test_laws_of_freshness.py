"""The laws of freshness, for items, days and time zones of every kind."""

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

#: Eight laws: with the nightly profile together 100,000 examples.
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


@st.composite
def cold_spells(draw: st.DrawFn, first: date) -> tuple[ColdSpell, ...]:
    at = datetime.combine(first, time(0), tzinfo=UTC)
    spells = []
    for _ in range(draw(st.integers(0, 3))):
        frozen_at = at + timedelta(hours=draw(st.integers(0, 24 * 30)))
        at = frozen_at + timedelta(hours=draw(st.integers(0, 24 * 400)))
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


@often
@given(facts=items().map(thawed), zone=zones, after=st.integers(0, 24 * 60), frozen=st.integers(0, 24 * 900))
def test_freezing_and_thawing_give_no_more_life_than_was_left(
    facts: Facts, zone: ZoneInfo, after: int, frozen: int
) -> None:
    last = facts.cold[-1].thawed_at if facts.cold else None
    start = last or datetime.combine(facts.stored_on, time(0), tzinfo=UTC)
    frozen_at = start + timedelta(hours=after)
    thawed_at = frozen_at + timedelta(hours=frozen)
    cold = (*facts.cold, ColdSpell(frozen_at=frozen_at, thawed_at=thawed_at))
    frozen_on, thawed_on = (moment.astimezone(zone).date() for moment in (frozen_at, thawed_at))
    assume(facts.opened_on is None or facts.opened_on <= frozen_on)
    assume(facts.stored_on <= frozen_on)
    due_before = timetable(facts=facts, guidance=GUIDANCE, zone=zone).due_on
    due_after = timetable(facts=replace(facts, cold=cold), guidance=GUIDANCE, zone=zone).due_on
    assert due_after is not None
    assert due_after <= thawed_on + timedelta(hours=GUIDANCE.of(facts.kind).thawed_hours)
    if due_before is not None and due_before < frozen_on:
        assert due_after <= due_before
    elif due_before is not None:
        assert due_after - thawed_on <= due_before - frozen_on


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
    if facts.printed is not None:
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
