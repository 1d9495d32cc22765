"""Oils and fats as lists may group them: "vegetable oils (palm, rapeseed)" has palm oil.

Regulation (EU) No 1169/2011, Annex VII, part A, points 8 and 9.
"""

from collections.abc import Sequence
from typing import Final

from contexts.personalization.domain.lexicon.words import folded_words

#: Words that head such a group.
OILS: Final = frozenset(
    folded_words("""
        oil oils fat fats shortening öl öle oel oele fett fette pflanzenöl pflanzenöle pflanzenfett
        pflanzenfette huile huiles graisse graisses grasse grasses olio oli grasso grassi aceite aceites
        grasa grasas
    """)
)
_OF: Final = frozenset({"de", "di", "d"})
_GERMAN_ENDS: Final = ("oel", "ol", "fett")
_SHORTEST_PLANT: Final = 4


def plant_of(words: Sequence[str]) -> str | None:
    """What an oil or a fat is of, in folded words: palm of "palm oil", "Palmöl" and "olio di palma"."""
    match words:
        case [plant, oil] if oil in OILS:
            return plant
        case [oil, of, plant] if oil in OILS and of in _OF:
            return plant
        case [word]:
            plant = next((word.removesuffix(end) for end in _GERMAN_ENDS if word.endswith(end)), "")
            return plant if len(plant) >= _SHORTEST_PLANT else None
    return None


_FIRST: Final = ("olio ", "grasso ", "grassi ", "huile ", "graisse ", "aceite ", "grasa ")


def begins_as_an_oil(text: str) -> bool:
    """Whether a person's own words may be those of an oil whose plant is not how they begin."""
    plain = text.lower()
    return plain.startswith(_FIRST) or plain.endswith("fett")
