"""The brands of the demo catalogue, and the people of the embedded provider who work for them."""

from datetime import datetime
from typing import Final
from uuid import NAMESPACE_DNS, UUID, uuid5

from django.contrib.auth.hashers import make_password
from django.db import transaction

from contexts.identity.application.brands import ensure_brand
from contexts.identity.domain.roles import Role
from contexts.identity.models import Account, BrandUser

#: Slug to name; all three are invented.
DEMO_BRANDS: Final = {
    "alpenhof": "Alpenhof Molkerei",
    "campo-vivo": "Campo Vivo",
    "nordkorn": "Nordkorn",
}


def demo_brand_id(slug: str) -> UUID:
    """The id of a demo brand: the same in every installation, so that demo data can name it."""
    return uuid5(NAMESPACE_DNS, f"{slug}.brand.packytrace.example")


def ensure_demo_brands(*, at: datetime) -> dict[str, UUID]:
    """Make the demo brands that are missing; answers the id of each by its slug. Raises SlugTaken."""
    for slug, name in DEMO_BRANDS.items():
        ensure_brand(brand_id=demo_brand_id(slug), slug=slug, name=name, at=at)
    return {slug: demo_brand_id(slug) for slug in DEMO_BRANDS}


def ensure_demo_consumer(*, issuer: str, subject: str, display_name: str) -> UUID:
    """The account that a demo person will find at the first sign-in; an existing one stays as it is."""
    account, _created = Account.objects.get_or_create(
        issuer=issuer,
        subject=subject,
        defaults={"display_name": display_name, "password": make_password(None)},
    )
    return account.id


def ensure_demo_brand_user(*, issuer: str, subject: str, display_name: str, slug: str) -> None:
    """Let a demo person work for a demo brand before the first sign-in; an existing assignment stays."""
    with transaction.atomic(using="identity"):
        account, _created = Account.objects.get_or_create(
            issuer=issuer,
            subject=subject,
            defaults={
                "display_name": display_name,
                "roles": [Role.BRAND_USER.value],
                "password": make_password(None),
            },
        )
        BrandUser.objects.get_or_create(account=account, defaults={"brand_id": demo_brand_id(slug)})
