"""Which kind of food real products and typed names are of."""

import tomllib
from importlib import resources

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.fridge.domain.food_kinds import KindFound, kind_of
from contexts.fridge.domain.storage_guidance import UNKNOWN, guidance
from tests import parts

WORDS = [
    word
    for row in tomllib.loads(
        resources.files("contexts.fridge.domain")
        .joinpath("guidance", "food_kinds.toml")
        .read_text(encoding="utf-8")
    ).values()
    for word in row["words"]
]


@pytest.mark.parametrize(
    ("categories", "kind", "certain"),
    [
        (
            ["en:dairies", "en:fermented-foods", "en:desserts", "en:yogurts", "en:sheep-milk-yogurts"],
            "yogurt",
            True,
        ),
        (["en:dairies", "en:cheeses"], "soft_cheese", False),
        (["en:dairies", "en:cheeses", "en:hard-cheeses"], "hard_cheese", True),
        (["en:meats-and-their-products", "en:meats"], "minced_meat", False),
        (["en:meats", "en:poultries", "en:chickens", "en:chicken-breasts"], "poultry", True),
        (["en:frozen-foods", "en:meats", "en:poultries"], "frozen_meat", True),
        (["en:canned-foods", "en:seafood", "en:fishes", "en:tunas"], "canned_food", True),
        (["en:frozen-foods", "en:vegetables", "en:broccoli"], "frozen_vegetables", True),
        (["en:cereals-and-their-products", "en:pastas"], "fresh_pasta", False),
        (["en:pastas", "en:dry-pastas", "it:spaghetti-n-5"], "pasta", True),
        (["en:null"], UNKNOWN, False),
        ([], UNKNOWN, False),
    ],
)
def test_the_most_special_category_that_is_known_wins(
    categories: list[str], kind: str, certain: bool
) -> None:
    assert kind_of(categories=categories) == KindFound(kind=kind, certain=certain)


@pytest.mark.parametrize(
    ("name", "kind", "certain"),
    [
        ("Milk", "milk", True),
        ("latte", "milk", True),
        ("Käse", "soft_cheese", True),
        ("Crème fraîche", "sour_cream", True),
        ("Œufs", "eggs", True),
        ("huevos", "eggs", True),
        ("Pommes frites", "frozen_potatoes", True),
        ("Pommes", "apples", True),
        ("2 l almond milk", "plant_drink", True),
        ("Omas Apfel-Kuchen", UNKNOWN, False),
        ("Barista almond milk", UNKNOWN, False),
        ("chicken with rice", "poultry", False),
        ("cooked rice", "leftovers", False),
        ("Kartoffeln, gekocht", "leftovers", False),
        ("mayonnaise maison", "leftovers", False),
        ("prosciutto cotto", "cooked_ham", True),
        ("soup from Sunday", "leftovers", False),
        ("rice from yesterday", UNKNOWN, False),
        ("garlic in oil", UNKNOWN, False),
        ("apple pie", UNKNOWN, False),
        ("qwertz", UNKNOWN, False),
        ("", UNKNOWN, False),
        ("  ...  ", UNKNOWN, False),
    ],
)
def test_a_name_tells_the_kind_only_where_it_is_clear(name: str, kind: str, certain: bool) -> None:
    assert kind_of(categories=[], name=name) == KindFound(kind=kind, certain=certain)


@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), odd=st.sampled_from(["xyz", "cooked"]))
def test_what_is_only_partly_understood_keeps_no_longer_than_leftovers(words: list[str], odd: str) -> None:
    """Wherever the word stands that nobody knows, and whatever is named beside it."""
    leftovers = guidance().rows["leftovers"]
    for place in range(len(words) + 1):
        found = kind_of(categories=[], name=" ".join([*words[:place], odd, *words[place:]]))
        row = guidance().of(found.kind)
        assert not found.certain
        assert row.opened_days <= leftovers.opened_days
        assert (row.unopened_days or 0) <= (leftovers.unopened_days or 0)
        assert row.keeps_in is leftovers.keeps_in


def test_every_kind_can_be_found_and_no_tag_or_word_is_of_two() -> None:
    package = resources.files("contexts.fridge.domain")
    kinds = tomllib.loads(package.joinpath("guidance", "food_kinds.toml").read_text(encoding="utf-8"))
    assert set(kinds) == set(guidance().rows) - {UNKNOWN}
    tags = [tag for row in kinds.values() for field in ("tags", "roughly") for tag in row.get(field, ())]
    words = [word for row in kinds.values() for word in row["words"]]
    assert len(tags) == len(set(tags))
    assert len(words) == len(set(words))
    for row in kinds.values():
        for other in ("frozen", "canned"):
            assert row.get(other, UNKNOWN) in guidance().rows
    for word in words:
        assert kind_of(categories=[], name=word).certain, f"{word} is never matched"


def test_most_real_products_with_a_category_are_of_a_certain_kind() -> None:
    table = pq.read_table(
        parts.shared("data", "openfoodfacts-sample.parquet"), columns=["categories_tags"]
    ).to_pylist()
    told = [
        tags for row in table if (tags := [tag for tag in row["categories_tags"] or () if tag != "en:null"])
    ]
    found = [kind_of(categories=tags) for tags in told]
    assert sum(one.certain for one in found) >= 0.6 * len(told)
    assert sum(one.kind != UNKNOWN for one in found) >= 0.9 * len(told)
