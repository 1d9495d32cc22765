"""A brand changes in one transaction with the fact that tells of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from django.db import connections

from contexts.identity.application import brands
from contexts.identity.application.demo import DEMO_BRANDS, ensure_demo_brand_user, ensure_demo_brands
from contexts.identity.application.errors import InvalidBrandName, InvalidBrandSlug, SlugTaken, UnknownBrand
from contexts.identity.models import Account, Brand, BrandUser, OutboxFact
from contracts.registry import contract

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
AT_ONCE = 6


def _told() -> list[tuple[str, str]]:
    return [(f.payload["name"], f.payload["status"]) for f in OutboxFact.objects.order_by("id")]


@pytest.mark.django_db(databases=["identity"])
class TestBrands:
    def test_registering_tells_a_fact_that_its_contract_accepts(self) -> None:
        local = NOW.astimezone(timezone(timedelta(hours=2)))
        brand_id = brands.register_brand(slug="nordkorn", name="  Nordkorn ", at=local)
        fact = OutboxFact.objects.get()
        assert (fact.type, fact.aggregate_id, fact.occurred_at) == ("BrandChanged", str(brand_id), NOW)
        assert fact.payload == {
            "brandId": str(brand_id),
            "name": "Nordkorn",
            "slug": "nordkorn",
            "status": "active",
            "changedAt": "2026-03-01T09:30:00+00:00",
        }
        contract(fact="BrandChanged").check_written(fact.payload)

    def test_each_change_tells_how_the_brand_is_now(self) -> None:
        brand_id = brands.register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        brands.rename_brand(brand_id=brand_id, name="Nordkorn AG", at=NOW)
        brands.suspend_brand(brand_id=brand_id, at=NOW)
        brands.reinstate_brand(brand_id=brand_id, at=NOW)
        assert _told() == [
            ("Nordkorn", "active"),
            ("Nordkorn AG", "active"),
            ("Nordkorn AG", "suspended"),
            ("Nordkorn AG", "active"),
        ]

    def test_what_is_so_already_is_not_told_again(self) -> None:
        brand_id = brands.register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        brands.rename_brand(brand_id=brand_id, name=" Nordkorn", at=NOW)
        brands.reinstate_brand(brand_id=brand_id, at=NOW)
        assert len(_told()) == 1

    def test_a_slug_is_taken_once(self) -> None:
        brands.register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
        with pytest.raises(SlugTaken):
            brands.register_brand(slug="nordkorn", name="Another", at=NOW)
        assert _told() == [("Nordkorn", "active")]

    def test_refusals_leave_nothing_behind(self) -> None:
        with pytest.raises(InvalidBrandName):
            brands.register_brand(slug="x", name=" ", at=NOW)
        with pytest.raises(InvalidBrandSlug):
            brands.register_brand(slug="Nord Korn", name="Nordkorn", at=NOW)
        with pytest.raises(UnknownBrand):
            brands.rename_brand(brand_id=uuid4(), name="Nobody", at=NOW)
        with pytest.raises(UnknownBrand):
            brands.suspend_brand(brand_id=uuid4(), at=NOW)
        with pytest.raises(UnknownBrand):
            brands.brand_with_slug(slug="nobody")
        assert not Brand.objects.exists()
        assert not OutboxFact.objects.exists()


@pytest.mark.django_db(databases=["identity"])
class TestDemo:
    def test_two_runs_make_the_same_brands_once(self) -> None:
        assert ensure_demo_brands(at=NOW) == ensure_demo_brands(at=NOW)
        assert {b.slug: b.name for b in Brand.objects.all()} == DEMO_BRANDS
        assert len(_told()) == len(DEMO_BRANDS)

    def test_a_demo_person_works_for_the_brand_from_the_start(self) -> None:
        ids = ensure_demo_brands(at=NOW)
        for _run in range(2):
            ensure_demo_brand_user(
                issuer="https://id.example", subject="s", display_name="Marco", slug="nordkorn"
            )
        assert BrandUser.objects.get().brand_id == ids["nordkorn"]
        assert Account.objects.get().roles == ["brand_user"]


@pytest.mark.django_db(databases=["identity"], transaction=True)
def test_changes_at_once_are_told_in_the_order_in_which_they_were_made() -> None:
    brand_id = brands.register_brand(slug="nordkorn", name="Nordkorn", at=NOW)
    barrier = threading.Barrier(AT_ONCE)

    def rename(number: int) -> None:
        barrier.wait()
        try:
            brands.rename_brand(brand_id=brand_id, name=f"Nordkorn {number}", at=NOW)
        finally:
            connections["identity"].close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(rename, range(AT_ONCE)))
    assert len(_told()) == AT_ONCE + 1
    assert _told()[-1][0] == Brand.objects.get().name


@pytest.mark.django_db(databases=["identity"], transaction=True)
def test_demo_brands_made_twice_at_once_are_made_once() -> None:
    barrier = threading.Barrier(2)

    def ensure(_number: int) -> object:
        barrier.wait()
        try:
            return ensure_demo_brands(at=NOW)
        finally:
            connections["identity"].close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ensure, range(2))
    assert first == second
    assert len(_told()) == len(DEMO_BRANDS)
