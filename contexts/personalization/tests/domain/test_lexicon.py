"""The word lists themselves: complete, and without entries that do nothing."""

from collections import Counter

import pytest

from contexts.personalization.domain.ingredient_text import Presence, mentions
from contexts.personalization.domain.label import Allergen
from contexts.personalization.domain.lexicon import LANGUAGES, MODULES
from contexts.personalization.domain.lexicon.additives import ADDITIVES
from contexts.personalization.domain.lexicon.inflection import PLURALS, singulars
from contexts.personalization.domain.substances import Substance, with_implied


def _phrases(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",") if phrase.strip()]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_language_names_each_substance(language: str) -> None:
    named = {substance for substances in MODULES[language].WORDS for substance in with_implied(substances)}

    assert set(Substance) - named == set()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_listed_word_is_found_as_what_it_is_listed_for(language: str) -> None:
    module = MODULES[language]
    for substances, text in module.WORDS.items():
        for phrase in _phrases(text):
            found = {mention.substance for mention in mentions(phrase, language=language)}
            assert set(substances) <= found, phrase
            assert all(
                mention.presence is Presence.CONTAINED for mention in mentions(phrase, language=language)
            )


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_only_looks_alike_names_nothing(language: str) -> None:
    for phrase in _phrases(MODULES[language].OTHER_THINGS):
        assert mentions(phrase, language=language) == (), phrase


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_exceptions_of_the_annex_are_traces(language: str) -> None:
    for substances, text in MODULES[language].TRACES_OF.items():
        for phrase in _phrases(text):
            found = mentions(phrase, language=language)
            assert {mention.presence for mention in found} == {Presence.TRACE}, phrase
            assert set(substances) <= {mention.substance for mention in found}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_foreign_word_is_kept_out_only_where_another_language_names_something_by_it(language: str) -> None:
    for word in _phrases(MODULES[language].FOREIGN):
        assert mentions(word, language=language) == (), word
        assert mentions(word, language="xx"), word


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_no_phrase_is_listed_twice_in_one_place(language: str) -> None:
    module = MODULES[language]
    for text in (*module.WORDS.values(), module.OTHER_THINGS, module.FOREIGN):
        assert [phrase for phrase, times in Counter(_phrases(text)).items() if times > 1] == []


@pytest.mark.parametrize(
    ("language", "substance", "words"),
    [
        (
            "en",
            "milk",
            "milkpowder, wholemilkpowder, skimmedmilk powder, buttermilkpowder, labneh, cream cracker",
        ),
        ("en", "gluten", "wheatflour, barleymalt, oatflakes, cream crackers, tritordeum flour"),
        ("en", "soybeans", "soylecithin, soyalecithin, soyflour"),
        ("en", "nuts", "nut meat, almondflour, hazelnutpaste, almondbutter"),
        ("en", "peanuts", "satay sauce, peanutflour"),
        ("en", "mustard", "mustardseed"),
        ("en", "sesame", "gomashio, sesameseeds"),
        ("en", "fish", "nuoc mam, worcestershire, mullet"),
        ("en", "sulphites", "SO2, sodium pyrosulphite"),
        ("de", "eggs", "Frischei, Frischeiern, Landeier, Sprühei, Eiernockerl, Eiercreme, Eierstich"),
        ("de", "nuts", "Nussfleisch, Studentenfutter"),
        ("de", "fish", "Saibling, Steinbutt, Rollmops"),
        ("it", "peanuts", "noccioline tostate"),
        ("it", "sulphites", "pirosolfito di sodio"),
        ("it", "fish", "rombo, corvina, ricciola"),
        ("it", "molluscs", "telline, seppioline"),
        ("it", "gluten", "pane, farina tipo 0"),
        ("es", "fish", "corvina, gulas"),
        ("es", "peanuts", "maníes"),
        ("fr", "molluscs", "amandes de mer, pied de cheval, coques, praires"),
        ("fr", "fish", "nuoc-mâm"),
    ],
)
def test_words_that_hide_what_they_are_made_of(language: str, substance: str, words: str) -> None:
    for word in words.split(", "):
        assert substance in {mention.substance.value for mention in mentions(word, language=language)}, word


@pytest.mark.parametrize("word", ["Eierschwammerl", "Schleier", "Meier", "Granatapfelkerne"])
def test_words_in_which_eggs_and_shrimps_only_seem_to_be(word: str) -> None:
    found = {mention.substance.value for mention in mentions(word, language="de")}
    assert found.isdisjoint({"eggs", "crustaceans"})


def test_each_allergen_is_a_substance_of_the_same_name() -> None:
    assert [Substance(allergen.value).name for allergen in Allergen] == [
        allergen.name for allergen in Allergen
    ]


def test_a_kind_is_all_that_it_is_a_kind_of() -> None:
    assert with_implied((Substance.PORK,)) == (
        Substance.PORK,
        Substance.MEAT,
        Substance.ANIMAL_BODY,
        Substance.ANIMAL,
    )
    assert with_implied((Substance.LACTOSE, Substance.MILK)) == (
        Substance.LACTOSE,
        Substance.MILK,
        Substance.ANIMAL,
    )


def test_an_additive_has_one_meaning() -> None:
    assert ADDITIVES["120"] == (Substance.CARMINE,)
    assert "160" not in ADDITIVES


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("egg", "eggs"),
        ("berry", "berries"),
        ("tomato", "tomatoes"),
        ("erdnuss", "erdnussen"),
        ("mandel", "mandeln"),
        ("gateau", "gateaux"),
        ("acciuga", "acciughe"),
        ("arachide", "arachidi"),
        ("fungo", "funghi"),
        ("nuez", "nueces"),
        ("mejillon", "mejillones"),
    ],
)
def test_a_plural_leads_to_its_singular(singular: str, plural: str) -> None:
    assert singular in singulars(plural)


def test_plurals_are_total() -> None:
    assert all(isinstance(plural(word), set) for plural in PLURALS.values() for word in ("", "a", "y", "ca"))
