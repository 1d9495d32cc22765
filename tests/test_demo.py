"""The demo takes the whole line: scan, outbox, relay, log, window, released cells, log, brand analytics."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from contexts.brand_analytics.application.insights import insights
from contexts.brand_analytics.domain.insights import DayState
from contexts.fridge.application import households, reading, rebuilding
from contexts.fridge.domain.freshness import State
from contexts.fridge.models import FridgeEvent, Item, Member
from contexts.identity.application.demo import DEMO_BRANDS, demo_brand_id
from contexts.measurement.domain.disclosure import SCANS_COUNTED
from contexts.measurement.models import RawScan, Window
from contexts.passport.demo import shoppers
from contexts.passport.models import CatalogueEntry, Scan
from packytrace import wiring
from packytrace.databases import roles
from packytrace.management.commands import demo

pytestmark = pytest.mark.django_db(databases=list(roles.CONTEXTS), transaction=True)


@pytest.fixture(autouse=True)
def _short_history(monkeypatch: pytest.MonkeyPatch) -> None:
    shorten_history(monkeypatch)


def shorten_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two weeks, and so few shoppers that some days are hidden and some shown."""
    monkeypatch.setattr(demo, "DAYS", 14)
    monkeypatch.setattr(shoppers, "_VISITS", 60)


def _demo(**options: object) -> str:
    out = StringIO()
    call_command("demo", stdout=out, **options)
    return out.getvalue()


def _true_people_and_scans(brand_id: UUID) -> dict[date, tuple[int, int]]:
    """Counted from the scans themselves, with nothing hidden."""
    gtins = set(CatalogueEntry.objects.filter(brand_id=brand_id).values_list("gtin", flat=True))
    counts: dict[date, dict[tuple[UUID, str], int]] = defaultdict(lambda: defaultdict(int))
    for gtin, visitor, at in Scan.objects.values_list("gtin", "visitor_id", "scanned_at"):
        if gtin in gtins:
            counts[at.date()][visitor, gtin] += 1
    return {
        day: (
            len({visitor for visitor, _ in scans}),
            sum(min(count, SCANS_COUNTED) for count in scans.values()),
        )
        for day, scans in counts.items()
    }


def _released() -> dict[str, object]:
    return {slug: insights(brand_id=demo_brand_id(slug), days=28) for slug in DEMO_BRANDS}


def test_what_a_brand_sees_is_what_was_scanned_and_a_second_run_adds_nothing() -> None:
    said = _demo()
    first = timezone.now().date() - timedelta(days=14)
    assert f"{Scan.objects.count()} scans from {first} on" in said
    states, shares = set(), list[float]()
    for slug, name in DEMO_BRANDS.items():
        seen = insights(brand_id=demo_brand_id(slug), days=28)
        truth = _true_people_and_scans(demo_brand_id(slug))
        assert seen.brand_name == name
        assert seen.has_numbers
        assert [day.day for day in seen.course.days] == [first + timedelta(days=n) for n in range(14)]
        for day in seen.course.days:
            states.add(day.state)
            if day.state is DayState.SHOWN:
                assert (day.people, day.scans) == truth[day.day]
            else:
                assert (day.state, truth[day.day][0] < 10) == (DayState.HIDDEN, True)
        assert all(product.name for product in seen.products)
        assert seen.hidden_share is not None
        shares.append(seen.hidden_share)
    assert states == {DayState.SHOWN, DayState.HIDDEN}
    # With so few shoppers a brand may have a fortnight in which no product is scanned by enough of them.
    assert 0 < min(shares) < 1
    assert not RawScan.objects.exists()
    assert not Window.objects.exclude(key=None).exists()
    scans, released = Scan.objects.count(), _released()
    assert _demo() == "The demo's history is complete.\n"
    assert (Scan.objects.count(), _released()) == (scans, released)


@pytest.mark.parametrize("stops_before", ["scans of day 9", "first close", "second close"])
def test_a_run_that_was_interrupted_goes_on(monkeypatch: pytest.MonkeyPatch, stops_before: str) -> None:
    original_days, original_close = wiring.scan_demo_days, wiring.close_windows_up_to
    closes: list[date] = []

    def scan(*, start: date, days: int) -> Iterator[object]:
        for number, day in enumerate(original_days(start=start, days=days)):
            yield day
            if (number, stops_before) == (8, "scans of day 9"):
                raise KeyboardInterrupt

    def close(day: date) -> None:
        closes.append(day)
        if (len(closes), stops_before) in {(1, "first close"), (2, "second close")}:
            raise KeyboardInterrupt
        original_close(day)

    with monkeypatch.context() as patched:
        patched.setattr(wiring, "scan_demo_days", scan)
        patched.setattr(wiring, "close_windows_up_to", close)
        with pytest.raises(KeyboardInterrupt):
            _demo(verbosity=0)
    assert _demo(verbosity=0) == ""
    for slug in DEMO_BRANDS:
        truth = _true_people_and_scans(demo_brand_id(slug))
        seen = insights(brand_id=demo_brand_id(slug), days=28).course
        assert len(seen.days) == len(truth) == 14
        assert all((day.people, day.scans) == truth[day.day] for day in seen.shown)
    assert _demo() == "The demo's history is complete.\n"


def test_no_history_beside_numbers_that_are_released() -> None:
    released = timezone.now().date() - timedelta(days=3)
    Window.objects.create(day=released, closed_at=datetime.now(UTC))
    assert _demo() == f"No history is made: numbers are released up to {released} and never change.\n"
    assert not Scan.objects.exists()


def test_the_catalogue_alone() -> None:
    assert _demo(catalogue_only=True) == "The demo catalogue is loaded.\n"
    assert CatalogueEntry.objects.count() == 20
    assert not Scan.objects.exists()


def test_facts_that_do_not_arrive_end_the_run_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "PATIENCE", 0.0)
    with pytest.raises(CommandError, match=r"still facts in .*Run `manage.py demo` again"):
        _demo(verbosity=0)


def test_the_demo_has_a_fridge_that_two_share_and_fills_it_once() -> None:
    now = timezone.now()
    wiring.load_demo_catalogue(now=now)
    wiring.fill_demo_fridge(now=now)
    owner, luca = Member.objects.order_by("-role")
    assert (owner.name, luca.name, owner.household_id) == ("Sara", "Luca", luca.household_id)
    member = households.of(account_id=luca.account_id, now=now)
    found = {state for state in State if reading.fridge_page(member=member, now=now, state=state).items}
    assert found == set(State)
    summary = rebuilding.check(on_progress=lambda _: None)
    assert (summary.items, summary.differences) == (Item.objects.count(), 0)
    before = FridgeEvent.objects.count()
    wiring.fill_demo_fridge(now=now + timedelta(days=3))
    assert FridgeEvent.objects.count() == before
