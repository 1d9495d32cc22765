"""Invented shoppers: who would scan which demo product when, if there were any. Pure, and always the same.

Fewer people shop at the weekend; a little more every week find the codes. Each brand has a product that
many scan and some that hardly anybody does; some shoppers come back often, most seldom; some scan again at
home what they scanned in the shop.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import NAMESPACE_DNS, UUID, uuid5

from contexts.passport.demo.product import DemoProduct
from contexts.passport.domain.label import DateKind
from contexts.passport.domain.scanned_item import ScannedItem

_SEED: Final = "shoppers.demo.packytrace.example"

#: Visits on an ordinary weekday in the middle of the history.
_VISITS: Final = 122
#: Share of an ordinary weekday's visits, Monday to Sunday.
_WEEK: Final = (0.92, 0.96, 1.0, 1.04, 1.22, 0.83, 0.48)
#: How much more every week.
_GROWTH: Final = 0.055
#: Shoppers who know the codes on the first day, and how many more every day.
_FIRST_SHOPPERS, _MORE_SHOPPERS = 340, 11
#: Share of the visits in which the brand's products are scanned.
_BRANDS: Final = {"campo-vivo": 0.43, "alpenhof": 0.35, "nordkorn": 0.22}
#: How many products somebody scans on a visit, and how likely each number is.
_PRODUCTS: Final = ((1, 2, 3, 4), (0.50, 0.27, 0.15, 0.08))
#: How likely a product is scanned a second time on the day.
_AGAIN: Final = 0.11
#: How often a brand's products are scanned, the first the most: some everybody knows, some are rare.
_POPULARITY: Final = (9.0, 7.6, 6.6, 5.8, 5.0, 2.6, 2.2)
#: How likely somebody scans one of their favourites.
_HABIT: Final = 0.45
#: Hours in UTC and their weight: before noon, and after work.
_HOURS: Final = (range(7, 22), (2, 3, 5, 8, 9, 7, 5, 4, 5, 8, 11, 12, 9, 5, 2))


@dataclass(frozen=True, kw_only=True)
class PlannedScan:
    """One scan of an invented shopper; `raw` of the item is empty."""

    visitor_id: UUID
    item: ScannedItem
    at: datetime


def shopper_id(number: int) -> UUID:
    """The Visitor ID of an invented shopper: no cookie has it."""
    return uuid5(NAMESPACE_DNS, f"{number}.{_SEED}")


def plan_day(*, start: date, number: int, products: Sequence[DemoProduct]) -> tuple[PlannedScan, ...]:
    """The scans of the day that is `number` days after `start`, in their order; never none.

    The very first scan of day 0 is shopper 0's first: whoever looks for it finds the start.
    """
    day = start + timedelta(days=number)
    rng = random.Random(f"{_SEED}/{number}")  # noqa: S311 - invented, and the same every time; no secret
    scans = [_scan(shopper=0, product=products[0], at=_moment(day, hour=5, rng=rng), rng=rng)]
    for _visit in range(_visits(day, number=number, rng=rng)):
        shopper = _shopper(number=number, rng=rng)
        at = _moment(day, hour=rng.choices(*_HOURS)[0], rng=rng)
        for product in _basket(shopper=shopper, products=products, rng=rng):
            scans.append(_scan(shopper=shopper, product=product, at=at, rng=rng))
            at += timedelta(seconds=rng.randint(8, 90))
            if rng.random() < _AGAIN:
                later = at + timedelta(minutes=rng.randint(1, 110))
                scans.append(_scan(shopper=shopper, product=product, at=later, rng=rng))
    return tuple(sorted(scans, key=lambda scan: scan.at))


def _visits(day: date, *, number: int, rng: random.Random) -> int:
    growth = 0.86 + _GROWTH * number / 7
    return round(_VISITS * _WEEK[day.weekday()] * growth * rng.uniform(0.93, 1.07))


def _shopper(*, number: int, rng: random.Random) -> int:
    """Whose visit it is: the lower the number, the more of a regular."""
    known = _FIRST_SHOPPERS + _MORE_SHOPPERS * number
    return int(known * rng.random() ** 1.5)


def _basket(*, shopper: int, products: Sequence[DemoProduct], rng: random.Random) -> list[DemoProduct]:
    own = random.Random(f"{_SEED}/favourites/{shopper}")  # noqa: S311 - as above
    favourites = [_any(products, rng=own) for _ in range(2)]
    (count,) = rng.choices(*_PRODUCTS)
    basket: list[DemoProduct] = []
    while len(basket) < count:
        product = rng.choice(favourites) if rng.random() < _HABIT else _any(products, rng=rng)
        if product in basket:
            product = _any(products, rng=rng)
        if product not in basket:
            basket.append(product)
    return basket


def _any(products: Sequence[DemoProduct], *, rng: random.Random) -> DemoProduct:
    (brand,) = rng.choices(list(_BRANDS), list(_BRANDS.values()))
    own = [product for product in products if product.brand == brand]
    return rng.choices(own, _POPULARITY[: len(own)])[0]


def _moment(day: date, *, hour: int, rng: random.Random) -> datetime:
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), tzinfo=UTC)


def _scan(*, shopper: int, product: DemoProduct, at: datetime, rng: random.Random) -> PlannedScan:
    """A pack from the shelf: its lot, and the date that its kind of product carries."""
    use_by = product.label.date_kind is DateKind.USE_BY
    if use_by:
        good_for = rng.randint(3, 12)
    else:
        good_for = rng.randint(5, 25) if product.is_fresh else rng.randint(60, 400)
    until = at.date() + timedelta(days=good_for)
    return PlannedScan(
        visitor_id=shopper_id(shopper),
        item=ScannedItem(
            gtin=product.gtin,
            lot=f"L{until:%y%j}{rng.choice('ABC')}",
            expiry=until if use_by else None,
            best_before=None if use_by else until,
            raw="",
        ),
        at=at,
    )
