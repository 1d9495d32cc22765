"""Who works for which brand: said by an operator, never by a request."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from contexts.identity.application.accounts import account_with
from contexts.identity.application.errors import (
    BrandSuspended,
    NoBrand,
    NotABrandUser,
    UnknownBrand,
    WorksForAnotherBrand,
)
from contexts.identity.domain.roles import Role
from contexts.identity.models import Account, Brand, BrandUser


@dataclass(frozen=True, kw_only=True)
class BrandScope:
    """The one brand whose data a signed-in Brand User may see."""

    brand_id: UUID
    slug: str
    name: str


def brand_of(*, account_id: UUID) -> BrandScope:
    """The brand that an account works for: two queries.

    Raises NotABrandUser, NoBrand, BrandSuspended, AccountDeactivated, UnknownAccount.
    """
    account = account_with(account_id=account_id)
    if not account.has_role(Role.BRAND_USER):
        raise NotABrandUser(_("These pages are for the people who work for a brand."))
    found = BrandUser.objects.select_related("brand").filter(account=account).first()
    if found is None:
        raise NoBrand(_("Your account does not belong to a brand yet."))
    if not found.brand.is_active:
        raise BrandSuspended(
            _("%(brand)s is suspended for the time being. Its data is kept.") % {"brand": found.brand.name}
        )
    return BrandScope(brand_id=found.brand.id, slug=found.brand.slug, name=found.brand.name)


def assign_brand_user(*, account_id: UUID, brand_id: UUID) -> None:
    """Make an account work for a brand; assigning it again to the same brand changes nothing.

    Raises UnknownAccount, AccountDeactivated, UnknownBrand, WorksForAnotherBrand: remove it there first,
    so that nobody is moved to another tenant's data by a slip.
    """
    with transaction.atomic(using="identity"):
        account = account_with(account_id=account_id)
        if not Brand.objects.filter(pk=brand_id).exists():
            raise UnknownBrand(_("No brand has the id %(id)s.") % {"id": brand_id})
        found, _created = BrandUser.objects.get_or_create(account=account, defaults={"brand_id": brand_id})
    if found.brand_id != brand_id:
        raise WorksForAnotherBrand(
            _("This account works for %(brand)s: remove it there first.") % {"brand": found.brand.name}
        )


def remove_brand_user(*, account_id: UUID) -> bool:
    """Take an account's brand away; answers whether it had one."""
    deleted, _by_model = BrandUser.objects.filter(account_id=account_id).delete()
    return deleted > 0


@dataclass(frozen=True, kw_only=True)
class RosterLine:
    """An account that works for a brand, or could."""

    account_id: UUID
    display_name: str
    brand_slug: str | None
    has_role: bool


def roster() -> list[RosterLine]:
    """Everybody who works for a brand, by brand, then every brand user who works for none: one query."""
    accounts = (
        Account.objects.filter(Q(brand_user__isnull=False) | Q(roles__contains=[Role.BRAND_USER.value]))
        .select_related("brand_user__brand")
        .order_by(F("brand_user__brand__slug").asc(nulls_last=True), "display_name", "id")
    )
    return [
        RosterLine(
            account_id=account.id,
            display_name=account.display_name,
            brand_slug=account.brand_user.brand.slug if hasattr(account, "brand_user") else None,
            has_role=account.has_role(Role.BRAND_USER),
        )
        for account in accounts
    ]
