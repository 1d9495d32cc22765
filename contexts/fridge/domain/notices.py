"""What is to be told to a person, and when: a pure function of the clock, the person's wishes, what is at
home, and what was told before.

Three laws. **Once**: no item is told twice in the same state, and no recall twice of the same item, through
the same channel. **Quiet**: nothing goes out in the quiet hours but recalls, for whoever sleeps through one
may eat breakfast from it. **None missed**: what the quiet hours, or a sender that stood still, held back is
told afterwards.

Hours and days are those of the household's time zone. On the day on which a clock is put forward, an hour
that does not exist is over when the next one begins; on the day on which it is put back, an hour that comes
twice counts the first time. A day that has no loud hour, since its only one does not exist, has no digest of
its own: the next day's tells it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from contexts.fridge.domain.freshness import State
from contexts.fridge.domain.recalls import Certainty

#: The states that somebody can be told of, the most pressing last.
STATES: Final = (State.USE_SOON, State.USE_TODAY, State.CHECK, State.OPENED_TOO_LONG, State.EXPIRED)

#: Whatever the clock says, it is looked again after so long: a household may have changed its time zone.
_AT_LATEST: Final = timedelta(hours=1)


class Channel(StrEnum):
    """How a person is told."""

    MAIL = "mail"
    PUSH = "push"


class WishesRefused(ValueError):
    """A wish that cannot be fulfilled; `field` and `rule` say which and why."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(f"{field}: {rule}")
        self.field = field
        self.rule = rule


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """From the beginning of one hour to the beginning of another, over midnight where `begin` is later."""

    begin: int
    end: int

    def __post_init__(self) -> None:
        _check_hour("quietFrom", self.begin)
        _check_hour("quietTo", self.end)
        if self.begin == self.end:
            raise WishesRefused("quietTo", "must differ from the beginning")

    def holds(self, hour: int) -> bool:
        """Whether an hour of the day is quiet."""
        if self.begin < self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What a person wants to be told, and how."""

    channels: frozenset[Channel]
    """None: not even of recalls."""
    digest_hour: int
    digest_states: frozenset[State]
    instant_states: frozenset[State]
    quiet: QuietHours | None

    def __post_init__(self) -> None:
        _check_hour("digestHour", self.digest_hour)
        for field, states in (("digestStates", self.digest_states), ("instantStates", self.instant_states)):
            if not states <= set(STATES):
                raise WishesRefused(field, "must be states that somebody can be told of")
        if self.digest_states & self.instant_states:
            raise WishesRefused("instantStates", "must not be among those of the digest")


@dataclass(frozen=True, kw_only=True, slots=True)
class AtHome:
    """An item and what it is now."""

    item_id: UUID
    state: State


@dataclass(frozen=True, kw_only=True, slots=True)
class RecalledAtHome:
    """An item that a recall in force means, or may mean."""

    item_id: UUID
    recall_id: UUID
    certainty: Certainty


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One thing that a message tells."""

    about: str
    item_id: UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """What goes out together, to one person through one channel."""

    channel: Channel
    about: str
    parts: tuple[Part, ...]
    """None: the day's digest has nothing to tell. That is to be remembered, and nothing to be sent: what
    comes later that day waits for the next one."""


def about_state(*, item: AtHome) -> str:
    """Names that an item is told in its state."""
    return f"{item.state}:{item.item_id}"


def about_recall(*, found: RecalledAtHome) -> str:
    """Names that a recall is told of an item. That a lot was to be checked does not keep from telling that
    it is this very one."""
    return f"{found.certainty}:{found.recall_id}:{found.item_id}"


def digest_about(*, day: date) -> str:
    """Names the digest of a day."""
    return f"digest:{day.isoformat()}"


def is_urgent(*, about: str) -> bool:
    """Whether a message of this name tells of a recall."""
    return about.startswith("recall:")


def plan(
    *,
    now: datetime,
    zone: ZoneInfo,
    since: datetime,
    wishes: Wishes,
    at_home: Collection[AtHome],
    recalled: Collection[RecalledAtHome],
    told: Mapping[Channel, Collection[str]],
) -> tuple[Message, ...]:
    """The messages that are to go out now.

    `told` holds the names of messages and parts that were claimed before, of those at hand at least. Digests
    whose hour was over at `since`, when the wishes were said, are not made up for.
    """
    quiet = is_quiet(now=now, zone=zone, quiet=wishes.quiet)
    day = None
    if wishes.digest_states and not quiet:
        day = digest_day(now=now, zone=zone, hour=wishes.digest_hour, since=since)
    messages: list[Message] = []
    for channel in sorted(wishes.channels):
        known = told.get(channel, ())
        messages += _of_recalls(channel, recalled, known)
        if quiet:
            continue
        messages += _at_once(channel, at_home, known, wishes.instant_states)
        if day is not None:
            messages += _digest(channel, at_home, known, wishes.digest_states, day)
    return tuple(messages)


def next_look(*, now: datetime, zone: ZoneInfo, wishes: Wishes) -> datetime:
    """When the clock alone may bring something to tell: at a new day, at the digest's hour, at the end of the
    quiet hours; in an hour at the latest."""
    hours = {0, wishes.digest_hour} | ({wishes.quiet.end} if wishes.quiet else set())
    today = now.astimezone(zone).date()
    moments = (
        _moment(day, hour, zone)
        for day in (today, _day_after(today, 1), _day_after(today, 2))
        for hour in hours
    )
    return min(now + _AT_LATEST, *(moment for moment in moments if moment > now))


def is_quiet(*, now: datetime, zone: ZoneInfo, quiet: QuietHours | None) -> bool:
    """Whether it is quiet at home now."""
    return quiet is not None and quiet.holds(now.astimezone(zone).hour)


def digest_day(*, now: datetime, zone: ZoneInfo, hour: int, since: datetime) -> date | None:
    """The day whose digest is due: the last one whose hour has come, after `since`; None if there is none."""
    today = now.astimezone(zone).date()
    for day in (today, _day_after(today, -1)):
        moment = _moment(day, hour, zone)
        if moment <= now:
            return day if moment > since else None
    return None


def _of_recalls(
    channel: Channel, recalled: Iterable[RecalledAtHome], known: Collection[str]
) -> Iterator[Message]:
    by_recall: dict[UUID, list[Part]] = {}
    for found in recalled:
        about = about_recall(found=found)
        if about not in known:
            by_recall.setdefault(found.recall_id, []).append(Part(about=about, item_id=found.item_id))
    for parts in by_recall.values():
        yield Message(channel=channel, about=f"recall:{parts[0].about}", parts=tuple(parts))


def _at_once(
    channel: Channel, at_home: Iterable[AtHome], known: Collection[str], states: Collection[State]
) -> Iterator[Message]:
    if parts := _parts(at_home, known, lambda state: state in states):
        yield Message(channel=channel, about=f"instant:{parts[0].about}", parts=parts)


def _digest(
    channel: Channel, at_home: Iterable[AtHome], known: Collection[str], states: Collection[State], day: date
) -> Iterator[Message]:
    about = digest_about(day=day)
    if about not in known:
        parts = _parts(at_home, known, lambda state: state in states)
        yield Message(channel=channel, about=about, parts=parts)


def _parts(
    at_home: Iterable[AtHome], known: Collection[str], wanted: Callable[[State], bool]
) -> tuple[Part, ...]:
    return tuple(
        Part(about=about, item_id=item.item_id)
        for item in at_home
        if wanted(item.state) and (about := about_state(item=item)) not in known
    )


def _moment(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def _day_after(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


def _check_hour(field: str, hour: int) -> None:
    if not 0 <= hour <= 23:
        raise WishesRefused(field, "must be an hour from 0 to 23")
