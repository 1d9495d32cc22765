"""The eco score that we compute as a page tells it: every part of it, or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.passport.application.sources import agribalyse
from contexts.passport.domain import eco
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.eco import EcoScore, LifeCycle, Part, PartScore, Unknown

_PARTS: Final = {
    Part.LIFE_CYCLE: gettext_noop("Life cycle of such food"),
    Part.PRODUCTION: gettext_noop("How it was grown or caught"),
    Part.SPECIES: gettext_noop("Palm oil that nobody certified"),
    Part.PACKAGING: gettext_noop("Packaging"),
    Part.ORIGINS: gettext_noop("Where the ingredients come from"),
}
_UNKNOWN: Final = {
    Unknown.CATEGORY: gettext_noop("what kind of food it is"),
    Unknown.LIFE_CYCLE: gettext_noop("life-cycle data of such food"),
    Unknown.LABELS: gettext_noop("how it was grown"),
    Unknown.INGREDIENTS: gettext_noop("the list of ingredients"),
    Unknown.PACKAGING: gettext_noop("its packaging"),
    Unknown.ORIGINS: gettext_noop("where the ingredients come from"),
}
#: How a person calls the marks that say how something was grown or caught, by their tag.
MARKS: Final = {
    "en:demeter": "Demeter",
    "fr:nature-et-progres": "Nature & Progrès",
    "fr:bio-coherence": "Bio Cohérence",
    "en:eu-organic": gettext_noop("Organic"),
    "en:organic": gettext_noop("Organic"),
    "fr:ab-agriculture-biologique": "AB Agriculture Biologique",
    "de:eg-oko-verordnung": "EG-Öko-Verordnung",
    "en:sustainable-fishing-method": gettext_noop("Sustainable fishing method"),
    "en:sustainable-seafood-msc": "MSC",
    "en:responsible-aquaculture-asc": "ASC",
    "en:rainforest-alliance": "Rainforest Alliance",
    "en:utz-certified": "UTZ",
    "en:fairtrade-international": "Fairtrade",
    "en:fair-trade": gettext_noop("Fair trade"),
    "fr:haute-valeur-environnementale": "Haute Valeur Environnementale",
    "fr:bleu-blanc-coeur": "Bleu-Blanc-Cœur",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class EcoPart:
    """One part of the score that we compute."""

    name: str
    evidence: str
    points: str
    """With its sign, but for the life cycle's, which the others are added to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ComputedEco:
    """The score that we compute, and all that led to it."""

    score: int
    grade: str
    parts: tuple[EcoPart, ...]
    food: str
    """The food whose life cycle it starts from."""
    co2: str
    """Kilograms of CO2 equivalent per kilogram of it."""
    unknown: tuple[str, ...]


def computed_eco(
    entry: CatalogueEntry, *, loaded: Mapping[str, LifeCycle] | None = None
) -> ComputedEco | tuple[str, ...]:
    """Our score; else what is missing for one, nothing where such food has none.

    `loaded` is what an operator's table of life cycles has of such food; asked for in one query where it is
    not given.
    """
    if loaded is None:
        codes = eco.codes_of(entry.categories)
        loaded = agribalyse.life_cycles(codes=codes) if codes else {}
    result = eco.of_product(label=entry.label, categories=entry.categories, loaded=loaded)
    if not isinstance(result, EcoScore):
        return tuple(_(_UNKNOWN[reason]) for reason in result.reasons if reason in _UNKNOWN)
    return ComputedEco(
        score=result.score,
        grade=result.grade.value,
        parts=tuple(
            EcoPart(
                name=_(_PARTS[part.part]),
                evidence=_(MARKS[part.evidence]) if part.evidence in MARKS else part.evidence,
                points=_signed(part),
            )
            for part in result.parts
        ),
        food=result.life_cycle.name,
        co2=number_format(result.life_cycle.co2_kg, 1),
        unknown=tuple(_(_UNKNOWN[what]) for what in result.unknown),
    )


def _signed(part: PartScore) -> str:
    if part.part is Part.LIFE_CYCLE:
        return str(part.points)
    return f"{part.points:+}".replace("-", "\N{MINUS SIGN}")
