"""Journeys by lot as they are kept: told again, in another order, corrected, and of nobody's product."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from contexts.passport.application import journeys
from contexts.passport.domain.journey_events import told_by
from contexts.passport.models import JourneyEvent, LotJourney
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
    return journeys.tell(told_by(epcis(*events)), at=NOW)


def kinds() -> list[str]:
    return [step.kind.value for step in journeys.journey_of_lot(gtin=MUESLI, lot="L1")]


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
