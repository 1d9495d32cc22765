"""Which product is better is said only where all of them state it, in the same measure."""

from decimal import Decimal
from typing import Any

import pytest

from contexts.passport.application.comparing import Comparison, compared
from contexts.passport.domain.label import DigitalLabel, Nova, NutriScore
from contexts.passport.domain.nutrition import Basis, Nutrition
from contexts.passport.tests.entries import MUESLI, WATER, muesli, stock

pytestmark = pytest.mark.django_db(databases=["passport"])


def comparison(*labels: DigitalLabel) -> Comparison:
    gtins = (MUESLI, WATER, "09521002000030")[: len(labels)]
    stock(
        *(
            muesli(gtin=gtin, label=label, journey=(), eco=None)
            for gtin, label in zip(gtins, labels, strict=True)
        )
    )
    return compared(gtins=gtins, language="en")


def best(rows: Any) -> dict[str, list[bool]]:
    return {row.title: [cell.is_best for cell in row.cells] for row in rows}


def label(**values: Any) -> DigitalLabel:
    return DigitalLabel(names={"en": "Something"}, **values)


def table(basis: Basis = Basis.GRAMS, **values: str) -> Nutrition:
    return Nutrition(basis=basis, **{name: Decimal(value) for name, value in values.items()})


def test_less_sugar_and_more_fibre_are_better() -> None:
    found = comparison(
        label(nutrition=table(sugars="10", fibre="3", fat="9")),
        label(nutrition=table(sugars="4", fibre="3", fat="1")),
        label(nutrition=table(sugars="5", fibre="8", fat="20")),
    )
    assert best(found.nutrition) == {
        "Fat": [False, False, False],  # more fat is neither
        "of which sugars": [False, True, False],
        "Fibre": [False, False, True],
    }


def test_nothing_is_better_where_one_is_silent_or_measured_otherwise() -> None:
    silent = comparison(label(nutrition=table(sugars="10")), label(nutrition=table(salt="1")))
    assert not any(any(cells) for cells in best(silent.nutrition).values())
    drink = comparison(
        label(nutrition=table(sugars="10")), label(nutrition=table(Basis.MILLILITRES, sugars="1"))
    )
    assert not drink.same_basis
    assert best(drink.nutrition) == {"of which sugars": [False, False]}


def test_the_better_grade_and_the_lower_group() -> None:
    found = comparison(
        label(nutri_score=NutriScore.C, nova=Nova.PROCESSED),
        label(nutri_score=NutriScore.B, nova=Nova.PROCESSED),
    )
    assert best(found.scores)["Nutri-Score"] == [False, True]
    assert best(found.scores)["Degree of processing (NOVA)"] == [False, False]


def test_products_that_we_do_not_know_are_left_out(django_assert_num_queries: Any) -> None:
    stock(muesli())
    with django_assert_num_queries(4, using="passport"):
        found = compared(gtins=[WATER, MUESLI, "09521002000030", "09521003000013"], language="en")
    assert [page.gtin for page in found.products] == [MUESLI]
