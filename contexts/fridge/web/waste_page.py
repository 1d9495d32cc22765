"""/fridge/waste: what was thrown away in a week, a month or a year, with a chart that is drawn here."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contexts.fridge.application import households, ports, waste
from contexts.fridge.application.households import Membership
from contexts.fridge.application.wording import kind_name, price_text, waste_reason
from contexts.fridge.domain.events import WasteReason
from contexts.fridge.domain.storage_guidance import Source
from contexts.fridge.domain.waste import Bar, Period, Slice, Span, Summary

_PERIODS: Final[dict[Period, Promise]] = {
    Period.WEEK: _("Week"),
    Period.MONTH: _("Month"),
    Period.YEAR: _("Year"),
}
_AREAS: Final[dict[str, Promise]] = {
    "eu": _("Average household in the European Union"),
    "world": _("Average household in the world"),
}
_KILOGRAM: Final = Decimal(1000)
#: The chart's inner size and where it begins, in its own units.
_WIDTH: Final = 320
_HEIGHT: Final = 120
#: Every so many bars of a month have their day written below.
_EVERY: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One bar of the chart and one row of the table beside it."""

    label: str
    """Below the bar; empty where there is no room."""
    name: str
    x: int
    middle: int
    width: int
    used_y: int
    used_height: int
    wasted_y: int
    wasted_height: int
    used: str
    wasted: str
    given: str
    counts: bool
    """Whether the household recorded anything up to then, and the day has come: a row of the table."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The waste of one kind or for one reason."""

    name: str
    wasted: str
    percent: int
    co2e: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """A published average beside the household's own figure."""

    name: str
    wasted: str
    percent: int
    """Of the largest figure that is compared: length of its bar."""
    source: Source | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tab:
    """One period to choose."""

    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class WastePage:
    """Everything the page shows."""

    tabs: tuple[Tab, ...]
    title: str
    before: str
    after: str
    is_empty: bool
    has_waste: bool
    wasted: str
    recorded: str
    estimated: str
    has_estimates: bool
    used: str
    given: str
    rate: str
    money: str
    without_price: str
    co2e: str
    without_co2e: str
    columns: tuple[Column, ...]
    most: str
    by_kind: tuple[Part, ...]
    by_reason: tuple[Part, ...]
    compared: tuple[Compared, ...]
    people: int
    days: int
    co2e_source: Source
    inedible_source: Source


@never_cache
@require_safe
def waste_of(request: HttpRequest) -> HttpResponse:
    """The week, month or year that the address asks for; this week without one."""
    account_id = ports.who().signed_in(request)
    member = households.find(account_id=account_id)
    if member is None:
        return render(request, "fridge/waste.html", {"page": None})
    asked, now = request.GET.get("period", ""), datetime.now(UTC)
    period = Period(asked) if asked in set(Period) else Period.WEEK
    today = now.astimezone(member.zone).date()
    summary = waste.summary(
        member=member, period=period, now=now, day=_day(request.GET.get("day", ""), today)
    )
    return render(request, "fridge/waste.html", {"page": _page(summary, member=member, today=today)})


def _day(text: str, today: date) -> date:
    """A day up to today and within our calendars; today for anything else."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if date(2000, 1, 1) <= day <= today else today


def _page(summary: Summary, *, member: Membership, today: date) -> WastePage:
    total, span = summary.total, summary.span
    most = max((bar.used + bar.wasted for bar in summary.series), default=Decimal(0))
    before, after = span.first - timedelta(days=1), span.last + timedelta(days=1)
    return WastePage(
        tabs=tuple(
            Tab(
                label=str(label),
                address=f"/fridge/waste?period={period}&day={min(span.last, today)}",
                is_chosen=period is span.period,
            )
            for period, label in _PERIODS.items()
        ),
        title=_title(span),
        before=f"/fridge/waste?period={span.period}&day={before}" if before >= date(2000, 1, 1) else "",
        after=f"/fridge/waste?period={span.period}&day={after}" if after <= today else "",
        is_empty=not (total.used or total.wasted or total.given),
        has_waste=bool(total.wasted),
        wasted=kilograms(total.wasted),
        recorded=kilograms(total.recorded),
        estimated=kilograms(total.estimated),
        has_estimates=bool(total.estimated),
        used=kilograms(total.used),
        given=kilograms(total.given),
        rate="" if total.rate is None else percent(total.rate),
        money="" if total.money is None else price_text(total.money, member.currency),
        without_price=kilograms(total.mass_without_price) if total.mass_without_price else "",
        co2e=_figure(total.co2e),
        without_co2e=kilograms(total.mass_without_co2e) if total.mass_without_co2e else "",
        columns=_columns(summary, most, today=today),
        most=kilograms(most),
        by_kind=tuple(_part(one, kind_name(one.of)) for one in summary.by_kind),
        by_reason=tuple(_part(one, waste_reason(WasteReason(one.of))) for one in summary.by_reason),
        compared=_compared(summary),
        people=summary.averages[0].people if summary.averages else 1,
        days=summary.days,
        co2e_source=summary.co2e_source,
        inedible_source=summary.inedible_source,
    )


def kilograms(grams: Decimal) -> str:
    """A mass as people read it: grams below one kilogram, else kilograms with two decimals at most."""
    if grams < _KILOGRAM:
        return gettext("%(number)s g") % {"number": localize(grams.quantize(Decimal(1)))}
    return gettext("%(number)s kg") % {"number": _figure(grams / _KILOGRAM)}


def percent(share: Decimal) -> str:
    """A share from 0 to 1."""
    return gettext("%(number)s %%") % {"number": localize((share * 100).quantize(Decimal(1)))}


def _figure(number: Decimal) -> str:
    if not number:
        return "0"
    places = Decimal("0.01") if number < 10 else Decimal("0.1") if number < 100 else Decimal(1)
    return str(localize(number.quantize(places)))


def _title(span: Span) -> str:
    match span.period:
        case Period.WEEK:
            days = {
                "first": date_format(span.first, "MONTH_DAY_FORMAT"),
                "last": date_format(span.last, "SHORT_DATE_FORMAT"),
            }
            return gettext("%(first)s to %(last)s") % days
        case Period.MONTH:
            return date_format(span.first, "YEAR_MONTH_FORMAT")
        case Period.YEAR:
            return str(span.first.year)


def _columns(summary: Summary, most: Decimal, *, today: date) -> tuple[Column, ...]:
    """Bars of the same width with a gap between, used above wasted, as high as the highest one allows."""
    series, period = summary.series, summary.span.period
    last = min(summary.span.last, today)
    first = last - timedelta(days=max(0, summary.days - 1))
    step = _WIDTH / max(1, len(series))
    columns = []
    for index, bar in enumerate(series):
        wasted, used = _high(bar.wasted, most), _high(bar.used, most)
        x = round(index * step)
        width = max(2, round(step * 0.72))
        columns.append(
            Column(
                label=_label(bar.first, index, period),
                name=_name(bar, period),
                x=x,
                middle=x + width // 2,
                width=width,
                used_y=_HEIGHT - wasted - used,
                used_height=used,
                wasted_y=_HEIGHT - wasted,
                wasted_height=wasted,
                used=kilograms(bar.used),
                wasted=kilograms(bar.wasted),
                given=kilograms(bar.given),
                counts=bar.last >= first and bar.first <= last,
            )
        )
    return tuple(columns)


def _high(grams: Decimal, most: Decimal) -> int:
    """Its height in the chart: at least one unit for what is not nothing."""
    return max(1, int(grams / most * _HEIGHT)) if grams else 0


def _label(first: date, index: int, period: Period) -> str:
    match period:
        case Period.WEEK:
            return str(WEEKDAYS_ABBR[first.weekday()])
        case Period.MONTH:
            return str(first.day) if index % _EVERY == 0 else ""
        case Period.YEAR:
            return date_format(first, "M")


def _name(bar: Bar, period: Period) -> str:
    if period is Period.YEAR:
        return date_format(bar.first, "F")
    return f"{WEEKDAYS_ABBR[bar.first.weekday()]}, {date_format(bar.first, 'MONTH_DAY_FORMAT')}"


def _part(one: Slice, name: str) -> Part:
    return Part(
        name=name,
        wasted=kilograms(one.wasted),
        percent=int((one.share * 100).quantize(Decimal(1))),
        co2e="" if one.co2e is None else _figure(one.co2e),
    )


def _compared(summary: Summary) -> tuple[Compared, ...]:
    """This household first, then the averages for as many people and days."""
    if not summary.averages:
        return ()
    ours = summary.total.wasted
    most = max(ours, *(average.wasted for average in summary.averages))
    return (
        Compared(
            name=gettext("Your household"),
            wasted=kilograms(ours),
            percent=int(ours / most * 100) if most else 0,
            source=None,
        ),
        *(
            Compared(
                name=str(_AREAS.get(average.area, average.area)),
                wasted=kilograms(average.wasted),
                percent=int(average.wasted / most * 100) if most else 0,
                source=average.source,
            )
            for average in summary.averages
        ),
    )
