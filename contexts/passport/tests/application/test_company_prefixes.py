"""Who may speak for which numbers: claims, their confirmation, and what the database refuses."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from contexts.passport.application import company_prefixes
from contexts.passport.application.brand_products import add_product, check_owned
from contexts.passport.application.company_prefixes import State
from contexts.passport.application.errors import (
    PrefixClaimNotFound,
    PrefixHeld,
    PrefixInUse,
    PrefixNotAccepted,
    PrefixNotConfirmed,
    ProductNotYours,
    ProductTaken,
)
from contexts.passport.domain.company_prefixes import Kind, claim_of, number_of, single_claim_of
from contexts.passport.models import BrandProduct, PrefixClaim
from packytrace.databases.scope import brand_scope

pytestmark = pytest.mark.django_db(databases=["passport"])

NOW = datetime(2025, 3, 14, 9, tzinfo=UTC)
OURS, THEIRS = UUID(int=0xA), UUID(int=0xB)
MILK = "09521001000017"
SMALL = "00000096385074"


def claimed(text: str = "9521001", *, brand_id: UUID = OURS, kind: Kind = Kind.COMPANY_PREFIX) -> UUID:
    return company_prefixes.claim(
        brand_id=brand_id, brand_name=f"Brand {brand_id.int:x}", text=text, kind=kind, now=NOW
    ).id


def confirmed(text: str = "9521001", *, brand_id: UUID = OURS, kind: Kind = Kind.COMPANY_PREFIX) -> UUID:
    claim_id = claimed(text, brand_id=brand_id, kind=kind)
    company_prefixes.confirm(claim_id=claim_id, now=NOW)
    return claim_id


@pytest.mark.parametrize(
    "text",
    ["95210", "9521001000012", "", "95210a1", "٩٥٢١٠٠١", "0000012", "200123", "978123", "9912345", "0212345"],
)
def test_what_is_no_company_prefix_is_refused(text: str) -> None:
    with pytest.raises(PrefixNotAccepted):
        claimed(text)
    assert not PrefixClaim.objects.exists()


@pytest.mark.parametrize("text", ["96385075", "9521001", "09521001000017", "02345673", "x"])
def test_what_is_no_gtin_8_is_refused(text: str) -> None:
    with pytest.raises(PrefixNotAccepted):
        claimed(text, kind=Kind.GTIN_8)


def test_a_prefix_holds_each_of_its_numbers_and_no_other() -> None:
    claim = claim_of(" 952-1001 ")
    assert claim.digits == "9521001"
    assert claim.after - claim.first == 100_000
    assert claim.holds(MILK)
    assert claim.holds("19521001000014"), "a case of it"
    assert not claim.holds("09521002000016")
    assert single_claim_of("96385074").holds(SMALL)
    assert number_of(SMALL) not in range(claim.first, claim.after)


def test_only_a_confirmed_prefix_lets_a_brand_have_products() -> None:
    claim_id = claimed()
    with pytest.raises(PrefixNotConfirmed):
        add_product(brand_id=OURS, gtin=MILK, now=NOW)
    company_prefixes.confirm(claim_id=claim_id, now=NOW)
    assert add_product(brand_id=OURS, gtin=MILK, now=NOW)
    assert not add_product(brand_id=OURS, gtin=MILK, now=NOW), "again it changes nothing"
    check_owned(brand_id=OURS, gtin=MILK)
    with pytest.raises(ProductNotYours):
        check_owned(brand_id=THEIRS, gtin=MILK)


def test_a_gtin_8_is_confirmed_one_by_one() -> None:
    confirmed()
    with pytest.raises(PrefixNotConfirmed, match="GTIN-8"):
        add_product(brand_id=OURS, gtin=SMALL, now=NOW)
    confirmed("96385074", kind=Kind.GTIN_8)
    assert add_product(brand_id=OURS, gtin=SMALL, now=NOW)


@pytest.mark.parametrize("text", ["9521001", "952100", "95210010"])
def test_two_brands_never_hold_one_number(text: str) -> None:
    confirmed()
    claim_id = claimed(text, brand_id=THEIRS)
    with pytest.raises(PrefixHeld, match=r"Brand a \(9521001\)"):
        company_prefixes.confirm(claim_id=claim_id, now=NOW)
    assert PrefixClaim.objects.get(id=claim_id).state == State.WAITING.value
    confirmed("9521002", brand_id=THEIRS)


def test_what_a_confirmed_prefix_holds_is_not_claimed_again() -> None:
    confirmed("952100")
    with pytest.raises(PrefixHeld):
        claimed("9521001")
    assert claimed("952100") == company_prefixes.claims_of(brand_id=OURS)[0].id


def test_a_refused_claim_can_be_made_again() -> None:
    claim_id = claimed()
    company_prefixes.refuse(claim_id=claim_id, reason="GS1 names another company.", now=NOW)
    (told,) = company_prefixes.claims_of(brand_id=OURS)
    assert (told.state, told.reason) == (State.REFUSED, "GS1 names another company.")
    assert claimed() == claim_id
    assert company_prefixes.claims_of(brand_id=OURS)[0].state is State.WAITING


def test_a_brand_loses_its_products_with_the_prefix_only_if_that_is_said() -> None:
    claim_id = confirmed()
    add_product(brand_id=OURS, gtin=MILK, now=NOW)
    with pytest.raises(PrefixInUse, match="1 product"):
        company_prefixes.refuse(claim_id=claim_id, reason="Sold.", now=NOW)
    check_owned(brand_id=OURS, gtin=MILK)
    company_prefixes.refuse(claim_id=claim_id, reason="Sold.", with_products=True, now=NOW)
    with pytest.raises(ProductNotYours):
        check_owned(brand_id=OURS, gtin=MILK)
    confirmed(brand_id=THEIRS)
    assert add_product(brand_id=THEIRS, gtin=MILK, now=NOW)


def test_a_number_that_another_brand_has_is_not_taken() -> None:
    """Its prefix changed hands in the registry, and nobody took the product from it."""
    claim_id = confirmed()
    add_product(brand_id=OURS, gtin=MILK, now=NOW)
    with brand_scope(brand_id=OURS, using="passport"):
        PrefixClaim.objects.filter(id=claim_id).delete()
    confirmed(brand_id=THEIRS)
    with pytest.raises(ProductTaken):
        add_product(brand_id=THEIRS, gtin=MILK, now=NOW)
    with pytest.raises(ProductNotYours):
        check_owned(brand_id=OURS, gtin=MILK)


def test_the_database_keeps_brands_apart() -> None:
    claim_id = confirmed()
    add_product(brand_id=OURS, gtin=MILK, now=NOW)
    assert not BrandProduct.objects.exists(), "outside of any scope"
    with brand_scope(brand_id=THEIRS, using="passport"):
        assert not BrandProduct.objects.filter(gtin=MILK).exists()
        assert not BrandProduct.objects.update(name="Theirs")
        assert not PrefixClaim.objects.filter(id=claim_id).update(state="refused")
        with pytest.raises(DatabaseError), transaction.atomic(using="passport"):
            BrandProduct.objects.create(gtin="09521001000024", brand_id=OURS, created_at=NOW, updated_at=NOW)


def test_operators_decide_by_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    claim_id = claimed()
    call_command("company_prefix", "list", "--state", "waiting")
    assert f"{claim_id}  2025-03-14 09:00  waiting" in capsys.readouterr().out
    call_command("company_prefix", "confirm", str(claim_id))
    assert capsys.readouterr().out == "9521001 is confirmed as that of Brand a.\n"
    call_command("company_prefix", "refuse", str(claim_id), "--reason", "Not theirs.")
    assert capsys.readouterr().out == "9521001 is refused to Brand a: Not theirs.\n"
    with pytest.raises(PrefixClaimNotFound):
        company_prefixes.confirm(claim_id=uuid4(), now=NOW)
