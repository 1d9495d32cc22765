"""Tables as files: exactly the figures of the page, a row per row. Headings and states are not translated."""

from collections.abc import Iterator

from contexts.brand_analytics.domain.insights import Course, Insights

Row = tuple[str, ...]

#: A spreadsheet takes text that begins with one of these for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def day_rows(course: Course) -> Iterator[Row]:
    """The trend: a heading, then a row for each day."""
    yield ("day", "state", "scans", "people")
    for day in course.days:
        yield (day.day.isoformat(), day.state.value, _number(day.scans), _number(day.people))


def product_rows(insights: Insights) -> Iterator[Row]:
    """The products: a heading, then a row for each product."""
    yield ("gtin", "product", "scans", "people per day", "days shown", "days hidden")
    for product in insights.products:
        yield (
            product.gtin,
            _text(product.name),
            _number(product.scans),
            _number(product.people_per_day),
            str(product.days_shown),
            str(product.days_hidden),
        )


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _text(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value
