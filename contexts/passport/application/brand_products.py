"""A brand's own products: which they are, and what the brand says of them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from contexts.passport.application.company_prefixes import is_confirmed
from contexts.passport.application.errors import PrefixNotConfirmed, ProductNotYours, ProductTaken
from contexts.passport.domain.company_prefixes import is_gtin8
from contexts.passport.models import BrandProduct
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"


def check_owned(*, brand_id: UUID, gtin: str) -> None:
    """Let pass who may speak for a product (GTIN-14): the brand that has added it and whose company prefix is
    confirmed to this day. Raises ProductNotYours."""
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        if not (
            BrandProduct.objects.filter(gtin=gtin).exists() and is_confirmed(brand_id=brand_id, gtin=gtin)
        ):
            raise ProductNotYours


def add_product(*, brand_id: UUID, gtin: str, now: datetime) -> bool:
    """Take a product (GTIN-14) among the brand's own; False where it is one of them already.

    Raises PrefixNotConfirmed, and ProductTaken where it is another brand's.
    """
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        if not is_confirmed(brand_id=brand_id, gtin=gtin):
            raise PrefixNotConfirmed(single=is_gtin8(gtin))
        if BrandProduct.objects.filter(gtin=gtin).exists():
            return False
        try:
            with transaction.atomic(using=_DATABASE):
                BrandProduct.objects.create(gtin=gtin, brand_id=brand_id, created_at=now, updated_at=now)
        except IntegrityError as error:
            # Another request of this brand came first; or another brand has it, whose row nobody sees here.
            if BrandProduct.objects.filter(gtin=gtin).exists():
                return False
            raise ProductTaken from error
    return True
