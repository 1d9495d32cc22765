"""Reporting a product that the catalogue lacks: one tap, once per visitor and GTIN."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from prometheus_client import Counter

from contexts.passport.application.errors import ProductIsKnown
from contexts.passport.application.scans import knows, scan_of
from contexts.passport.domain.scans import UnknownProductReported
from contexts.passport.models import UnknownProductReport
from packytrace.facts import outbox

_DATABASE = "passport"

REPORTED = Counter("packytrace_unknown_product_reports", "Reports of products that the catalogue lacks.")


def report_unknown_product(
    *, scan_id: UUID, visitor_id: UUID | None, account_id: UUID | None, at: datetime
) -> UnknownProductReport:
    """Note that a scanned product is missing; reporting it again changes nothing and answers the same.

    The report is the visitor's who made the scan. Raises ScanNotFound, and ProductIsKnown when the product
    has come into the catalogue meanwhile.
    """
    scan = scan_of(scan_id=scan_id, visitor_id=visitor_id, account_id=account_id, now=at)
    gtin = scan.item.gtin
    if knows(gtin=gtin):
        raise ProductIsKnown
    with transaction.atomic(using=_DATABASE):
        # The unique constraint decides between two taps at once: the second waits for the first and finds it.
        report, is_new = UnknownProductReport.objects.get_or_create(
            visitor_id=scan.visitor_id, gtin=gtin, defaults={"id": uuid4(), "reported_at": at}
        )
        if is_new:
            outbox.publish(
                UnknownProductReported(
                    report_id=report.id, visitor_id=report.visitor_id, gtin=report.gtin, at=at
                ),
                using=_DATABASE,
            )
    if is_new:
        REPORTED.inc()
    return report


def has_reported(*, visitor_id: UUID, gtin: str) -> bool:
    """Whether a visitor has already reported a GTIN."""
    return UnknownProductReport.objects.filter(visitor_id=visitor_id, gtin=gtin).exists()
