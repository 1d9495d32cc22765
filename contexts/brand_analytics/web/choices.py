"""What a person chose on a page of the console: a period, an order of products. Never a brand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contexts.brand_analytics.domain.insights import Product
from contexts.brand_analytics.domain.periods import USUAL

_LONGEST_NUMBER: Final = 3


def chosen_days(request: HttpRequest) -> int:
    """Days of the period that was asked for; 0, which no period has, for what is no number."""
    text = request.GET.get("days", str(USUAL))
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 0


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column by which products can be put in order."""

    name: str
    title: Promise
    key: Callable[[Product], str | int | None]
    numeric: bool = True
    narrow: bool = False
    """Whether it is shown on a phone, too."""


COLUMNS: Final = (
    Column(
        name="name",
        title=_("Product"),
        key=lambda product: product.name.casefold() or None,
        numeric=False,
        narrow=True,
    ),
    Column(name="gtin", title=_("GTIN"), key=lambda product: product.gtin, numeric=False),
    Column(name="scans", title=_("Scans"), key=lambda product: product.scans, narrow=True),
    Column(name="people", title=_("People on an average day"), key=lambda product: product.people_per_day),
    Column(name="shown", title=_("Days shown"), key=lambda product: product.days_shown),
    Column(name="hidden", title=_("Days hidden"), key=lambda product: product.days_hidden, narrow=True),
)
_BY_NAME: Final = {column.name: column for column in COLUMNS}


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order of products. Those without a value in its column come last, whichever way it goes."""

    column: Column
    descending: bool

    @property
    def text(self) -> str:
        """As it stands in an address: `-scans` for the most scanned first."""
        return f"-{self.column.name}" if self.descending else self.column.name

    def apply(self, products: tuple[Product, ...]) -> tuple[Product, ...]:
        """The products in this order; equals stay as they were."""
        key = self.column.key
        known = [product for product in products if key(product) is not None]
        unknown = [product for product in products if key(product) is None]
        known.sort(key=key, reverse=self.descending)  # type: ignore[arg-type]  # no None is left among them
        return (*known, *unknown)


USUAL_ORDER: Final = Order(column=_BY_NAME["scans"], descending=True)


def chosen_order(request: HttpRequest) -> Order:
    """The order that was asked for; the usual one for a column that there is not."""
    text = request.GET.get("sort", "")
    column = _BY_NAME.get(text.removeprefix("-"))
    return Order(column=column, descending=text.startswith("-")) if column else USUAL_ORDER


def next_order(*, column: Column, current: Order) -> Order:
    """What a click on a heading asks for: numbers from the largest, words from A; a second click turns it."""
    if column is current.column:
        return Order(column=column, descending=not current.descending)
    return Order(column=column, descending=column.numeric)
