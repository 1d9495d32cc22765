"""Once, quiet, none missed: the laws of notices, over days on which clocks change."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contexts.fridge.domain.freshness import State
from contexts.fridge.domain.notices import (
    STATES,
    AtHome,
    Channel,
    Message,
    QuietHours,
    RecalledAtHome,
    Wishes,
    WishesRefused,
    digest_day,
    is_quiet,
    next_look,
    plan,
)
from contexts.fridge.domain.recalls import Certainty

ITEMS = [UUID(int=number) for number in range(1, 5)]
RECALL = UUID(int=99)
#: Zones and days on which their clocks change: by an hour, by half of one, at midnight, not at all.
CHANGES = [
    ("Europe/Rome", date(2026, 3, 29)),
    ("Europe/Rome", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("UTC", date(2026, 2, 28)),
]
EVERY_STATE = frozenset(STATES)


@dataclass
class Household:
    """What is at home from moment to moment, and what a sender has told of it."""

    zone: ZoneInfo
    wishes: Wishes
    since: datetime
    states: dict[UUID, State] = field(default_factory=dict)
    recalled: dict[UUID, Certainty] = field(default_factory=dict)
    sent: list[tuple[datetime, Message]] = field(default_factory=list)

    def look(self, now: datetime) -> None:
        told: dict[Channel, set[str]] = defaultdict(set)
        for _moment, message in self.sent:
            told[message.channel] |= {message.about, *(part.about for part in message.parts)}
        self.sent += [
            (now, message)
            for message in plan(
                now=now,
                zone=self.zone,
                since=self.since,
                wishes=self.wishes,
                at_home=[AtHome(item_id=item_id, state=state) for item_id, state in self.states.items()],
                recalled=[
                    RecalledAtHome(item_id=item_id, recall_id=RECALL, certainty=certainty)
                    for item_id, certainty in self.recalled.items()
                ],
                told=told,
            )
        ]

    def told(self) -> Iterator[tuple[Channel, str]]:
        return ((message.channel, part.about) for _moment, message in self.sent for part in message.parts)


hours = st.integers(0, 23)
quiet_hours = st.none() | st.tuples(hours, hours).filter(lambda pair: pair[0] != pair[1]).map(
    lambda pair: QuietHours(begin=pair[0], end=pair[1])
)


@st.composite
def wishes(draw: st.DrawFn) -> Wishes:
    how = {state: draw(st.sampled_from(["digest", "instant", "never"])) for state in STATES}
    return Wishes(
        channels=frozenset(draw(st.sets(st.sampled_from(Channel), min_size=1))),
        digest_hour=draw(hours),
        digest_states=frozenset(state for state in STATES if how[state] == "digest"),
        instant_states=frozenset(state for state in STATES if how[state] == "instant"),
        quiet=draw(quiet_hours),
    )


def _loud(quiet: QuietHours | None) -> int:
    return 24 if quiet is None else sum(not quiet.holds(hour) for hour in range(24))


#: Quarters of an hour into three days, and what happens then.
happenings = st.lists(
    st.tuples(
        st.integers(0, 3 * 96),
        st.one_of(
            st.tuples(st.just("state"), st.sampled_from(ITEMS), st.sampled_from(State)),
            st.tuples(st.just("recall"), st.sampled_from(ITEMS), st.sampled_from(Certainty)),
            st.tuples(st.just("outage"), st.integers(1, 96), st.none()),
        ),
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(change=st.sampled_from(CHANGES), wishes=wishes(), happenings=happenings)
def test_everything_is_told_once_and_in_its_time(
    change: tuple[str, date], wishes: Wishes, happenings: list[tuple[int, tuple[str, object, object]]]
) -> None:
    zone = ZoneInfo(change[0])
    start = datetime.combine(change[1] - timedelta(days=1), datetime.min.time(), tzinfo=zone).astimezone(UTC)
    home = Household(zone=zone, wishes=wishes, since=start - timedelta(days=2))
    by_quarter = defaultdict(list)
    for quarter, happening in happenings:
        by_quarter[quarter].append(happening)
    standing_still = 0
    for quarter in range(6 * 96):  # three days, and three for what was held back
        now = start + timedelta(minutes=15 * quarter)
        for what, one, other in by_quarter[quarter]:
            if what == "state":
                assert isinstance(one, UUID)
                assert isinstance(other, State)
                home.states[one] = other
            elif what == "recall":
                assert isinstance(one, UUID)
                assert isinstance(other, Certainty)
                home.recalled[one] = other
            else:
                assert isinstance(one, int)
                standing_still = quarter + one
        if quarter >= standing_still:
            home.look(now)

    assert max(Counter(home.told()).values(), default=1) == 1
    assert max(Counter((m.channel, m.about) for _now, m in home.sent).values(), default=1) == 1
    for moment, message in home.sent:
        if not message.about.startswith("recall:"):
            assert not is_quiet(now=moment, zone=zone, quiet=wishes.quiet)
    wanted = wishes.digest_states | wishes.instant_states
    for channel in wishes.channels:
        known = {about for told_by, about in home.told() if told_by is channel}
        for item_id, state in home.states.items():
            if state in wanted:
                assert f"{state}:{item_id}" in known
        for item_id, certainty in home.recalled.items():
            assert f"{certainty}:{RECALL}:{item_id}" in known


@settings(max_examples=40)
@given(change=st.sampled_from(CHANGES), hour=hours, quiet=quiet_hours.filter(lambda quiet: _loud(quiet) > 2))
def test_a_day_has_exactly_one_digest_however_long_it_is(
    change: tuple[str, date], hour: int, quiet: QuietHours | None
) -> None:
    zone, day = ZoneInfo(change[0]), change[1]
    start = datetime.combine(day - timedelta(days=1), datetime.min.time(), tzinfo=zone).astimezone(UTC)
    home = Household(
        zone=zone,
        wishes=Wishes(
            channels=frozenset({Channel.MAIL}),
            digest_hour=hour,
            digest_states=EVERY_STATE,
            instant_states=frozenset(),
            quiet=quiet,
        ),
        since=start,
    )
    now = start + timedelta(seconds=1)
    number = 1000
    while now < start + timedelta(days=5):
        # Something new at every moment at which the sender looks, on its own advice.
        home.states[UUID(int=(number := number + 1))] = State.USE_SOON
        home.look(now)
        now = next_look(now=now, zone=zone, wishes=home.wishes)
    days = [message.about for _moment, message in home.sent]
    expected = [f"digest:{day + timedelta(days=number)}" for number in range(3)]
    assert [about for about in days if about in expected] == expected
    for moment, message in home.sent:
        if quiet is None and message.about in expected:
            assert moment.astimezone(zone).hour in {hour, (hour + 1) % 24}
            assert digest_day(now=moment, zone=zone, hour=hour, since=start) is not None


def test_what_comes_after_the_digest_waits_for_the_next_one() -> None:
    since = datetime(2026, 11, 20, tzinfo=UTC)
    home = Household(
        zone=ZoneInfo("UTC"),
        wishes=Wishes(
            channels=frozenset({Channel.MAIL}),
            digest_hour=8,
            digest_states=EVERY_STATE,
            instant_states=frozenset(),
            quiet=None,
        ),
        since=since,
    )
    home.look(since + timedelta(hours=8))
    home.states[ITEMS[0]] = State.EXPIRED
    home.look(since + timedelta(hours=9))
    assert list(home.told()) == []
    home.look(since + timedelta(days=1, hours=8))
    assert list(home.told()) == [(Channel.MAIL, f"expired:{ITEMS[0]}")]


def test_wishes_that_cannot_be_fulfilled_are_refused() -> None:
    good = {
        "channels": frozenset(Channel),
        "digest_hour": 8,
        "digest_states": frozenset({State.USE_SOON}),
        "instant_states": frozenset({State.EXPIRED}),
        "quiet": None,
    }
    for wrong in (
        {"digest_hour": 24},
        {"digest_hour": -1},
        {"digest_states": frozenset({State.FRESH})},
        {"instant_states": frozenset({State.USE_SOON})},
    ):
        with pytest.raises(WishesRefused):
            Wishes(**(good | wrong))  # type: ignore[arg-type] # of several types
    for begin, end in ((22, 22), (24, 7), (22, -1)):
        with pytest.raises(WishesRefused):
            QuietHours(begin=begin, end=end)
