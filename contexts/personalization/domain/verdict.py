"""What a product is for a person, and why."""

from collections.abc import Mapping
from enum import Enum, StrEnum
from functools import total_ordering
from types import MappingProxyType
from typing import NamedTuple


@total_ordering
class Outcome(Enum):
    """In order: the worst of the findings is the verdict's."""

    GOOD_FOR_YOU = "good_for_you"
    BE_CAREFUL = "be_careful"
    AVOID = "avoid"

    #: There is one of each: by its address, in C. The default hashes the name in Python, on each look-up.
    __hash__ = object.__hash__

    def __lt__(self, other: "Outcome") -> bool:
        return _ORDER[self] < _ORDER[other]


_ORDER = {outcome: place for place, outcome in enumerate(Outcome)}


class Code(StrEnum):
    """On which part of the label a finding rests: all of its reason that may leave the context."""

    INGREDIENTS = "ingredients"
    TRACES = "traces"
    NUTRITION = "nutrition"
    MISSING_DATA = "missing_data"
    UNVERIFIED_DATA = "unverified_data"


class Place(StrEnum):
    """Where on the label something stands, or should stand."""

    INGREDIENTS = "ingredients"
    ALLERGENS = "allergens"
    """The declared allergens."""
    TRACES = "traces"
    """The declared traces ("may contain")."""
    NUTRITION = "nutrition"
    CLAIMS = "claims"
    SOURCE = "source"
    """Who the label comes from."""


class Missing(StrEnum):
    """What a label does not tell and a verdict needs."""

    INGREDIENTS = "ingredients"
    READABLE_INGREDIENTS = "readable_ingredients"
    """There is a list of ingredients, in no language that we read."""
    COMPARABLE_INGREDIENTS = "comparable_ingredients"
    """There is a list of ingredients, but none in the language of the person's own words."""
    TRACES = "traces"
    """Whether there may be traces of what the person avoids in traces, too."""
    ENERGY = "energy"
    SATURATES = "saturates"
    CARBOHYDRATE = "carbohydrate"
    SUGARS = "sugars"
    FIBRE = "fibre"
    PROTEIN = "protein"
    SALT = "salt"
    VERIFICATION = "verification"
    """The brand's own word that the label is right."""


# Tuples, because a verdict of a full profile makes dozens of them on every page. Their values tell of a
# profile, so they show none by themselves.


class Evidence(NamedTuple):
    """What on the label a finding rests on."""

    place: Place
    text: str = ""
    """As it is written in the list of ingredients; else the name of the allergen, nutrient or claim."""
    language: str | None = None
    """Of the list of ingredients (ISO 639-1)."""
    start: int | None = None
    end: int | None = None
    """Where in the list of that language the text begins and ends, in characters."""

    def __repr__(self) -> str:
        return "Evidence(...)"


class Reason(NamedTuple):
    """Why, as a code with values; the words of a person's language are made of them where they are shown."""

    code: str
    values: Mapping[str, str | tuple[str, ...]] = MappingProxyType({})

    def __repr__(self) -> str:
        return "Reason(...)"


class Finding(NamedTuple):
    """What one policy says. GOOD_FOR_YOU tells of a goal that is met."""

    policy: str
    outcome: Outcome
    reason: Reason
    evidence: tuple[Evidence, ...]
    code: Code

    def __repr__(self) -> str:
        return "Finding(...)"


class Verdict(NamedTuple):
    """The worst finding's outcome, all findings with the worst first, and what the label does not tell."""

    outcome: Outcome
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    ruleset_version: str

    def __repr__(self) -> str:
        return "Verdict(...)"

    @property
    def reason_codes(self) -> tuple[Code, ...]:
        """The codes of what speaks against the product, each once, in the order of the enumeration."""
        codes = {finding.code for finding in self.findings if finding.outcome is not Outcome.GOOD_FOR_YOU}
        return tuple(code for code in Code if code in codes)
