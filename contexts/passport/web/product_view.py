"""The public passport and the results of a search as the API shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from rest_framework import serializers

from contexts.passport.application.catalogue import StoredEntry
from contexts.passport.application.page_eco import ComputedEco, computed_eco
from contexts.passport.application.page_scores import additives_of
from contexts.passport.application.passport_page import name_without_one
from contexts.passport.application.pictures import picture_url
from contexts.passport.application.search import Found, Results
from contexts.passport.application.sections import Sections
from contexts.passport.application.value_history import Version
from contexts.passport.domain import nova, nutri_score
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.eco import LifeCycle
from contexts.passport.domain.ingredients import emphasised, text_of
from contexts.passport.domain.label import Claim, DateKind, Nova, NutriScore
from contexts.passport.domain.nutrition import Basis, Nutrition
from contexts.passport.domain.precedence import Origin
from contexts.passport.domain.recalls import Reason, StandingRecall
from contexts.passport.domain.section_states import Failed, Loaded, Pending, State
from contexts.passport.domain.sections import EcoGrade, Journey, StepKind, ToldJourney, in_order
from contexts.passport.web.scan_cookie import passport_path

_Fields = dict[str, serializers.Field[Any, Any, Any, Any]]

#: Values whose name in the API is another than JSON's spelling of ours.
_NAMES: Final = {"names": "name"}


def _nullable(help_text: str, **more: Any) -> serializers.CharField:
    return serializers.CharField(allow_null=True, help_text=help_text, **more)


def _texts(help_text: str) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(), help_text=help_text)


def _allergens(help_text: str, *, allow_null: bool = False) -> serializers.ListField:
    codes = [allergen.value for allergen in Allergen]
    return serializers.ListField(
        child=serializers.ChoiceField(choices=codes), help_text=help_text, allow_null=allow_null
    )


def _grams(help_text: str) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=help_text)


class PartView(serializers.Serializer[Any]):
    """A piece of the ingredient list."""

    text = serializers.CharField()
    allergen = serializers.BooleanField(help_text="Whether the label sets it apart as an allergen")


class IngredientsView(serializers.Serializer[Any]):
    """The ingredient list: the text of all parts is the list."""

    language = serializers.CharField(help_text="ISO 639-1")
    text = serializers.CharField()
    parts = PartView(many=True)


class NutritionView(serializers.Serializer[Any]):
    """The nutrition declaration; null is not stated, which is not zero."""

    def get_fields(self) -> _Fields:
        return {
            "per": serializers.ChoiceField(choices=[basis.value for basis in Basis]),
            "energyKj": _grams("Kilojoules"),
            "energyKcal": _grams("Kilocalories"),
            "fat": _grams("Grams"),
            "saturates": _grams("Grams"),
            "carbohydrate": _grams("Grams"),
            "sugars": _grams("Grams"),
            "fibre": _grams("Grams"),
            "protein": _grams("Grams"),
            "salt": _grams("Grams"),
        }


class PositionView(serializers.Serializer[Any]):
    """Where a place is, in degrees (WGS 84)."""

    latitude = serializers.FloatField(min_value=-90, max_value=90)
    longitude = serializers.FloatField(min_value=-180, max_value=180)


class StepOfJourneyView(serializers.Serializer[Any]):
    """A step of the journey."""

    kind = serializers.ChoiceField(choices=[kind.value for kind in StepKind])
    place = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    position = PositionView(allow_null=True)


class SectionsView(serializers.Serializer[Any]):
    """How far each is that others are asked for: `loaded`, `absent` where nobody knows it, `pending` while
    somebody is asked, `failed` where they could not be asked."""

    def get_fields(self) -> _Fields:
        """Named as JSON names them."""
        states = ["loaded", "absent", "pending", "failed"]
        return {
            "journey": serializers.ChoiceField(choices=states),
            "eco": serializers.ChoiceField(choices=states, help_text="Published, or else computed by us"),
        }


class EcoView(serializers.Serializer[Any]):
    """How light the product is on the environment."""

    score = serializers.IntegerField(min_value=0, max_value=100, help_text="100 is the best")
    grade = serializers.ChoiceField(choices=[grade.value for grade in EcoGrade])
    explanation = serializers.CharField()


class PortionView(serializers.Serializer[Any]):
    """What the label calls a portion."""

    amount = serializers.FloatField(help_text="In `unit`")
    unit = serializers.ChoiceField(choices=["g", "ml"])
    words = serializers.CharField(help_text="As the label puts it", allow_blank=True)


class ComputedScoresView(serializers.Serializer[Any]):
    """What we compute from the label; never what somebody published, and null where data is missing."""

    def get_fields(self) -> _Fields:
        return {
            "nutriScore": serializers.ChoiceField(
                choices=[grade.value for grade in NutriScore],
                allow_null=True,
                help_text="Under the rules of 2023",
            ),
            "nutriScorePoints": serializers.IntegerField(
                allow_null=True, help_text="Negative less positive points: the lower, the better"
            ),
            "nova": serializers.ChoiceField(choices=[group.value for group in Nova], allow_null=True),
            "eco": serializers.IntegerField(
                allow_null=True,
                min_value=0,
                max_value=100,
                help_text="From Agribalyse's life cycle of such food; 100 is the best",
            ),
            "missing": _texts("What the Nutri-Score lacks: codes such as `sugars` or `category`"),
        }


class RecallView(serializers.Serializer[Any]):
    """A recall that stands. Without lots and serials it means every pack; with both, a pack of either."""

    def get_fields(self) -> _Fields:
        return {
            "id": serializers.UUIDField(),
            "lots": _texts("Recalled lots (AI 10)"),
            "serialFrom": _nullable("First recalled serial (AI 21), compared character by character"),
            "serialTo": _nullable("Last recalled serial, itself included"),
            "reason": serializers.ChoiceField(choices=[reason.value for reason in Reason]),
            "text": serializers.CharField(help_text="What a person must know and do, as announced"),
            "announcedAt": serializers.DateTimeField(),
        }


class ProvenanceView(serializers.Serializer[Any]):
    """Where some values come from."""

    def get_fields(self) -> _Fields:
        return {
            "name": serializers.CharField(help_text="Whom the licence asks to name"),
            "licence": serializers.CharField(),
            "licenceUrl": _nullable("The licence's text"),
            "url": _nullable("The product at the source"),
            "fetched": serializers.DateField(help_text="When we read these values"),
            "modified": serializers.DateTimeField(
                allow_null=True, help_text="When the source last changed its record"
            ),
            "verified": serializers.BooleanField(
                help_text="Whether somebody who answers for the values has confirmed them"
            ),
            "values": _texts("Names of the values in this answer that come from there"),
        }


class ProductView(serializers.Serializer[Any]):
    """The public passport of a product."""

    def get_fields(self) -> _Fields:
        return {
            "gtin": serializers.CharField(help_text="GTIN-14"),
            "dataVersion": serializers.IntegerField(help_text="Grows by one with every change"),
            "url": serializers.URLField(help_text="The passport's page"),
            "language": serializers.CharField(
                help_text="ISO 639-1; texts that the label lacks in it are in the label's main language"
            ),
            "name": serializers.CharField(),
            "brandName": _nullable("The brand as printed on the pack"),
            "pictureUrl": serializers.URLField(allow_null=True),
            "isDemo": serializers.BooleanField(help_text="Whether the product is invented"),
            "verified": serializers.BooleanField(help_text="Whether all values are confirmed"),
            "recalls": RecallView(many=True, help_text="Those that were not taken back, the newest first"),
            "genericName": _nullable("The name of the food, where it is another than the product's"),
            "quantity": _nullable("Net quantity in the label's words"),
            "alcohol": serializers.FloatField(allow_null=True, help_text="Per cent by volume"),
            "ingredients": IngredientsView(allow_null=True),
            "allergens": _allergens("Of Annex II of Regulation (EU) No 1169/2011"),
            "otherAllergens": _texts("What the source calls an allergen beyond Annex II"),
            "traces": _allergens(
                "What it may contain by accident, and not by recipe; null where nobody says", allow_null=True
            ),
            "otherTraces": _texts("The same beyond Annex II"),
            "claims": serializers.ListField(
                child=serializers.ChoiceField(choices=[claim.value for claim in Claim]),
                help_text="What the pack says, unverified by us; a claim that is missing says nothing",
            ),
            "categories": _texts("Open Food Facts' names for this kind of food, from general to special"),
            "nutrition": NutritionView(allow_null=True),
            "portion": PortionView(allow_null=True),
            "additives": _texts("E numbers that the list of ingredients names, or that the source found"),
            "nutriScore": serializers.ChoiceField(
                choices=[grade.value for grade in NutriScore], allow_null=True, help_text="As published"
            ),
            "nova": serializers.ChoiceField(
                choices=[group.value for group in Nova], allow_null=True, help_text="As published"
            ),
            "computed": ComputedScoresView(),
            "dateKind": serializers.ChoiceField(choices=[kind.value for kind in DateKind], allow_null=True),
            "storage": _nullable("Storage conditions"),
            "instructions": _nullable("Instructions for use"),
            "origin": _nullable("Country of origin or place of provenance"),
            "operator": _nullable("The responsible business"),
            "journey": StepOfJourneyView(
                many=True,
                help_text="In order where each step has a date, else as told; empty if it is not known",
            ),
            "journeyLot": _nullable("The one lot that the journey is of; null: the product in general"),
            "journeyToldBy": _nullable(
                "The brand that told it of the lot or the product; null for a feed, and where `provenance`"
                " has it"
            ),
            "journeyToldAt": serializers.DateTimeField(
                allow_null=True, help_text="Null where `provenance` has it"
            ),
            "eco": EcoView(allow_null=True, help_text="As published; `computed` has ours"),
            "sections": SectionsView(),
            "provenance": ProvenanceView(many=True),
        }


class FoundView(serializers.Serializer[Any]):
    """A product that fits a search."""

    def get_fields(self) -> _Fields:
        return {
            "gtin": serializers.CharField(help_text="GTIN-14"),
            "url": serializers.URLField(help_text="The passport's page"),
            "name": serializers.CharField(),
            "brandName": _nullable("The brand as printed on the pack"),
            "quantity": _nullable("Net quantity in the label's words"),
            "pictureUrl": serializers.URLField(allow_null=True),
            "isDemo": serializers.BooleanField(help_text="Whether the product is invented"),
            "verified": serializers.BooleanField(help_text="Whether all values are confirmed"),
        }


class ResultsView(serializers.Serializer[Any]):
    """The products that fit a search, the best first."""

    products = FoundView(many=True)
    more = serializers.BooleanField(help_text="Whether there are others, or may be")


class ValueChangeView(serializers.Serializer[Any]):
    """A value that a version has changed; as the passport's own, but texts in all their languages."""

    def get_fields(self) -> _Fields:
        """Named as JSON names them."""
        return {
            "value": serializers.CharField(help_text="Its name, as in `values` of the provenance"),
            "lot": _nullable("The one lot that it is true of; null: the product as such"),
            "before": serializers.JSONField(allow_null=True, help_text="Null: it was not known"),
            "after": serializers.JSONField(allow_null=True, help_text="Null: it is not known any more"),
            "source": _nullable("Who answers for it from then on"),
        }


class VersionView(serializers.Serializer[Any]):
    """An entry from one change to the next."""

    def get_fields(self) -> _Fields:
        """Named as JSON names them."""
        return {
            "dataVersion": serializers.IntegerField(),
            "at": serializers.DateTimeField(help_text="When it came to be"),
            "by": serializers.ListField(
                child=serializers.ChoiceField(choices=[origin.value for origin in Origin]),
                help_text="Whose word made it; nobody's where a journey was recorded along its way",
            ),
            "withdrawn": serializers.BooleanField(help_text="Whether nothing was said any more"),
            "changes": ValueChangeView(many=True),
        }


class VersionsView(serializers.Serializer[Any]):
    """The versions of an entry, the newest first."""

    versions = VersionView(many=True)


def history(versions: Sequence[Version]) -> Mapping[str, Any]:
    """The versions of an entry."""
    return VersionsView({
        "versions": [
            {
                "dataVersion": version.data_version,
                "at": version.at,
                "by": [origin.value for origin in version.by],
                "withdrawn": version.is_withdrawn,
                "changes": [
                    {
                        "value": _spelled(_NAMES.get(change.name, change.name)),
                        "lot": change.lot or None,
                        "before": change.before,
                        "after": change.after,
                        "source": change.source and change.source.name,
                    }
                    for change in version.changes
                ],
            }
            for version in versions
        ]
    }).data  # fmt: skip


def product(
    stored: StoredEntry, *, language: str, sections: Sections, of_lot: ToldJourney | None = None
) -> Mapping[str, Any]:
    """An entry's public passport in a language; for one lot, where that very lot has been."""
    journey = Loaded(value=of_lot.steps, at=of_lot.at, by=of_lot.by) if of_lot else sections.journey
    computed = _computed(stored.entry, loaded=sections.life_cycles)
    entry, label = stored.entry, stored.entry.label
    spoken, name = label.in_language(label.names, language) or (
        label.language,
        name_without_one(gtin=entry.gtin),
    )
    ingredients = label.in_language(label.ingredients, language)
    return ProductView({
        "gtin": entry.gtin,
        "dataVersion": stored.data_version,
        "url": _absolute(passport_path(entry.gtin)),
        "language": spoken,
        "name": name,
        "brandName": entry.brand_name or None,
        "pictureUrl": _absolute(picture_url(entry.picture)),
        "isDemo": entry.is_demo,
        "verified": entry.is_verified,
        "recalls": [_recall(standing) for standing in stored.recalls],
        "genericName": (label.in_language(label.generic_names, spoken) or (None, None))[1],
        "quantity": label.quantity,
        "alcohol": label.alcohol,
        "ingredients": ingredients and {
            "language": ingredients[0],
            "text": text_of(ingredients[1]),
            "parts": [
                {"text": run.text, "allergen": run.is_allergen}
                for run in emphasised(ingredients[1], language=ingredients[0])
            ],
        },
        "allergens": _codes(label.allergens),
        "otherAllergens": label.other_allergens,
        "traces": None if label.traces is None else _codes(label.accidental()),
        "otherTraces": label.other_accidental(),
        "claims": [claim.value for claim in label.claims],
        "categories": entry.categories,
        "nutrition": label.nutrition and _nutrition(label.nutrition),
        "portion": label.portion and {
            "amount": label.portion.amount,
            "unit": label.portion.unit,
            "words": label.portion.words,
        },
        "additives": [additive.number for additive in additives_of(entry, language=spoken)],
        "nutriScore": label.nutri_score and label.nutri_score.value,
        "nova": label.nova and label.nova.value,
        "computed": computed,
        "dateKind": label.date_kind and label.date_kind.value,
        **{
            text: found and found[1]
            for text in ("storage", "instructions", "origin")
            for found in [label.in_language(getattr(label, text), spoken)]
        },
        "operator": label.operator,
        **_journey(journey, lot=of_lot.lot if of_lot else None),
        "eco": entry.eco and {
            "score": entry.eco.score,
            "grade": entry.eco.grade.value,
            "explanation": entry.eco.explanation,
        },
        "sections": {
            "journey": _state(journey),
            "eco": "loaded" if computed["eco"] is not None else _state(sections.eco),
        },
        "provenance": [_source(source) for source in entry.sources],
    }).data  # fmt: skip


def _journey(journey: State[Journey], *, lot: str | None) -> Mapping[str, Any]:
    told = journey if isinstance(journey, Loaded) else Loaded[Journey](value=None)
    return {
        "journey": [
            {
                "kind": step.kind.value,
                "place": step.place,
                "date": step.date,
                "position": step.position,
            }
            for step in in_order(told.value or ())
        ],
        "journeyLot": lot,
        "journeyToldBy": told.by or None,
        "journeyToldAt": told.at if told.value else None,
    }


def _state(state: State[Any]) -> str:
    match state:
        case Pending():
            return "pending"
        case Failed():
            return "failed"
    return "loaded" if state.value else "absent"


def _computed(entry: CatalogueEntry, *, loaded: Mapping[str, LifeCycle]) -> Mapping[str, Any]:
    score = nutri_score.computed(label=entry.label, categories=entry.categories)
    group = nova.computed(label=entry.label, categories=entry.categories)
    eco = computed_eco(entry, loaded=loaded)
    return {
        "nutriScore": score.grade.value if isinstance(score, nutri_score.Computed) else None,
        "nutriScorePoints": score.score if isinstance(score, nutri_score.Computed) else None,
        "nova": group.group.value if isinstance(group, nova.Computed) else None,
        "eco": eco.score if isinstance(eco, ComputedEco) else None,
        "missing": [reason.value for reason in score.reasons]
        if isinstance(score, nutri_score.NotComputable)
        else [],
    }


def _recall(standing: StandingRecall) -> Mapping[str, Any]:
    recall = standing.recall
    return {
        "id": standing.id,
        "lots": recall.lots,
        "serialFrom": recall.serial_from or None,
        "serialTo": recall.serial_to or None,
        "reason": recall.reason.value,
        "text": recall.text,
        "announcedAt": standing.announced_at,
    }


def results(found: Results) -> Mapping[str, Any]:
    """The results of a search."""
    return ResultsView({"products": [_found(one) for one in found.products], "more": found.more}).data


def _found(found: Found) -> Mapping[str, Any]:
    return {
        "gtin": found.gtin,
        "url": _absolute(passport_path(found.gtin)),
        "name": found.name,
        "brandName": found.brand_name or None,
        "quantity": found.quantity,
        "pictureUrl": _absolute(found.picture_url),
        "isDemo": found.is_demo,
        "verified": not found.unverified,
    }


def _codes(allergens: Iterable[Allergen]) -> list[str]:
    return [allergen.value for allergen in allergens]


def _nutrition(nutrition: Nutrition) -> Mapping[str, Any]:
    names = [name for name in NutritionView().get_fields() if name != "per"]
    stated = {_spelled(name): float(value) for name, value in nutrition.stated()}
    return {"per": nutrition.basis.value, **{name: stated.get(name) for name in names}}


def _source(source: Source) -> Mapping[str, Any]:
    return {
        "name": source.name,
        "licence": source.licence,
        "licenceUrl": source.licence_url,
        "url": source.url,
        "fetched": source.fetched,
        "modified": source.modified,
        "verified": source.verified,
        "values": [_spelled(_NAMES.get(name, name)) for name in source.fields],
    }


def _absolute(path: str | None) -> str | None:
    return f"{settings.PUBLIC_URL}{path}" if path else None


def _spelled(name: str) -> str:
    """JSON's spelling of one of our names: `energy_kj` is `energyKj`."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
