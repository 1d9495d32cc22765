"""The brand comes from what an operator said about the account, and from nothing else."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.db import connections

from contexts.identity.application.accounts import sign_in
from contexts.identity.application.brand_users import (
    BrandScope,
    assign_brand_user,
    brand_of,
    remove_brand_user,
)
from contexts.identity.application.brands import register_brand, reinstate_brand, suspend_brand
from contexts.identity.application.errors import (
    AccountDeactivated,
    BrandSuspended,
    NoBrand,
    NotABrandUser,
    UnknownAccount,
    UnknownBrand,
    WorksForAnotherBrand,
)
from contexts.identity.models import Account, BrandUser

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def _account(*roles: str) -> UUID:
    return sign_in(issuer="https://id.example", subject=str(uuid4()), display_name="Marco", roles=roles).pk


def _brand(slug: str) -> UUID:
    return register_brand(slug=slug, name=slug.title(), at=NOW)


@pytest.mark.django_db(databases=["identity"])
class TestBrandOf:
    def test_a_brand_user_sees_the_assigned_brand(self) -> None:
        marco, brand = _account("brand_user"), _brand("nordkorn")
        assign_brand_user(account_id=marco, brand_id=brand)
        assert brand_of(account_id=marco) == BrandScope(brand_id=brand, slug="nordkorn", name="Nordkorn")

    def test_a_consumer_sees_none(self) -> None:
        with pytest.raises(NotABrandUser):
            brand_of(account_id=_account("consumer"))

    def test_an_operator_is_no_brand_user(self) -> None:
        with pytest.raises(NotABrandUser):
            brand_of(account_id=_account("operator"))

    def test_without_the_role_an_assignment_opens_nothing(self) -> None:
        sara = _account("consumer")
        assign_brand_user(account_id=sara, brand_id=_brand("nordkorn"))
        with pytest.raises(NotABrandUser):
            brand_of(account_id=sara)

    def test_a_brand_user_without_a_brand_is_told_so(self) -> None:
        with pytest.raises(NoBrand):
            brand_of(account_id=_account("brand_user"))

    def test_a_suspended_brand_is_closed_until_it_is_reinstated(self) -> None:
        marco, brand = _account("brand_user"), _brand("nordkorn")
        assign_brand_user(account_id=marco, brand_id=brand)
        suspend_brand(brand_id=brand, at=NOW)
        with pytest.raises(BrandSuspended):
            brand_of(account_id=marco)
        reinstate_brand(brand_id=brand, at=NOW)
        assert brand_of(account_id=marco).brand_id == brand

    def test_a_deactivated_or_unknown_account_sees_none(self) -> None:
        marco = _account("brand_user")
        assign_brand_user(account_id=marco, brand_id=_brand("nordkorn"))
        Account.objects.update(is_active=False)
        with pytest.raises(AccountDeactivated):
            brand_of(account_id=marco)
        with pytest.raises(UnknownAccount):
            brand_of(account_id=uuid4())


@pytest.mark.django_db(databases=["identity"])
class TestAssign:
    def test_again_to_the_same_brand_changes_nothing(self) -> None:
        marco, brand = _account("brand_user"), _brand("nordkorn")
        assign_brand_user(account_id=marco, brand_id=brand)
        assign_brand_user(account_id=marco, brand_id=brand)
        assert BrandUser.objects.count() == 1

    def test_nobody_is_moved_by_a_slip(self) -> None:
        marco, brand = _account("brand_user"), _brand("nordkorn")
        assign_brand_user(account_id=marco, brand_id=brand)
        with pytest.raises(WorksForAnotherBrand):
            assign_brand_user(account_id=marco, brand_id=_brand("alpenhof"))
        assert brand_of(account_id=marco).brand_id == brand

    def test_removed_and_assigned_elsewhere(self) -> None:
        marco, other = _account("brand_user"), _brand("alpenhof")
        assign_brand_user(account_id=marco, brand_id=_brand("nordkorn"))
        assert remove_brand_user(account_id=marco)
        assert not remove_brand_user(account_id=marco)
        assign_brand_user(account_id=marco, brand_id=other)
        assert brand_of(account_id=marco).slug == "alpenhof"

    def test_strangers_are_refused(self) -> None:
        with pytest.raises(UnknownAccount):
            assign_brand_user(account_id=uuid4(), brand_id=_brand("nordkorn"))
        with pytest.raises(UnknownBrand):
            assign_brand_user(account_id=_account("brand_user"), brand_id=uuid4())


@pytest.mark.django_db(databases=["identity"], transaction=True)
def test_two_operators_at_once_assign_one_brand_and_one_is_told() -> None:
    marco = _account("brand_user")
    wanted = [_brand("nordkorn"), _brand("alpenhof")]
    barrier = threading.Barrier(2)

    def assign(brand_id: UUID) -> bool:
        barrier.wait()
        try:
            assign_brand_user(account_id=marco, brand_id=brand_id)
        except WorksForAnotherBrand:
            return False
        finally:
            connections["identity"].close()
        return True

    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(assign, wanted))
    assert sorted(won) == [False, True]
    assert brand_of(account_id=marco).brand_id == wanted[won.index(True)]
