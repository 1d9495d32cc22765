"""Loading the demo catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from contexts.passport.application.catalogue import Written, write_demo
from contexts.passport.demo import BRANDS, alpenhof, campo_vivo, nordkorn
from contexts.passport.demo.product import DemoProduct
from contexts.passport.domain.catalogue import CatalogueEntry, Source

_DATABASE: Final = "passport"

PRODUCTS: Final[tuple[DemoProduct, ...]] = (*alpenhof.PRODUCTS, *campo_vivo.PRODUCTS, *nordkorn.PRODUCTS)


def load_demo_catalogue(*, brand_ids: Mapping[str, UUID], now: datetime) -> Sequence[Written]:
    """Write the demo's products with their facts; loading it again changes nothing.

    `brand_ids` has the id of every brand of `contexts.passport.demo.BRANDS`, by slug. Raises KeyError for one
    that is missing.
    """
    entries = [_entry(product, brand_id=brand_ids[product.brand], now=now) for product in PRODUCTS]
    with transaction.atomic(using=_DATABASE):
        return write_demo(entries=entries, at=now)


def _entry(product: DemoProduct, *, brand_id: UUID, now: datetime) -> CatalogueEntry:
    entry = CatalogueEntry(
        gtin=product.gtin,
        label=product.label,
        sources=(),
        brand_name=BRANDS[product.brand],
        brand_id=brand_id,
        picture=product.picture,
        journey=product.journey,
        eco=product.eco,
        is_demo=True,
    )
    source = Source(
        name="PackyTrace demo catalogue",
        licence="CC0 1.0",
        licence_url="https://creativecommons.org/publicdomain/zero/1.0/",
        fields=tuple(sorted(entry.known())),
        fetched=now.date(),
        verified=product.verified,
    )
    return replace(entry, sources=(source,))
