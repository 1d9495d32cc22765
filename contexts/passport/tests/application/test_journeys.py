"""Journeys by lot as they are kept: told again, in another order, corrected, and of nobody's product."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from contexts.passport.application import journeys
from contexts.passport.application.value_history import history_of
from contexts.passport.domain.journey_events import told_by
from contexts.passport.domain.sections import Position
from contexts.passport.models import JourneyEvent, LotJourney, LotJourneyChange, OutboxFact
from contexts.passport.tests.application.sources.samples import epcis, event
from contexts.passport.tests.entries import MUESLI, muesli, stock
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2026, 5, 4, tzinfo=UTC)
BRAND, OTHER = UUID(int=7), UUID(int=8)
PACKED, SHIPPED = event("packing"), event("shipping", at="2026-03-02T08:00:00Z")
WRONG = {**SHIPPED, "errorDeclaration": {"declarationTime": "2026-03-03T00:00:00Z"}}


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stock(replace(muesli(), brand_id=BRAND))


def tell(*events: dict[str, object]) -> journeys.Kept:
    return journeys.tell(told_by(epcis(*events), today=NOW.date()), at=NOW)


def kinds() -> list[str]:
    told = journeys.journey_of_lot(gtin=MUESLI, lot="L1")
    return [step.kind.value for step in told.steps] if told else []


def test_a_later_document_may_tell_what_was_before() -> None:
    tell(SHIPPED)
    tell(PACKED)
    tell(PACKED, SHIPPED)
    assert kinds() == ["packing", "distribution"]
    assert JourneyEvent.objects.count() == 2


@pytest.mark.parametrize("documents", [(SHIPPED, WRONG), (WRONG, SHIPPED), (WRONG, SHIPPED, WRONG)])
def test_a_correction_holds_in_whatever_order_it_comes(documents: tuple[dict[str, object], ...]) -> None:
    tell(PACKED)
    for document in documents:
        tell(document)
    assert kinds() == ["packing"]


def test_where_all_was_wrong_no_journey_is_left() -> None:
    tell(SHIPPED)
    tell(WRONG)
    assert not LotJourney.objects.exists()


def test_of_a_product_that_nobody_owns_nothing_is_kept() -> None:
    other = "04006381333931"
    kept = tell(event("packing", quantityList=[{"epcClass": f"https://id.gs1.org/01/{other}/10/L1"}]))
    assert (kept.lots, kept.nobodys) == (0, frozenset({other}))
    assert not JourneyEvent.objects.exists()


def test_what_the_brand_says_of_its_lot_counts_before_the_feed() -> None:
    tell(PACKED, SHIPPED)
    with brand_scope(brand_id=BRAND, using="passport"):
        LotJourney.objects.create(
            id=uuid4(),
            brand_id=BRAND,
            gtin=MUESLI,
            lot="L1",
            steps=[{"kind": "origin", "place": "Our own field"}],
            origin="brand",
            updated_at=NOW,
        )
    assert kinds() == ["origin"]


def test_a_product_that_changes_hands_takes_its_journeys_along() -> None:
    tell(PACKED)
    stock(replace(muesli(), brand_id=OTHER))
    tell(SHIPPED)
    assert LotJourney.objects.get().brand_id == OTHER
    assert kinds() == ["packing", "distribution"]


def test_what_changes_is_told_once_and_stays_in_the_history() -> None:
    tell(SHIPPED)
    tell(SHIPPED)
    tell(WRONG, event("shipping", quantityList=[{"epcClass": f"https://id.gs1.org/01/{MUESLI}/10/L2"}]))
    facts = OutboxFact.objects.filter(type="CatalogueEntryChanged").order_by("id")
    assert [(fact.payload["changeKind"], fact.payload["dataVersion"]) for fact in facts] == [
        ("created", 1),
        ("updated", 2),
        ("updated", 3),
    ]
    assert {fact.payload["brandId"] for fact in facts} == {str(BRAND)}
    kept = LotJourneyChange.objects.order_by("data_version", "lot").values_list(
        "data_version", "lot", "steps"
    )
    assert [(version, lot, len(steps)) for version, lot, steps in kept] == [
        (2, "L1", 1),
        (3, "L1", 0),
        (3, "L2", 1),
    ]
    newest, before, first = history_of(gtin=MUESLI, most=9)
    assert [(change.lot, bool(change.before), bool(change.after)) for change in newest.changes] == [
        ("L1", True, False),
        ("L2", False, True),
    ]
    assert [change.lot for change in before.changes] == ["L1"]
    assert "names" in {change.name for change in first.changes}, "what was said before is still known"


def test_a_position_goes_all_the_way() -> None:
    tell(event("packing", readPoint={"id": "geo:54.32,10.14;u=9"}))
    told = journeys.journey_of_lot(gtin=MUESLI, lot="L1")
    assert told is not None
    assert [(step.place, step.position) for step in told.steps] == [
        ("54.32° N, 10.14° E", Position(54.32, 10.14))
    ]
