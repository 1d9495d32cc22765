"""Loading the demo catalogue."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from contexts.passport.application.catalogue import Fate, find_entry
from contexts.passport.application.demo_catalogue import PRODUCTS, load_demo_catalogue
from contexts.passport.demo import BRANDS
from contexts.passport.demo.journeys import journey_as_of, located
from contexts.passport.domain.catalogue import Source
from contexts.passport.domain.precedence import Origin
from contexts.passport.models import CatalogueEntry, OutboxFact
from contexts.passport.tests.entries import stock, water

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BRAND_IDS: dict[str, UUID] = {slug: uuid4() for slug in BRANDS}


def test_everything_is_marked_as_demo_and_belongs_to_its_brand() -> None:
    written = load_demo_catalogue(brand_ids=BRAND_IDS, now=NOW)
    assert {one.fate for one in written} == {Fate.CREATED}
    assert CatalogueEntry.objects.filter(is_demo=True).count() == len(PRODUCTS)
    for product in PRODUCTS:
        stored = find_entry(gtin=product.gtin)
        assert stored is not None
        assert stored.entry.brand_id == BRAND_IDS[product.brand]
        assert stored.entry.brand_name == BRANDS[product.brand]
        assert stored.entry.label == product.label
        assert stored.entry.journey == located(journey_as_of(product, day=NOW.date()))
        assert stored.entry.eco == product.eco
        assert stored.entry.unsourced() == frozenset()


def test_loading_again_changes_nothing() -> None:
    load_demo_catalogue(brand_ids=BRAND_IDS, now=NOW)
    again = load_demo_catalogue(brand_ids=BRAND_IDS, now=NOW + timedelta(days=3))
    assert {one.fate for one in again} == {Fate.UNCHANGED}
    assert set(CatalogueEntry.objects.values_list("data_version", flat=True)) == {1}
    assert OutboxFact.objects.count() == len(PRODUCTS)


def test_another_content_is_written_once_and_told_as_of_the_first_day() -> None:
    load_demo_catalogue(brand_ids=BRAND_IDS, now=NOW)
    for row in CatalogueEntry.objects.all():
        row.contributions["demo"]["said"]["operator"] = "of an earlier version"
        row.save()
    for days, fate in ((200, Fate.CHANGED), (400, Fate.UNCHANGED)):
        again = load_demo_catalogue(brand_ids=BRAND_IDS, now=NOW + timedelta(days=days))
        assert {one.fate for one in again} == {fate}
    stored = find_entry(gtin=PRODUCTS[1].gtin)
    assert stored is not None
    assert stored.entry.journey == located(journey_as_of(PRODUCTS[1], day=NOW.date()))


def test_what_a_brand_says_itself_stands_before_the_demo() -> None:
    load_demo_catalogue(brand_ids=BRAND_IDS, now=NOW)
    product = PRODUCTS[0]
    own = Source(name="© The brand", licence="", fields=("names",), fetched=NOW.date(), verified=True)
    stock(water(gtin=product.gtin, sources=(own,)), origin=Origin.PRODUCER_FILE)
    again = load_demo_catalogue(brand_ids=BRAND_IDS, now=NOW + timedelta(days=200))
    assert {one.fate for one in again} == {Fate.UNCHANGED}
    stored = find_entry(gtin=product.gtin)
    assert stored is not None
    assert (stored.entry.name, stored.entry.is_demo) == ("Water", True)
    said = {name: source.name for source in stored.entry.sources for name in source.fields}
    assert (said["names"], said["journey"], said["eco"]) == (
        "© The brand",
        *["PackyTrace demo catalogue"] * 2,
    )


def test_a_brand_without_an_id_is_named() -> None:
    with pytest.raises(KeyError, match="nordkorn"):
        load_demo_catalogue(brand_ids={"alpenhof": uuid4(), "campo-vivo": uuid4()}, now=NOW)
    assert not CatalogueEntry.objects.exists()
