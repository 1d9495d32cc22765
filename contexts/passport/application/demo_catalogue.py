"""Loading the demo catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contexts.passport.application.brand_products import add_product
from contexts.passport.application.catalogue import Written, contribute
from contexts.passport.application.company_prefixes import ensure_confirmed
from contexts.passport.demo import BRANDS, PREFIXES, alpenhof, campo_vivo, nordkorn
from contexts.passport.demo.journeys import journey_as_of, located
from contexts.passport.demo.product import DemoProduct
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.models import CatalogueEntry as Row

_DATABASE: Final = "passport"

PRODUCTS: Final[tuple[DemoProduct, ...]] = (*alpenhof.PRODUCTS, *campo_vivo.PRODUCTS, *nordkorn.PRODUCTS)


def load_demo_catalogue(*, brand_ids: Mapping[str, UUID], now: datetime) -> Sequence[Written]:
    """Write the demo's products with their facts; loading it again changes nothing.

    Journeys are told as of the day of the first load, which the entries keep as their source's date.
    `brand_ids` has the id of every brand of `contexts.passport.demo.BRANDS`, by slug. Raises KeyError for one
    that is missing.
    """
    day = _first_load() or now.date()
    said = [
        Contribution(origin=Origin.DEMO, entry=_entry(product, brand_id=brand_ids[product.brand], day=day))
        for product in PRODUCTS
    ]
    with transaction.atomic(using=_DATABASE):
        written = contribute(contributions=said, at=now)
    for brand, prefix in PREFIXES.items():
        _give(brand_id=brand_ids[brand], brand=brand, prefix=prefix, now=now)
    return written


def _give(*, brand_id: UUID, brand: str, prefix: str, now: datetime) -> None:
    """Make a brand's products its own, under its company prefix."""
    if ensure_confirmed(brand_id=brand_id, brand_name=BRANDS[brand], prefix=prefix, now=now):
        for product in PRODUCTS:
            if product.brand == brand:
                add_product(brand_id=brand_id, gtin=product.gtin, now=now)


def _first_load() -> date | None:
    rows = Row.objects.filter(gtin__in=[product.gtin for product in PRODUCTS])
    days = rows.values_list(f"contributions__{Origin.DEMO.value}__sources__0__fetched", flat=True)
    return next((date.fromisoformat(day) for day in days if day), None)


def _entry(product: DemoProduct, *, brand_id: UUID, day: date) -> CatalogueEntry:
    entry = CatalogueEntry(
        gtin=product.gtin,
        label=product.label,
        sources=(),
        brand_name=BRANDS[product.brand],
        brand_id=brand_id,
        picture=product.picture,
        categories=product.categories,
        journey=located(journey_as_of(product, day=day)),
        eco=product.eco,
        is_demo=True,
    )
    source = Source(
        name="PackyTrace demo catalogue",
        licence="CC0 1.0",
        licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
        fields=tuple(sorted(entry.known())),
        fetched=day,
        verified=product.verified,
    )
    return replace(entry, sources=(source,))
