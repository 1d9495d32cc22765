"""The public passport of a product as people read it: the same for everyone, in one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from django.templatetags.static import static
from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import pgettext_lazy as meaning

from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import Source
from contexts.passport.domain.ingredients import Run
from contexts.passport.domain.label import DigitalLabel
from contexts.passport.domain.nutrition import Nutrition
from contexts.passport.models import CatalogueEntry
from contexts.passport.models.label_json import (
    eco_from_json,
    journey_from_json,
    label_from_json,
    sources_from_json,
)

SectionState = Literal["loaded", "absent"]


@dataclass(frozen=True, kw_only=True)
class NutritionRow:
    """One line of the nutrition table, its number as the page's language writes it."""

    label: str
    indent: int
    per_100: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Published:
    """A grade as its source publishes it."""

    grade: str
    source: str


@dataclass(frozen=True, kw_only=True)
class StepLine:
    """One step of the journey."""

    kind: str
    place: str
    date: date | None


@dataclass(frozen=True, kw_only=True)
class JourneySection:
    """Where the product has been."""

    state: SectionState
    steps: tuple[StepLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EcoSection:
    """What the product costs the environment: 0 to 100, 100 the best."""

    state: SectionState
    score: int | None = None
    grade: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, kw_only=True)
class SourceLine:
    """Who says it: attribution, licence, and which values."""

    name: str
    licence: str
    licence_url: str | None
    url: str | None
    fetched: date
    verified: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PassportPage:
    """Everything that the public page and the public API say of a product."""

    gtin: str
    data_version: int
    name: str
    brand_name: str
    picture_url: str | None
    quantity: str | None
    is_demo: bool
    unverified: bool
    """Whether some value is only what somebody entered."""
    language: str
    """ISO 639-1 code of the language that the label's own words are in."""
    ingredients: tuple[Run, ...]
    allergens: tuple[str, ...]
    traces: tuple[str, ...]
    nutrition: tuple[NutritionRow, ...]
    nutrition_basis: str
    nutri_score: Published | None
    nova: int | None
    storage: str | None
    operator: str | None
    origin: str | None
    date_kind: str | None
    instructions: str | None
    journey: JourneySection
    eco: EcoSection
    provenance: tuple[SourceLine, ...]
    data_date: date | None


#: Annex II of Regulation (EU) No 1169/2011, in words for a shopper.
ALLERGEN_NAMES: Final = {
    Allergen.GLUTEN: gettext_lazy("Cereals containing gluten"),
    Allergen.CRUSTACEANS: gettext_lazy("Crustaceans"),
    Allergen.EGGS: gettext_lazy("Eggs"),
    Allergen.FISH: meaning("allergen", "Fish"),
    Allergen.PEANUTS: gettext_lazy("Peanuts"),
    Allergen.SOYBEANS: gettext_lazy("Soybeans"),
    Allergen.MILK: gettext_lazy("Milk"),
    Allergen.NUTS: gettext_lazy("Nuts"),
    Allergen.CELERY: gettext_lazy("Celery"),
    Allergen.MUSTARD: gettext_lazy("Mustard"),
    Allergen.SESAME: gettext_lazy("Sesame"),
    Allergen.SULPHITES: gettext_lazy("Sulphur dioxide and sulphites"),
    Allergen.LUPIN: gettext_lazy("Lupin"),
    Allergen.MOLLUSCS: gettext_lazy("Molluscs"),
}

#: Name, indent and unit of each line, in the order of Annex XV; "of which" lines are indented.
_NUTRIENTS: Final = {
    "energy_kj": (gettext_lazy("Energy"), 0, "kJ"),
    "energy_kcal": (gettext_lazy("Energy"), 0, "kcal"),
    "fat": (gettext_lazy("Fat"), 0, "g"),
    "saturates": (gettext_lazy("of which saturates"), 1, "g"),
    "carbohydrate": (gettext_lazy("Carbohydrate"), 0, "g"),
    "sugars": (gettext_lazy("of which sugars"), 1, "g"),
    "fibre": (gettext_lazy("Fibre"), 0, "g"),
    "protein": (gettext_lazy("Protein"), 0, "g"),
    "salt": (gettext_lazy("Salt"), 0, "g"),
}

#: What a source gave, in words for a shopper. Values that one would call the same are told once.
_FIELD_NAMES: Final = {
    "names": gettext_lazy("name"),
    "brand_name": gettext_lazy("brand"),
    "picture": gettext_lazy("picture"),
    "quantity": gettext_lazy("quantity"),
    "ingredients": gettext_lazy("ingredients"),
    "allergens": gettext_lazy("allergens"),
    "other_allergens": gettext_lazy("allergens"),
    "traces": gettext_lazy("traces"),
    "other_traces": gettext_lazy("traces"),
    "nutrition": gettext_lazy("nutrition"),
    "nutri_score": gettext_lazy("Nutri-Score"),
    "nova": gettext_lazy("NOVA"),
    "date_kind": gettext_lazy("kind of date"),
    "storage": gettext_lazy("storage"),
    "operator": gettext_lazy("responsible business"),
    "origin": gettext_lazy("origin"),
    "instructions": gettext_lazy("instructions"),
    "journey": gettext_lazy("journey"),
    "eco": gettext_lazy("eco score"),
}


def data_version(*, gtin: str) -> int | None:
    """The version of what we know of a product; None if we know nothing. One cheap query."""
    return CatalogueEntry.objects.filter(gtin=gtin).values_list("data_version", flat=True).first()


def passport_page(*, gtin: str, language: str) -> PassportPage | None:
    """The page of a product in a language, as far as the data has it; None for a product that we do not know.

    One query. The words of the page itself are in the language that is active.
    """
    entry = CatalogueEntry.objects.filter(gtin=gtin).first()
    if entry is None:
        return None
    label = label_from_json(entry.label)
    sources = sources_from_json(entry.provenance)
    own = _Own(label=label, language=language)
    journey = journey_from_json(entry.label)
    eco = eco_from_json(entry.label)
    ingredients = label.in_language(label.ingredients, language)
    return PassportPage(
        gtin=entry.gtin,
        data_version=entry.data_version,
        name=own.words(label.names) or entry.name or gettext("Product without a name"),
        brand_name=entry.brand_name,
        picture_url=picture_url(entry.label),
        quantity=label.quantity,
        is_demo=entry.is_demo,
        unverified=not all(source.verified for source in sources),
        language=ingredients[0] if ingredients else label.language,
        ingredients=ingredients[1] if ingredients else (),
        allergens=(*_allergen_names(label.allergens), *label.other_allergens),
        traces=(*_allergen_names(label.traces), *label.other_traces),
        nutrition=_rows(label.nutrition),
        nutrition_basis=label.nutrition.basis.value if label.nutrition else "100 g",
        nutri_score=_published(label, sources),
        nova=label.nova.value if label.nova else None,
        storage=own.words(label.storage),
        operator=label.operator,
        origin=own.words(label.origin),
        date_kind=label.date_kind.value if label.date_kind else None,
        instructions=own.words(label.instructions),
        journey=JourneySection(
            state="loaded" if journey else "absent",
            steps=tuple(StepLine(kind=step.kind.value, place=step.place, date=step.date) for step in journey),
        ),
        eco=EcoSection(state="loaded", score=eco.score, grade=eco.grade.value, explanation=eco.explanation)
        if eco
        else EcoSection(state="absent"),
        provenance=tuple(_source_line(source) for source in sources),
        data_date=max(
            (source.modified.date() if source.modified else source.fetched for source in sources),
            default=None,
        ),
    )


def picture_url(label: Mapping[str, Any]) -> str | None:
    """Address of an entry's picture: a static file of ours, never another host's."""
    picture = label.get("picture")
    return static(picture) if picture else None


@dataclass(frozen=True, kw_only=True)
class _Own:
    """Picks the label's own words."""

    label: DigitalLabel
    language: str

    def words(self, values: Mapping[str, str]) -> str | None:
        found = self.label.in_language(values, self.language)
        return found[1] if found else None


def _allergen_names(allergens: Iterable[Allergen]) -> tuple[str, ...]:
    return tuple(str(ALLERGEN_NAMES[allergen]) for allergen in allergens)


def _rows(nutrition: Nutrition | None) -> tuple[NutritionRow, ...]:
    if nutrition is None:
        return ()
    rows = []
    for name, value in nutrition.stated():
        label, indent, unit = _NUTRIENTS[name]
        rows.append(
            NutritionRow(label=str(label), indent=indent, per_100=number_format(value.normalize()), unit=unit)
        )
    return tuple(rows)


def _published(label: DigitalLabel, sources: Iterable[Source]) -> Published | None:
    if label.nutri_score is None:
        return None
    names = [source.name for source in sources if "nutri_score" in source.fields]
    return Published(
        grade=label.nutri_score.value,
        source=gettext("as published by %(source)s") % {"source": ", ".join(names)},
    )


def _source_line(source: Source) -> SourceLine:
    return SourceLine(
        name=source.name,
        licence=source.licence,
        licence_url=source.licence_url,
        url=source.url,
        fetched=source.fetched,
        verified=source.verified,
        fields=tuple(dict.fromkeys(str(_FIELD_NAMES[name]) for name in source.fields)),
    )
