"""Allergens stand out in the ingredient list, and nothing in it is markup."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain import ingredients
from contexts.passport.domain.allergens import Allergen, in_order, named_in
from contexts.passport.domain.ingredients import Run, emphasised_in, runs_of, text_of


def emphasised(marked: str, *declared: Allergen) -> list[str]:
    return [run.text for run in runs_of(marked, declared=declared) if run.is_allergen]


PIECES = st.sampled_from(
    [
        '<span class="allergen">',
        "</span>",
        "_",
        "milk",
        "Wheat flour",
        " ",
        ", ",
        "<b>",
        "&lt;",
        "\0",
        "\u202e",
        "é",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5)).map("".join), st.sets(st.sampled_from(Allergen)))
def test_every_text_has_runs(marked: str, declared: set[Allergen]) -> None:
    runs = runs_of(marked, declared=declared)
    assert all(run.text for run in runs)
    assert all(one.is_allergen != other.is_allergen for one, other in pairwise(runs))
    text = text_of(runs)
    assert text == text.strip()
    assert not {"\0", "\u202e"} & set(text)
    assert '<span class="allergen">' not in text


@given(st.lists(PIECES).map("".join), st.sets(st.sampled_from(Allergen)), st.sampled_from(Allergen))
def test_declaring_one_more_allergen_never_hides_one(
    marked: str, declared: set[Allergen], more: Allergen
) -> None:
    before = emphasised_in(runs_of(marked, declared=declared))
    assert before <= emphasised_in(runs_of(marked, declared={*declared, more}))


def test_the_sources_marks_become_runs() -> None:
    runs = runs_of('Flour (<span class="allergen">wheat</span>), sugar, <span class="allergen">milk</span>.')
    assert runs == (
        Run("Flour ("),
        Run("wheat", is_allergen=True),
        Run("), sugar, "),
        Run("milk", is_allergen=True),
        Run("."),
    )


def test_underscores_mark_as_well() -> None:
    assert emphasised("Eau, _malt d'orge_ (6 %), sucre") == ["malt d'orge"]


def test_declared_allergens_are_found_where_the_source_marks_nothing_or_not_all() -> None:
    text = 'Sugar, <span class="allergen">skim milk</span>, cocoa butter, Butter oil, soya lecithin'
    assert emphasised(text) == ["skim milk"]
    assert emphasised(text, Allergen.MILK, Allergen.SOYBEANS) == ["skim milk", "Butter oil", "soya lecithin"]


@pytest.mark.parametrize(
    ("text", "allergen"),
    [
        ("coconut milk", Allergen.MILK),
        ("cocoa butter", Allergen.MILK),
        ("eggplant", Allergen.EGGS),
        ("nutmeg", Allergen.NUTS),
        ("coconut", Allergen.NUTS),
        ("buttercup squash", Allergen.MILK),
        ("oyster mushrooms", Allergen.MOLLUSCS),
        ("gluten-free", Allergen.GLUTEN),
        ("noix de coco", Allergen.NUTS),
    ],
)
def test_words_that_only_sound_like_an_allergen(text: str, allergen: Allergen) -> None:
    assert emphasised(text, allergen) == []


@pytest.mark.parametrize(
    ("text", "allergen"),
    [
        ("WHEAT FLOUR", Allergen.GLUTEN),
        ("peanut butter", Allergen.PEANUTS),
        ("Weizenmehl", Allergen.GLUTEN),
        ("malt d\u2019orge", Allergen.GLUTEN),
        ("œufs", Allergen.EGGS),
        ("latte scremato", Allergen.MILK),
        ("sulphur  dioxide", Allergen.SULPHITES),
        ("E220", Allergen.SULPHITES),
    ],
)
def test_words_that_name_an_allergen(text: str, allergen: Allergen) -> None:
    assert emphasised(text, *Allergen) == [" ".join(text.split())]
    assert [found for _, _, found in named_in(text)] == [allergen]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<b>bold</b>",
        "salt < 2 %",
        '<span onclick="x">',
        "&amp;lt;script&amp;gt;",
    ],
)
def test_what_looks_like_markup_stays_text(text: str) -> None:
    (run,) = runs_of(text)
    assert not run.is_allergen
    assert run.text == text.replace("&amp;", "&").replace("</span>", "")


def test_entities_of_the_source_are_read_once() -> None:
    assert (
        text_of(runs_of("fd&c red 40 &lt;1 % &quot;natural&quot; &amp;lt;"))
        == 'fd&c red 40 <1 % "natural" &lt;'
    )


def test_allergens_come_in_the_annexs_order_once_each() -> None:
    assert in_order([Allergen.MILK, Allergen.GLUTEN, Allergen.MILK]) == (Allergen.GLUTEN, Allergen.MILK)
    assert len(Allergen) == 14


def test_lines_stay_apart() -> None:
    marked = 'rice\nmilk  powder\r\n<span class="allergen">soya</span>\n\nsalt \n'
    assert text_of(runs_of(marked)) == "rice\nmilk powder\nsoya\nsalt"


@pytest.mark.parametrize(
    ("marked", "apart"),
    [
        ("_Durum wheat_ semolina, water", ["Durum wheat semolina"]),
        ("Durum wheat semolina, milk, butter", ["Durum wheat semolina", "milk", "butter"]),
        ("_milk_\n_eggs_", ["milk", "eggs"]),
    ],
)
def test_neighbours_are_set_apart_as_one(marked: str, apart: list[str]) -> None:
    runs = runs_of(marked)
    shown = ingredients.emphasised(runs, language="en")
    assert [run.text for run in shown if run.is_allergen] == apart
    assert text_of(shown) == text_of(runs)
