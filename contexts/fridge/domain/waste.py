"""What was used, wasted and given away, in kilograms, money and CO2e: pure sums over portions.

`application.waste.summary(member=..., period=..., now=...)` gives one `Summary`; a page needs nothing else.

Masses are grams: whole packs as they were bought, peel and bones included, so that they can be compared with
published averages, which include them too. Only the CO2e leaves out what nobody eats.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from contexts.fridge.domain.impact import HouseholdAverage, Impacts
from contexts.fridge.domain.storage_guidance import Source

_NOTHING: Final = Decimal(0)


class Period(StrEnum):
    """How long a stretch of days is looked at."""

    WEEK = "week"
    """Monday to Sunday."""
    MONTH = "month"
    YEAR = "year"


class Outcome(StrEnum):
    """What became of a portion."""

    USED = "used"
    WASTED = "wasted"
    GIVEN = "given"


class Basis(StrEnum):
    """How a mass is known."""

    MEASURED = "measured"
    PACK = "pack"
    """From the net weight of the pack."""
    TYPICAL = "typical"
    """From what such food typically weighs: an estimate."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Portion:
    """A part of an item that left, or several of one day that have all of this in common."""

    day: date
    kind: str
    outcome: Outcome
    reason: str
    """Why it was wasted: `contexts.fridge.domain.events.WasteReason`; empty for anything else."""
    mass: Decimal
    """Grams."""
    basis: Basis
    price: Decimal | None
    """In the household's currency; None where no price is known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """Days from the first to the last, both included."""

    period: Period
    first: date
    last: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Sums:
    """Of one stretch of days. Masses in grams."""

    used: Decimal
    wasted: Decimal
    given: Decimal
    rate: Decimal | None
    """wasted / (used + wasted), from 0 to 1; None where nothing was used or wasted."""
    recorded: Decimal
    """The part of the wasted mass that is known from packs or was measured."""
    estimated: Decimal
    """The part of the wasted mass that is what such food typically weighs."""
    money: Decimal | None
    """Price of what was wasted as far as it is known, in the household's currency; None where none is."""
    mass_without_price: Decimal
    """The part of the wasted mass that `money` does not cover."""
    co2e: Decimal
    """kg CO2e of what was wasted and could have been eaten."""
    mass_without_co2e: Decimal
    """The part of the wasted mass that `co2e` does not cover, since its kind has no figure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Slice:
    """The waste of one kind of food, or for one reason."""

    of: str
    """Slug of the kind, or the reason."""
    wasted: Decimal
    """Grams."""
    share: Decimal
    """Of all that was wasted in the same days, from 0 to 1."""
    co2e: Decimal | None
    """kg CO2e of the avoidable part; None where no figure is known for any of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar of the chart and one row of its table: a day, or a month of a year. Grams."""

    first: date
    last: date
    used: Decimal
    wasted: Decimal
    given: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Average:
    """What an average household of as many people wastes in as many days."""

    area: str
    """`eu` or `world`."""
    wasted: Decimal
    """Grams."""
    people: int
    days: int
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Everything about one stretch of days."""

    span: Span
    days: int
    """How many of its days count: up to today, and from the household's first portion on. Averages are for so
    many."""
    total: Sums
    by_kind: tuple[Slice, ...]
    """The largest first."""
    by_reason: tuple[Slice, ...]
    """The largest first."""
    series: tuple[Bar, ...]
    """Without gaps, in the order of time."""
    averages: tuple[Average, ...]
    """Empty where no day counts."""
    co2e_source: Source
    inedible_source: Source


def span_of(*, period: Period, day: date) -> Span:
    """The week, month or year in which a day lies."""
    match period:
        case Period.WEEK:
            first = day - timedelta(days=day.weekday())
            last = first + timedelta(days=6)
        case Period.MONTH:
            first = day.replace(day=1)
            last = _next_month(first) - timedelta(days=1)
        case Period.YEAR:
            first, last = date(day.year, 1, 1), date(day.year, 12, 31)
    return Span(period=period, first=first, last=last)


def summarise(
    *,
    portions: Iterable[Portion],
    span: Span,
    today: date,
    recorded_since: date | None,
    people: int,
    impacts: Impacts,
) -> Summary:
    """All sums of the portions whose day lies in the span.

    `recorded_since` is the day of the household's first portion ever; `people` is how many its members are.
    """
    within = [portion for portion in portions if span.first <= portion.day <= span.last]
    wasted = [portion for portion in within if portion.outcome is Outcome.WASTED]
    days = _days(span, today, recorded_since)
    return Summary(
        span=span,
        days=days,
        total=_sums(within, wasted, impacts),
        by_kind=_slices(wasted, lambda portion: portion.kind, impacts),
        by_reason=_slices(wasted, lambda portion: portion.reason, impacts),
        series=_series(within, span),
        averages=tuple(_average(one, people, days) for one in impacts.averages if days),
        co2e_source=impacts.co2e_source,
        inedible_source=impacts.inedible_source,
    )


def _sums(within: Sequence[Portion], wasted: Sequence[Portion], impacts: Impacts) -> Sums:
    mass = _by_outcome(within)
    eaten_or_wasted = mass[Outcome.USED] + mass[Outcome.WASTED]
    prices = [portion.price for portion in wasted if portion.price is not None]
    co2e = [impacts.avoidable_co2e(kind=portion.kind, grams=portion.mass) for portion in wasted]
    estimated = _mass(portion for portion in wasted if portion.basis is Basis.TYPICAL)
    return Sums(
        used=mass[Outcome.USED],
        wasted=mass[Outcome.WASTED],
        given=mass[Outcome.GIVEN],
        rate=mass[Outcome.WASTED] / eaten_or_wasted if eaten_or_wasted else None,
        recorded=mass[Outcome.WASTED] - estimated,
        estimated=estimated,
        money=sum(prices, _NOTHING) if prices else None,
        mass_without_price=_mass(portion for portion in wasted if portion.price is None),
        co2e=sum((one for one in co2e if one is not None), _NOTHING),
        mass_without_co2e=_mass(portion for portion, one in zip(wasted, co2e, strict=True) if one is None),
    )


def _slices(wasted: Sequence[Portion], of: Callable[[Portion], str], impacts: Impacts) -> tuple[Slice, ...]:
    groups: defaultdict[str, list[Portion]] = defaultdict(list)
    for portion in wasted:
        groups[of(portion)].append(portion)
    whole = _mass(wasted)
    slices = [
        Slice(
            of=name,
            wasted=_mass(group),
            share=_mass(group) / whole if whole else _NOTHING,
            co2e=_co2e(group, impacts),
        )
        for name, group in groups.items()
    ]
    return tuple(sorted(slices, key=lambda one: (-one.wasted, one.of)))


def _co2e(wasted: Iterable[Portion], impacts: Impacts) -> Decimal | None:
    told = [
        co2e
        for portion in wasted
        if (co2e := impacts.avoidable_co2e(kind=portion.kind, grams=portion.mass)) is not None
    ]
    return sum(told, _NOTHING) if told else None


def _series(within: Iterable[Portion], span: Span) -> tuple[Bar, ...]:
    by_month = span.period is Period.YEAR
    bars: defaultdict[date, list[Portion]] = defaultdict(list)
    for portion in within:
        bars[portion.day.replace(day=1) if by_month else portion.day].append(portion)
    series = []
    first = span.first
    while first <= span.last:
        following = _next_month(first) if by_month else first + timedelta(days=1)
        mass = _by_outcome(bars[first])
        series.append(
            Bar(
                first=first,
                last=following - timedelta(days=1),
                used=mass[Outcome.USED],
                wasted=mass[Outcome.WASTED],
                given=mass[Outcome.GIVEN],
            )
        )
        first = following
    return tuple(series)


def _average(average: HouseholdAverage, people: int, days: int) -> Average:
    return Average(
        area=average.area,
        wasted=average.grams(people=people, days=days),
        people=people,
        days=days,
        source=average.source,
    )


def _days(span: Span, today: date, recorded_since: date | None) -> int:
    if recorded_since is None:
        return 0
    first, last = max(span.first, recorded_since), min(span.last, today)
    return max(0, (last - first).days + 1)


def _by_outcome(portions: Iterable[Portion]) -> Mapping[Outcome, Decimal]:
    mass = dict.fromkeys(Outcome, _NOTHING)
    for portion in portions:
        mass[portion.outcome] += portion.mass
    return mass


def _mass(portions: Iterable[Portion]) -> Decimal:
    return sum((portion.mass for portion in portions), _NOTHING)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
