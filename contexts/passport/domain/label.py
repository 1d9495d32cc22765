"""The Digital Label: what must be on a pack, as Regulation (EU) 1169/2011 Art. 9 lists it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import TypeVar

from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.ingredients import Runs
from contexts.passport.domain.nutrition import Nutrition, Portion

T = TypeVar("T")

PerLanguage = Mapping[str, T]
"""Values by ISO 639-1 code."""


class DateKind(Enum):
    """Which date the pack carries (Art. 24): quality or safety."""

    BEST_BEFORE = "best_before"
    USE_BY = "use_by"


class Claim(Enum):
    """What the pack says of the product as a whole, by a mark, a certificate or in words: its word, not ours.

    In the order in which a page lists them.
    """

    VEGAN = "vegan"
    VEGETARIAN = "vegetarian"
    HALAL = "halal"
    KOSHER = "kosher"
    GLUTEN_FREE = "gluten_free"
    """Regulation (EU) No 828/2014: at most 20 mg/kg of gluten."""
    LACTOSE_FREE = "lactose_free"
    """Not the same as free from milk, of whose proteins it says nothing."""
    MILK_FREE = "milk_free"
    ALCOHOL_FREE = "alcohol_free"
    NO_ADDED_SUGAR = "no_added_sugar"
    """Regulation (EC) No 1924/2006, Annex: no sugars were added, nor food for its sweetness."""
    ORGANIC = "organic"
    """Regulation (EU) 2018/848."""


def in_claims_order(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims, each once, in the order in which a page lists them."""
    found = set(claims)
    return tuple(claim for claim in Claim if claim in found)


class NutriScore(Enum):
    """The Nutri-Score's five classes."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class Nova(Enum):
    """Monteiro's NOVA groups of food processing."""

    UNPROCESSED = 1
    CULINARY_INGREDIENT = 2
    PROCESSED = 3
    ULTRA_PROCESSED = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitalLabel:
    """The regulated information of one product. What is empty or None is not known, which says nothing about
    it."""

    language: str = "en"
    """The product's main language: the one that its label is written in first."""
    names: PerLanguage[str] = field(default_factory=dict)
    """What the product is called."""
    generic_names: PerLanguage[str] = field(default_factory=dict)
    """The name of the food (Art. 17), where it is another than what the product is called."""
    ingredients: PerLanguage[Runs] = field(default_factory=dict)
    """Art. 18, with the allergens set apart (Art. 21)."""
    allergens: tuple[Allergen, ...] = ()
    """Of Annex II, in its order."""
    other_allergens: tuple[str, ...] = ()
    """What a source calls an allergen and Annex II does not hold, in the source's words."""
    traces: tuple[Allergen, ...] | None = None
    """"May contain" (Art. 36(3)(a)): present by accident, not by recipe. Empty: the pack is said to name
    none. None: nobody says whether it does."""
    other_traces: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    """What else the pack says of the product; a claim that is missing says nothing."""
    certificates: tuple[str, ...] = ()
    """Tags of Open Food Facts' taxonomy for marks that say how it was grown or caught, which the eco score
    counts."""
    additives: tuple[str, ...] = ()
    """E numbers that the source found, such as `E322` or `E500ii`: its reading, not the label's words."""
    fruits_vegetables_legumes: Decimal | None = None
    """Percentage by weight of fruits, vegetables and legumes as the Nutri-Score counts them, as the source
    states or estimates it."""
    nutrition: Nutrition | None = None
    portion: Portion | None = None
    """What the label calls a portion (Art. 33)."""
    alcohol: Decimal | None = None
    """Alcoholic strength by volume in percent (Art. 28)."""
    quantity: str | None = None
    """Net quantity (Art. 23), in the label's words."""
    date_kind: DateKind | None = None
    storage: PerLanguage[str] = field(default_factory=dict)
    """Special storage conditions (Art. 25)."""
    operator: str | None = None
    """Name and address of the responsible business (Art. 8)."""
    origin: PerLanguage[str] = field(default_factory=dict)
    """Country of origin or place of provenance (Art. 26)."""
    instructions: PerLanguage[str] = field(default_factory=dict)
    """Instructions for use (Art. 27)."""
    nutri_score: NutriScore | None = None
    """As its source publishes it, under the rules of 2023. `domain.nutri_score` computes another, which never
    stands here."""
    nova: Nova | None = None
    """As its source publishes it. `domain.nova` computes another, which never stands here."""

    def known(self) -> Iterator[str]:
        """Names of the values that are known: 0 % is, and so is that no traces are declared."""
        for name in self.__slots__:
            value = getattr(self, name)
            is_known = bool(value) or isinstance(value, Decimal) or (name == "traces" and value is not None)
            if name != "language" and is_known:
                yield name

    def accidental(self) -> tuple[Allergen, ...]:
        """The traces of what the recipe does not have: "may contain" says nothing of what is contained."""
        return tuple(trace for trace in self.traces or () if trace not in self.allergens)

    def other_accidental(self) -> tuple[str, ...]:
        """The same of what Annex II does not hold, in the source's words."""
        contained = {word.casefold() for word in self.other_allergens}
        return tuple(word for word in self.other_traces if word.casefold() not in contained)

    def in_language(self, values: PerLanguage[T], language: str) -> tuple[str, T] | None:
        """A value in that language, else in the main one, else in English, else in any; and the language it
        is in.

        None when there is no value at all.
        """
        for choice in (language, self.language, "en", *sorted(values)):
            if choice in values:
                return choice, values[choice]
        return None
