"""What the public page of a product says."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from contexts.passport.application.catalogue import StoredEntry, contribute, find_entry
from contexts.passport.application.demo_catalogue import load_demo_catalogue
from contexts.passport.application.page_eco import MARKS
from contexts.passport.application.passport_page import PassportPage, Words, page_of
from contexts.passport.demo import BRANDS
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.eco import CERTIFICATES
from contexts.passport.domain.ingredients import Run
from contexts.passport.domain.label import Claim, DigitalLabel, NutriScore
from contexts.passport.domain.nutrition import Basis, Nutrition, Portion
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.domain.sections import Eco
from contexts.passport.tests import exports

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
GTIN = "0" + exports.code(1)

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files"),
]


def source(**changed: Any) -> Source:
    return Source(
        **{
            "name": "© Somebody",
            "licence": "CC0",
            "fields": ("names", "nutri_score"),
            "fetched": date(2026, 4, 1),
            "verified": True,
            **changed,
        }
    )


def shown(*, gtin: str, language: str = "en") -> PassportPage:
    stored = find_entry(gtin=gtin)
    assert stored is not None
    return page_of(stored, language=language)


def page(label: DigitalLabel, *sources: Source, language: str = "en") -> Any:
    entry = CatalogueEntry(gtin=GTIN, label=label, sources=sources)
    return page_of(StoredEntry(entry=entry, data_version=1, updated_at=NOW), language=language)


def test_a_full_page_in_two_queries(django_assert_num_queries: Any) -> None:
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=NOW)
    with django_assert_num_queries(2, using="passport"):  # the entry, and life cycles of such food
        pesto = shown(gtin="09521002000030")
    assert (pesto.name.text, pesto.brand_name, pesto.quantity) == ("Basil pesto", "Campo Vivo", "190 g")
    assert pesto.picture_url == "/static/passport/demo/pesto.svg"
    assert (pesto.is_demo, pesto.unverified) == (True, False)
    assert pesto.allergens == ("Eggs", "Milk", "Nuts")
    assert pesto.traces == ("Peanuts", "Soybeans")
    assert Run("cashews", is_allergen=True) in pesto.ingredients
    assert pesto.nutrition is not None
    assert [(row.label, row.indent, row.per_100, row.unit) for row in pesto.nutrition.rows] == [
        ("Energy", False, "1828", "kJ"),
        ("Energy", False, "443", "kcal"),
        ("Fat", False, "44", "g"),
        ("of which saturates", True, "5.6", "g"),
        ("Carbohydrate", False, "5.8", "g"),
        ("of which sugars", True, "3.1", "g"),
        ("Fibre", False, "2", "g"),
        ("Protein", False, "5", "g"),
        ("Salt", False, "2.6", "g"),
    ]
    assert pesto.nutrition.basis == "100\N{NO-BREAK SPACE}g"
    assert (pesto.nutri_score.published, pesto.nutri_score.publisher) == ("E", "PackyTrace demo catalogue")
    assert (pesto.nova.published, pesto.date_kind) == (3, "best_before")
    assert [step.kind for step in pesto.journey.steps] == ["origin", "processing", "packing", "distribution"]
    assert (pesto.journey.state, pesto.eco.state, pesto.eco.score, pesto.eco.grade) == (
        "loaded",
        "loaded",
        47,
        "C",
    )
    (provenance,) = pesto.provenance
    assert provenance.fields[:3] == ("Name", "Brand", "Picture")
    assert len(set(provenance.fields)) == len(provenance.fields)
    assert pesto.data_date == NOW.date()
    assert all((pesto.storage, pesto.operator, pesto.origin, pesto.instructions))


def test_a_product_that_we_do_not_know() -> None:
    assert find_entry(gtin=GTIN) is None


def test_a_label_with_nothing_but_a_name() -> None:
    bare = page(DigitalLabel(names={"en": "Water"}))
    assert bare.name == Words("Water", "en")
    assert (bare.ingredients, bare.allergens, bare.nutrition, bare.provenance) == ((), (), None, ())
    assert (bare.nutri_score.grade, bare.nova.group, bare.storage, bare.picture_url) == (None,) * 4
    assert (bare.journey.state, bare.eco.state) == ("absent", "absent")


def test_a_label_without_a_name_goes_by_its_number() -> None:
    assert page(DigitalLabel()).name == Words(f"Product {GTIN}", "en")


@pytest.mark.parametrize(
    ("asked", "name", "language", "list_language"),
    [
        ("fr", "Lait", "fr", "de"),
        ("de", "Milch", "de", "de"),
        ("it", "Milch", "de", "de"),
        ("en", "Milk", "en", "de"),
    ],
)
def test_each_text_in_the_best_language_it_has(
    asked: str, name: str, language: str, list_language: str
) -> None:
    label = DigitalLabel(
        language="de",
        names={"de": "Milch", "fr": "Lait", "en": "Milk"},
        ingredients={"de": (Run("Milch"),)},
        storage={"de": "Kühl", "fr": "Au frais"},
    )
    read = page(label, language=asked)
    foreign = "" if language == asked else "German"
    assert (read.name, read.ingredients_language) == (Words(name, language, foreign), list_language)
    assert read.ingredients_foreign == ("" if asked == "de" else "German")
    cold = (
        Words("Au frais", "fr") if asked == "fr" else Words("Kühl", "de", "" if asked == "de" else "German")
    )
    assert read.storage == cold


def test_a_portion_has_its_column_and_its_share_of_the_day() -> None:
    nutrition = Nutrition(energy_kj=Decimal(1680), fat=Decimal(20), sugars=Decimal(4), fibre=Decimal(3))
    table = page(
        DigitalLabel(nutrition=nutrition, portion=Portion(amount=Decimal(50), words="2 biscuits (50 g)"))
    ).nutrition
    assert table.portion == "2 biscuits (50 g)"
    assert [(row.per_100, row.per_portion, row.intake, row.level) for row in table.rows] == [
        ("1680", "840", "10", None),
        ("20", "10", "14", "high"),
        ("4", "2", "2", "low"),
        ("3", "1.5", None, None),
    ]
    millilitres = Portion(amount=Decimal(50), basis=Basis.MILLILITRES)
    assert page(DigitalLabel(nutrition=nutrition, portion=millilitres)).nutrition.portion is None


def test_what_is_computed_is_never_called_published() -> None:
    label = DigitalLabel(
        ingredients={"en": (Run("sugar, glucose syrup, palm oil, emulsifier (E322), colour E150d"),)},
        nutrition=Nutrition(
            energy_kj=Decimal(2100),
            fat=Decimal(25),
            saturates=Decimal(12),
            carbohydrate=Decimal(60),
            sugars=Decimal(45),
            protein=Decimal(5),
            salt=Decimal("0.5"),
        ),
    )
    entry = CatalogueEntry(gtin=GTIN, label=label, sources=(source(),), categories=("en:biscuits",))
    shown = page_of(StoredEntry(entry=entry, data_version=1, updated_at=NOW), language="en")
    assert (shown.nutri_score.published, shown.nutri_score.computed) == (None, "E")
    assert shown.nutri_score.negative_points - shown.nutri_score.positive_points == shown.nutri_score.score
    assert (shown.nova.published, shown.nova.computed) == (None, 4)
    assert "glucose syrup" in [marker.words for marker in shown.nova.markers]
    assert [additive.number for additive in shown.additives] == ["E150d", "E322"]


def test_why_a_grade_cannot_be_computed() -> None:
    lacking = page(DigitalLabel(nutrition=Nutrition(fat=Decimal(1)))).nutri_score
    assert lacking.grade is None
    assert "energy" in lacking.missing


@pytest.mark.parametrize(
    ("grams", "shown"),
    [
        ("20", "20"),
        ("1E+1", "10"),
        ("0.10", "0.1"),
        ("0.125", "0.13"),
        ("0.004", "<0.01"),
        ("0", "0"),
        ("5.999", "6"),
    ],
)
def test_grams_as_a_label_writes_them(grams: str, shown: str) -> None:
    label = DigitalLabel(nutrition=Nutrition(basis=Basis.MILLILITRES, salt=Decimal(grams)))
    table = page(label).nutrition
    assert (table.basis, [row.per_100 for row in table.rows]) == ("100\N{NO-BREAK SPACE}ml", [shown])


def test_one_unverified_source_makes_the_page_unverified() -> None:
    assert not page(DigitalLabel(), source()).unverified
    assert page(DigitalLabel(), source(), source(verified=False)).unverified


def test_the_data_is_as_old_as_its_newest_value() -> None:
    modified = source(modified=datetime(2026, 2, 3, tzinfo=UTC))
    assert page(DigitalLabel(), modified).data_date == date(2026, 2, 3)
    assert page(DigitalLabel(), modified, source()).data_date == date(2026, 4, 1)
    assert page(DigitalLabel()).data_date == NOW.date()


def test_who_published_the_grade_is_named_without_the_sign() -> None:
    graded = page(DigitalLabel(nutri_score=NutriScore.B), source()).nutri_score
    assert (graded.published, graded.publisher) == ("B", "Somebody")


def test_every_allergen_has_a_name() -> None:
    label = DigitalLabel(allergens=tuple(Allergen), other_allergens=("kiwi",))
    assert len(set(page(label).allergens)) == 15
    assert page(label).allergens[-1] == "kiwi"


def test_an_imported_page_names_its_contributors() -> None:
    entry = CatalogueEntry(
        gtin=GTIN,
        label=DigitalLabel(names={"en": "Biscuits"}),
        sources=(source(name="© Open Food Facts contributors", url="https://example.org/p", verified=False),),
    )
    with transaction.atomic(using="passport"):
        contribute(contributions=[Contribution(origin=Origin.OPEN_FOOD_FACTS, entry=entry)], at=NOW)
    (provenance,) = shown(gtin=GTIN).provenance
    assert provenance.name == "© Open Food Facts contributors"
    assert provenance.url == "https://example.org/p"


def test_what_is_contained_is_not_told_as_a_trace_again() -> None:
    shown = page(
        DigitalLabel(
            allergens=(Allergen.GLUTEN, Allergen.NUTS),
            other_allergens=("Kiwi",),
            traces=(Allergen.GLUTEN, Allergen.MILK, Allergen.NUTS),
            other_traces=("kiwi", "honey"),
        )
    )
    assert shown.allergens == ("Cereals containing gluten", "Nuts", "Kiwi")
    assert shown.traces == ("Milk", "honey")


def test_every_claim_has_a_name() -> None:
    shown = page(DigitalLabel(names={"en": "Oats"}, claims=tuple(Claim)), source()).claims
    assert len(set(shown)) == len(Claim)
    assert shown[0] == "Vegan"


def test_every_mark_that_the_eco_score_counts_has_a_name() -> None:
    assert {tag for tag in CERTIFICATES if "palm-oil" not in tag} == set(MARKS)


def test_what_is_in_another_language_says_so_value_by_value() -> None:
    label = DigitalLabel(names={"en": "Shortbread"}, generic_names={"fr": "Biscuits sablés"})
    entry = CatalogueEntry(gtin=GTIN, label=label, sources=(), eco=Eco(score=50, explanation="It is light."))
    stored = StoredEntry(entry=entry, data_version=1, updated_at=NOW)
    english = page_of(stored, language="en")
    assert (english.name.foreign, english.generic_name) == ("", Words("Biscuits sablés", "fr", "French"))
    assert english.eco.explanation == Words("It is light.", "en")
    assert page_of(stored, language="de").eco.explanation == Words("It is light.", "en", "English")


def test_a_score_below_nothing_has_a_minus() -> None:
    stated = Nutrition(**dict.fromkeys(("energy_kj", "fat", "saturates", "sugars", "salt"), Decimal(0)))
    label = DigitalLabel(nutrition=replace(stated, protein=Decimal(20), fibre=Decimal(20)))
    entry = CatalogueEntry(gtin=GTIN, label=label, sources=(), categories=("en:breads",))
    score = page_of(StoredEntry(entry=entry, data_version=1, updated_at=NOW), language="en").nutri_score
    assert score.result.startswith("\N{MINUS SIGN}")
