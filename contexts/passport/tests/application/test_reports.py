"""Reports of unknown products: once per visitor and GTIN, whoever taps how often at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connections

from contexts.passport.application.errors import ProductIsKnown, ScanNotFound
from contexts.passport.application.reports import has_reported, report_unknown_product
from contexts.passport.application.scans import record_scan
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.models import CatalogueEntry, OutboxFact, UnknownProductReport
from contracts.registry import contract

AT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
GTIN = "09520123456788"


def scan(*, visitor_id: UUID, gtin: str = GTIN) -> UUID:
    item = ScannedItem(gtin=gtin, raw=gtin)
    return record_scan(item=item, visitor_id=visitor_id, account_id=None, channel="link", at=AT).scan_id


def told() -> list[dict[str, str]]:
    return [fact.payload for fact in OutboxFact.objects.filter(type="UnknownProductReported")]


@pytest.mark.django_db(databases=["passport"])
class TestReport:
    def test_a_report_is_a_row_and_a_fact(self) -> None:
        visitor_id = uuid4()
        assert not has_reported(visitor_id=visitor_id, gtin=GTIN)
        report = report_unknown_product(
            scan_id=scan(visitor_id=visitor_id), visitor_id=visitor_id, account_id=None, at=AT
        )
        assert has_reported(visitor_id=visitor_id, gtin=GTIN)
        (payload,) = told()
        contract(fact="UnknownProductReported").check_written(payload)
        assert payload == {
            "reportId": str(report.id),
            "visitorId": str(visitor_id),
            "gtin": GTIN,
            "reportedAt": AT.isoformat(),
        }

    def test_again_and_after_another_scan_changes_nothing(self) -> None:
        visitor_id = uuid4()
        first, second = scan(visitor_id=visitor_id), scan(visitor_id=visitor_id)
        reports = {
            report_unknown_product(scan_id=scan_id, visitor_id=visitor_id, account_id=None, at=AT).id
            for scan_id in (first, first, second)
        }
        assert len(reports) == len(told()) == UnknownProductReport.objects.count() == 1

    def test_another_visitor_and_another_product_are_other_reports(self) -> None:
        for visitor_id, gtin in ((UUID(int=1), GTIN), (UUID(int=2), GTIN), (UUID(int=1), "00000096385074")):
            scan_id = scan(visitor_id=visitor_id, gtin=gtin)
            report_unknown_product(scan_id=scan_id, visitor_id=visitor_id, account_id=None, at=AT)
        assert len(told()) == UnknownProductReport.objects.count() == 3

    def test_somebody_elses_scan_cannot_be_reported(self) -> None:
        scan_id = scan(visitor_id=uuid4())
        with pytest.raises(ScanNotFound):
            report_unknown_product(scan_id=scan_id, visitor_id=uuid4(), account_id=None, at=AT)
        assert told() == []

    def test_a_product_that_has_come_in_meanwhile_is_not_reported(self) -> None:
        visitor_id = uuid4()
        scan_id = scan(visitor_id=visitor_id)
        CatalogueEntry.objects.create(gtin=GTIN, name="Muesli", updated_at=AT)
        with pytest.raises(ProductIsKnown):
            report_unknown_product(scan_id=scan_id, visitor_id=visitor_id, account_id=None, at=AT)
        assert told() == []


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_taps_at_the_same_moment_are_one_report() -> None:
    taps, visitor_id = 8, uuid4()
    scan_id = scan(visitor_id=visitor_id)
    barrier = threading.Barrier(taps)

    def tap(_: int) -> UUID:
        try:
            barrier.wait()
            return report_unknown_product(scan_id=scan_id, visitor_id=visitor_id, account_id=None, at=AT).id
        finally:
            connections["passport"].close()

    with ThreadPoolExecutor(taps) as pool:
        answers = set(pool.map(tap, range(taps)))
    assert len(answers) == len(told()) == UnknownProductReport.objects.count() == 1
