"""People in the open windows: counted with their consent alone, followed to their account, and forgotten."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connections

from contexts.measurement.application import people
from contexts.measurement.models import ErasedPerson, Erasure, OutboxFact, RawScan
from contexts.measurement.tests.conftest import Consents
from contexts.measurement.tests.scans import (
    MILK,
    NOON,
    OATS,
    OTHER_BRAND,
    hear,
    person_fact,
    product_scanned,
    receive,
)

pytestmark = pytest.mark.django_db(databases=["measurement"])


def _people() -> int:
    return RawScan.objects.values("pseudonym").distinct().count()


def test_an_account_without_consent_is_not_counted_on_any_device(consents: Consents) -> None:
    account, device = uuid4(), uuid4()
    consents.linked[device] = account
    receive(product_scanned(account_id=account), product_scanned(visitor_id=device))
    assert not RawScan.objects.exists()


def test_an_account_with_consent_is_one_person_on_every_device(consents: Consents) -> None:
    account, device = uuid4(), uuid4()
    consents.linked[device] = account
    consents.allowed.add(account)
    receive(product_scanned(account_id=account), product_scanned(visitor_id=device))
    assert (RawScan.objects.count(), _people()) == (2, 1)


def test_a_browser_that_asks_not_to_be_counted_is_not() -> None:
    receive(product_scanned(opted_out=True))
    assert not RawScan.objects.exists()


def test_a_visitor_who_turns_out_to_be_a_consenting_account_stays_one_person(consents: Consents) -> None:
    account, visitor = uuid4(), uuid4()
    consents.allowed.add(account)
    receive(product_scanned(visitor_id=visitor), product_scanned(account_id=account), product_scanned())
    hear(person_fact("VisitorLinkedToAccount", visitorId=visitor, accountId=account))
    assert (RawScan.objects.count(), _people()) == (3, 2)


def test_what_a_visitor_did_is_deleted_when_the_account_has_not_consented() -> None:
    account, visitor = uuid4(), uuid4()
    receive(product_scanned(visitor_id=visitor), product_scanned())
    hear(person_fact("VisitorLinkedToAccount", visitorId=visitor, accountId=account))
    assert RawScan.objects.count() == 1


def test_withdrawing_deletes_what_is_still_raw(consents: Consents) -> None:
    account = uuid4()
    consents.allowed.add(account)
    receive(
        product_scanned(account_id=account),
        product_scanned(account_id=account, brand_id=OTHER_BRAND, at=NOON + timedelta(days=1)),
        product_scanned(),
    )
    hear(person_fact("ConsentWithdrawn", personId=account, purpose="notifications"))
    assert RawScan.objects.count() == 3
    hear(person_fact("ConsentWithdrawn", personId=account, purpose="measurement"))
    assert RawScan.objects.count() == 1


def test_an_erased_person_is_gone_and_stays_gone(consents: Consents) -> None:
    account, visitor, erasure = uuid4(), uuid4(), uuid4()
    consents.allowed.add(account)
    receive(product_scanned(account_id=account), product_scanned(visitor_id=visitor), product_scanned())
    asked = person_fact("ErasureRequested", erasureId=erasure, personIds=[account, visitor])
    hear(asked, asked)
    assert RawScan.objects.count() == 1
    receive(product_scanned(account_id=account), product_scanned(visitor_id=visitor))
    assert RawScan.objects.count() == 1
    hear(person_fact("ErasureCompleted", erasureId=erasure))
    assert not Erasure.objects.exists()
    assert _mentions(account, visitor) == 0


def test_every_erasure_is_acknowledged_even_of_somebody_who_never_came() -> None:
    erasure = uuid4()
    hear(person_fact("ErasureRequested", erasureId=erasure, personIds=[uuid4()]))
    fact = OutboxFact.objects.get(type="ErasureAcknowledged")
    assert (fact.aggregate_id, fact.payload["context"]) == (str(erasure), "measurement")


def test_what_expires_with_the_log_is_forgotten_by_the_next_erasure() -> None:
    ErasedPerson.objects.create(digest=bytes(32), until=NOON.date())
    hear(person_fact("ErasureRequested", erasureId=uuid4(), personIds=[uuid4()]))
    assert ErasedPerson.objects.count() == 1


def test_an_export_names_what_is_counted_of_a_person_and_of_nobody_else(consents: Consents) -> None:
    account = uuid4()
    consents.allowed.add(account)
    receive(product_scanned(account_id=account), product_scanned(gtin=OATS))
    assert people.export(person_ids=[account]) == {"counted_scans": [{"day": "2025-03-14", "gtin": MILK}]}
    assert people.export(person_ids=[uuid4()]) == {}


def _mentions(*person_ids: UUID) -> int:
    """Rows of any table of the context in whose text one of the ids stands."""
    found = 0
    with connections["measurement"].cursor() as cursor:
        for table in connections["measurement"].introspection.table_names(cursor):
            for person_id in person_ids:
                cursor.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s", [f"%{person_id}%"])
                found += cursor.fetchone()[0]
    return found
