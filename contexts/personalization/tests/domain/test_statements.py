"""What negations, precautions, claims and the ends of items hide of a list of ingredients: no more than they
say. Where a text can be read in two ways, what is listed counts as contained."""

import sys
from types import FrameType

import pytest

from contexts.personalization.domain.ingredient_text import Presence, mentions


def contained(text: str, language: str) -> set[str]:
    return _with(text, language, Presence.CONTAINED)


def traces(text: str, language: str) -> set[str]:
    return _with(text, language, Presence.TRACE)


def _with(text: str, language: str, presence: Presence) -> set[str]:
    found = mentions(text, language=language)
    return {mention.substance.value for mention in found if mention.presence is presence}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Does not contain gluten, may contain milk"),
        ("en", "Free from gluten and may contain milk"),
        ("it", "Non contiene glutine, può contenere latte"),
        ("fr", "Ne contient pas de conservateurs, peut contenir des traces de lait"),
        ("es", "Libre de gluten, puede contener leche"),
        ("de", "Frei von Gluten, kann Spuren von Milch enthalten"),
        ("de", "Frei von Gluten, Spuren von Milch möglich"),
    ],
)
def test_a_precaution_after_a_denial_is_one(language: str, text: str) -> None:
    assert "milk" in traces(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "free from traces of milk"),
        ("de", "frei von Spuren von Milch"),
        ("it", "senza tracce di latte"),
    ],
)
def test_what_is_free_from_traces_has_none(language: str, text: str) -> None:
    assert "milk" not in contained(text, language) | traces(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Free from gluten: milk, sugar"),
        ("en", "Free from preservatives, milk, sugar"),
        ("de", "Frei von Konservierungsstoffen, Zucker und Milchpulver"),
        ("en", "Contains no preservatives - milk, sugar"),
        ("en", "Free from gluten - milk, sugar and salt"),
        ("de", "Frei von Konservierungsstoffen: Milch, Zucker"),
        ("it", "Privo di glutine: latte, zucchero"),
        ("fr", "Exempt de conservateurs: lait, sucre"),
        ("en", "no added sugar milk chocolate"),
        ("en", "zero sugar milk chocolate"),
        ("en", "Free from gluten milk chocolate, sugar and salt"),
        ("it", "senza zucchero latte intero"),
        ("es", "sin lactosa leche entera"),
        ("de", "ohne Zucker Milch"),
        ("de", "ohne Zucker Milch und Salz"),
        ("en", "No 1 milk chocolate"),
        ("en", "no 2% milk"),
        ("en", "not free from milk"),
        ("de", "nicht frei von Milch"),
        ("de", "nicht ohne Milch"),
        ("it", "non privo di latte"),
        ("fr", "pas exempt de lait"),
        ("en", "not milk-free"),
        ("de", "nicht milchfrei"),
        ("en", "we cannot guarantee it is milk free"),
        ("en", "not guaranteed, in any way, milk free"),
        ("de", "nicht garantiert milchfrei"),
    ],
)
def test_a_denial_ends_early_and_can_be_undone(language: str, text: str) -> None:
    assert "milk" in contained(text, language)


@pytest.mark.parametrize(
    ("language", "text", "absent"),
    [
        ("en", "Free from milk, eggs and nuts", "milk eggs nuts"),
        ("de", "garantiert glutenfrei", "gluten"),
        ("it", "senza latte di mucca", "milk"),
        ("en", "non-GMO gluten-free rice", "gluten"),
        ("en", "Contains no: eggs", "eggs"),
    ],
)
def test_what_a_denial_names_is_not_there(language: str, text: str, absent: str) -> None:
    assert contained(text, language).isdisjoint(absent.split())


@pytest.mark.parametrize("text", ["eggs free-roaming", "egg free roaming", "eggs free range"])
def test_how_hens_live_says_nothing_of_their_eggs(text: str) -> None:
    assert "eggs" in contained(text, "en")


@pytest.mark.parametrize(
    ("language", "text", "substance"),
    [
        ("de", "Weizenmehl und glutenfreie Haferflocken", "gluten"),
        ("de", "Weizenmehl sowie Haferflocken (glutenfrei)", "gluten"),
        ("en", "wheat flour and gluten-free oats", "gluten"),
        ("en", "gluten-free oats with wheat flour", "gluten"),
        ("fr", "farine de blé et avoine sans gluten", "gluten"),
        ("it", "farina di frumento e avena senza glutine", "gluten"),
        ("es", "harina de trigo y avena sin gluten", "gluten"),
        ("de", "Rotwein und alkoholfreies Bier", "alcohol"),
        ("de", "Vollmilch und laktosefreie Sahne", "lactose"),
    ],
)
def test_a_claim_is_about_its_own_side_of_an_and(language: str, text: str, substance: str) -> None:
    assert substance in contained(text, language)


@pytest.mark.parametrize(
    ("language", "text", "substance"),
    [
        ("en", "rice\nmilk powder", "milk"),
        ("en", "coconut\nmilk", "milk"),
        ("en", "pea - milk", "milk"),
        ("en", "almond\nmilk", "milk"),
        ("en", "sulphur\ndioxide", "sulphites"),
        ("en", "dextrose\nwheat flour\nsalt", "gluten"),
        ("en", "salt - dextrose - wheat flour", "gluten"),
        ("en", "glucose syrup wheat flour", "gluten"),
        ("it", "destrosio\ngrano tenero", "gluten"),
        ("it", "sciroppo di glucosio grano tenero", "gluten"),
        ("en", "tocopherols soya lecithin", "soybeans"),
        ("en", "al-\nmonds", "nuts"),
        ("de", "Man-\ndeln", "nuts"),
        ("de", "Erd-\r\n nüsse", "peanuts"),
        ("de", "Milch-\nund Eipulver", "milk"),
    ],
)
def test_an_item_ends_with_its_line_or_at_a_dash(language: str, text: str, substance: str) -> None:
    assert substance in contained(text, language)


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("latte12%", "milk"),
        ("milk12% sugar", "milk"),
        ("lait1", "milk"),
        ("wheat1 flour", "gluten"),
        ("SO2", "sulphites"),
        ("SO₂", "sulphites"),
        ("preservative (228)", "sulphites"),
        ("preservatives: 202, 220", "sulphites"),
        ("colour 120", "carmine"),
        ("E120i", "carmine"),
    ],
)
def test_a_number_beside_a_word_hides_nothing(text: str, substance: str) -> None:
    assert substance in contained(text, "en")


def test_an_amount_is_no_additive() -> None:
    assert contained("preservative 220 g, energy 471 kcal, rice 120", "en") == set()


@pytest.mark.parametrize(
    "word",
    [
        "laktosefrei- ",
        "milch- und ",
        "not ",
        "ohne Milch, ",
        "free from a, ",
        "frei ",
        "E ",
        "oils (palm, ",
        "al-\n",
    ],
)
def test_reading_takes_steps_in_proportion_to_the_text(word: str) -> None:
    assert steps(word * 800) < 2.5 * steps(word * 400)


def steps(text: str) -> int:
    """Lines of the domain's code that run to read the text."""
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal count
        if "personalization" not in frame.f_code.co_filename:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        mentions(text, language="de")
    finally:
        sys.settrace(before)
    return count
