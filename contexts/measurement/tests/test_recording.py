"""A scan is counted in an open window, as a pseudonym and nothing else."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connections

from contexts.measurement.models import DiscardedScans, RawScan, Window
from contexts.measurement.tests.conftest import Consents
from contexts.measurement.tests.scans import (
    BRAND,
    MILK,
    NOON,
    OTHER_BRAND,
    product_scanned,
    receive,
)
from packytrace.facts.fact import Fact

pytestmark = pytest.mark.django_db(databases=["measurement"])

DAY = date(2025, 3, 14)


def _close(*days: date) -> None:
    for day in days:
        Window.objects.create(day=day, closed_at=NOON)


def test_a_scan_opens_the_window_of_its_day() -> None:
    receive(product_scanned())
    window = Window.objects.get()
    assert (window.day, window.closed_at) == (DAY, None)
    assert window.key is not None
    assert len(window.key) == 32
    scan = RawScan.objects.get()
    assert (scan.window_id, scan.brand_id, scan.gtin) == (DAY, BRAND, MILK)


def test_every_window_has_a_key_of_its_own() -> None:
    receive(product_scanned(), product_scanned(at=NOON + timedelta(days=1)))
    keys = {bytes(key or b"") for key in Window.objects.values_list("key", flat=True)}
    assert len(keys) == 2


def test_a_raw_scan_holds_nothing_that_counting_does_not_need() -> None:
    with connections["measurement"].cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_schema = 'measurement' AND table_name = 'raw_scan'"
        )
        columns = dict(cursor.fetchall())
    assert columns == {
        "id": "uuid",
        "window_id": "date",
        "brand_id": "uuid",
        "gtin": "character varying",
        "pseudonym": "bytea",
    }


def test_no_id_of_the_fact_is_in_the_row(consents: Consents) -> None:
    account = uuid4()
    consents.allowed.add(account)
    fact = product_scanned(account_id=account)
    receive(fact)
    row = RawScan.objects.get()
    stored = {str(row.id), bytes(row.pseudonym).hex(), str(row.brand_id), row.gtin}
    private = {str(fact.id), *(fact.data[field] for field in ("scanId", "visitorId", "accountId"))}
    assert not stored & (private | {value.replace("-", "") for value in private})


def test_the_same_person_has_one_pseudonym_per_brand_and_window() -> None:
    visitor = uuid4()
    receive(
        product_scanned(visitor_id=visitor),
        product_scanned(visitor_id=visitor),
        product_scanned(visitor_id=visitor, brand_id=OTHER_BRAND),
        product_scanned(visitor_id=visitor, at=NOON + timedelta(days=1)),
    )
    pseudonyms = [bytes(value) for value in RawScan.objects.values_list("pseudonym", flat=True)]
    assert len(pseudonyms) == 4
    assert len(set(pseudonyms)) == 3


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param(product_scanned(brand_id=None), id="no tenant"),
        pytest.param(product_scanned(known=False), id="unknown product"),
        pytest.param(
            Fact(
                id=uuid4(),
                type="UnknownProductReported",
                version=1,
                context="passport",
                key="x",
                occurred_at=NOON,
                correlation_id=None,
                data={},
            ),
            id="another fact",
        ),
    ],
)
def test_what_no_brand_may_see_is_not_kept(fact: Fact) -> None:
    receive(fact)
    assert not RawScan.objects.exists()
    assert not Window.objects.exists()


def test_a_late_scan_counts_in_the_next_open_window() -> None:
    _close(DAY, DAY + timedelta(days=1))
    receive(product_scanned())
    assert RawScan.objects.get().window_id == DAY + timedelta(days=2)


def test_a_late_scan_counts_in_its_own_window_while_that_is_open() -> None:
    receive(product_scanned())
    _close(DAY + timedelta(days=1), DAY + timedelta(days=20))
    receive(product_scanned())
    assert set(RawScan.objects.values_list("window_id", flat=True)) == {DAY}


def test_a_late_scan_opens_its_own_window_where_nobody_needed_it() -> None:
    _close(DAY + timedelta(days=12))
    receive(product_scanned())
    assert RawScan.objects.get().window_id == DAY


def test_a_scan_that_comes_too_late_is_only_counted() -> None:
    _close(DAY + timedelta(days=13))
    receive(product_scanned(), product_scanned())
    assert not RawScan.objects.exists()
    assert list(DiscardedScans.objects.values_list("day", "scans")) == [(DAY, 2)]
