"""Products are found by name, by brand and by GTIN."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contexts.passport.application.catalogue import contribute
from contexts.passport.application.demo_catalogue import load_demo_catalogue
from contexts.passport.application.import_products import import_products
from contexts.passport.application.search import (
    MOST_PRODUCTS,
    Filters,
    Results,
    category_in_words,
    search,
)
from contexts.passport.application.sources.open_food_facts import Record, understood
from contexts.passport.application.sources.open_food_facts_record import NOTHING, record_to_json
from contexts.passport.demo import BRANDS
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.ingredients import runs_of
from contexts.passport.domain.label import Claim, DigitalLabel, NutriScore
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.tests import exports
from contexts.passport.tests.entries import stock, water

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)

pytestmark = [
    pytest.mark.django_db(databases=["passport"]),
    pytest.mark.usefixtures("plain_static_files"),
]


@pytest.fixture
def demo() -> None:
    load_demo_catalogue(brand_ids={slug: uuid4() for slug in BRANDS}, now=NOW)


def keep(*names: str) -> None:
    entries = [
        CatalogueEntry(gtin="0" + exports.code(number), label=DigitalLabel(names={"en": name}), sources=())
        for number, name in enumerate(names)
    ]
    stock(*entries)


def names(query: str, *, language: str = "en") -> list[str]:
    return [found.name for found in search(query=query, language=language).products]


@pytest.mark.usefixtures("demo")
class TestTheDemo:
    @pytest.mark.parametrize(
        ("query", "first"),
        [
            ("pesto", "Basil pesto"),
            ("PESTO basil", "Basil pesto"),
            ("mountain cheese", "Mountain cheese, 6 months"),
            ("Bergkäse", "Mountain cheese, 6 months"),
            ("bergkase", "Mountain cheese, 6 months"),
            ("nordkorn oat drink", "Oat drink without added sugar"),
            ("taglatelle", "Egg tagliatelle"),
            ("muesly", "Crunchy nut muesli"),
            ("9521001000017", "Lactose-free whole milk 1 l"),
            ("09521001000017", "Lactose-free whole milk 1 l"),
            (" 9521001 00001-7 ", "Lactose-free whole milk 1 l"),
        ],
    )
    def test_the_first_result(self, query: str, first: str) -> None:
        assert names(query)[:1] == [first]

    def test_names_are_in_the_readers_language(self) -> None:
        assert names("pesto", language="it") == ["Pesto al basilico"]
        assert names("pesto", language="fi") == ["Basil pesto"]

    def test_a_brands_name_finds_its_products(self) -> None:
        found = search(query="alpenhof", language="en")
        assert len(found.products) == 7
        assert {product.brand_name for product in found.products} == {"Alpenhof"}
        assert not found.more

    def test_what_a_result_shows(self) -> None:
        (found,) = search(query="peanut bar", language="en").products
        assert (found.quantity, found.is_demo, found.unverified) == ("60 g", True, True)
        assert found.picture_url == "/static/passport/demo/peanut-bar.svg"

    @pytest.mark.parametrize("query", ["", "   ", "%", "_", "!?*", "\0", "\u202e", "xqzw", "9521001000018"])
    def test_what_finds_nothing(self, query: str) -> None:
        assert names(query) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text())
def test_no_query_breaks_it(query: str) -> None:
    search(query=query, language="en")


def test_a_word_in_a_script_that_the_locale_does_not_know_is_found() -> None:
    keep("Свежее молоко", "Γάλα φρέσκο", "牛乳")
    assert names("молоко") == ["Свежее молоко"]
    assert names("ΓΑΛΑ") == ["Γάλα φρέσκο"]
    assert names("牛乳") == ["牛乳"]


def test_a_word_begins_or_ends_a_word_and_is_never_the_middle_of_another() -> None:
    keep("Milk chocolate", "Happy cola candy", "Apfelsaft", "Saftschorle", "Hauskolade Chocolat", "Rote Cola")
    assert names("cola") == ["Rote Cola", "Happy cola candy"]
    assert names("saft") == ["Apfelsaft", "Saftschorle"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cola", []),
        ("coca cola", []),
        ("<b>", ["Wafer B"]),
        ("spagetti", ["Spaghetti of durum wheat"]),
        ("tomatto", ["Tomato passata"]),
        ("yogurt", ["Natural yoghurt"]),
        ("hazlenut", ["Hazelnut spread"]),
    ],
)
def test_a_slip_is_forgiven_but_another_word_is_not_a_slip(query: str, found: list[str]) -> None:
    keep(
        "Milk chocolate",
        "Corn chocolate of a Confectionery Co",
        "Coconut tree brand spice",
        "Butter wafers",
        "Wafer B",
        "Spaghetti of durum wheat",
        "Tomato passata",
        "Natural yoghurt",
        "Hazelnut spread",
    )
    assert names(query) == found


def test_nothing_that_only_comes_close_is_among_what_has_the_word() -> None:
    keep("Tomato passata", "Tomatto of the dialect")
    assert names("tomato") == ["Tomato passata"]
    assert names("tomatto") == ["Tomatto of the dialect"]


def test_signs_that_like_knows_are_only_signs() -> None:
    keep("100% juice", "100 kinds of juice", "half_and_half", "half and more")
    assert names("100%")[0] in {"100% juice", "100 kinds of juice"}
    assert names("half_and_half")[0] == "half_and_half"


def test_the_best_are_shown_and_whether_there_are_more() -> None:
    keep(*(f"Oat biscuits number {number}" for number in range(MOST_PRODUCTS + 1)))
    found = search(query="oat biscuits", language="en")
    assert (len(found.products), found.more) == (MOST_PRODUCTS, True)
    assert names("biscuits number 11")[0] == "Oat biscuits number 11"


@pytest.mark.parametrize(
    ("query", "queries"), [("4000000000006", 1), ("bar", 1), ("oat", 3), ("oatt biscuts", 6), ("%%%", 0)]
)
def test_the_number_of_queries_is_known(query: str, queries: int, django_assert_num_queries: Any) -> None:
    """The products; where few have the words, what these begin or end, and its products; and where none has
    that, which words are slips, what is meant by them, and its products."""
    keep("Oat biscuits of the mill", *(f"Bar number {number}" for number in range(MOST_PRODUCTS + 1)))
    with django_assert_num_queries(queries, using="passport"):
        search(query=query, language="en")


def test_a_kind_of_food_is_found_by_its_words() -> None:
    stock(water(gtin="0" + exports.code(1), categories=("en:snacks", "en:oat-biscuits")))
    assert names("oat biscuits") == ["Water"]
    assert names("oat water") == ["Water"]


def test_a_category_in_words() -> None:
    words = category_in_words("en:plant-based-foods")
    assert words is not None
    assert (words.text, words.language) == ("Plant based foods", "en")
    assert category_in_words("") is None


NUTS = (Allergen.NUTS,)


class TestFilters:
    @pytest.fixture(autouse=True)
    def _products(self) -> None:
        oats = {"en": runs_of("Oats, sugar")}
        labels = {
            "Bar of oats": DigitalLabel(ingredients=oats, allergens=(Allergen.GLUTEN,)),
            "Bar with nuts": DigitalLabel(ingredients=oats, allergens=(Allergen.GLUTEN, Allergen.NUTS)),
            "Bar with traces": DigitalLabel(ingredients=oats, traces=NUTS),
            "Bar of nobody knows what": DigitalLabel(),
            "Bar that is vegan": DigitalLabel(claims=(Claim.VEGAN,), nutri_score=NutriScore.A),
            "Bar that is vegetarian": DigitalLabel(claims=(Claim.VEGETARIAN,), nutri_score=NutriScore.C),
        }
        stock(
            *(
                CatalogueEntry(
                    gtin="0" + exports.code(number),
                    label=replace(label, names={"en": name}),
                    sources=(),
                    categories=("en:snacks", "en:bars") if number % 2 else ("en:snacks",),
                )
                for number, (name, label) in enumerate(labels.items())
            )
        )

    def found(self, query: str = "bar", **filters: Any) -> set[str]:
        return {
            found.name for found in search(query=query, language="en", filters=Filters(**filters)).products
        }

    @pytest.mark.parametrize("query", ["bar", "", "barr"])
    def test_free_is_what_is_known_to_be(self, query: str) -> None:
        assert self.found(query, without=frozenset(NUTS)) == {"Bar of oats"}
        assert self.found(query, without=frozenset({Allergen.MILK})) == {
            "Bar of oats",
            "Bar with nuts",
            "Bar with traces",
        }

    def test_what_is_vegan_is_vegetarian(self) -> None:
        assert self.found(diets=frozenset({Claim.VEGAN})) == {"Bar that is vegan"}
        assert self.found(diets=frozenset({Claim.VEGETARIAN})) == {
            "Bar that is vegan",
            "Bar that is vegetarian",
        }

    def test_grade_and_category(self) -> None:
        assert self.found(grades=frozenset({NutriScore.A, NutriScore.B})) == {"Bar that is vegan"}
        assert self.found("", category="en:bars", diets=frozenset({Claim.VEGETARIAN})) == {
            "Bar that is vegetarian"
        }


def test_the_record_has_the_last_word_about_allergens() -> None:
    """A source can name in the list what it forgets to declare."""
    record = Record(
        **{
            **NOTHING,
            "code": exports.code(1),
            "language": "en",
            "names": {"en": "Cocoa bar"},
            "ingredients": {"en": "Sugar, cocoa, whey powder"},
        }
    )
    entry = understood(record, read_on=NOW.date()).entry
    said = Contribution(origin=Origin.OPEN_FOOD_FACTS, entry=entry, record=record_to_json(record))
    with transaction.atomic(using="passport"):
        contribute(contributions=[said], at=NOW)
    for allergen, found in ((Allergen.MILK, []), (Allergen.NUTS, ["Cocoa bar"])):
        results = search(query="cocoa", language="en", filters=Filters(without=frozenset({allergen})))
        assert [product.name for product in results.products] == found


def test_there_may_be_more_where_what_was_read_does_not_fit(tmp_path: Path) -> None:
    """The records of the best name what their index does not; those behind them were not read."""
    milk, oats = (exports.texts(en=said) for said in ("Oats, milk powder", "Oats"))
    told = [
        exports.product(
            number,
            product_name=exports.texts(en="Oat bar" if number else "Oat bar with a long name"),
            ingredients_text=milk if number else oats,
            allergens_tags=[],
        )
        for number in range(120)
    ]
    import_products(path=exports.parquet(tmp_path / "export", told), report=tmp_path / "report.jsonl")
    results = search(query="oat", language="en", filters=Filters(without=frozenset({Allergen.MILK})))
    assert results == Results(products=(), more=True)


def test_a_product_is_not_found_by_a_grade_that_its_page_does_not_show(tmp_path: Path) -> None:
    """None is shown beside a nutrition table that cannot be."""
    impossible = exports.nutriments(**{"energy-kj": 1_900.5, "fat": 180.0, "salt": 0.22})
    told = [
        exports.product(1, product_name=exports.texts(en="Oat bar")),
        exports.product(2, product_name=exports.texts(en="Nut bar"), nutriments=impossible),
    ]
    import_products(path=exports.parquet(tmp_path / "export", told), report=tmp_path / "report.jsonl")
    results = search(query="bar", language="en", filters=Filters(grades=frozenset({NutriScore.D})))
    assert [product.name for product in results.products] == ["Oat bar"]
