"""What is remembered of products, so that a household's pages ask nobody else for their names."""

from typing import Final

from django.db import transaction

from contexts.fridge.application import ports
from contexts.fridge.domain.food_kinds import kind_of
from contexts.fridge.domain.label_days import days_after_opening
from contexts.fridge.domain.quantity import quantity_of
from contexts.fridge.models import Product

_DATABASE: Final = "fridge"


def remember(*, gtin: str) -> Product | None:
    """The product with this GTIN-14: what is remembered of it, else what the catalogue says, which is
    remembered then. None for a product that the catalogue does not know."""
    return Product.objects.filter(gtin=gtin).first() or _take(gtin=gtin)


def refresh(*, gtin: str) -> None:
    """Take over what the catalogue says now of a product that somebody has at home; of others nothing.

    A product that the catalogue has dropped stays as it was last known. Items keep the kind and the weight
    they were added with: what is in the fridge was bought under that label.
    """
    if Product.objects.filter(gtin=gtin).exists():
        _take(gtin=gtin)


def _take(*, gtin: str) -> Product | None:
    told = ports.products().product(gtin=gtin)
    if told is None:
        return None
    found = kind_of(categories=told.categories, name=told.name)
    quantity = quantity_of(told.quantity) if told.quantity else None
    product = Product(
        gtin=gtin,
        name=told.name[:500],
        brand_name=told.brand_name[:500],
        brand_id=told.brand_id,
        picture=told.picture or "",
        kind=found.kind,
        kind_is_certain=found.certain,
        categories=list(told.categories),
        quantity_amount=None if quantity is None else quantity.amount,
        quantity_unit="" if quantity is None else quantity.unit.value,
        date_kind=told.date_kind or "",
        opened_days=_opened_days(told),
        data_version=told.data_version,
    )
    with transaction.atomic(using=_DATABASE):
        kept, is_new = Product.objects.select_for_update().get_or_create(
            gtin=gtin, defaults={field: getattr(product, field) for field in _FIELDS}
        )
        if is_new:
            return kept
        # Two who take at once may have read two versions: the older one does not win.
        if kept.data_version > product.data_version:
            return kept
        product.save(force_update=True)
    return product


def _opened_days(told: ports.CatalogueProduct) -> int | None:
    """The days after opening that the label states; the fewest, where its languages disagree."""
    said = [
        days_after_opening(text, language=language)
        for texts in (told.storage, told.instructions)
        for language, text in texts.items()
    ]
    return min((days for days in said if days is not None), default=None)


_FIELDS: Final = tuple(field.attname for field in Product._meta.concrete_fields if not field.primary_key)
