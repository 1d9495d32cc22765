"""How light a product is on the environment: life-cycle data of its kind of food, and what is known to be
better or worse about this product.

The formula is that of the Green-Score (the Eco-Score until 2024) as its documentation gives it
(docs.green-score.org and docs.score-environnemental.com: "Analyse de cycle de vie", "Labels", "Espèces
menacées", "Emballage"): the Environmental Footprint single score of Agribalyse on a scale of 0 to 100, and
bonuses and maluses whose sum is at most 25. What is not known about the product adds nothing; it is named in
`unknown`.
"""

import math
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from importlib import resources
from typing import Final

from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.label import Claim, DigitalLabel
from contexts.passport.domain.lexicon import Lexicon
from contexts.passport.domain.sections import Eco, EcoGrade


@dataclass(frozen=True, kw_only=True, slots=True)
class LifeCycle:
    """What producing a kind of food costs the environment, from the field to the plate.

    Raises ValueError for figures that no food has.
    """

    code: str
    """Agribalyse's (and Ciqual's) code of the food."""
    name: str
    ef_millipoints: Decimal
    """Environmental Footprint 3.0 single score in mPt per kilogram."""
    co2_kg: Decimal
    """Kilograms of CO2 equivalent per kilogram."""

    def __post_init__(self) -> None:
        for value in (self.ef_millipoints, self.co2_kg):
            if not value.is_finite() or value < 0 or value > 10_000:
                raise ValueError(f"{self.name} cannot have {value}.")


class Part(Enum):
    """What a score is made of."""

    LIFE_CYCLE = "life_cycle"
    PRODUCTION = "production"
    """How it was grown or caught, as labels certify it."""
    SPECIES = "species"
    """Whether it threatens species: palm oil that nobody certified."""
    PACKAGING = "packaging"
    ORIGINS = "origins"


@dataclass(frozen=True, kw_only=True, slots=True)
class PartScore:
    """One part: the life cycle's is what the others are added to."""

    part: Part
    points: int
    evidence: str
    """What it comes from: the name of the food, the tag of a label, the words of the list."""


class Unknown(Enum):
    """Why there is no score, or what it does not know."""

    CATEGORY = "category"
    """What kind of food it is."""
    LIFE_CYCLE = "life_cycle"
    """Life-cycle data of such food."""
    NOT_APPLICABLE = "not_applicable"
    """Water, sodas, energy drinks, fresh fruits and vegetables: the formula is not made for them."""
    LABELS = "labels"
    INGREDIENTS = "ingredients"
    PACKAGING = "packaging"
    ORIGINS = "origins"


@dataclass(frozen=True, kw_only=True, slots=True)
class EcoScore:
    """A score, and all that led to it."""

    score: int
    """0 to 100, 100 the best."""
    parts: tuple[PartScore, ...]
    life_cycle: LifeCycle
    unknown: tuple[Unknown, ...]
    """What would have counted and is not known."""

    @property
    def grade(self) -> EcoGrade:
        """The grade that the score has."""
        return Eco(score=self.score, explanation="").grade


@dataclass(frozen=True, kw_only=True, slots=True)
class NotScored:
    """There is no score."""

    reasons: tuple[Unknown, ...]


_ORGANIC: Final = "en:eu-organic"
_MOST_BONUS: Final = 25
_MOST_LABELS: Final = 20
_PALM_OIL: Final = -10

#: Points of a label; of those that stand for the same thing the first counts alone.
_LABELS: Final[tuple[tuple[frozenset[str], int], ...]] = (
    (frozenset({"en:demeter", "fr:nature-et-progres", "fr:bio-coherence"}), 20),
    (frozenset({"en:eu-organic", "fr:ab-agriculture-biologique", "en:organic", "de:eg-oko-verordnung"}), 15),
    (frozenset({"en:sustainable-fishing-method"}), 15),
    (frozenset({"en:sustainable-seafood-msc", "en:responsible-aquaculture-asc"}), 10),
    (frozenset({"en:rainforest-alliance", "en:utz-certified"}), 10),
    (frozenset({"en:fairtrade-international", "en:fair-trade"}), 10),
    (frozenset({"fr:haute-valeur-environnementale"}), 10),
    (frozenset({"fr:bleu-blanc-coeur"}), 10),
)
_SUSTAINABLE_PALM_OIL: Final = frozenset(
    {"en:roundtable-on-sustainable-palm-oil", "en:sustainable-palm-oil", "en:certified-sustainable-palm-oil"}
)
_NO_PALM_OIL: Final = frozenset({"en:palm-oil-free", "en:no-palm-oil"})
CERTIFICATES: Final[frozenset[str]] = frozenset().union(
    *(tags for tags, _ in _LABELS), _SUSTAINABLE_PALM_OIL, _NO_PALM_OIL
)
"""The tags of labels that the score counts."""
#: Palm and palm kernel oil as lists of ingredients name it.
_PALM_OIL_WORDS: Final = """
    palm oil, palm kernel oil, palm fat, palm kernel, palm, palma, palmisto, *palmöl*, *palmfett*, *palmkern*,
    palme, palmiste, palmolie, palmvet, palmpit*, palmolja, palmfett, palmeolie, palmefedt, palmuölj*,
    palmiõli, palmow*, palmov*, pálma*, palmier, palmové, palmių, φοινικέλαιο, палмов*
"""
_OTHER_PALMS: Final = """
    hearts of palm, heart of palm, palm heart*, palmherz*, coeur* de palmier, cœur* de palmier, cuori di
    palma, palm sugar, palmzucker, sucre de palme, zucchero di palma, ascorbyl palmitate
"""
_PALM: Final = Lexicon[bool](
    [
        *((" ".join(phrase.split()), True) for phrase in _PALM_OIL_WORDS.split(",")),
        *((" ".join(phrase.split()), None) for phrase in _OTHER_PALMS.split(",")),
    ]
)

_BEVERAGES: Final = frozenset({"en:beverages", "en:milks"})
_NOT_APPLICABLE: Final = frozenset(
    {"en:waters", "en:sodas", "en:energy-drinks", "en:fresh-vegetables", "en:fresh-fruits"}
)


def of_life_cycle(*, life_cycle: LifeCycle, is_beverage: bool) -> int:
    """The single score on a scale of 0 to 100, 100 the best; the scale of beverages is wider."""
    footprint = float(life_cycle.ef_millipoints)
    if is_beverage:
        score = 150 - 36 * math.log(100 * footprint + 1)
    elif footprint < _TINY:
        score = 100.0
    else:
        score = 100 - 20 * math.log(10 * footprint + 1) / math.log(2 + 1 / (100 * footprint**4))
    return min(100, max(0, math.floor(score + 0.5)))


_TINY: Final = 1e-6
"""Below it the fourth power has no inverse; the score is 100 long before."""


def scored(
    *,
    life_cycle: LifeCycle | None,
    categories: Collection[str],
    labels: Collection[str] = (),
    ingredients: Iterable[str] = (),
    packaging: int | None = None,
    origins: int | None = None,
) -> EcoScore | NotScored:
    """The score of a product; total.

    `labels` are tags of Open Food Facts' taxonomy, `ingredients` the lists as text. `packaging` (-15 to 0)
    and `origins` (-5 to 20) are points that somebody who knows them worked out; None is not known.
    """
    reasons = tuple(_missing(life_cycle, categories))
    if reasons or life_cycle is None:
        return NotScored(reasons=reasons or (Unknown.LIFE_CYCLE,))
    texts = tuple(ingredients)
    base = PartScore(
        part=Part.LIFE_CYCLE,
        points=of_life_cycle(life_cycle=life_cycle, is_beverage=not _BEVERAGES.isdisjoint(categories)),
        evidence=life_cycle.name,
    )
    adjustments = [*_of_labels(labels), *_of_species(labels, texts)]
    unknown: list[Unknown] = []
    if not labels:
        unknown.append(Unknown.LABELS)
    if not texts:
        unknown.append(Unknown.INGREDIENTS)
    for part, points, what in (
        (Part.PACKAGING, packaging, Unknown.PACKAGING),
        (Part.ORIGINS, origins, Unknown.ORIGINS),
    ):
        if points is None:
            unknown.append(what)
        elif points:
            adjustments.append(PartScore(part=part, points=points, evidence=""))
    bonus = min(_MOST_BONUS, sum(adjustment.points for adjustment in adjustments))
    return EcoScore(
        score=min(100, max(0, base.points + bonus)),
        parts=(base, *adjustments),
        life_cycle=life_cycle,
        unknown=tuple(unknown),
    )


def of_product(
    *, label: DigitalLabel, categories: Sequence[str], loaded: Mapping[str, LifeCycle] | None = None
) -> EcoScore | NotScored:
    """The score of a product by what its label says; `loaded` are life cycles by code, as
    `life_cycle_of` takes them."""
    labels = set(label.certificates)
    if Claim.ORGANIC in label.claims:
        labels.add(_ORGANIC)
    return scored(
        life_cycle=life_cycle_of(categories=categories, loaded=loaded or {}),
        categories=categories,
        labels=labels,
        ingredients=[text_of(runs) for runs in label.ingredients.values()],
    )


def codes_of(categories: Sequence[str]) -> tuple[str, ...]:
    """Agribalyse's codes of the categories that have one, the most special first."""
    return tuple(dict.fromkeys(COMMON_FOODS[tag].code for tag in reversed(categories) if tag in COMMON_FOODS))


def life_cycle_of(
    *, categories: Sequence[str], loaded: Mapping[str, LifeCycle] | None = None
) -> LifeCycle | None:
    """The life cycle of the most special category that has one; `categories` go from general to special.

    What is `loaded` of Agribalyse's own table, by its codes, counts before the figures that are built in.
    """
    tag = next((tag for tag in reversed(categories) if tag in COMMON_FOODS), None)
    if tag is None:
        return None
    known = COMMON_FOODS[tag]
    return (loaded or {}).get(known.code, known)


def _common_foods() -> Iterator[tuple[str, LifeCycle]]:
    text = resources.files(__package__).joinpath("tables", "life_cycles.toml").read_text(encoding="utf-8")
    for tag, row in tomllib.loads(text).items():
        yield (
            tag,
            LifeCycle(
                code=row["code"],
                name=row["name"],
                ef_millipoints=Decimal(row["ef_millipoints"]),
                co2_kg=Decimal(row["co2_kg"]),
            ),
        )


COMMON_FOODS: Final[Mapping[str, LifeCycle]] = dict(_common_foods())
"""Life cycles by category of Open Food Facts' taxonomy: what is built in."""


def _missing(life_cycle: LifeCycle | None, categories: Collection[str]) -> Iterable[Unknown]:
    if not categories:
        yield Unknown.CATEGORY
    elif not _NOT_APPLICABLE.isdisjoint(categories):
        yield Unknown.NOT_APPLICABLE
    elif life_cycle is None:
        yield Unknown.LIFE_CYCLE


def _of_labels(labels: Collection[str]) -> Iterable[PartScore]:
    left = _MOST_LABELS
    for tags, points in _LABELS:
        found = sorted(tags.intersection(labels))
        if found and left:
            counted = min(points, left)
            left -= counted
            yield PartScore(part=Part.PRODUCTION, points=counted, evidence=found[0])


def _of_species(labels: Collection[str], texts: Iterable[str]) -> Iterable[PartScore]:
    if not _SUSTAINABLE_PALM_OIL.isdisjoint(labels) or not _NO_PALM_OIL.isdisjoint(labels):
        return
    for text in texts:
        for start, end, _ in _PALM.find(text):
            yield PartScore(part=Part.SPECIES, points=_PALM_OIL, evidence=text[start:end])
            return
