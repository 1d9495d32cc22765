"""Weeks of scans by invented shoppers, through the same door as everybody's."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.db import connections, transaction

from contexts.passport.application.demo_catalogue import PRODUCTS
from contexts.passport.application.scans import record_scan
from contexts.passport.demo.shoppers import PlannedScan, plan_day, shopper_id
from contexts.passport.domain.digital_link import link_to, parse_link
from contexts.passport.models import Scan

_DATABASE: Final = "passport"
#: One process at a time writes a day.
_LOCK: Final = 0x44454D4F  # "DEMO"


@dataclass(frozen=True, kw_only=True)
class DemoDay:
    """One day of the history; its scans are committed."""

    day: date
    scans: int
    is_new: bool
    """False: an earlier run had recorded it."""


def demo_history_start() -> date | None:
    """The first day of a history that an earlier run began; None where there is none."""
    first = Scan.objects.filter(visitor_id=shopper_id(0)).order_by("scanned_at").first()
    return None if first is None else first.scanned_at.date()


def scan_demo_days(*, start: date, days: int, stem: str) -> Iterator[DemoDay]:
    """Record the scans of the demo's shoppers day by day, from `start` on; `stem` begins their links.

    A day is one transaction, and a day that is there is left alone: killed in the middle, the next run goes
    on where this one stopped; once complete, it adds nothing. Raises ScanNotRecorded.
    """
    for number in range(days):
        plan = plan_day(start=start, number=number, products=PRODUCTS)
        yield DemoDay(
            day=start + timedelta(days=number), scans=len(plan), is_new=_record_day(plan, stem=stem)
        )


def _record_day(plan: tuple[PlannedScan, ...], *, stem: str) -> bool:
    first = plan[0]
    with transaction.atomic(using=_DATABASE):
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if Scan.objects.filter(visitor_id=first.visitor_id, scanned_at=first.at).exists():
            return False
        for scan in plan:
            item = parse_link(uri=link_to(scan.item, stem=stem), today=scan.at.date())
            record_scan(item=item, visitor_id=scan.visitor_id, account_id=None, channel="link", at=scan.at)
    return True
