"""The console's pages and files: each is one read inside the scope of the signed-in person's brand."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contexts.brand_analytics.application import insights as reads
from contexts.brand_analytics.domain.insights import DayState, Insights
from contexts.brand_analytics.domain.tables import day_rows, product_rows
from contexts.brand_analytics.web.choices import COLUMNS, chosen_days, chosen_order, next_order
from contexts.brand_analytics.web.files import csv_file
from contexts.brand_analytics.web.funnel import draw_funnel
from contexts.brand_analytics.web.trend import draw
from packytrace.edge import console

_ON_OVERVIEW: Final = 5
"""Products that the overview names."""


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What the brand's codes did over the period."""
    insights = reads.insights(brand_id=_brand(request), days=chosen_days(request))
    return _page(
        request,
        template="overview",
        title=_("Overview"),
        insights=insights,
        trend=draw(insights.course) if insights.has_numbers else None,
        days_hidden=insights.course.count(DayState.HIDDEN),
        days_quiet=insights.course.count(DayState.QUIET),
        hidden=_percent(insights.hidden_share),
        top=insights.products[:_ON_OVERVIEW],
        steps=draw_funnel(reads.fridges(brand_id=_brand(request), seen=insights)),
        file=_address(request, "days_file"),
    )


@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """The products that were scanned in the period, in the order that was asked for."""
    order = chosen_order(request)
    headings = [
        {
            "title": column.title,
            "numeric": column.numeric,
            "narrow": column.narrow,
            "direction": ("descending" if order.descending else "ascending")
            if column is order.column
            else None,
            "sort": next_order(column=column, current=order).text,
        }
        for column in COLUMNS
    ]
    return _page(
        request,
        template="products",
        title=_("Scans by product"),
        insights=_in_order(request),
        headings=headings,
        sort=order.text,
        file=_address(request, "products_file", sort=order.text),
    )


@require_safe
def product(request: HttpRequest, gtin: str) -> HttpResponse:
    """What one product did over the period."""
    insights = reads.product_insights(brand_id=_brand(request), gtin=gtin, days=chosen_days(request))
    return _page(
        request,
        template="product",
        title=insights.name or gtin,
        insights=insights,
        trend=draw(insights.course) if insights.course.has_numbers else None,
        days_hidden=insights.course.count(DayState.HIDDEN),
        days_quiet=insights.course.count(DayState.QUIET),
        steps=draw_funnel(reads.fridges(brand_id=_brand(request), seen=insights)),
        file=_address(request, "product_days_file", gtin=gtin),
    )


@require_safe
def days_file(request: HttpRequest) -> HttpResponse:
    """The trend of the overview as a file."""
    insights = reads.insights(brand_id=_brand(request), days=chosen_days(request))
    return csv_file(rows=day_rows(insights.course), name="days", period=insights.period)


@require_safe
def products_file(request: HttpRequest) -> HttpResponse:
    """The table of products as a file, in the same order."""
    insights = _in_order(request)
    return csv_file(rows=product_rows(insights), name="products", period=insights.period)


@require_safe
def product_days_file(request: HttpRequest, gtin: str) -> HttpResponse:
    """The trend of one product as a file."""
    insights = reads.product_insights(brand_id=_brand(request), gtin=gtin, days=chosen_days(request))
    return csv_file(rows=day_rows(insights.course), name=f"{gtin}-days", period=insights.period)


def _brand(request: HttpRequest) -> UUID:
    return console.brand_of(request).id


def _in_order(request: HttpRequest) -> Insights:
    insights = reads.insights(brand_id=_brand(request), days=chosen_days(request))
    return replace(insights, products=chosen_order(request).apply(insights.products))


def _address(request: HttpRequest, name: str, *, gtin: str | None = None, **query: str) -> str:
    """Another view of what a page shows: the same period."""
    path = reverse(f"brand:{name}", kwargs={"gtin": gtin} if gtin else None)
    return f"{path}?{urlencode({'days': chosen_days(request), **query})}"


def _percent(share: float | None) -> str:
    """A share in words that never round something to nothing, nor nearly everything to all of it."""
    whole = round((share or 0) * 100)
    if share and whole == 0:
        return _("under 1 %")
    if share and share < 1 and whole == 100:
        return _("over 99 %")
    return _("%(percent)s %%") % {"percent": whole}


def _page(request: HttpRequest, *, template: str, title: str, **context: object) -> HttpResponse:
    context["days"] = chosen_days(request)
    return console.page(request, f"brand_analytics/{template}.html", context, title=title)
