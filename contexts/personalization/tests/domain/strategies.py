"""Labels and profiles of every kind, the odd ones included.

Sets and tables of values are made of one drawn number each: thousands of examples take seconds, and shrink.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from contexts.personalization.domain.label import Allergen, Basis, Claim, Label, Nutrition
from contexts.personalization.domain.profile import (
    Diet,
    Goal,
    HealthProfile,
    Intolerance,
    Sensitivity,
    avoided_words,
)

_T = TypeVar("_T")

#: What lists of ingredients are made of here, in five languages, with and without negations and statements on
#: traces.
_PIECES = tuple(
    """
    sugar|wheat flour|skimmed milk powder|milk-free|may contain nuts|gelatine|eggs|E471|(|)|,|.|:|12 %|honey
    |farina di frumento|latte scremato in polvere|senza glutine|può contenere tracce di soia|strutto|palm oil
    |Weizenmehl|Vollmilchpulver|glutenfrei|Kann Spuren von Erdnüssen enthalten|Speck|Rindergelatine|anchovies
    |farine de blé|sans lactose|lait|peut contenir des traces de sésame|miel|harina de trigo|leche|sin gluten
    |vino|atún|puede contener trazas de apio|butter|glucose-fructose syrup
    """.replace("\n    ", "").split("|")
)
_TEXTS = st.one_of(
    st.lists(st.sampled_from(_PIECES), max_size=6).map(" ".join),
    st.lists(st.sampled_from(_PIECES), max_size=6).map(" ".join),
    st.text(max_size=20),
)
#: Of five languages: "and"; ingredients that hold none of the fourteen, some of which go on to other words;
#: statements that something is not there; allergens as ingredients.
_LISTS = {
    "en": (
        "and",
        "sugar|rice|coconut|pea|dextrose|glucose syrup|natural flavour|E330|shea|lactic acid",
        "free from preservatives|gluten-free|no added sugar|sugar-free|contains no palm oil",
        (
            "milk powder:milk|wheat flour:gluten|peanuts:peanuts|eggs:eggs|hazelnuts:nuts"
            "|mustard seed:mustard|cod:fish|soya lecithin:soybeans|sulphites:sulphites|prawns:crustaceans"
        ),
    ),
    "it": (
        "e",
        "zucchero|riso|cocco|sale|destrosio|sciroppo di glucosio|aromi naturali|E330|burro di cacao",
        "privo di conservanti|senza glutine|senza zuccheri aggiunti|non contiene olio di palma",
        (
            "latte in polvere:milk|farina di frumento:gluten|arachidi:peanuts|uova:eggs|nocciole:nuts"
            "|lecitina di soia:soybeans|senape:mustard|merluzzo:fish|sedano:celery|solfiti:sulphites"
        ),
    ),
    "de": (
        "und",
        "Zucker|Reis|Kokos|Salz|Dextrose|Glukosesirup|natürliches Aroma|E330|Kakaobutter|Erbsen",
        "frei von Konservierungsstoffen|glutenfrei|ohne Zuckerzusatz|zuckerfrei|enthält kein Palmöl",
        (
            "Milchpulver:milk|Weizenmehl:gluten|Erdnüsse:peanuts|Eier:eggs|Haselnüsse:nuts|Sojalecithin:soybeans"
            "|Senf:mustard|Kabeljau:fish|Sellerie:celery|Sulfite:sulphites|Sesam:sesame|Garnelen:crustaceans"
        ),
    ),
    "fr": (
        "et",
        "sucre|riz|coco|sel|dextrose|sirop de glucose|arôme naturel|E330|beurre de cacao|pois",
        "exempt de conservateurs|sans gluten|sans sucres ajoutés|ne contient pas d'huile de palme",
        (
            "lait en poudre:milk|farine de blé:gluten|arachides:peanuts|œufs:eggs|noisettes:nuts"
            "|lécithine de soja:soybeans|moutarde:mustard|cabillaud:fish|céleri:celery|sulfites:sulphites"
        ),
    ),
    "es": (
        "y",
        "azúcar|arroz|coco|sal|dextrosa|jarabe de glucosa|aroma natural|E330|manteca de cacao",
        "libre de conservantes|sin gluten|sin azúcares añadidos|no contiene aceite de palma",
        (
            "leche en polvo:milk|harina de trigo:gluten|cacahuetes:peanuts|huevos:eggs|avellanas:nuts"
            "|lecitina de soja:soybeans|mostaza:mustard|bacalao:fish|apio:celery|sulfitos:sulphites"
        ),
    ),
}


@st.composite
def lists_with_an_allergen(draw: st.DrawFn) -> tuple[str, str, Allergen]:
    """A language, a list of ingredients in it, and the allergen that one of its items is."""
    language = draw(st.sampled_from(sorted(_LISTS)))
    conjunction, plain, denials, allergenic = _LISTS[language]
    plain_items = st.sampled_from(plain.split("|"))
    all_items = plain_items | st.sampled_from(denials.split("|"))
    word, allergen = draw(st.sampled_from(allergenic.split("|"))).split(":")
    before, after = draw(st.lists(all_items, max_size=4)), draw(st.lists(plain_items, max_size=3))
    beside = draw(st.sampled_from(("item", "and", "colon", "denied")))
    if beside == "and":
        word = f"{draw(plain_items)} {conjunction} {word}"
    elif beside == "colon":
        word = f"{draw(all_items)}: {word}"
    elif beside == "denied":
        denial = draw(st.sampled_from(denials.split("|")))
        word = f"{denial}{draw(st.sampled_from((', ', '. ', ' - ', chr(10), ': ', ' (')))}{word}"
    separator = draw(st.sampled_from((", ", "\n", " - ", "; ")))
    return language, separator.join([*before, word, *after]), Allergen(allergen)


_WORDS = st.one_of(
    st.sampled_from(("palm oil", "miel", "Speck", "E471", "sugar", "zucchero")),
    st.text("abü ñ1", max_size=8),
)

#: On and beside the thresholds.
_AMOUNTS = (
    None,
    *(Decimal(amount) / 100 for amount in (0, 30, 31, 75, 150, 151, 250, 300, 500, 501, 600, 1130, 1630)),
    *(Decimal(amount) / 10 for amount in (225, 226, 325, 330, 700, 1000, 2750, 2760, 9000)),
)


def _several(values: Iterable[_T], *, most: int) -> st.SearchStrategy[frozenset[_T]]:
    return st.lists(st.sampled_from(list(values)), max_size=most).map(frozenset)


def _amounts(number: int) -> Sequence[Decimal | None]:
    found = []
    for _ in range(9):
        number, place = divmod(number, len(_AMOUNTS))
        found.append(_AMOUNTS[place])
    return found


def _nutrition(basis: Basis, number: int) -> Nutrition:
    return Nutrition(basis=basis, **dict(zip(Nutrition.__slots__[1:], _amounts(number), strict=True)))


nutrition = st.builds(_nutrition, st.sampled_from(Basis), st.integers(0, len(_AMOUNTS) ** 9 - 1))

allergens = st.sampled_from(Allergen)

_LANGUAGES = st.sampled_from(("en", "it", "de", "fr", "es", "nl", ""))

labels = st.builds(
    Label,
    language=_LANGUAGES,
    ingredients=st.lists(st.tuples(_LANGUAGES, _TEXTS), max_size=2).map(dict),
    allergens=_several(Allergen, most=3),
    traces=_several(Allergen, most=3),
    traces_stated=st.booleans(),
    other_allergens=st.lists(_TEXTS, max_size=1).map(tuple),
    other_traces=st.lists(_TEXTS, max_size=1).map(tuple),
    nutrition=st.none() | nutrition,
    claims=_several(Claim, most=3),
    verified=st.booleans(),
)

words = st.lists(_WORDS.filter(lambda word: any(map(str.isalnum, word))), max_size=2).map(avoided_words)

profiles = st.builds(
    HealthProfile,
    allergens=st.lists(st.tuples(allergens, st.sampled_from(Sensitivity)), max_size=3).map(dict),
    intolerances=_several(Intolerance, most=2),
    diets=_several(Diet, most=2),
    goals=_several(Goal, most=3),
    avoided=words,
    language=_LANGUAGES,
)
