"""What arrives is kept once, for the brand that it is about and for nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from contexts.brand_analytics.models import Brand, Product, Release, ReleasedCell
from contexts.brand_analytics.tests.facts import (
    BRAND,
    JAM,
    MILK,
    OATS,
    OTHER_BRAND,
    brand_changed,
    day_released,
    fact,
    product_named,
    receive,
    released,
)
from packytrace.databases.scope import BRAND_VARIABLE, brand_scope

pytestmark = pytest.mark.django_db(databases=["brand_analytics"])
committed = pytest.mark.django_db(databases=["brand_analytics"], transaction=True)


@contextmanager
def _as(brand_id: UUID = BRAND) -> Iterator[None]:
    with brand_scope(brand_id=brand_id, using="brand_analytics"):
        yield


def _in_scope() -> str:
    with connections["brand_analytics"].cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [BRAND_VARIABLE])
        row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def test_released_cells_are_kept_as_they_are() -> None:
    receive(*day_released(total=(50, 40), products={MILK: (30, 25), OATS: None, JAM: None}))
    with _as():
        cells = ReleasedCell.objects.values_list("cube", "gtin", "scans", "people")
        assert set(cells) == {
            ("scans_by_brand_day", "", 50, 40),
            ("scans_by_product_day", MILK, 30, 25),
            ("scans_by_product_day", OATS, None, None),
            ("scans_by_product_day", JAM, None, None),
        }


def test_the_same_fact_again_changes_nothing() -> None:
    facts = (
        *day_released(total=(50, 40), products={MILK: (50, 40)}),
        product_named(MILK, "Milk"),
        brand_changed("Alpenglanz"),
    )
    receive(*facts)
    receive(*facts)
    with _as():
        assert (Release.objects.count(), ReleasedCell.objects.count()) == (2, 2)
        assert (Product.objects.count(), Brand.objects.count()) == (1, 1)


def test_a_cell_is_never_released_a_second_time() -> None:
    receive(released({MILK: (50, 40)}))
    with (
        pytest.raises(IntegrityError, match="kept_cell_once"),
        transaction.atomic(using="brand_analytics"),
    ):
        receive(released({MILK: (49, 39)}))
    with _as():
        assert ReleasedCell.objects.get().people == 40


def test_a_release_of_a_cube_that_nobody_knows_is_passed_over() -> None:
    unknown = released({MILK: (50, 40)})
    receive(
        fact("AggregateReleased", unknown.data, key=unknown.key),
        fact("RecallAnnounced", _recall(), key="x"),
    )
    later = type(unknown)(**{**vars(unknown), "data": {**unknown.data, "cube": "verdicts_by_day"}})
    receive(later)
    with _as():
        assert Release.objects.count() == 1


def _recall() -> dict[str, object]:
    from contracts.registry import contract

    example: dict[str, object] = contract(fact="RecallAnnounced").document["examples"][0]
    return example


def test_another_brand_sees_nothing() -> None:
    receive(
        *day_released(total=(50, 40), products={MILK: (50, 40)}),
        product_named(MILK, "Milk"),
        brand_changed("Alpenglanz"),
    )
    with _as(OTHER_BRAND):
        for model in (Release, ReleasedCell, Product, Brand):
            assert model.objects.count() == 0


def test_outside_any_scope_nothing_is_visible() -> None:
    receive(*day_released(total=(50, 40)))
    for model in (Release, ReleasedCell, Product, Brand):
        assert model.objects.count() == 0


def test_a_row_of_another_brand_cannot_be_written() -> None:
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(using="brand_analytics"),
        _as(OTHER_BRAND),
    ):
        Release.objects.create(id=BRAND, brand_id=BRAND, cube="x", day="2025-03-14", k=10)


@pytest.mark.parametrize("table", ["release", "released_cell"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET day = day", "DELETE FROM {}"])
def test_what_was_released_cannot_be_changed(table: str, verb: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(using="brand_analytics"),
        _as(),
        connections["brand_analytics"].cursor() as cursor,
    ):
        cursor.execute(verb.format(table))


def test_the_scope_of_one_fact_does_not_reach_the_next() -> None:
    receive(brand_changed("Alpenglanz"))
    assert _in_scope() == ""
    with _as(OTHER_BRAND):
        receive(brand_changed("Alpenglanz", brand_id=BRAND))
        assert _in_scope() == str(OTHER_BRAND)
    assert _in_scope() == ""


def test_the_scope_of_a_fact_that_fails_does_not_reach_the_next() -> None:
    receive(released({MILK: (50, 40)}))
    with pytest.raises(IntegrityError), transaction.atomic(using="brand_analytics"):
        receive(released({MILK: (50, 40)}))
    assert _in_scope() == ""


@committed
def test_the_scope_ends_with_its_transaction() -> None:
    with _as():
        assert _in_scope() == str(BRAND)
    assert _in_scope() == ""


def test_a_later_name_wins_whichever_comes_first() -> None:
    receive(product_named(MILK, "New milk", version=3), product_named(MILK, "Old milk", version=2))
    with _as():
        assert Product.objects.get().name == "New milk"


def test_a_product_that_changes_hands_keeps_its_name_with_the_old_brand() -> None:
    receive(product_named(MILK, "Milk"), product_named(MILK, "Their milk", brand_id=OTHER_BRAND, version=2))
    with _as():
        assert Product.objects.get().name == "Milk"
    with _as(OTHER_BRAND):
        assert Product.objects.get().name == "Their milk"


def test_products_of_no_tenant_and_without_a_name() -> None:
    receive(product_named(MILK, "Milk", brand_id=None), product_named(OATS, None))
    with _as():
        product = Product.objects.get()
        assert (product.gtin, product.name) == (OATS, "")


def test_a_later_change_of_a_brand_wins_whichever_comes_first() -> None:
    receive(
        brand_changed("New", at="2025-03-01T08:00:00+00:00", status="suspended"),
        brand_changed("Old", at="2025-02-01T08:00:00+00:00"),
    )
    with _as():
        brand = Brand.objects.get()
        assert (brand.name, brand.is_active) == ("New", False)
