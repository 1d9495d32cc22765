"""Closing a window releases what is safe once, and destroys the rest."""

import multiprocessing
import os
import secrets
import signal
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from contexts.measurement.application import closing
from contexts.measurement.application.closing import close_windows
from contexts.measurement.domain.disclosure import ThresholdTooLow
from contexts.measurement.models import OutboxFact, RawScan, Release, ReleasedCell, Window
from contexts.measurement.tests.scans import (
    BRAND,
    JAM,
    MILK,
    NOON,
    OATS,
    OTHER_BRAND,
    product_scanned,
    receive,
    receive_crowd,
)

DAY = date(2025, 3, 14)
DUE = datetime(2025, 3, 15, 2, tzinfo=UTC)
K = 10

in_transaction = pytest.mark.django_db(databases=["measurement"])
committed = pytest.mark.django_db(databases=["measurement"], transaction=True)


def _published() -> list[dict[str, Any]]:
    return [fact.payload for fact in OutboxFact.objects.order_by("id")]


def _cells(cube: str, *, brand_id: UUID = BRAND, day: date = DAY) -> dict[str, tuple[int, int] | None]:
    rows = ReleasedCell.objects.filter(cube=cube, brand_id=brand_id, window_id=day)
    return {
        row.gtin: None if row.scans is None or row.people is None else (row.scans, row.people) for row in rows
    }


@in_transaction
def test_what_is_safe_is_released_and_published() -> None:
    receive_crowd(30, gtin=MILK, times=2)
    receive_crowd(20, gtin=OATS)
    receive_crowd(12, gtin=JAM, brand_id=OTHER_BRAND)
    (closed,) = close_windows(now=DUE, k=K)
    assert (closed.day, closed.brands, closed.cells_shown, closed.cells_hidden) == (DAY, 2, 5, 0)
    assert _cells("scans_by_brand_day") == {"": (80, 50)}
    assert _cells("scans_by_product_day") == {MILK: (60, 30), OATS: (20, 20)}
    assert _cells("scans_by_brand_day", brand_id=OTHER_BRAND) == {"": (12, 12)}
    facts = _published()
    assert sorted((fact["brandId"], fact["cube"]) for fact in facts) == [
        (str(BRAND), "scans_by_brand_day"),
        (str(BRAND), "scans_by_product_day"),
        (str(OTHER_BRAND), "scans_by_brand_day"),
        (str(OTHER_BRAND), "scans_by_product_day"),
    ]
    for fact in facts:
        assert (fact["windowStart"], fact["windowEnd"], fact["k"]) == (
            "2025-03-14T00:00:00+00:00",
            "2025-03-15T00:00:00+00:00",
            K,
        )
        stored = ReleasedCell.objects.filter(release_id=fact["releaseId"])
        assert {
            (cell["cellId"], cell.get("gtin", ""), cell["scans"], cell["people"]) for cell in fact["cells"]
        } == {(str(row.id), row.gtin, row.scans, row.people) for row in stored}


@in_transaction
def test_the_key_and_the_raw_facts_are_destroyed() -> None:
    receive_crowd(30)
    close_windows(now=DUE, k=K)
    window = Window.objects.get()
    assert (window.key, window.closed_at) == (None, DUE)
    assert not RawScan.objects.exists()


@in_transaction
def test_people_are_counted_and_one_persons_scans_only_so_often() -> None:
    receive_crowd(9, times=1)
    robot = uuid4()
    receive(*(product_scanned(visitor_id=robot) for _ in range(50)))
    close_windows(now=DUE, k=K)
    assert _cells("scans_by_product_day") == {MILK: (14, 10)}


@in_transaction
def test_somebody_with_two_products_is_one_person_of_the_brand() -> None:
    both = [uuid4() for _ in range(15)]
    receive(*(product_scanned(visitor_id=visitor, gtin=gtin) for visitor in both for gtin in (MILK, OATS)))
    receive_crowd(10, gtin=MILK)
    receive_crowd(10, gtin=OATS)
    close_windows(now=DUE, k=K)
    assert _cells("scans_by_brand_day") == {"": (50, 35)}
    assert _cells("scans_by_product_day") == {MILK: (25, 25), OATS: (25, 25)}


@in_transaction
def test_too_few_people_leave_a_suppressed_cell_without_numbers() -> None:
    receive_crowd(9)
    (closed,) = close_windows(now=DUE, k=K)
    assert (closed.cells_shown, closed.cells_hidden) == (0, 2)
    cells = [cell for fact in _published() for cell in fact["cells"]]
    assert {cell["status"] for cell in cells} == {"suppressed"}
    assert {(cell["scans"], cell["people"]) for cell in cells} == {(None, None)}


@in_transaction
def test_a_small_product_takes_its_only_sibling_along() -> None:
    receive_crowd(30, gtin=MILK)
    receive_crowd(3, gtin=JAM)
    close_windows(now=DUE, k=K)
    assert _cells("scans_by_brand_day") == {"": (33, 33)}
    assert _cells("scans_by_product_day") == {MILK: None, JAM: None}


@in_transaction
def test_a_window_stays_open_until_it_is_due() -> None:
    receive_crowd(30)
    assert close_windows(now=DUE - timedelta(seconds=1), k=K) == []
    assert RawScan.objects.count() == 30


@in_transaction
def test_closing_again_changes_nothing() -> None:
    receive_crowd(30)
    close_windows(now=DUE, k=K)
    before = _published()
    assert close_windows(now=DUE + timedelta(days=1), k=K) == []
    assert _published() == before


@in_transaction
def test_all_due_windows_are_closed_the_oldest_first() -> None:
    for days in (2, 0, 1):
        receive_crowd(1, at=NOON + timedelta(days=days))
    closed = close_windows(now=DUE + timedelta(days=1), k=K)
    assert [window.day for window in closed] == [DAY, DAY + timedelta(days=1)]
    assert Window.objects.filter(closed_at=None).count() == 1


@in_transaction
def test_a_late_scan_never_changes_what_was_released() -> None:
    receive_crowd(30)
    close_windows(now=DUE, k=K)
    receive(product_scanned())
    close_windows(now=DUE + timedelta(days=1), k=K)
    assert _cells("scans_by_brand_day") == {"": (30, 30)}
    assert _cells("scans_by_brand_day", day=DAY + timedelta(days=1)) == {"": None}


@in_transaction
def test_a_brand_without_scans_is_told_so_after_it_was_told_numbers() -> None:
    receive_crowd(30)
    receive_crowd(30, brand_id=OTHER_BRAND, at=NOON + timedelta(days=1))
    receive_crowd(30, brand_id=OTHER_BRAND, at=NOON + timedelta(days=2))
    close_windows(now=DUE + timedelta(days=2), k=K)
    quiet = [fact for fact in _published() if fact["brandId"] == str(BRAND) and not fact["cells"]]
    assert sorted((fact["windowStart"][:10], fact["cube"]) for fact in quiet) == [
        ("2025-03-15", "scans_by_brand_day"),
        ("2025-03-15", "scans_by_product_day"),
        ("2025-03-16", "scans_by_brand_day"),
        ("2025-03-16", "scans_by_product_day"),
    ]


@in_transaction
def test_more_products_than_a_message_holds_make_several_releases() -> None:
    Window.objects.create(day=DAY, key=bytes(32))
    RawScan.objects.bulk_create(
        RawScan(window_id=DAY, brand_id=BRAND, gtin=f"{number:014}", pseudonym=bytes([person]))
        for number in range(5001)
        for person in range(2)
    )
    close_windows(now=DUE, k=K)
    sizes = [len(fact["cells"]) for fact in _published() if fact["cube"] == "scans_by_product_day"]
    assert sorted(sizes) == [1, 5000]
    assert set(Release.objects.values_list("cube", "part")) == {
        ("scans_by_brand_day", 0),
        ("scans_by_product_day", 0),
        ("scans_by_product_day", 1),
    }


@in_transaction
def test_fewer_than_five_people_are_refused_before_anything_is_touched() -> None:
    receive_crowd(30)
    with pytest.raises(ThresholdTooLow):
        close_windows(now=DUE, k=4)
    assert RawScan.objects.count() == 30


@in_transaction
@pytest.mark.parametrize("table", ["release", "released_cell"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET brand_id = brand_id", "DELETE FROM {}"])
def test_what_was_released_cannot_be_changed(table: str, verb: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(using="measurement"),
        connections["measurement"].cursor() as cursor,
    ):
        cursor.execute(verb.format(table))


@in_transaction
def test_no_cell_is_released_twice() -> None:
    receive_crowd(30)
    close_windows(now=DUE, k=K)
    cell = ReleasedCell.objects.filter(cube="scans_by_product_day").get()
    cell.pk = uuid4()
    with pytest.raises(IntegrityError, match="released_cell_once"), transaction.atomic(using="measurement"):
        cell.save(force_insert=True)


def _fails() -> None:
    raise ConnectionError("the disk is full")


def _kills() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


#: Where a close may be interrupted: a function of the module, and whether it has already done its part.
INTERRUPTIONS = [
    pytest.param("_releases_of", False, id="before anything was decided"),
    pytest.param("_write", False, id="before the cells were written"),
    pytest.param("_write", True, id="after cells and facts were written"),
    pytest.param("destroy", True, id="after the raw facts were destroyed, before the commit"),
]


def _interrupt(
    patch: Callable[[str, object], None], where: str, *, after: bool, by: Callable[[], None]
) -> None:
    original = getattr(closing, where)

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        if after:
            original(*args, **kwargs)
        by()

    patch(where, interrupted)


@committed
@pytest.mark.parametrize(("where", "after"), INTERRUPTIONS)
def test_a_close_that_fails_leaves_the_window_as_it_was(
    monkeypatch: pytest.MonkeyPatch, where: str, after: bool
) -> None:
    receive_crowd(30)
    with monkeypatch.context() as patched:
        _interrupt(lambda name, value: patched.setattr(closing, name, value), where, after=after, by=_fails)
        with pytest.raises(ConnectionError):
            close_windows(now=DUE, k=K)
    _assert_untouched_then_closes()


@committed
@pytest.mark.parametrize(("where", "after"), INTERRUPTIONS)
def test_a_close_that_is_killed_leaves_the_window_as_it_was(where: str, after: bool) -> None:
    receive_crowd(30)
    connections["measurement"].close()  # the child must not share our connection

    def close_and_die() -> None:
        _interrupt(lambda name, value: setattr(closing, name, value), where, after=after, by=_kills)
        close_windows(now=DUE, k=K)

    child = multiprocessing.get_context("fork").Process(target=close_and_die)
    child.start()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    _assert_untouched_then_closes()


def _assert_untouched_then_closes() -> None:
    assert RawScan.objects.count() == 30
    assert Window.objects.get().key is not None
    assert not OutboxFact.objects.exists()
    assert not Release.objects.exists()
    close_windows(now=DUE, k=K)
    assert _cells("scans_by_brand_day") == {"": (30, 30)}
    assert len(_published()) == 2


@in_transaction
@pytest.mark.parametrize(("last_drawn", "hidden"), [(OATS, MILK), (MILK, OATS)])
def test_of_equals_the_lot_decides_which_is_hidden_too(
    monkeypatch: pytest.MonkeyPatch, last_drawn: str, hidden: str
) -> None:
    class Lots:
        def shuffle(self, gtins: list[str]) -> None:
            gtins.sort(key=last_drawn.__eq__)

    assert isinstance(closing._LOTS, secrets.SystemRandom)
    monkeypatch.setattr(closing, "_LOTS", Lots())
    receive_crowd(12, gtin=MILK)
    receive_crowd(12, gtin=OATS)
    receive_crowd(3, gtin=JAM)
    close_windows(now=DUE, k=K)
    assert _cells("scans_by_product_day") == {last_drawn: (12, 12), hidden: None, JAM: None}


def _in_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections["measurement"].close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@committed
def test_two_that_close_at_once_release_everything_once() -> None:
    for days in range(4):
        receive_crowd(12, at=NOON + timedelta(days=days))
    start = threading.Barrier(3)
    closed: list[date] = []

    def close() -> None:
        start.wait()
        closed.extend(window.day for window in close_windows(now=DUE + timedelta(days=3), k=K))

    for thread in [_in_thread(close) for _ in range(3)]:
        thread.join()
    assert sorted(closed) == [DAY + timedelta(days=days) for days in range(4)]
    assert Release.objects.count() == len(_published()) == 8


@committed
def test_a_close_waits_for_a_scan_that_is_being_written() -> None:
    receive_crowd(9)
    written, may_commit = threading.Event(), threading.Event()

    def consume() -> None:
        with transaction.atomic(using="measurement"):
            receive(product_scanned())
            written.set()
            may_commit.wait()

    consumer = _in_thread(consume)
    written.wait()
    closer = _in_thread(lambda: close_windows(now=DUE, k=K))
    try:
        _wait_until_somebody_waits_for_a_lock()
    finally:
        may_commit.set()
    consumer.join()
    closer.join()
    assert _cells("scans_by_brand_day") == {"": (10, 10)}


@committed
def test_a_scan_that_arrives_during_a_close_counts_in_the_next_window(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    receive_crowd(10)
    decided, may_write = threading.Event(), threading.Event()
    original = closing._write

    def slow_write(releases: Any) -> None:
        decided.set()
        may_write.wait()
        original(releases)

    monkeypatch.setattr(closing, "_write", slow_write)
    closer = _in_thread(lambda: close_windows(now=DUE, k=K))
    decided.wait()
    consumer = _in_thread(lambda: receive(product_scanned()))
    try:
        _wait_until_somebody_waits_for_a_lock()
    finally:
        may_write.set()
    closer.join()
    consumer.join()
    assert _cells("scans_by_brand_day") == {"": (10, 10)}
    assert RawScan.objects.get().window_id == DAY + timedelta(days=1)


def _wait_until_somebody_waits_for_a_lock() -> None:
    with connections["measurement"].cursor() as cursor:
        for _attempt in range(1000):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.01) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waited for a lock")
