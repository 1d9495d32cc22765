"""The public passport of a product as a page shows it: every word that a person reads, nothing about who
reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language, get_language_info, gettext_noop
from django.utils.translation import gettext as _

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.journey_map import JourneyMap, map_of
from contexts.passport.application.page_eco import ComputedEco, computed_eco
from contexts.passport.application.page_nutrition import NutritionTable, table_of
from contexts.passport.application.page_scores import (
    AdditiveView,
    NovaView,
    NutriScoreView,
    additives_of,
    called,
    in_words,
    nova_of,
    nutri_score_of,
    publisher_of,
)
from contexts.passport.application.pictures import picture_url
from contexts.passport.application.sections import Sections
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.eco import LifeCycle
from contexts.passport.domain.ingredients import Runs, emphasised
from contexts.passport.domain.label import Claim, DigitalLabel, PerLanguage
from contexts.passport.domain.recalls import Reason, StandingRecall
from contexts.passport.domain.section_states import Failed, Loaded, Pending, State
from contexts.passport.domain.sections import Eco, Journey, ToldJourney, in_order, runs_backwards
from contexts.passport.domain.text import cleaned, shortened

#: How a person calls the substances of Annex II.
ALLERGENS: Final = {
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

#: How a person calls what a pack says of its product.
CLAIMS: Final = {
    Claim.VEGAN: gettext_noop("Vegan"),
    Claim.VEGETARIAN: gettext_noop("Vegetarian"),
    Claim.HALAL: gettext_noop("Halal"),
    Claim.KOSHER: gettext_noop("Kosher"),
    Claim.GLUTEN_FREE: gettext_noop("Gluten-free"),
    Claim.LACTOSE_FREE: gettext_noop("Lactose-free"),
    Claim.MILK_FREE: gettext_noop("Free from milk"),
    Claim.ALCOHOL_FREE: gettext_noop("Alcohol-free"),
    Claim.NO_ADDED_SUGAR: gettext_noop("No added sugars"),
    Claim.ORGANIC: gettext_noop("Organic"),
}

#: How a person calls the reason of a recall.
_REASONS: Final = {
    Reason.ALLERGEN: gettext_noop("An allergen that the label does not name"),
    Reason.MICROBIOLOGICAL: gettext_noop("Germs that can make you ill"),
    Reason.CHEMICAL: gettext_noop("A harmful substance"),
    Reason.FOREIGN_BODY: gettext_noop("A foreign body in the food"),
    Reason.PACKAGING: gettext_noop("Faulty packaging"),
    Reason.LABELLING: gettext_noop("A wrong label"),
}

#: The language in which sources explain their eco score.
_OF_SCORES: Final = "en"

#: How a person calls the values that a source gives.
VALUES: Final = {
    "names": gettext_noop("Name"),
    "brand_name": gettext_noop("Brand"),
    "picture": gettext_noop("Picture"),
    "generic_names": gettext_noop("Name of the food"),
    "categories": gettext_noop("Category"),
    "quantity": gettext_noop("Quantity"),
    "ingredients": gettext_noop("Ingredients"),
    "allergens": gettext_noop("Allergens"),
    "other_allergens": gettext_noop("Allergens"),
    "traces": gettext_noop("Traces"),
    "other_traces": gettext_noop("Traces"),
    "claims": gettext_noop("Labels on the pack"),
    "certificates": gettext_noop("Labels on the pack"),
    "nutrition": gettext_noop("Nutrition"),
    "portion": gettext_noop("Nutrition"),
    "additives": gettext_noop("Additives"),
    "fruits_vegetables_legumes": gettext_noop("Share of fruits, vegetables and legumes"),
    "alcohol": gettext_noop("Alcohol"),
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
#: Characters: previews of shared links show about so many.
_LONGEST_SHORT_NAME: Final = 80
_LONGEST_SHORT_BRAND: Final = 30

#: Of these the page says nothing else where they are not known; a pack may do without the others (Art. 9(1)).
_ON_EVERY_PACK: Final = ("quantity", "date_kind", "operator")


@dataclass(frozen=True, slots=True)
class Words:
    """The label's own words, and the language that they are in (ISO 639-1)."""

    text: str
    language: str
    foreign: str = ""
    """What that language is called, where it is not the one that was asked for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepView:
    """A step of the journey."""

    kind: str
    place: str
    date: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JourneySection:
    """The journey: `loaded`, `absent` where nobody knows it, `pending` or `failed`."""

    state: str
    steps: tuple[StepView, ...] = ()
    map: JourneyMap | None = None
    lot: str = ""
    """The one lot that it is told of; empty for the product in general."""
    without_day: bool = False
    """Whether a step has no day: then nobody knows that the steps are in their order."""
    runs_backwards: bool = False
    """Whether the days do not fit the order of the steps."""
    told_by: str = ""
    """Who told it, where that is not among the sources of the catalogue's values and is no feed."""
    told_at: datetime | None = None
    """When it was told; None for what the catalogue itself says."""
    stale: bool = False
    """Whether the source could not be asked again since."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EcoSection:
    """The eco score: `loaded`, `absent` where nobody knows it, `pending` or `failed`."""

    state: str
    score: int | None = None
    grade: str | None = None
    explanation: Words | None = None
    publisher: str = ""
    """Who published the score; empty where it is ours."""
    computed: ComputedEco | None = None
    missing: tuple[str, ...] = ()
    """What would have to be known for a score of ours."""


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
class RecallView:
    """A recall that stands, as the page shows it to everyone."""

    every_pack: bool
    lots: tuple[str, ...]
    serial_from: str
    serial_to: str
    reason: str | None
    text: str
    announced: date


@dataclass(frozen=True, kw_only=True, slots=True)
class PassportPage:
    """All that the public page shows. Texts are plain: whatever looks like markup in them is text."""

    gtin: str
    name: Words
    brand_name: str
    picture_url: str | None
    quantity: str | None
    is_demo: bool
    recalls: tuple[RecallView, ...]
    unverified: bool
    """Whether some value is only what somebody entered."""
    generic_name: Words | None
    """The name of the food (Art. 17), where it is another than what the product is called."""
    alcohol: str | None
    """Per cent by volume."""
    ingredients: Runs
    """With every word set apart that names an allergen, declared or not."""
    ingredients_language: str
    ingredients_foreign: str
    """What the language of the list is called, where it is not the one that was asked for."""
    allergens: tuple[str, ...]
    traces: tuple[str, ...]
    traces_stated: bool
    """Whether it is said which the pack names. If not, that there are none here says nothing."""
    claims: tuple[str, ...]
    nutrition: NutritionTable | None
    nutri_score: NutriScoreView
    nova: NovaView
    additives: tuple[AdditiveView, ...]
    storage: Words | None
    operator: str | None
    origin: Words | None
    date_kind: str | None
    instructions: Words | None
    not_stated: tuple[str, ...]
    """What every pack has to state (Regulation (EU) No 1169/2011 Art. 9) and nobody tells of this one."""
    journey: JourneySection
    eco: EcoSection
    provenance: tuple[SourceView, ...]
    origins: Mapping[str, str]
    """Who gives a value, by its name."""
    data_date: date
    """The day of the newest value."""
    may_be_bettered: bool = False
    """Whether its kind is known, and a better Nutri-Score than its own is possible."""
    waits: bool = False
    """Whether a section is still being asked for."""

    @property
    def short_name(self) -> str:
        """What the product is called where its words stand within a sentence of ours: not endless, and
        without what would turn that sentence around."""
        return shortened(cleaned(self.name.text), limit=_LONGEST_SHORT_NAME)

    @property
    def title(self) -> str:
        """What a tab, a search engine and a shared link call the page."""
        brand = shortened(cleaned(self.brand_name), limit=_LONGEST_SHORT_BRAND)
        return " · ".join(filter(None, (self.short_name, brand)))


def page_of(stored: StoredEntry, *, language: str, sections: Sections | None = None) -> PassportPage:
    """The page of an entry; the label's own words in a language (ISO 639-1) as far as the label has it.

    Without `sections` nobody is asked: they say what the entry itself says.
    """
    own = sections or Sections(
        journey=Loaded(value=stored.entry.journey), eco=Loaded(value=stored.entry.eco), life_cycles={}
    )
    entry = stored.entry
    label = entry.label
    words = _Choice(label=label, language=language)
    score = nutri_score_of(entry)
    spoken, ingredients = label.in_language(label.ingredients, language) or (label.language, ())
    return PassportPage(
        gtin=entry.gtin,
        name=words.of(label.names) or Words(name_without_one(gtin=entry.gtin), get_language() or "en"),
        brand_name=entry.brand_name,
        picture_url=picture_url(entry.picture),
        quantity=label.quantity,
        is_demo=entry.is_demo,
        recalls=tuple(_recall(standing) for standing in stored.recalls),
        unverified=not entry.is_verified,
        generic_name=words.of(label.generic_names),
        alcohol=None if label.alcohol is None else number_format(label.alcohol.normalize()),
        ingredients=emphasised(ingredients, language=spoken),
        ingredients_language=spoken,
        ingredients_foreign=_foreign(spoken, language) if ingredients else "",
        allergens=(*(_(ALLERGENS[a]) for a in label.allergens), *label.other_allergens),
        traces=(*(_(ALLERGENS[a]) for a in label.accidental()), *label.other_accidental()),
        traces_stated=label.traces is not None,
        claims=tuple(_(CLAIMS[claim]) for claim in label.claims),
        nutrition=table_of(label.nutrition, portion=label.portion) if label.nutrition else None,
        nutri_score=score,
        nova=nova_of(entry, language=spoken),
        additives=additives_of(entry, language=language),
        storage=words.of(label.storage),
        operator=label.operator,
        origin=words.of(label.origin),
        date_kind=label.date_kind and label.date_kind.value,
        instructions=words.of(label.instructions),
        not_stated=tuple(_(VALUES[name]) for name in _ON_EVERY_PACK if getattr(label, name) is None),
        journey=_journey(own.journey),
        eco=_eco(own.eco, entry=entry, loaded=sections.life_cycles if sections else None, language=language),
        waits=own.waits,
        provenance=tuple(_sources(entry, without="journey" if _is_told_by_somebody(own.journey) else "")),
        origins={name: called(source) for source in entry.sources for name in source.fields},
        data_date=_data_date(stored),
        may_be_bettered=bool(entry.categories) and score.grade not in {None, "A"},
    )


def name_without_one(*, gtin: str) -> str:
    """What to call a product whose name nobody states."""
    return _("Product %(gtin)s") % {"gtin": gtin}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Choice:
    """Picks words of a label for who reads a language."""

    label: DigitalLabel
    language: str

    def of(self, values: PerLanguage[str]) -> Words | None:
        found = self.label.in_language(values, self.language)
        return Words(found[1], found[0], _foreign(found[0], self.language)) if found else None


def _foreign(spoken: str, asked: str) -> str:
    """What a language is called in the page's, unless it is the one that was asked for."""
    if spoken == asked:
        return ""
    try:
        return str(get_language_info(spoken)["name_translated"])
    except KeyError:
        return _("another language")


def _recall(standing: StandingRecall) -> RecallView:
    recall = standing.recall
    reason = _REASONS.get(recall.reason)
    return RecallView(
        every_pack=recall.every_pack,
        lots=recall.lots,
        serial_from=recall.serial_from,
        serial_to=recall.serial_to,
        reason=_(reason) if reason else None,
        text=recall.text,
        announced=standing.announced_at.date(),
    )


def journey_of(told: ToldJourney) -> JourneySection:
    """The journey of one lot."""
    return replace(_loaded(Loaded(value=told.steps, at=told.at, by=told.by)), lot=told.lot)


def _journey(journey: State[Journey]) -> JourneySection:
    return _loaded(journey) if isinstance(journey, Loaded) else JourneySection(state=_waiting(journey))


def _loaded(journey: Loaded[Journey]) -> JourneySection:
    steps = in_order(journey.value or ())
    if not steps:
        return JourneySection(state="absent")
    return JourneySection(
        state="loaded",
        steps=tuple(StepView(kind=step.kind.value, place=step.place, date=step.date) for step in steps),
        map=map_of(steps),
        without_day=not all(step.date for step in steps),
        runs_backwards=runs_backwards(steps),
        told_by=journey.by,
        told_at=journey.at,
        stale=journey.stale,
    )


def _eco(
    eco: State[Eco], *, entry: CatalogueEntry, loaded: Mapping[str, LifeCycle] | None, language: str
) -> EcoSection:
    """What somebody published; else what we compute, which needs no source that could be waited for."""
    ours = computed_eco(entry, loaded=loaded)
    computed, missing = (ours, ()) if isinstance(ours, ComputedEco) else (None, ours)
    if isinstance(eco, Loaded) and eco.value is not None:
        return EcoSection(
            state="loaded",
            score=eco.value.score,
            grade=eco.value.grade.value,
            explanation=_explained(eco.value, language=language),
            publisher=publisher_of(entry, value="eco"),
            computed=computed,
        )
    if computed is not None:
        return EcoSection(state="loaded", score=computed.score, grade=computed.grade, computed=computed)
    if not isinstance(eco, Loaded):
        return EcoSection(state=_waiting(eco))
    return EcoSection(state="absent", missing=missing)


def _explained(eco: Eco, *, language: str) -> Words | None:
    if not eco.explanation:
        return None
    return Words(eco.explanation, _OF_SCORES, _foreign(_OF_SCORES, language))


def _waiting(state: Pending | Failed) -> str:
    return "pending" if isinstance(state, Pending) else "failed"


def _is_told_by_somebody(journey: State[Journey]) -> bool:
    """Whether it stands in the place of what the catalogue's sources say, and names who told it itself."""
    return isinstance(journey, Loaded) and bool(journey.by)


def _sources(entry: CatalogueEntry, *, without: str) -> Iterator[SourceView]:
    """Whom the values that are shown are from; what is shown from elsewhere is none of theirs."""
    for source in entry.sources:
        fields = tuple(name for name in source.fields if name != without)
        if fields or not source.fields:
            yield _source(replace(source, fields=fields))


def _source(source: Source) -> SourceView:
    return SourceView(
        name=in_words(source.name),
        licence=source.licence,
        licence_url=_web_address(source.licence_url),
        url=_web_address(source.url),
        fetched=source.fetched,
        verified=source.verified,
        fields=tuple(dict.fromkeys(_(VALUES[name]) for name in VALUES if name in source.fields)),
    )


def _web_address(url: str | None) -> str | None:
    """The address if it is one of the web: a link must never be a script."""
    return url if url and url.startswith(("https://", "http://")) else None


def _data_date(stored: StoredEntry) -> date:
    return max(
        (source.modified.date() if source.modified else source.fetched for source in stored.entry.sources),
        default=stored.updated_at.date(),
    )
