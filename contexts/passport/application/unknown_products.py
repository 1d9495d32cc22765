"""What people look for and we do not know: counted for operators, and for each brand of its own numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Max

from contexts.passport.domain.company_prefixes import Claim
from contexts.passport.models import CatalogueEntry, UnknownProductReport

#: Fewer reporters than this are nobody's business: a brand that knows one shop could know who they were. It
#: is the least number of people in a released cell that the measurement allows by default.
LEAST: Final = 10
_MOST: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """A product that visitors have reported, and the catalogue still lacks."""

    gtin: str
    reports: int
    """By as many visitors: each reports a product once."""
    last: datetime


def missing(*, most: int) -> Sequence[Missing]:
    """For operators: what is reported most, the most first."""
    known = CatalogueEntry.objects.values("gtin")
    rows = (
        UnknownProductReport.objects.exclude(gtin__in=known)
        .values("gtin")
        .annotate(reports=Count("id"), last=Max("reported_at"))
        .order_by("-reports", "gtin")[:most]
    )
    return [Missing(**row) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A product of a brand that people look for and the catalogue lacks."""

    gtin: str
    at_least: int
    """How many visitors have reported it, rounded down to a multiple of LEAST."""


def wanted_of(*, claims: Sequence[Claim]) -> Sequence[Wanted]:
    """What people miss of the numbers of one brand, the most first.

    What fewer than LEAST visitors have reported is not told, and no number is exact: that one more person has
    reported something does not show.
    """
    if not claims:
        return ()
    found = (
        UnknownProductReport.objects.exclude(gtin__in=CatalogueEntry.objects.values("gtin"))
        .values("gtin")
        .annotate(reports=Count("id"))
        .filter(reports__gte=LEAST)
        .order_by("-reports", "gtin")
    )
    own = (row for row in found.iterator() if any(claim.holds(row["gtin"]) for claim in claims))
    wanted = [Wanted(gtin=row["gtin"], at_least=row["reports"] // LEAST * LEAST) for row in own]
    return sorted(wanted, key=lambda one: (-one.at_least, one.gtin))[:_MOST]
