"""Who may speak for which numbers: claims, their confirmation, and what the database refuses."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connections, transaction

from contexts.passport.application import brand_links, company_prefixes, recalls
from contexts.passport.application.brand_products import add_product, check_owned
from contexts.passport.application.brand_recalls import announce_own
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
from contexts.passport.domain.recalls import Reason, Recall
from contexts.passport.models import BrandProduct, Link, OutboxFact, PrefixClaim
from contexts.passport.tests.brand_products import DRAFT, EDITOR
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


def test_the_database_lets_no_brand_confirm_itself() -> None:
    """Whatever a use case does in a brand's scope: that a claim is right is said outside of any."""
    claim_id = claimed()
    with brand_scope(brand_id=OURS, using="passport"):
        row = PrefixClaim.objects.get(id=claim_id)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(using="passport"):
            PrefixClaim.objects.filter(id=claim_id).update(state=State.CONFIRMED.value)
        row.pk, row.digits, row.state = uuid4(), "9521003", State.CONFIRMED.value
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(using="passport"):
            row.save(force_insert=True)
    assert PrefixClaim.objects.get().state == State.WAITING.value


def test_who_claims_what_another_holds_is_shown_with_it() -> None:
    confirmed()
    claimed("952100", brand_id=THEIRS)
    (waiting,) = company_prefixes.listed(state=State.WAITING)
    assert [(one.brand_name, one.digits, one.state) for one in waiting.clashes] == [
        ("Brand a", "9521001", State.CONFIRMED)
    ]
    (ours,) = company_prefixes.claims_of(brand_id=OURS)
    assert [one.digits for one in ours.clashes] == ["952100"]
    company_prefixes.refuse(claim_id=waiting.id, reason="GS1 names another company.", now=NOW)
    assert not any(one.clashes for one in company_prefixes.listed())


def test_recalls_of_a_brand_that_loses_its_products_stand_unless_that_is_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    claim_id = confirmed()
    add_product(brand_id=OURS, gtin=MILK, now=NOW)
    said = {"gtin": MILK, "lots": (), "serial_from": "", "serial_to": "", "reason": Reason.OTHER}
    own = announce_own(brand_id=OURS, recall=Recall(**said, text="Ours."), now=NOW).recall_id
    authoritys = recalls.announce(recall=Recall(**said, text="The authority's."), now=NOW).recall_id
    with pytest.raises(CommandError, match="--with-products"):
        call_command("company_prefix", "refuse", str(claim_id), "--reason", "Sold.", "--with-recalls")
    assert not any(one.withdrawn for one in recalls.listed()), "nothing by halves"
    with transaction.atomic(using="passport"):
        refused = company_prefixes.refuse(claim_id=claim_id, reason="Sold.", with_products=True, now=NOW)
        assert {one.standing.id for one in refused.recalls_standing} == {own, authoritys}
        assert not refused.recalls_taken_back
        transaction.set_rollback(True, using="passport")
    call_command(
        "company_prefix", "refuse", str(claim_id), "--reason", "Sold.", "--with-products", "--with-recalls"
    )
    printed = capsys.readouterr()
    assert f"Recall {own} of {MILK} was taken back." in printed.out
    assert f"manage.py recall withdraw {authoritys}" in printed.err
    assert {one.standing.id: one.withdrawn for one in recalls.listed()} == {own: True, authoritys: False}
    facts = OutboxFact.objects.filter(type="RecallAnnounced").order_by("id")
    assert [(row.payload["recallId"], row.payload["withdrawn"]) for row in facts] == [
        (str(own), False),
        (str(authoritys), False),
        (str(own), True),
    ]


@pytest.mark.django_db(databases=["passport"], transaction=True)
def test_what_is_written_while_a_prefix_is_refused_does_not_stay_behind() -> None:
    """A brand adds a link in the moment in which its prefix is taken from it: one of the two comes first, and
    either way there is no link in the end."""
    claim_id = confirmed()
    add_product(brand_id=OURS, gtin=MILK, now=NOW)

    def add_link() -> str:
        try:
            brand_links.add(editor=EDITOR, draft=DRAFT, now=NOW)
        except ProductNotYours:
            return "refused"
        finally:
            connections["passport"].close()
        return "added"

    with ThreadPoolExecutor(1) as pool:
        with company_prefixes.speaking_for(brand_id=OURS):
            refusing = pool.submit(_refused, claim_id)
            _until_one_waits()
            assert not refusing.done(), "a writer holds the claim"
        refusing.result()
        with transaction.atomic(using="passport"):
            company_prefixes.confirm(claim_id=claim_id, now=NOW)
            add_product(brand_id=OURS, gtin=MILK, now=NOW)
        with transaction.atomic(using="passport"):
            company_prefixes.refuse(claim_id=claim_id, reason="Sold.", with_products=True, now=NOW)
            adding = pool.submit(add_link)
            _until_one_waits()
            assert not adding.done(), "who refuses holds the claim"
        assert adding.result() == "refused"
    assert not Link.objects.exists()


def _refused(claim_id: UUID) -> None:
    try:
        company_prefixes.refuse(claim_id=claim_id, reason="Sold.", with_products=True, now=NOW)
    finally:
        connections["passport"].close()


def _until_one_waits() -> None:
    """Until a session of this database waits for another's lock."""
    for _ in range(500):
        with connections["passport"].cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")


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
