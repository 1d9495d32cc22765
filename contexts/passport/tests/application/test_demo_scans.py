"""The demo's history is recorded once, wherever a run stopped and however many run."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connections

from contexts.passport.application import demo_scans
from contexts.passport.application.demo_catalogue import load_demo_catalogue
from contexts.passport.application.demo_scans import demo_history_start, scan_demo_days
from contexts.passport.application.scans import record_scan
from contexts.passport.demo import BRANDS
from contexts.passport.demo.shoppers import shopper_id
from contexts.passport.models import OutboxFact, Scan

START = date(2026, 3, 2)
STEM = "https://id.example.com"
NOW = datetime(2026, 3, 9, tzinfo=UTC)

in_transaction = pytest.mark.django_db(databases=["passport"])
committed = pytest.mark.django_db(databases=["passport"], transaction=True)


def _scan(days: int) -> list[bool]:
    return [day.is_new for day in scan_demo_days(start=START, days=days, stem=STEM)]


def _load() -> None:
    load_demo_catalogue(brand_ids={slug: shopper_id(-number) for number, slug in enumerate(BRANDS)}, now=NOW)


@in_transaction
def test_every_scan_is_recorded_with_its_fact_on_its_day() -> None:
    _load()
    days = list(scan_demo_days(start=START, days=2, stem=STEM))
    assert [(day.day, day.is_new) for day in days] == [(START, True), (START + timedelta(days=1), True)]
    count = sum(day.scans for day in days)
    assert Scan.objects.count() == OutboxFact.objects.filter(type="ProductScanned").count() == count
    scan = Scan.objects.order_by("scanned_at")[0]
    assert scan.product_known
    assert scan.raw.startswith(f"{STEM}/01/{scan.gtin}/10/{scan.lot}?1")
    fact = OutboxFact.objects.get(payload__scanId=str(scan.id))
    assert datetime.fromisoformat(fact.payload["scannedAt"]).date() == START
    assert "brandId" in fact.payload


@in_transaction
def test_the_start_is_found_again() -> None:
    assert demo_history_start() is None
    _scan(2)
    assert demo_history_start() == START


@in_transaction
def test_a_second_run_adds_nothing() -> None:
    assert _scan(2) == [True, True]
    before = Scan.objects.count()
    assert _scan(2) == [False, False]
    assert Scan.objects.count() == before


@committed
def test_a_run_that_stops_within_a_day_leaves_that_day_to_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = [300]  # more than one day has, fewer than two

    def interrupted(**scan: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return record_scan(**scan)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(demo_scans, "record_scan", interrupted)
        with pytest.raises(KeyboardInterrupt):
            _scan(3)
    committed_days = set(Scan.objects.values_list("scanned_at__date", flat=True))
    assert len(committed_days) in {1, 2}
    assert _scan(3) == [day not in committed_days for day in (START + timedelta(days=n) for n in range(3))]


@committed
def test_two_runs_at_once_record_each_day_once() -> None:
    start = threading.Barrier(2)
    new: list[bool] = []

    def run() -> None:
        start.wait()
        try:
            new.extend(_scan(2))
        finally:
            connections["passport"].close()

    _in_threads(run, run)
    assert sorted(new) == [False, False, True, True]


def _in_threads(*works: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
