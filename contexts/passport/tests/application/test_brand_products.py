"""What a brand says of its own products: drafts, published labels, their history, and who may."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from contexts.passport.application import brand_links, brand_products, company_prefixes, recalls
from contexts.passport.application.brand_links import Draft, Editor
from contexts.passport.application.brand_products import Speaker
from contexts.passport.application.catalogue import find_entry
from contexts.passport.application.errors import (
    EditionNotFound,
    LabelNotAccepted,
    ProductChanged,
    ProductNotRemovable,
    ProductNotYours,
)
from contexts.passport.domain.recalls import Reason, Recall
from contexts.passport.models import BrandProduct, LabelEdition, OutboxFact
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
OURS = Speaker(id=UUID(int=0xA), name="Alpenglanz")
THEIRS = Speaker(id=UUID(int=0xB), name="Ostwind")
MILK, OATS = "09521001000017", "09521001000024"
LABEL: dict[str, Any] = {
    "language": "de",
    "names": {"de": "Bergmilch"},
    "ingredients": {"de": "Milch"},
    "allergens": ["milk"],
}


@pytest.fixture(autouse=True)
def _two_products() -> None:
    company_prefixes.ensure_confirmed(brand_id=OURS.id, brand_name=OURS.name, prefix="9521001", now=NOW)
    for gtin in (MILK, OATS):
        brand_products.add_product(brand_id=OURS.id, gtin=gtin, now=NOW)


def publish(document: dict[str, Any], *, revision: int, at: datetime = NOW) -> brand_products.OwnProduct:
    return brand_products.publish(speaker=OURS, gtin=MILK, document=document, revision=revision, now=at)


def test_a_published_label_stands_in_the_catalogue_and_is_told() -> None:
    product = publish(LABEL, revision=1)
    assert (product.edition, product.revision, product.name) == (1, 2, "Bergmilch")
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.name == "Bergmilch"
    assert (stored.entry.brand_name, stored.entry.brand_id) == ("Alpenglanz", OURS.id)
    assert stored.entry.is_verified
    assert not stored.entry.unsourced()
    assert list(OutboxFact.objects.values_list("type", "aggregate_id")) == [("CatalogueEntryChanged", MILK)]


def test_the_same_again_is_no_new_edition_and_no_new_fact() -> None:
    publish(LABEL, revision=1)
    product = publish(LABEL, revision=2, at=NOW + timedelta(days=1))
    assert (product.edition, product.published_at) == (1, NOW)
    assert OutboxFact.objects.count() == 1


def test_a_draft_is_kept_whatever_is_wrong_with_it_and_nobody_sees_it() -> None:
    draft = {**LABEL, "names": {"de": "Bergmilch neu\0"}, "allergens": []}
    product = brand_products.save_draft(brand_id=OURS.id, gtin=MILK, document=draft, revision=1, now=NOW)
    assert product.draft is not None
    assert product.draft["names"] == {"de": "Bergmilch neu"}
    assert product.name == "Bergmilch neu"
    assert find_entry(gtin=MILK) is None
    with pytest.raises(LabelNotAccepted, match=r"allergens\.milk: The ingredients name it"):
        publish(draft, revision=2)
    assert brand_products.product_of(brand_id=OURS.id, gtin=MILK).revision == 2
    product = brand_products.save_draft(brand_id=OURS.id, gtin=MILK, document=None, revision=2, now=NOW)
    assert product.draft is None


def test_of_two_who_change_one_product_the_second_looks_again() -> None:
    publish(LABEL, revision=1)
    with pytest.raises(ProductChanged):
        publish({**LABEL, "names": {"de": "Anders"}}, revision=1)
    with pytest.raises(ProductChanged):
        brand_products.save_draft(brand_id=OURS.id, gtin=MILK, document=LABEL, revision=1, now=NOW)
    assert OutboxFact.objects.count() == 1


def test_an_earlier_label_is_published_again() -> None:
    publish(LABEL, revision=1)
    publish({**LABEL, "names": {"de": "Almmilch"}}, revision=2)
    product = brand_products.restore(speaker=OURS, gtin=MILK, number=1, revision=3, now=NOW)
    assert (product.name, product.edition) == ("Bergmilch", 3)
    told = brand_products.editions_of(brand_id=OURS.id, gtin=MILK)
    assert [(one.number, one.restores, one.label["names"]["de"]) for one in told] == [
        (3, 1, "Bergmilch"),
        (2, None, "Almmilch"),
        (1, None, "Bergmilch"),
    ]
    with pytest.raises(EditionNotFound):
        brand_products.restore(speaker=OURS, gtin=MILK, number=9, revision=4, now=NOW)


def test_a_preview_shows_what_would_be_and_changes_nothing() -> None:
    publish(LABEL, revision=1)
    document = {**LABEL, "names": {"de": "Almmilch"}}
    shown = brand_products.as_shoppers_would_see(speaker=OURS, gtin=MILK, document=document, now=NOW)
    assert shown.entry.name == "Almmilch"
    stored = find_entry(gtin=MILK)
    assert stored is not None
    assert stored.entry.name == "Bergmilch"
    assert OutboxFact.objects.count() == 1


def test_products_are_found_by_words_and_digits_page_by_page() -> None:
    publish({**LABEL, "names": {"de": "Crème brûlée"}}, revision=1)
    for query, found in (("creme BRU", [MILK]), ("1000024", [OATS]), ("", [MILK, OATS]), ("bru 24", [])):
        page = brand_products.products_of(brand_id=OURS.id, query=query, most=10)
        assert [product.gtin for product in page.products] == found
    first = brand_products.products_of(brand_id=OURS.id, most=1)
    assert ([one.gtin for one in first.products], first.next, first.total) == ([MILK], MILK, 2)
    second = brand_products.products_of(brand_id=OURS.id, after=MILK, most=1)
    assert ([one.gtin for one in second.products], second.next) == ([OATS], None)


def test_another_brand_sees_and_changes_nothing_of_it() -> None:
    publish(LABEL, revision=1)
    assert brand_products.products_of(brand_id=THEIRS.id, most=10).total == 0
    for refused in (
        lambda: brand_products.product_of(brand_id=THEIRS.id, gtin=MILK),
        lambda: brand_products.editions_of(brand_id=THEIRS.id, gtin=MILK),
        lambda: brand_products.publish(speaker=THEIRS, gtin=MILK, document=LABEL, revision=2, now=NOW),
        lambda: brand_products.save_draft(brand_id=THEIRS.id, gtin=MILK, document=LABEL, revision=2, now=NOW),
        lambda: brand_products.restore(speaker=THEIRS, gtin=MILK, number=1, revision=2, now=NOW),
        lambda: brand_products.as_shoppers_would_see(speaker=THEIRS, gtin=MILK, document=LABEL, now=NOW),
    ):
        with pytest.raises(ProductNotYours):
            refused()


def test_a_product_that_shoppers_heard_nothing_of_can_go() -> None:
    brand_products.save_draft(brand_id=OURS.id, gtin=MILK, document=LABEL, revision=1, now=NOW)
    with pytest.raises(ProductNotYours):
        brand_products.remove_product(brand_id=THEIRS.id, gtin=MILK, revision=2)
    with pytest.raises(ProductChanged):
        brand_products.remove_product(brand_id=OURS.id, gtin=MILK, revision=1)
    brand_products.remove_product(brand_id=OURS.id, gtin=MILK, revision=2)
    with pytest.raises(ProductNotYours):
        brand_products.product_of(brand_id=OURS.id, gtin=MILK)
    assert brand_products.add_product(brand_id=OURS.id, gtin=MILK, now=NOW)
    assert brand_products.product_of(brand_id=OURS.id, gtin=MILK).draft is None


def _publish() -> None:
    publish(LABEL, revision=1)


def _link() -> None:
    draft = Draft(gtin=MILK, link_type="pip", href="https://example.com/milk", title="Milk")
    brand_links.add(editor=Editor(brand_id=OURS.id, account_id=UUID(int=1)), draft=draft, now=NOW)


def _recall() -> None:
    """By the operators, and taken back."""
    recall = Recall(gtin=MILK, lots=(), serial_from="", serial_to="", reason=Reason.OTHER, text="Stop.")
    recalls.withdraw(recall_id=recalls.announce(recall=recall, now=NOW).recall_id, now=NOW)


@pytest.mark.parametrize(
    ("told", "why"), [(_publish, "was published"), (_link, "remove its links"), (_recall, "called back")]
)
def test_a_product_that_shoppers_heard_of_stays(told: Callable[[], None], why: str) -> None:
    told()
    revision = brand_products.product_of(brand_id=OURS.id, gtin=MILK).revision
    with pytest.raises(ProductNotRemovable, match=why):
        brand_products.remove_product(brand_id=OURS.id, gtin=MILK, revision=revision)
    brand_products.product_of(brand_id=OURS.id, gtin=MILK)


def test_the_database_keeps_a_brands_labels_to_itself() -> None:
    publish(LABEL, revision=1)
    for model in (BrandProduct, LabelEdition):
        assert not model.objects.exists(), "outside of any scope"
        with brand_scope(brand_id=THEIRS.id, using="passport"):
            assert not model.objects.exists()
