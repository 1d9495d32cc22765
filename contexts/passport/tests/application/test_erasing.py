"""Forgetting people, and giving them their copy before: on a real server under the real grants."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction
from django.test import Client
from django.utils.translation import override

from contexts.passport import facts
from contexts.passport.application.erasing import erase
from contexts.passport.application.errors import VisitorErased
from contexts.passport.application.exporting import export
from contexts.passport.application.links import link_visitor
from contexts.passport.application.reports import report_unknown_product
from contexts.passport.application.scans import record_scan
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.scans import VISITOR_LIFETIME_DAYS
from contexts.passport.models import (
    CatalogueEntry,
    ErasedPerson,
    OutboxFact,
    Scan,
    UnknownProductReport,
    VisitorLink,
)
from packytrace.edge.visitors import LIFETIME_DAYS
from packytrace.facts.fact import Fact

pytestmark = pytest.mark.django_db(databases=["passport"])

GTIN = "09520123456788"
NOW = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
SARA, TOM = uuid4(), uuid4()


def scan(*, visitor_id: UUID, account_id: UUID | None = None) -> UUID:
    return record_scan(
        item=ScannedItem(gtin=GTIN, lot="L1", raw=GTIN),
        visitor_id=visitor_id,
        account_id=account_id,
        channel="link",
        at=NOW,
    ).scan_id


@pytest.fixture
def phone() -> UUID:
    """Sara's browser: a scan of its own, a report, and Tom's token used in it once."""
    visitor_id = uuid4()
    scan_id = scan(visitor_id=visitor_id)
    report_unknown_product(scan_id=scan_id, visitor_id=visitor_id, account_id=None, at=NOW)
    link_visitor(visitor_id=visitor_id, account_id=SARA, linked_at=NOW)
    scan(visitor_id=visitor_id, account_id=TOM)
    return visitor_id


def forget(*person_ids: UUID) -> None:
    with transaction.atomic(using="passport"):
        erase(person_ids=person_ids)


def places_of(person_id: UUID) -> list[str]:
    """Names of the tables in which an id stands, however it is written."""
    found = []
    tables = ("scan", "unknown_product_report", "visitor_link", "erased_person")
    with connections["passport"].cursor() as cursor:
        for table in tables:
            cursor.execute(
                f"SELECT count(*) FROM {table} AS row WHERE row::text LIKE %s OR row::text LIKE %s",
                [f"%{person_id}%", f"%{person_id.hex}%"],
            )
            if cursor.fetchone()[0]:
                found.append(table)
    return found


class TestErase:
    def test_nothing_is_left_of_an_account_and_its_visitors_and_nothing_of_others_is_lost(
        self, phone: UUID
    ) -> None:
        with_token = scan(visitor_id=uuid4(), account_id=SARA)
        toms = Scan.objects.get(account_id=TOM).id
        assert places_of(phone)
        forget(SARA)
        assert not places_of(SARA)
        assert not places_of(phone)
        assert not Scan.objects.filter(id=with_token).exists()
        assert Scan.objects.get().id == toms
        assert not UnknownProductReport.objects.exists()
        assert not VisitorLink.objects.exists()

    def test_a_visitor_without_an_account_is_erased_alike(self) -> None:
        visitor_id, other = uuid4(), uuid4()
        scan(visitor_id=visitor_id)
        scan(visitor_id=other)
        forget(visitor_id)
        assert not places_of(visitor_id)
        assert Scan.objects.get().visitor_id == other

    def test_again_changes_nothing(self, phone: UUID) -> None:
        forget(SARA, phone)
        before = set(ErasedPerson.objects.values_list("digest", "until"))
        forget(SARA, phone)
        assert set(ErasedPerson.objects.values_list("digest", "until")) == before
        assert Scan.objects.get().account_id == TOM

    def test_nobody_is_nobody(self, phone: UUID) -> None:
        forget()
        assert Scan.objects.count() == 2

    def test_what_no_browser_can_send_any_more_is_let_go(self) -> None:
        assert VISITOR_LIFETIME_DAYS == LIFETIME_DAYS
        ErasedPerson.objects.create(digest=b"x" * 32, until=datetime(2020, 1, 1, tzinfo=UTC).date())
        forget(uuid4())
        kept = ErasedPerson.objects.get()
        assert (kept.until - datetime.now(UTC).date()).days == LIFETIME_DAYS + 1


class TestLateScan:
    def test_nothing_is_kept_or_told_under_an_erased_visitors_id(self, phone: UUID) -> None:
        forget(SARA)
        facts_before = OutboxFact.objects.count()
        with pytest.raises(VisitorErased):
            scan(visitor_id=phone)
        assert not places_of(phone)
        assert OutboxFact.objects.count() == facts_before

    @pytest.mark.usefixtures("plain_static_files")
    def test_a_browser_that_still_has_the_cookie_becomes_a_new_visitor(self, client: Client) -> None:
        client.get(f"/01/{GTIN}")
        old = Scan.objects.get().visitor_id
        forget(old)
        response = client.get(f"/01/{GTIN}")
        assert response.status_code == 404  # unknown to the catalogue, and recorded
        new = Scan.objects.get().visitor_id
        assert new != old
        assert "packytrace_visitor" in response.cookies
        client.post("/api/v1/scans", json.dumps({"code": GTIN}), content_type="application/json")
        assert set(Scan.objects.values_list("visitor_id", flat=True)) == {new}

    def test_a_link_that_arrives_late_is_not_noted(self) -> None:
        consumer = facts.CONSUMERS[0]
        visitor_id = uuid4()
        linked = {"visitorId": str(visitor_id), "accountId": str(SARA), "linkedAt": NOW.isoformat()}
        asked = {
            "erasureId": str(uuid4()),
            "personIds": [str(SARA), str(visitor_id)],
            "requestedAt": NOW.isoformat(),
        }
        consumer.handle(fact("VisitorLinkedToAccount", linked))
        assert VisitorLink.objects.get().account_id == SARA
        with transaction.atomic(using="passport"):
            consumer.handle(fact("ErasureRequested", asked))
        consumer.handle(fact("VisitorLinkedToAccount", linked))
        assert not VisitorLink.objects.exists()


def fact(kind: str, data: dict[str, object]) -> Fact:
    return Fact(
        id=uuid4(),
        type=kind,
        version=1,
        context="identity",
        key=str(SARA),
        occurred_at=NOW,
        correlation_id=None,
        data=data,
    )


class TestExport:
    def test_it_has_what_is_theirs_and_nothing_of_others(self, phone: UUID) -> None:
        with_token = scan(visitor_id=uuid4(), account_id=SARA)
        documents = export(person_ids=[SARA])
        assert json.loads(json.dumps(documents)) == documents
        scans = documents["scans.json"]
        assert {entry["scanId"] for entry in scans} == {
            str(with_token),
            str(Scan.objects.get(visitor_id=phone, account_id=None).id),
        }
        assert {entry["lot"] for entry in scans} == {"L1"}
        assert {entry["productName"] for entry in scans} == {None}
        assert documents["missing_products.json"] == [{"gtin": GTIN, "reportedAt": NOW.isoformat()}]
        assert documents["browsers.json"] == [{"visitorId": str(phone), "linkedAt": NOW.isoformat()}]

    def test_products_have_their_names_in_the_readers_language(self, phone: UUID) -> None:
        CatalogueEntry.objects.create(
            gtin=GTIN, name="Oat drink", card={"names": {"it": "Bevanda d'avena"}}, updated_at=NOW
        )
        for language, name in (("it", "Bevanda d'avena"), ("de", "Oat drink")):
            with override(language):
                assert {scan["productName"] for scan in export(person_ids=[SARA])["scans.json"]} == {name}

    def test_after_erasing_it_is_empty(self, phone: UUID) -> None:
        forget(SARA)
        assert not any(export(person_ids=[SARA, phone]).values())
