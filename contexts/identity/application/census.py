"""How many brands and people there are: what operators see first."""

from dataclasses import dataclass

from django.db.models import Count, Q

from contexts.identity.models import Account, Brand


@dataclass(frozen=True, kw_only=True)
class Census:
    """Numbers of this moment."""

    brands: int
    suspended: int
    """Of the brands."""
    without_people: int
    """Active brands that nobody works for: no one can see their figures."""
    brand_users: int
    accounts: int
    closed: int
    """Of the accounts."""


def census() -> Census:
    """Count; two queries."""
    active = Q(is_active=True)
    brands = Brand.objects.aggregate(
        brands=Count("id", distinct=True),
        suspended=Count("id", filter=~active, distinct=True),
        without_people=Count("id", filter=active & Q(users=None), distinct=True),
        brand_users=Count("users"),
    )
    return Census(
        **brands, **Account.objects.aggregate(accounts=Count("id"), closed=Count("id", filter=~active))
    )
