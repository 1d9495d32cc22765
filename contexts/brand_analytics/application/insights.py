"""Reading what a brand may see, inside the brand's scope."""

from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Min, Q, Sum
from django.utils.translation import gettext as _

from contexts.brand_analytics.application.errors import UnknownBrandProduct, UnknownPeriod
from contexts.brand_analytics.domain.funnel import Counted, Funnel, Stage, funnel
from contexts.brand_analytics.domain.insights import (
    Course,
    Day,
    Insights,
    Product,
    ProductInsights,
    by_scans,
    course,
)
from contexts.brand_analytics.domain.periods import PERIODS, USUAL, Choice, Period, choices
from contexts.brand_analytics.domain.releases import Cube
from contexts.brand_analytics.models import Brand, Release, ReleasedCell
from contexts.brand_analytics.models import Product as StoredProduct
from packytrace.databases.scope import brand_scope

_NOTHING: Final = Course(days=())


def insights(*, brand_id: UUID, days: int = USUAL) -> Insights:
    """Everything the console shows of a brand and a period, in six queries; in three without a release.

    Raises UnknownPeriod.
    """
    _check(days)
    with brand_scope(brand_id=brand_id, using="brand_analytics"):
        brand_name = Brand.objects.values_list("name", flat=True).first() or ""
        span = _released_span()
        if span is None:
            return Insights(
                brand_name=brand_name,
                period=None,
                choices=_no_choices(days),
                k=None,
                course=_NOTHING,
                products=(),
            )
        since, last, k = span
        period = Period(days=days, last=last)
        return Insights(
            brand_name=brand_name,
            period=period,
            choices=choices(selected=days, first=since, last=last),
            k=k,
            course=_course_of_brand(period=period, since=since),
            products=_products(period=period),
        )


def product_insights(*, brand_id: UUID, gtin: str, days: int = USUAL) -> ProductInsights:
    """Everything the console shows of one product and a period, in four queries; in three without a release.

    Raises UnknownPeriod, UnknownBrandProduct.
    """
    _check(days)
    with brand_scope(brand_id=brand_id, using="brand_analytics"):
        name = StoredProduct.objects.filter(gtin=gtin).values_list("name", flat=True).first()
        span = _released_span()
        if span is None:
            if name is None:
                raise _unknown_product(gtin)
            return ProductInsights(
                gtin=gtin, name=name, period=None, choices=_no_choices(days), k=None, course=_NOTHING
            )
        since, last, k = span
        period = Period(days=days, last=last)
        trend, has_cells = _course_of_product(period=period, since=since, gtin=gtin)
        if name is None and not has_cells:
            raise _unknown_product(gtin)
        return ProductInsights(
            gtin=gtin,
            name=name or "",
            period=period,
            choices=choices(selected=days, first=since, last=last),
            k=k,
            course=trend,
        )


def fridges(*, brand_id: UUID, seen: Insights | ProductInsights) -> Funnel:
    """The way from the scan to the end, of what was read of a brand or of one of its products; one query."""
    counted: dict[Stage, Counted] = {}
    if seen.period is not None:
        own = Q(gtin=seen.gtin) if isinstance(seen, ProductInsights) else Q()
        with brand_scope(brand_id=brand_id, using="brand_analytics"):
            rows = (
                ReleasedCell.objects.filter(own, cube__in=(Cube.STORED_DAY.value, Cube.FINISHED_WEEK.value))
                .filter(day__range=(seen.period.first, seen.period.last))
                .values("outcome")
                .annotate(
                    amount=Sum("items"),
                    shown=Count("id", filter=Q(people__isnull=False)),
                    hidden=Count("id", filter=Q(people__isnull=True)),
                )
            )
            counted = {
                Stage(row["outcome"] or Stage.STORED.value): Counted(
                    amount=row["amount"], shown=row["shown"], hidden=row["hidden"]
                )
                for row in rows
            }
    return funnel(course=seen.course, fridges=counted)


def _check(days: int) -> None:
    if days not in PERIODS:
        raise UnknownPeriod(
            _("A period has %(days)s days.") % {"days": ", ".join(str(offered) for offered in PERIODS)}
        )


def _no_choices(selected: int) -> tuple[Choice, ...]:
    return tuple(Choice(days=days, selected=days == selected, available=False) for days in PERIODS)


def _unknown_product(gtin: str) -> UnknownBrandProduct:
    return UnknownBrandProduct(_("Your brand has no product with the number %(gtin)s.") % {"gtin": gtin})


def _released_span() -> tuple[date, date, int] | None:
    """The first and the last window that was released, and the highest threshold that was ever used."""
    found = Release.objects.filter(cube=Cube.BRAND_DAY.value).aggregate(
        first=Min("day"), last=Max("day"), k=Max("k")
    )
    return None if found["first"] is None else (found["first"], found["last"], found["k"])


def _course_of_brand(*, period: Period, since: date) -> Course:
    rows = Release.objects.filter(
        cube=Cube.BRAND_DAY.value, day__range=(period.first, period.last)
    ).values_list("day", "cells", "cells__scans", "cells__people")
    released = {
        day: Day.released(day=day, has_cell=cell is not None, scans=scans, people=people)
        for day, cell, scans, people in rows
    }
    return course(period=period, since=since, released=released)


def _course_of_product(*, period: Period, since: date, gtin: str) -> tuple[Course, bool]:
    """The product's days, and whether any of them has a cell: a released day without one was quiet."""
    own = Q(cells__gtin=gtin)
    rows = (
        Release.objects.filter(cube=Cube.PRODUCT_DAY.value, day__range=(period.first, period.last))
        .values("day")
        .annotate(
            own_cells=Count("cells", filter=own),
            scans=Sum("cells__scans", filter=own),
            people=Sum("cells__people", filter=own),
        )
        .values_list("day", "own_cells", "scans", "people")
    )
    released = {
        day: Day.released(day=day, has_cell=bool(cells), scans=scans, people=people)
        for day, cells, scans, people in rows
    }
    has_cells = any(cells for _day, cells, _scans, _people in rows)
    return course(period=period, since=since, released=released), has_cells


def _products(*, period: Period) -> tuple[Product, ...]:
    rows = list(
        ReleasedCell.objects.filter(cube=Cube.PRODUCT_DAY.value, day__range=(period.first, period.last))
        .values("gtin")
        .annotate(
            total_scans=Sum("scans"),
            total_people=Sum("people"),
            days_shown=Count("id", filter=Q(people__isnull=False)),
            days_hidden=Count("id", filter=Q(people__isnull=True)),
        )
        .values_list("gtin", "total_scans", "total_people", "days_shown", "days_hidden")
    )
    names = dict(StoredProduct.objects.filter(gtin__in=[row[0] for row in rows]).values_list("gtin", "name"))
    return by_scans(
        [
            Product(
                gtin=gtin,
                name=names.get(gtin, ""),
                scans=scans,
                people_per_day=round(people / shown) if shown else None,
                days_shown=shown,
                days_hidden=hidden,
            )
            for gtin, scans, people, shown, hidden in rows
        ]
    )
