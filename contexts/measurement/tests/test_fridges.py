"""What is stored and finished in fridges: counted once, as nobody, released once, and forgotten."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections, transaction
from structlog.testing import capture_logs

from contexts.measurement.application import progress, replaying, retention
from contexts.measurement.application.closing import close_windows
from contexts.measurement.application.errors import AlreadyReleased
from contexts.measurement.facts import CONSUMERS
from contexts.measurement.models import (
    ErasedPerson,
    OutboxFact,
    RawFinished,
    RawStored,
    ReleasedCell,
    Week,
    Window,
)
from contexts.measurement.tests.scans import BRAND, JAM, MILK, NOON, OATS, receive, receive_crowd
from contracts.registry import contract
from packytrace.facts.fact import Fact

pytestmark = pytest.mark.django_db(databases=["measurement"])

K = 10
FRIDAY, MONDAY = date(2025, 3, 14), date(2025, 3, 10)
DUE = datetime(2025, 3, 15, 2, tzinfo=UTC)
WEEK_DUE = datetime(2025, 3, 17, 2, tzinfo=UTC)


def _fact(kind: str, data: dict[str, Any], *, gtin: str, holder: UUID, brand_id: UUID | None) -> Fact:
    fact_id = uuid4()
    if kind == "HolderForgotten":
        return Fact(
            id=uuid4(),
            type=kind,
            version=1,
            context="fridge",
            key=str(holder),
            occurred_at=NOON,
            correlation_id=None,
            data={"holderRef": str(holder)},
        )
    brand = {"brandId": str(brand_id)} if brand_id else {}
    payload = {"itemFactId": str(fact_id), "holderRef": str(holder), "gtin": gtin, **brand, **data}
    contract(fact=kind).check_written(payload)
    return Fact(
        id=uuid4(),
        type=kind,
        version=1,
        context="fridge",
        key=str(fact_id),
        occurred_at=NOON,
        correlation_id=None,
        data=payload,
    )


def stored(
    holder: UUID,
    *,
    gtin: str = MILK,
    on: date = FRIDAY,
    brand_id: UUID | None = BRAND,
    packs: int | None = None,
) -> Fact:
    data = {"storedOn": on.isoformat(), **({} if packs is None else {"packs": packs})}
    return _fact("ItemStored", data, gtin=gtin, holder=holder, brand_id=brand_id)


def finished(
    holder: UUID,
    *,
    outcome: str = "used",
    tenths: int = 10,
    gtin: str = MILK,
    on: date = FRIDAY,
    brand_id: UUID | None = BRAND,
    packs: int | None = None,
) -> Fact:
    reason = {"reasonGroup": "too_late"} if outcome == "wasted" else {}
    data = {"finishedOn": on.isoformat(), "outcome": outcome, "shareTenths": tenths, "daysHeld": 2, **reason}
    data |= {} if packs is None else {"packs": packs}
    return _fact("ItemFinished", data, gtin=gtin, holder=holder, brand_id=brand_id)


def holders(count: int) -> list[UUID]:
    return [uuid4() for _ in range(count)]


def cells(cube: str) -> dict[tuple[str, str], tuple[int, int] | None]:
    return {
        (row.gtin, row.outcome): None if row.items is None or row.people is None else (row.items, row.people)
        for row in ReleasedCell.objects.filter(cube=cube)
    }


def published(cube: str) -> list[dict[str, Any]]:
    payloads = [fact.payload for fact in OutboxFact.objects.order_by("id") if fact.payload["cube"] == cube]
    for payload in payloads:
        contract(fact="AggregateReleased").check_written(payload)
    return payloads


def receive_all(facts: Iterable[Fact]) -> None:
    receive(*facts)


def test_what_was_stored_is_released_with_its_day() -> None:
    crowd = holders(10)
    receive_all(stored(holder) for holder in crowd)
    receive_all(stored(crowd[0]) for _ in range(40))
    receive_all(stored(holder, gtin=OATS) for holder in holders(9))
    (closed,) = close_windows(now=DUE, k=K)
    assert (closed.day, closed.days, closed.brands) == (FRIDAY, 1, 1)
    assert cells("stored_by_product_day") == {(MILK, ""): (14, 10), (OATS, ""): None}
    (release,) = published("stored_by_product_day")
    assert (release["windowStart"][:10], release["windowEnd"][:10]) == ("2025-03-14", "2025-03-15")
    assert not RawStored.objects.exists()
    assert Window.objects.get().key is None
    assert close_windows(now=DUE, k=K) == []


def test_packs_are_counted_whatever_item_they_were_in() -> None:
    crowd = holders(12)
    receive_all(stored(holder, packs=3) for holder in crowd)
    receive_all(finished(holder, packs=2) for holder in crowd)
    receive_all(finished(holder) for holder in crowd)
    receive_all([stored(crowd[0], packs=1000), finished(crowd[0], packs=1000)])
    receive_all(finished(holder, outcome="given", packs=4, tenths=5) for holder in crowd)
    assert RawStored.objects.count() == 12 * 3 + 5, "no more is kept of one fact than can count"
    close_windows(now=WEEK_DUE, k=K)
    assert cells("stored_by_product_day") == {(MILK, ""): (11 * 3 + 5, 12)}
    assert cells("finished_by_product_week") == {(MILK, "used"): (11 * 3 + 5, 12), (MILK, "given"): (24, 12)}


def test_what_became_of_it_is_released_with_its_week() -> None:
    crowd = holders(12)
    receive_all(finished(holder, tenths=4) for holder in crowd)
    receive_all(
        finished(holder, tenths=6, outcome="wasted", on=FRIDAY + timedelta(days=2)) for holder in crowd
    )
    receive_all(finished(crowd[0], tenths=10, outcome="wasted", on=MONDAY) for _ in range(30))
    assert close_windows(now=WEEK_DUE - timedelta(seconds=1), k=K) == []
    (closed,) = close_windows(now=WEEK_DUE, k=K)
    assert (closed.day, closed.days, closed.cells_shown, closed.cells_hidden) == (MONDAY, 7, 2, 0)
    # 12 times 0.4; 11 times 0.6 and the most that counts of one household.
    assert cells("finished_by_product_week") == {(MILK, "used"): (5, 12), (MILK, "wasted"): (12, 12)}
    (release,) = published("finished_by_product_week")
    assert (release["windowStart"][:10], release["windowEnd"][:10]) == ("2025-03-10", "2025-03-17")
    assert not RawFinished.objects.exists()
    assert Week.objects.get().key is None


def test_one_outcome_with_few_households_hides_them_all_and_which_it_was() -> None:
    receive_all(finished(holder) for holder in holders(30))
    receive_all(finished(holder, outcome="given") for holder in holders(1))
    receive_all(finished(holder, gtin=OATS) for holder in holders(10))
    receive_all(finished(holder, gtin=JAM, tenths=0) for holder in holders(10))
    close_windows(now=WEEK_DUE, k=K)
    assert cells("finished_by_product_week") == {
        (MILK, "used"): None,
        (MILK, "wasted"): None,
        (MILK, "given"): None,
        (OATS, "used"): (10, 10),
        (JAM, "used"): (0, 10),
    }
    (release,) = published("finished_by_product_week")
    assert {cell["status"] for cell in release["cells"] if cell["gtin"] == MILK} == {"suppressed"}


def test_without_a_fridge_nothing_is_said_of_fridges() -> None:
    receive_crowd(30)
    close_windows(now=WEEK_DUE, k=K)
    assert {fact.payload["cube"] for fact in OutboxFact.objects.all()} == {
        "scans_by_brand_day",
        "scans_by_product_day",
    }


def test_a_product_of_no_tenant_is_nobodys() -> None:
    receive_all([stored(uuid4(), brand_id=None), finished(uuid4(), brand_id=None)])
    assert not RawStored.objects.exists()
    assert not RawFinished.objects.exists()
    assert not Window.objects.exists()


def test_nothing_of_a_holder_or_a_fact_is_kept() -> None:
    holder = uuid4()
    receive_all([stored(holder), finished(holder)])
    kept = str([*RawStored.objects.values(), *RawFinished.objects.values()])
    assert str(holder) not in kept
    assert holder.bytes not in {bytes(row.pseudonym) for row in RawStored.objects.all()}


def test_a_holder_who_may_not_be_counted_any_more_is_forgotten_in_every_open_window() -> None:
    gone, other = uuid4(), uuid4()
    on_its_way = stored(gone, gtin=OATS)
    receive_all([stored(gone), finished(gone), stored(other), finished(other, outcome="given")])
    forgotten = _fact("HolderForgotten", {}, gtin="", holder=gone, brand_id=None)
    receive_all([forgotten, forgotten, on_its_way, finished(gone)])
    assert RawStored.objects.count() == RawFinished.objects.count() == 1
    assert RawFinished.objects.get().outcome == "given"


def test_what_comes_after_the_close_counts_nowhere() -> None:
    """In another window the household is another holder, and would be two."""
    receive_all(stored(holder) for holder in holders(10))
    receive_all(finished(holder) for holder in holders(10))
    close_windows(now=WEEK_DUE, k=K)
    with capture_logs() as logs:
        receive_all([stored(uuid4()), finished(uuid4()), stored(uuid4(), on=FRIDAY - timedelta(days=3))])
    assert [log["event"] for log in logs] == ["item_fact_discarded"] * 3
    assert not RawStored.objects.exists()
    assert not RawFinished.objects.exists()
    assert Window.objects.filter(closed_at=None).count() == 0


def test_raw_facts_live_14_days_at_most() -> None:
    receive_all([stored(uuid4()), finished(uuid4())])
    fortnight = timedelta(days=14)
    assert retention.purge(now=datetime(2025, 3, 10, tzinfo=UTC) + fortnight - timedelta(seconds=1)) == 0
    assert retention.purge(now=datetime(2025, 3, 10, tzinfo=UTC) + fortnight) == 1
    assert not RawFinished.objects.exists()
    assert retention.purge(now=datetime(2025, 3, 14, tzinfo=UTC) + fortnight) == 1
    assert not RawStored.objects.exists()


def test_a_week_that_nobody_closes_is_overdue() -> None:
    receive_all([finished(uuid4())])
    assert progress.oldest_overdue_day(now=WEEK_DUE) is None
    assert progress.oldest_overdue_day(now=WEEK_DUE + timedelta(hours=1)) == MONDAY


def test_starting_over_forgets_it_and_is_refused_after_a_release() -> None:
    receive_all([stored(uuid4()), finished(uuid4())])
    replaying.start_over()
    assert not RawStored.objects.exists()
    assert not RawFinished.objects.exists()
    receive_all([finished(uuid4())])
    close_windows(now=WEEK_DUE, k=K)
    with pytest.raises(AlreadyReleased):
        replaying.start_over()


@pytest.mark.django_db(databases=["measurement"], transaction=True)
def test_a_holder_that_is_forgotten_while_a_fact_comes_in_leaves_nothing() -> None:
    (gone,) = holders(1)
    forgotten = _fact("HolderForgotten", {}, gtin="", holder=gone, brand_id=None)

    def forget() -> None:
        try:
            receive(forgotten)
        finally:
            connections["measurement"].close()

    for fact in (stored(gone), finished(gone)):
        with ThreadPoolExecutor(1) as elsewhere:
            with transaction.atomic(using="measurement"):
                CONSUMERS[0].handle(fact)
                forgetting = elsewhere.submit(forget)
                wait([forgetting], timeout=0.5)
            forgetting.result(timeout=30)
        assert not RawStored.objects.exists()
        assert not RawFinished.objects.exists()
        ErasedPerson.objects.all().delete()
