"""A database that goes away in the middle of scans: an honest answer, and never a lost or doubled scan."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connections

from contexts.passport.application.errors import ScanNotRecorded
from contexts.passport.application.scans import record_scan
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.models import OutboxFact, Scan
from contexts.passport.models.scans import RECORD_SCAN
from packytrace.errors import Kind

pytestmark = pytest.mark.django_db(databases=["passport"], transaction=True)

ITEM = ScannedItem(gtin="09520123456788", raw="09520123456788")


def record() -> UUID:
    return record_scan(
        item=ITEM, visitor_id=uuid4(), account_id=None, channel="link", at=datetime.now(UTC)
    ).scan_id


def end_connections(admin: psycopg.Connection) -> None:
    admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'passport_app' AND datname = %s",
        [settings.DATABASE_SERVER["dbname"]],
    )


def test_a_connection_that_died_while_idle_is_replaced_unnoticed() -> None:
    first = record()
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin:
        end_connections(admin)
    second = record()
    assert set(Scan.objects.values_list("id", flat=True)) == {first, second}


def test_every_acknowledged_scan_is_there_once_with_its_fact() -> None:
    """Connections are killed again and again while scans are recorded from several threads."""
    over = threading.Event()

    def scan_on() -> tuple[set[UUID], int]:
        acknowledged, refused = set(), 0
        try:
            while not over.is_set():
                try:
                    acknowledged.add(record())
                except ScanNotRecorded:
                    refused += 1
        finally:
            connections["passport"].close()
        return acknowledged, refused

    with (
        ThreadPoolExecutor(4) as pool,
        psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True) as admin,
    ):
        scanners = [pool.submit(scan_on) for _ in range(4)]
        for _ in range(40):
            end_connections(admin)
            over.wait(0.02)
        over.set()
        results = [scanner.result() for scanner in scanners]
    acknowledged = set().union(*(ids for ids, _ in results))
    kept = list(Scan.objects.values_list("id", flat=True))
    told = list(OutboxFact.objects.values_list("aggregate_id", flat=True))
    assert acknowledged
    assert acknowledged <= set(kept)
    assert sorted(map(str, kept)) == sorted(told)
    # What was refused may still have been committed, in the moment before the connection broke; never twice.
    assert len(kept) - len(acknowledged) <= sum(refused for _, refused in results)


def test_a_scan_that_was_committed_before_the_connection_broke_is_acknowledged_by_the_second_attempt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run = RECORD_SCAN.run

    def commit_and_break(connection: psycopg.Connection, parameters: dict[str, str | None]) -> str | None:
        run(connection, parameters)
        connection.close()
        monkeypatch.undo()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(RECORD_SCAN, "run", commit_and_break)
    scan_id = record()
    assert Scan.objects.get().id == scan_id
    assert OutboxFact.objects.count() == 1


def test_a_server_that_stays_away_is_told_as_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["passport"]
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    with pytest.raises(ScanNotRecorded) as caught:
        record()
    assert caught.value.kind is Kind.UNAVAILABLE
    assert "scan the code again" in str(caught.value)
    monkeypatch.undo()
    record()
    assert Scan.objects.count() == 1


def test_a_table_that_somebody_holds_is_waited_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []
    run = RECORD_SCAN.run
    monkeypatch.setattr(RECORD_SCAN, "run", lambda *given: attempts.append(1) or run(*given))
    record()
    connections["passport"].connection.execute("SET lock_timeout = '50ms'")
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as admin:
        admin.execute("LOCK TABLE passport.scan IN ACCESS EXCLUSIVE MODE")
        attempts.clear()
        with pytest.raises(ScanNotRecorded):
            record()
    assert len(attempts) == 1
    record()
