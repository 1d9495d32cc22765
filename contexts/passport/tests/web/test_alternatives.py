"""Better alternatives to a product: the stated rule, and the page that states it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from contexts.passport.application.alternatives import alternatives_to
from contexts.passport.application.catalogue import find_entry
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.gtin import check_digit
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import DigitalLabel, NutriScore
from contexts.passport.domain.nutrition import Nutrition
from contexts.passport.domain.sections import Eco
from contexts.passport.models import Recall
from contexts.passport.tests.entries import MUESLI, NOW, full_of, muesli, stock, water

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files"),
]
ADDRESS = f"/passport/{MUESLI}/alternatives"


def other(number: int, *, eco: int | None = 50, **label: Any) -> CatalogueEntry:
    """A muesli of another brand with an A, of oats alone."""
    digits = f"0952100300{number:03}"
    known: dict[str, Any] = {
        "names": {"en": f"Muesli number {number}"},
        "ingredients": {"en": runs_of("_Oat_ flakes")},
        "allergens": (Allergen.GLUTEN,),
        "nutri_score": NutriScore.A,
    }
    return muesli(
        gtin=f"{digits}{check_digit(digits)}",
        label=DigitalLabel(**{**known, **label}),
        sources=(),
        eco=None if eco is None else Eco(score=eco, explanation=""),
        picture=None,
    )


def found() -> list[str]:
    stored = find_entry(gtin=MUESLI)
    assert stored is not None
    return [one.name.text for one in alternatives_to(stored, language="en").products]


def test_the_best_grade_comes_first_then_the_best_eco_score() -> None:
    stock(
        muesli(),
        other(1, nutri_score=NutriScore.B, eco=99),
        other(2, eco=40),
        other(3, eco=80),
    )
    assert found() == ["Muesli number 3", "Muesli number 2", "Muesli number 1"]


def test_five_at_most_in_three_queries(
    django_assert_num_queries: Callable[..., AbstractContextManager[object]],
) -> None:
    stock(muesli(), *(other(number, eco=number) for number in range(8)))
    stored = find_entry(gtin=MUESLI)
    assert stored is not None
    with django_assert_num_queries(3, using="passport"):
        assert len(alternatives_to(stored, language="en").products) == 5


@pytest.mark.parametrize(
    "label",
    [
        {"nutri_score": NutriScore.C},
        {"nutri_score": None},
        {"allergens": (Allergen.GLUTEN, Allergen.SOYBEANS)},
        {"traces": (Allergen.SESAME,)},
        {"other_allergens": ("Banana",)},
        {"ingredients": {}},
        {"ingredients": {"en": runs_of("oats, hazelnuts")}},  # traces of nuts are not nuts
        {"ingredients": {"en": runs_of("oats")}, "allergens": (Allergen.NUTS,)},
    ],
    ids=["no better", "no grade", "allergen", "traces", "other allergen", "no list", "named", "traces here"],
)
def test_what_breaks_the_rule_is_left_out(label: dict[str, Any]) -> None:
    stock(muesli(), other(1, **label))
    assert found() == []


def test_other_kinds_and_invented_products_are_left_out() -> None:
    stock(
        muesli(),
        replace(other(1), categories=("en:breakfast-cereals",)),
        replace(other(2), is_demo=True),
    )
    assert found() == []


def test_what_is_recalled_is_left_out_until_the_recall_is_taken_back() -> None:
    one = other(1)
    stock(muesli(), one)
    recall = Recall.objects.create(
        id=uuid4(), gtin=one.gtin, reason="allergen", text="Do not eat it", announced_at=NOW
    )
    assert found() == []
    recall.withdrawn = True
    recall.save()
    assert found() == ["Muesli number 1"]


def test_a_grade_that_we_compute_counts_where_none_is_published() -> None:
    table = Nutrition(
        energy_kj=Decimal(300),
        fat=Decimal(1),
        saturates=Decimal("0.1"),
        sugars=Decimal(1),
        fibre=Decimal(9),
        protein=Decimal(8),
        salt=Decimal("0.01"),
    )
    stock(muesli(), other(1, nutri_score=None, nutrition=table))
    stored = find_entry(gtin=MUESLI)
    assert stored is not None
    (one,) = alternatives_to(stored, language="en").products
    assert (one.grade, one.is_published) == ("A", False)


def test_the_page_states_the_rule_and_a_script_gets_the_part(client: Client) -> None:
    stock(muesli(), other(1))
    page = client.get(ADDRESS)
    assert "Muesli number 1" in page.content.decode()
    assert "Nobody can pay for a place." in page.content.decode()
    assert page.headers["X-Robots-Tag"] == "noindex"
    part = client.get(ADDRESS, headers={"HX-Request": "true"}).content.decode()
    assert "Muesli number 1" in part
    assert "<html" not in part


def test_the_part_is_empty_where_there_is_none(client: Client) -> None:
    stock(muesli())
    assert client.get(ADDRESS, headers={"HX-Request": "true"}).content.strip() == b""
    assert "We know of none." in client.get(ADDRESS).content.decode()


@pytest.mark.parametrize("word", ["alternatives", "history"])
def test_what_nobody_knows_and_what_is_no_code(client: Client, word: str) -> None:
    stock(water())
    assert client.get(f"/passport/{MUESLI}/{word}").status_code == 404
    assert client.get(f"/passport/12345678/{word}").status_code == 400
    moved = client.get(f"/passport/{MUESLI[1:]}/{word}")
    assert (moved.status_code, moved.headers["Location"]) == (301, f"/passport/{MUESLI}/{word}")


@pytest.mark.parametrize("text", ['"><script>alert(1)</script>', "\u202eevil\u2066", "x" * 10_000])
@pytest.mark.parametrize("address", [ADDRESS, f"/passport/{MUESLI}/history", f"/compare?gtin={MUESLI}"])
def test_no_text_of_a_source_breaks_a_page(client: Client, address: str, text: str) -> None:
    stock(full_of(text))
    answer = client.get(address)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
