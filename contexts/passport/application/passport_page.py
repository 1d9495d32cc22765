"""The public passport of a product as a page shows it: every word that a person reads, nothing about who
reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from uuid import UUID

from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from contexts.passport.application.catalogue import StoredEntry, find_entry
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry
from contexts.passport.domain.ingredients import Runs
from contexts.passport.domain.label import PerLanguage
from contexts.passport.domain.nutrition import Nutrition
from contexts.passport.domain.sections import Journey
from contexts.passport.models import Scan

#: How a person calls the substances of Annex II.
_ALLERGENS: Final = {
    Allergen.GLUTEN: gettext_noop("Cereals containing gluten"),
    Allergen.CRUSTACEANS: gettext_noop("Crustaceans"),
    Allergen.EGGS: gettext_noop("Eggs"),
    Allergen.FISH: gettext_noop("Fish"),
    Allergen.PEANUTS: gettext_noop("Peanuts"),
    Allergen.SOYBEANS: gettext_noop("Soybeans"),
    Allergen.MILK: gettext_noop("Milk"),
    Allergen.NUTS: gettext_noop("Nuts"),
    Allergen.CELERY: gettext_noop("Celery"),
    Allergen.MUSTARD: gettext_noop("Mustard"),
    Allergen.SESAME: gettext_noop("Sesame"),
    Allergen.SULPHITES: gettext_noop("Sulphur dioxide and sulphites"),
    Allergen.LUPIN: gettext_noop("Lupin"),
    Allergen.MOLLUSCS: gettext_noop("Molluscs"),
}

#: The rows of Annex XV: name, whether it is a part of the row above, unit.
_NUTRIENTS: Final = {
    "energy_kj": (gettext_noop("Energy"), False, "kJ"),
    "energy_kcal": (gettext_noop("Energy"), False, "kcal"),
    "fat": (gettext_noop("Fat"), False, "g"),
    "saturates": (gettext_noop("of which saturates"), True, "g"),
    "carbohydrate": (gettext_noop("Carbohydrate"), False, "g"),
    "sugars": (gettext_noop("of which sugars"), True, "g"),
    "fibre": (gettext_noop("Fibre"), False, "g"),
    "protein": (gettext_noop("Protein"), False, "g"),
    "salt": (gettext_noop("Salt"), False, "g"),
}
_HUNDREDTH: Final = Decimal("0.01")

#: How a person calls the values that a source gives.
_VALUES: Final = {
    "names": gettext_noop("Name"),
    "brand_name": gettext_noop("Brand"),
    "picture": gettext_noop("Picture"),
    "quantity": gettext_noop("Quantity"),
    "ingredients": gettext_noop("Ingredients"),
    "allergens": gettext_noop("Allergens"),
    "other_allergens": gettext_noop("Allergens"),
    "traces": gettext_noop("Traces"),
    "other_traces": gettext_noop("Traces"),
    "nutrition": gettext_noop("Nutrition"),
    "nutri_score": gettext_noop("Nutri-Score"),
    "nova": gettext_noop("NOVA"),
    "date_kind": gettext_noop("Kind of date"),
    "storage": gettext_noop("Storage"),
    "instructions": gettext_noop("Instructions"),
    "origin": gettext_noop("Origin"),
    "operator": gettext_noop("Responsible business"),
    "journey": gettext_noop("Journey"),
    "eco": gettext_noop("Eco"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class NutritionRow:
    """A line of the nutrition table."""

    label: str
    indent: bool
    per_100: str
    unit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedGrade:
    """A grade and who published it."""

    grade: str
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StepView:
    """A step of the journey."""

    kind: str
    place: str
    date: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JourneySection:
    """The journey, `loaded` or `absent`."""

    state: str
    steps: tuple[StepView, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EcoSection:
    """The eco score, `loaded` or `absent`."""

    state: str
    score: int | None = None
    grade: str | None = None
    explanation: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceView:
    """Where some values come from."""

    name: str
    licence: str
    licence_url: str | None
    url: str | None
    fetched: date
    verified: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class PassportPage:
    """All that the public page shows. Texts are plain: whatever looks like markup in them is text."""

    gtin: str
    name: str
    brand_name: str
    picture_url: str | None
    quantity: str | None
    is_demo: bool
    unverified: bool
    language: str
    """Language of the name and of the label's other texts."""
    ingredients: Runs
    ingredients_language: str
    allergens: tuple[str, ...]
    traces: tuple[str, ...]
    nutrition: tuple[NutritionRow, ...]
    nutrition_basis: str | None
    nutri_score: PublishedGrade | None
    nova: int | None
    storage: str | None
    operator: str | None
    origin: str | None
    date_kind: str | None
    instructions: str | None
    journey: JourneySection
    eco: EcoSection
    provenance: tuple[SourceView, ...]
    data_date: date
    """The day of the newest value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PackView:
    """What the code of the scanned pack says."""

    lot: str | None
    serial: str | None
    use_by: date | None
    best_before: date | None
    net_weight: str | None
    use_by_passed: bool
    best_before_passed: bool

    def __bool__(self) -> bool:
        """Whether the code says anything beyond the GTIN."""
        return any((self.lot, self.serial, self.use_by, self.best_before, self.net_weight))


def passport_page(*, gtin: str, language: str) -> PassportPage | None:
    """The page of a GTIN-14 in a language (ISO 639-1), as far as the label has it; None for an unknown
    product.

    One query.
    """
    stored = find_entry(gtin=gtin)
    return None if stored is None else page_of(stored, language=language)


def page_of(stored: StoredEntry, *, language: str) -> PassportPage:
    """The page of an entry."""
    entry = stored.entry
    label = entry.label
    name = label.in_language(label.names, language) or (label.language, entry.gtin)
    ingredients = label.in_language(label.ingredients, language) or (name[0], ())

    def text(values: PerLanguage[str]) -> str | None:
        found = label.in_language(values, name[0])
        return found and found[1]

    return PassportPage(
        gtin=entry.gtin,
        name=name[1],
        brand_name=entry.brand_name,
        picture_url=static(entry.picture) if entry.picture else None,
        quantity=label.quantity,
        is_demo=entry.is_demo,
        unverified=not all(source.verified for source in entry.sources),
        language=name[0],
        ingredients=ingredients[1],
        ingredients_language=ingredients[0],
        allergens=(*(_(_ALLERGENS[a]) for a in label.allergens), *label.other_allergens),
        traces=(*(_(_ALLERGENS[a]) for a in label.traces), *label.other_traces),
        nutrition=tuple(_nutrition_rows(label.nutrition)) if label.nutrition else (),
        nutrition_basis=label.nutrition.basis.value if label.nutrition else None,
        nutri_score=_nutri_score(entry),
        nova=label.nova and label.nova.value,
        storage=text(label.storage),
        operator=label.operator,
        origin=text(label.origin),
        date_kind=label.date_kind and label.date_kind.value,
        instructions=text(label.instructions),
        journey=_journey(entry.journey),
        eco=EcoSection(
            state="loaded",
            score=entry.eco.score,
            grade=entry.eco.grade.value,
            explanation=entry.eco.explanation,
        )
        if entry.eco
        else EcoSection(state="absent"),
        provenance=tuple(
            SourceView(
                name=source.name,
                licence=source.licence,
                licence_url=source.licence_url,
                url=source.url,
                fetched=source.fetched,
                verified=source.verified,
                fields=tuple(dict.fromkeys(_(_VALUES[name]) for name in _VALUES if name in source.fields)),
            )
            for source in entry.sources
        ),
        data_date=_data_date(stored),
    )


def pack_of(*, scan_id: UUID, now: datetime) -> PackView | None:
    """What the code of a scan says about its pack; None when the scan is gone or said nothing. One query.

    A date is passed from the day after it on, by the clock in UTC.
    """
    scan = Scan.objects.filter(id=scan_id).first()
    if scan is None:
        return None
    today = now.astimezone(UTC).date()
    pack = PackView(
        lot=scan.lot or None,
        serial=scan.serial or None,
        use_by=scan.expiry,
        best_before=scan.best_before,
        net_weight=None if scan.net_weight_kg is None else _weight(scan.net_weight_kg),
        use_by_passed=scan.expiry is not None and scan.expiry < today,
        best_before_passed=scan.best_before is not None and scan.best_before < today,
    )
    return pack or None


def _nutrition_rows(nutrition: Nutrition) -> Iterator[NutritionRow]:
    for name, value in nutrition.stated():
        label, indent, unit = _NUTRIENTS[name]
        amount = _whole(value) if unit in {"kJ", "kcal"} else _amount(value)
        yield NutritionRow(label=_(label), indent=indent, per_100=amount, unit=unit)


def _amount(grams: Decimal) -> str:
    """Grams as a label writes them: at most two decimals, and a trace of something is not nothing."""
    if 0 < grams < _HUNDREDTH:
        return f"<{_HUNDREDTH}"
    return _plain(grams.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP))


def _whole(value: Decimal) -> str:
    return f"{value.quantize(Decimal(1), rounding=ROUND_HALF_UP):f}"


def _weight(kilograms: Decimal) -> str:
    return f"{_plain(kilograms)} kg" if kilograms >= 1 else f"{_plain(kilograms * 1000)} g"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _nutri_score(entry: CatalogueEntry) -> PublishedGrade | None:
    if entry.label.nutri_score is None:
        return None
    source = next(source.name for source in entry.sources if "nutri_score" in source.fields)
    return PublishedGrade(
        grade=entry.label.nutri_score.value,
        source=_("as published by %(source)s") % {"source": source.removeprefix("© ")},
    )


def _journey(journey: Journey) -> JourneySection:
    if not journey:
        return JourneySection(state="absent")
    steps = tuple(StepView(kind=step.kind.value, place=step.place, date=step.date) for step in journey)
    return JourneySection(state="loaded", steps=steps)


def _data_date(stored: StoredEntry) -> date:
    return max(
        (source.modified.date() if source.modified else source.fetched for source in stored.entry.sources),
        default=stored.updated_at.date(),
    )
