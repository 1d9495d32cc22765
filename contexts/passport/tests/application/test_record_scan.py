"""Recording a scan: the row, its fact and the one round trip, on a real server under the real grants."""

import os
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction

from contexts.passport.application.scans import knows, record_scan, scan_of
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.models import CatalogueEntry, OutboxFact, Scan
from contracts.registry import contract
from packytrace.facts import correlation, outbox

AT = datetime(2026, 5, 1, 9, 30, 0, 123456, tzinfo=UTC)
GTIN = "09520123456788"
BRAND = UUID("3fa85f64-5717-4562-b3fc-2c963f66afa6")
PLAIN = ScannedItem(gtin=GTIN, raw=f"https://id.example.com/01/{GTIN}")
FULL = ScannedItem(
    gtin=GTIN,
    cpv="2A",
    lot='A/"%\\b;{}',
    serial="1'--",
    expiry=date(2026, 6, 30),
    best_before=date(2076, 12, 31),
    net_weight=Decimal(999_999),
    raw=f"https://id.example.com/01/{GTIN}/10/A%2F?x=1",
)


def stock(*, brand_id: UUID | None) -> None:
    CatalogueEntry.objects.create(gtin=GTIN, name="Muesli", brand_id=brand_id, updated_at=AT)


@pytest.mark.django_db(databases=["passport"])
class TestRecord:
    @pytest.mark.parametrize("known", [True, False])
    @pytest.mark.parametrize("brand_id", [BRAND, None])
    @pytest.mark.parametrize("account_id", [UUID(int=7), None])
    @pytest.mark.parametrize("item", [PLAIN, FULL])
    def test_row_and_fact_say_the_same(
        self, known: bool, brand_id: UUID | None, account_id: UUID | None, item: ScannedItem
    ) -> None:
        if known:
            stock(brand_id=brand_id)
        visitor_id = uuid4()
        with correlation.bind("0199c2f4-7d5e-7c1a-9a51-3f0f6f2b8c10"):
            scan = record_scan(item=item, visitor_id=visitor_id, account_id=account_id, channel="link", at=AT)
        assert scan.product_known is known

        row = Scan.objects.get()
        assert row.id == scan.scan_id
        assert (row.visitor_id, row.account_id, row.channel) == (visitor_id, account_id, "link")
        assert (row.scanned_at, row.product_known) == (AT, known)
        shown = scan_of(scan_id=scan.scan_id, visitor_id=visitor_id, account_id=account_id, now=AT)
        assert shown.item == item
        assert shown.product_known is known

        fact = OutboxFact.objects.get()
        contract(fact="ProductScanned").check_written(fact.payload)
        expected = {
            "scanId": str(row.id),
            "visitorId": str(visitor_id),
            "gtin": GTIN,
            "productKnown": known,
            "scannedAt": AT.isoformat(),
            "channel": "link",
        }
        if account_id:
            expected["accountId"] = str(account_id)
        if known and brand_id:
            expected["brandId"] = str(brand_id)
        assert fact.payload == expected
        assert (fact.type, fact.version, fact.aggregate_id) == ("ProductScanned", 1, str(row.id))
        assert fact.occurred_at == AT
        assert fact.headers == {"correlationid": "0199c2f4-7d5e-7c1a-9a51-3f0f6f2b8c10"}

    def test_a_transaction_that_fails_takes_the_scan_with_it(self) -> None:
        with transaction.atomic(using="passport"):
            record_scan(item=PLAIN, visitor_id=uuid4(), account_id=None, channel="api", at=AT)
            transaction.set_rollback(True, using="passport")
        assert (Scan.objects.count(), OutboxFact.objects.count()) == (0, 0)

    def test_knows(self) -> None:
        assert not knows(gtin=GTIN)
        stock(brand_id=None)
        assert knows(gtin=GTIN)

    def test_who_asks_not_to_be_counted_is_told_of_with_the_scan(self) -> None:
        for opted_out in (False, True):
            record_scan(
                item=PLAIN, visitor_id=uuid4(), account_id=None, channel="link", at=AT, opted_out=opted_out
            )
        payloads = [fact.payload for fact in OutboxFact.objects.order_by("id")]
        assert [payload.get("optedOut") for payload in payloads] == [None, True]
        for payload in payloads:
            contract(fact="ProductScanned").check_written(payload)


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_a_scan_is_one_round_trip_and_one_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read off the wire: the client synchronises once, the server is ready once, outside a transaction."""
    stock(brand_id=BRAND)
    # At most every 50 ms a scan also wakes the relay, after its commit.
    monkeypatch.setattr(outbox, "hint", lambda *, using: None)

    def record() -> None:
        record_scan(item=PLAIN, visitor_id=uuid4(), account_id=None, channel="link", at=AT)

    record()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wire"
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY)
        pgconn = connections["passport"].connection.pgconn
        pgconn.trace(descriptor)
        try:
            record()
        finally:
            pgconn.untrace()
            os.close(descriptor)
        wire = [line.split("\t")[1:] for line in path.read_text().splitlines()]
    sent = [message[2] for message in wire if message[0] == "F"]
    ready = [message for message in wire if message[0] == "B" and message[2] == "ReadyForQuery"]
    assert sent == ["Bind", "Describe", "Execute", "Sync"]
    assert [message[3] for message in ready] == [" I"]
    assert Scan.objects.count() == OutboxFact.objects.count() == 2
