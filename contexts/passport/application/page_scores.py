"""Nutri-Score, NOVA and additives as a page tells them: what was published and by whom, what we compute and
from what, and why something cannot be computed. The two never stand for each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from contexts.passport.domain import additives, nova, nutri_score
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.ingredients import text_of
from contexts.passport.domain.nova import MarkerKind
from contexts.passport.domain.nutri_score import Assumption, Component, Exemption, Kind, Missing, Points

_COMPONENTS: Final = {
    Component.ENERGY: gettext_noop("Energy"),
    Component.ENERGY_OF_SATURATES: gettext_noop("Energy of the saturates"),
    Component.SUGARS: gettext_noop("Sugars"),
    Component.SATURATES: gettext_noop("Saturates"),
    Component.SATURATES_OF_FAT: gettext_noop("Share of saturates in the fat"),
    Component.SALT: gettext_noop("Salt"),
    Component.SWEETENERS: gettext_noop("Sweeteners"),
    Component.PROTEIN: gettext_noop("Protein"),
    Component.FIBRE: gettext_noop("Fibre"),
    Component.FRUITS_VEGETABLES_LEGUMES: gettext_noop("Fruits, vegetables and legumes"),
}
_KINDS: Final = {
    Kind.GENERAL: gettext_noop("Rules for food in general"),
    Kind.RED_MEAT: gettext_noop("Rules for red meat"),
    Kind.CHEESE: gettext_noop("Rules for cheese"),
    Kind.FATS_NUTS_SEEDS: gettext_noop("Rules for fats, oils, nuts and seeds"),
    Kind.BEVERAGE: gettext_noop("Rules for beverages"),
    Kind.WATER: gettext_noop("Water always has an A"),
}
_ASSUMPTIONS: Final = {
    Assumption.NO_FIBRE_STATED: gettext_noop("The label states no fibre: none is counted."),
    Assumption.FRUITS_ESTIMATED: gettext_noop(
        "The share of fruits, vegetables and legumes is the source's estimate."
    ),
    Assumption.FRUITS_STATED: gettext_noop(
        "The share of fruits, vegetables and legumes is what the list of ingredients states."
    ),
    Assumption.FRUITS_OF_CATEGORY: gettext_noop(
        "The share of fruits, vegetables and legumes is what this kind of product has."
    ),
    Assumption.NO_FRUITS_KNOWN: gettext_noop(
        "Nothing says how much fruit, vegetables or legumes it has: none is counted."
    ),
    Assumption.NO_SUGARS_WITHOUT_CARBOHYDRATE: gettext_noop("Without carbohydrate there are no sugars."),
    Assumption.NO_SATURATES_WITHOUT_FAT: gettext_noop("Without fat there are no saturates."),
    Assumption.ENERGY_OF_KILOCALORIES: gettext_noop("The energy is converted from kilocalories."),
    Assumption.NO_SWEETENERS_KNOWN: gettext_noop("No list of ingredients names sweeteners: none is counted."),
    Assumption.RED_MEAT_OF_INGREDIENTS: gettext_noop("The list of ingredients says that it is of red meat."),
    Assumption.STILL_WATER: gettext_noop("Its category says that it is water and nothing else."),
}
_MISSING: Final = {
    Missing.CATEGORY: gettext_noop("what kind of product it is"),
    Missing.NUTRITION: gettext_noop("the nutrition table"),
    Missing.ENERGY: gettext_noop("energy"),
    Missing.FAT: gettext_noop("fat"),
    Missing.SATURATES: gettext_noop("saturates"),
    Missing.SUGARS: gettext_noop("sugars"),
    Missing.SALT: gettext_noop("salt"),
    Missing.PROTEIN: gettext_noop("protein"),
    Missing.AS_PREPARED: gettext_noop("the values of the prepared food"),
}
_EXEMPTIONS: Final = {
    Exemption.ALCOHOL: gettext_noop("Drinks with alcohol have no Nutri-Score."),
    Exemption.INFANTS: gettext_noop("Food for infants and small children has no Nutri-Score."),
    Exemption.SUPPLEMENT: gettext_noop("Food supplements and meal replacements have no Nutri-Score."),
    Exemption.HERBS_AND_SPICES: gettext_noop("Herbs and spices have no Nutri-Score."),
    Exemption.SALT: gettext_noop("Salt has no Nutri-Score."),
    Exemption.SWEETENER: gettext_noop("Table-top sweeteners have no Nutri-Score."),
    Exemption.COFFEE_AND_TEA: gettext_noop("Coffee and tea have no Nutri-Score."),
    Exemption.VINEGAR: gettext_noop("Vinegar has no Nutri-Score."),
    Exemption.ADDITIVE: gettext_noop("Additives, yeast and gelatine have no Nutri-Score."),
    Exemption.CHEWING_GUM: gettext_noop("Chewing gum has no Nutri-Score."),
    Exemption.NO_FOOD: gettext_noop("The Nutri-Score is for food alone."),
}
_GROUPS: Final = {
    1: gettext_noop("Unprocessed or minimally processed food"),
    2: gettext_noop("Processed culinary ingredient"),
    3: gettext_noop("Processed food"),
    4: gettext_noop("Ultra-processed food"),
}
_OURS: Final = gettext_noop("PackyTrace demo catalogue")
_MARKERS: Final = {
    MarkerKind.ADDITIVE: gettext_noop("additive"),
    MarkerKind.INGREDIENT: gettext_noop("industrial ingredient"),
    MarkerKind.FLAVOURING: gettext_noop("flavouring"),
    MarkerKind.CULINARY: gettext_noop("culinary ingredient"),
    MarkerKind.PRESERVED: gettext_noop("preservative"),
    MarkerKind.CATEGORY: gettext_noop("kind of product"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PointsView:
    """What one component earns."""

    name: str
    value: str
    """With its unit, of 100 g or 100 ml."""
    points: int
    most: int
    counts: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class NutriScoreView:
    """Both grades; of the computed one also all that led to it, or why there is none."""

    published: str | None = None
    publisher: str = ""
    computed: str | None = None
    score: int | None = None
    kind: str = ""
    negative: tuple[PointsView, ...] = ()
    positive: tuple[PointsView, ...] = ()
    negative_points: int = 0
    positive_points: int = 0
    assumptions: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """What would have to be known to compute it."""
    exempt: str = ""
    """Why such a product has none."""

    @property
    def grade(self) -> str | None:
        """The grade to be shown first: the published one."""
        return self.published or self.computed

    @property
    def result(self) -> str:
        """The score as a text sets it: with a minus, not a hyphen."""
        return f"{self.score}".replace("-", "\N{MINUS SIGN}")

    @property
    def differ(self) -> bool:
        """Whether we come to another grade than was published."""
        return None not in {self.published, self.computed} and self.published != self.computed


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkerView:
    """A word of the list that tells how processed a product is, or how many of them."""

    words: str
    language: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NovaView:
    """Both groups; of the computed one also the words that led to it."""

    published: int | None = None
    published_words: str = ""
    publisher: str = ""
    computed: int | None = None
    computed_words: str = ""
    markers: tuple[MarkerView, ...] = ()

    @property
    def group(self) -> int | None:
        """The group to be shown first: the published one."""
        return self.published or self.computed

    @property
    def words(self) -> str:
        """What that group is."""
        return self.published_words or self.computed_words

    @property
    def differ(self) -> bool:
        """Whether we come to another group than was published."""
        return None not in {self.published, self.computed} and self.published != self.computed


@dataclass(frozen=True, kw_only=True, slots=True)
class AdditiveView:
    """An additive in plain words."""

    number: str
    name: str
    purpose: str
    """What it is there for."""


def nutri_score_of(entry: CatalogueEntry) -> NutriScoreView:
    """The published grade with its publisher, and ours."""
    label = entry.label
    published = label.nutri_score.value if label.nutri_score else None
    publisher = publisher_of(entry, value="nutri_score")
    result = nutri_score.computed(label=label, categories=entry.categories)
    if isinstance(result, nutri_score.NotApplicable):
        return NutriScoreView(
            published=published, publisher=publisher, exempt=_(_EXEMPTIONS[result.exemption])
        )
    if isinstance(result, nutri_score.NotComputable):
        missing = tuple(_(_MISSING[reason]) for reason in result.reasons)
        return NutriScoreView(published=published, publisher=publisher, missing=missing)
    return NutriScoreView(
        published=published,
        publisher=publisher,
        computed=result.grade.value,
        score=result.score,
        kind=_(_KINDS[result.kind]),
        negative=_points(result.negative),
        positive=_points(result.positive),
        negative_points=result.negative_points,
        positive_points=result.positive_points,
        assumptions=tuple(_(_ASSUMPTIONS[assumption]) for assumption in result.assumptions),
    )


def nova_of(entry: CatalogueEntry, *, language: str) -> NovaView:
    """The published group with its publisher, and ours."""
    label = entry.label
    published = label.nova.value if label.nova else None
    view = NovaView(
        published=published,
        published_words=_(_GROUPS[published]) if published else "",
        publisher=publisher_of(entry, value="nova"),
    )
    result = nova.computed(label=label, categories=entry.categories, language=language)
    if isinstance(result, nova.NotComputable):
        return view
    return replace(
        view,
        computed=result.group.value,
        computed_words=_(_GROUPS[result.group.value]),
        markers=tuple(
            MarkerView(
                words=marker.words,
                language=marker.language or language,
                kind=_(marker.purpose.noun if marker.purpose else _MARKERS[marker.kind]),
            )
            for marker in result.markers
        ),
    )


def additives_of(entry: CatalogueEntry, *, language: str) -> tuple[AdditiveView, ...]:
    """Additives that the list in that language names, and those that the source has found in it."""
    label = entry.label
    runs = label.in_language(label.ingredients, language)
    listed = additives.found(text_of(runs[1])) if runs else ()
    named = {found.number: (found.additive, found.purpose) for found in listed}
    for additive in additives.of_numbers(label.additives):
        named.setdefault(additive.number, (additive, additive.purpose))
    spoken = get_language() or "en"
    return tuple(
        AdditiveView(number=number, name=additive.name(spoken), purpose=_(purpose.words))
        for number, (additive, purpose) in sorted(named.items(), key=lambda item: _in_order(item[0]))
    )


def publisher_of(entry: CatalogueEntry, *, value: str) -> str:
    """Who gives a value; empty where nobody does."""
    return next((called(source) for source in entry.sources if value in source.fields), "")


def called(source: Source) -> str:
    """A source within a sentence."""
    return in_words(source.name.removeprefix("© "))


def in_words(name: str) -> str:
    """The name of a source: a name stays as it is, but what is ours has one in each of our languages."""
    return _(name) if name == _OURS else name


def _points(earned: Sequence[Points]) -> tuple[PointsView, ...]:
    return tuple(
        PointsView(
            name=_(_COMPONENTS[points.component]),
            value=f"{_number(points.value)} {points.unit.value}".strip(),
            points=points.points,
            most=points.most,
            counts=points.counts,
        )
        for points in earned
    )


def _number(value: Decimal) -> str:
    return number_format(value.quantize(Decimal("0.01")).normalize())


def _in_order(number: str) -> tuple[int, str]:
    """E numbers in their own order: E100 before E1200, E160a before E160b."""
    digits = "".join(character for character in number if character.isdigit())
    return int(digits or 0), number
