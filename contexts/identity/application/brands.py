"""Brands: registered, renamed, suspended and reinstated; each change is told to the other contexts."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contexts.identity.application.errors import InvalidBrandName, InvalidBrandSlug, SlugTaken, UnknownBrand
from contexts.identity.domain.brands import BrandChanged, is_slug, tidy_name
from contexts.identity.models import Brand
from packytrace.facts import outbox


def register_brand(*, slug: str, name: str, at: datetime) -> UUID:
    """Make a tenant. Raises InvalidBrandName, InvalidBrandSlug, SlugTaken."""
    brand_id = uuid4()
    ensure_brand(brand_id=brand_id, slug=slug, name=name, at=at)
    return brand_id


def ensure_brand(*, brand_id: UUID, slug: str, name: str, at: datetime) -> None:
    """Make a tenant of a given id unless there is one; safe to run twice, also at the same moment.

    Raises InvalidBrandName, InvalidBrandSlug, SlugTaken.
    """
    values = {"slug": _checked_slug(slug), "name": _checked_name(name)}
    try:
        with transaction.atomic(using="identity"):
            brand, created = Brand.objects.get_or_create(id=brand_id, defaults=values)
            if created:
                _publish(brand=brand, at=at)
    except IntegrityError:
        raise SlugTaken(_("Another brand already has the slug %(slug)s.") % {"slug": slug}) from None


def rename_brand(*, brand_id: UUID, name: str, at: datetime) -> None:
    """Give a brand another name. Raises InvalidBrandName, UnknownBrand."""
    _change(brand_id=brand_id, at=at, name=_checked_name(name))


def suspend_brand(*, brand_id: UUID, at: datetime) -> None:
    """Keep a brand's data and its users out. Raises UnknownBrand."""
    _change(brand_id=brand_id, at=at, is_active=False)


def reinstate_brand(*, brand_id: UUID, at: datetime) -> None:
    """End a suspension. Raises UnknownBrand."""
    _change(brand_id=brand_id, at=at, is_active=True)


def brand_with_slug(*, slug: str) -> Brand:
    """The brand of that slug. Raises UnknownBrand."""
    brand = Brand.objects.filter(slug=slug).first()
    if brand is None:
        raise UnknownBrand(_("No brand has the slug %(slug)s.") % {"slug": slug})
    return brand


def _change(*, brand_id: UUID, at: datetime, **values: object) -> None:
    """Store and publish what differs; the lock makes a brand's facts leave in the order of its changes."""
    with transaction.atomic(using="identity"):
        brand = Brand.objects.select_for_update().filter(pk=brand_id).first()
        if brand is None:
            raise UnknownBrand(_("No brand has the id %(id)s.") % {"id": brand_id})
        changed = [field for field, value in values.items() if getattr(brand, field) != value]
        if not changed:
            return
        for field in changed:
            setattr(brand, field, values[field])
        brand.save(update_fields=changed)
        _publish(brand=brand, at=at)


def _publish(*, brand: Brand, at: datetime) -> None:
    outbox.publish(
        BrandChanged(brand_id=brand.id, name=brand.name, slug=brand.slug, status=brand.status, changed_at=at),
        using="identity",
    )


def _checked_name(name: str) -> str:
    tidy = tidy_name(name)
    if tidy is None:
        raise InvalidBrandName(_("A brand's name has 1 to 200 characters, all of them visible."))
    return tidy


def _checked_slug(slug: str) -> str:
    if not is_slug(slug):
        raise InvalidBrandSlug(
            _("A brand's slug has lower case letters, digits and single hyphens, at most 80.")
        )
    return slug
