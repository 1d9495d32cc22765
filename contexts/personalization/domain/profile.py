"""The Health Profile: what a person eats, may not eat and wants to eat. GDPR Art. 9: health and belief.

Nothing here shows its values by itself: a profile in a log line or on an error page is a profile told.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

from contexts.personalization.domain.ingredient_text import beginnings_of
from contexts.personalization.domain.label import Allergen

#: The most ingredients to avoid, and the most characters of one.
MOST_AVOIDED: Final = 100
LONGEST_AVOIDED: Final = 60

_LANGUAGE: Final = re.compile("[a-z]{2}")


class ProfileRefused(Exception):
    """A profile that breaks a rule. Names the field and the rule, never the value.

    `rule` has a place for each of `allowed`: what is shown to people is translated before they are put in.
    """

    def __init__(self, *, field: str, rule: str, **allowed: str | int) -> None:
        super().__init__(f"{field}: {rule % allowed}")
        self.field = field
        self.rule = rule
        self.allowed = allowed


class Sensitivity(StrEnum):
    """How much of an allergen is too much."""

    CONTAINS = "contains"
    """What contains it is to be avoided; traces call for care."""
    TRACES_TOO = "traces_too"
    """Traces are to be avoided as well."""


class Intolerance(Enum):
    """What a person does not digest well, as far as labels tell of it."""

    LACTOSE = "lactose"
    GLUTEN = "gluten"
    FRUCTOSE = "fructose"
    HISTAMINE = "histamine"


class Diet(Enum):
    """What a person eats by conviction, by faith or by choice."""

    VEGAN = "vegan"
    VEGETARIAN = "vegetarian"
    PESCATARIAN = "pescatarian"
    HALAL = "halal"
    KOSHER = "kosher"
    LOW_CARB = "low_carb"


class Goal(Enum):
    """What a person wants more or less of. A goal that is not met never forbids a product."""

    MORE_PROTEIN = "more_protein"
    LESS_SUGAR = "less_sugar"
    LESS_SALT = "less_salt"
    LESS_SATURATED_FAT = "less_saturated_fat"
    MORE_FIBRE = "more_fibre"
    FEWER_CALORIES = "fewer_calories"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class HealthProfile:
    """One version of a person's profile.

    Raises ProfileRefused: ingredients to avoid that `avoided_words` would not give; a language that is none.
    """

    allergens: Mapping[Allergen, Sensitivity] = field(default_factory=lambda: MappingProxyType({}))
    intolerances: frozenset[Intolerance] = frozenset()
    diets: frozenset[Diet] = frozenset()
    goals: frozenset[Goal] = frozenset()
    avoided: tuple[str, ...] = ()
    """Ingredients to avoid, in the person's words."""
    language: str = ""
    """In which these words were typed (ISO 639-1): they can be compared with a list in it alone. Empty: not
    known."""
    avoided_beginnings: Sequence[str] = field(init=False, compare=False)
    """Of each of these, what `perhaps_mentioned` goes by."""

    def __post_init__(self) -> None:
        if avoided_words(self.avoided) != self.avoided:
            raise ProfileRefused(field="avoided", rule="must be words in their plain form, each one once")
        if self.language and not _LANGUAGE.fullmatch(self.language):
            raise ProfileRefused(field="language", rule="must be a language code of two letters (ISO 639-1)")
        object.__setattr__(self, "avoided_beginnings", beginnings_of(self.avoided))

    def __repr__(self) -> str:
        return "HealthProfile(...)"

    @property
    def is_empty(self) -> bool:
        """Whether the person has told nothing: there is nothing to screen a product for."""
        return not (self.allergens or self.intolerances or self.diets or self.goals or self.avoided)


def avoided_words(words: Iterable[str]) -> tuple[str, ...]:
    """Ingredients to avoid in their plain form: composed characters (Unicode NFC), single spaces, each one
    once whatever its case, in the order they were given.

    Raises ProfileRefused: more than MOST_AVOIDED of them; one that is empty, without a letter or digit,
    longer than LONGEST_AVOIDED characters, or with control or other invisible characters.
    """
    given = tuple(words)
    if _are_plain(given):
        return given
    plain: dict[str, str] = {}
    for word in given:
        if any(unicodedata.category(character).startswith("C") for character in word if character != "\t"):
            raise ProfileRefused(field="avoided", rule="must not hold control or invisible characters")
        composed = " ".join(unicodedata.normalize("NFC", word).split())
        if not any(character.isalnum() for character in composed):
            raise ProfileRefused(field="avoided", rule="must each hold a letter or a digit")
        if len(composed) > LONGEST_AVOIDED:
            raise ProfileRefused(
                field="avoided", rule="must each have at most %(most)s characters", most=LONGEST_AVOIDED
            )
        plain.setdefault(composed.casefold(), composed)
        if len(plain) > MOST_AVOIDED:
            raise ProfileRefused(field="avoided", rule="must be at most %(most)s", most=MOST_AVOIDED)
    return tuple(plain.values())


def _are_plain(words: Sequence[str]) -> bool:
    """Whether these are in their plain form for sure: seen for all at once, as nearly always they are."""
    joined = " ".join(words)
    return (
        len(words) <= MOST_AVOIDED
        and joined.isprintable()
        and "  " not in f"{joined} "
        and unicodedata.is_normalized("NFC", joined)
        and all(word[:1].isalnum() and len(word) <= LONGEST_AVOIDED for word in words)
        and len({word.casefold() for word in words}) == len(words)
    )
