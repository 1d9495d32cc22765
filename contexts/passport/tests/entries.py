"""Catalogue entries for tests."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from contexts.passport.application import journeys
from contexts.passport.application.catalogue import contribute
from contexts.passport.domain.allergens import Allergen
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.ingredients import Run, runs_of
from contexts.passport.domain.label import Claim, DateKind, DigitalLabel, Nova, NutriScore
from contexts.passport.domain.nutrition import Nutrition
from contexts.passport.domain.precedence import Contribution, Origin
from contexts.passport.domain.sections import Eco, Position, Step, StepKind, ToldJourney
from packytrace.databases.scope import brand_scope

NOW: Final = datetime(2026, 5, 1, 12, tzinfo=UTC)
MUESLI: Final = "09520123456788"
WATER: Final = "09521001000017"


def muesli(**changed: Any) -> CatalogueEntry:
    """An entry of which everything is known."""
    known: dict[str, Any] = {
        "gtin": MUESLI,
        "label": DigitalLabel(
            language="de",
            names={"de": "Knuspermüsli", "en": "Crunchy muesli"},
            ingredients={
                "de": runs_of("_Hafer_flocken, _Milch_pulver"),
                "en": runs_of("_Oat_ flakes, _milk_"),
            },
            allergens=(Allergen.GLUTEN, Allergen.MILK),
            other_allergens=("Kiwi",),
            traces=(Allergen.NUTS,),
            other_traces=("Coconut",),
            claims=(Claim.VEGETARIAN, Claim.ORGANIC),
            nutrition=Nutrition(energy_kj=Decimal(1842), fat=Decimal("15.2"), salt=Decimal("0.35")),
            quantity="450 g",
            date_kind=DateKind.BEST_BEFORE,
            storage={"de": "Trocken lagern", "en": "Keep dry"},
            operator="Alder Mill, Ballyalder",
            origin={"en": "Ireland"},
            instructions={"de": "Umrühren"},
            nutri_score=NutriScore.C,
            nova=Nova.PROCESSED,
        ),
        "sources": (
            Source(
                name="© Somebody",
                licence="ODbL 1.0",
                licence_url="https://example.org/licence",
                url="https://example.org/muesli",
                fields=("names", "nutri_score", "nutrition"),
                fetched=date(2026, 4, 2),
                modified=datetime(2026, 3, 1, 8, tzinfo=UTC),
                verified=True,
            ),
        ),
        "brand_name": "Alder Mill",
        "categories": ("en:breakfast-cereals", "en:mueslis"),
        "picture": "passport/demo/nut-muesli.svg",
        "journey": (
            Step(kind=StepKind.ORIGIN, place="County Meath", date=date(2025, 8, 19)),
            Step(kind=StepKind.PACKING, place="Ballyalder"),
        ),
        "eco": Eco(score=71, explanation="Oats need little."),
    }
    return CatalogueEntry(**{**known, **changed})


def water(**changed: Any) -> CatalogueEntry:
    """An entry of which only the name is known."""
    return CatalogueEntry(
        **{"gtin": WATER, "label": DigitalLabel(names={"en": "Water"}), "sources": (), **changed}
    )


def full_of(text: str) -> CatalogueEntry:
    """An entry that has a text in every place that can hold one."""
    return muesli(
        label=DigitalLabel(
            names={"en": text},
            ingredients={"en": (Run(text), Run(text, is_allergen=True))},
            other_allergens=(text,),
            other_traces=(f"{text} again",),
            quantity=text,
            storage={"en": text},
            operator=text,
            origin={"en": text},
            instructions={"en": text},
            nutri_score=NutriScore.A,
        ),
        sources=(
            Source(
                name=text,
                licence=text,
                licence_url=text,
                url=text,
                fields=("names", "nutri_score"),
                fetched=date(2026, 4, 2),
                verified=False,
                record=text[:32],
            ),
        ),
        brand_name=text,
        picture=text,
        journey=(Step(kind=StepKind.ORIGIN, place=text),),
        eco=Eco(score=0, explanation=text),
    )


def stock(*entries: CatalogueEntry, origin: Origin = Origin.OPEN_FOOD_FACTS, at: datetime = NOW) -> None:
    """Put entries into the catalogue, as what one source says."""
    with transaction.atomic(using="passport"):
        contribute(contributions=[Contribution(origin=origin, entry=entry) for entry in entries], at=at)


def tell_of(gtin: str, *, lot: str, at: datetime = NOW) -> None:
    """Let a brand tell where a lot has been: one step, at a place that is somewhere."""
    brand_id = UUID(int=7)
    steps = (
        Step(
            kind=StepKind.ORIGIN,
            place="Our own field",
            date=date(2026, 4, 1),
            position=Position(53.5, -6.7),
        ),
    )
    told = ToldJourney(lot=lot, steps=steps, origin=Origin.BRAND.value, by="Alder Mill", at=at)
    with brand_scope(brand_id=brand_id, using="passport"):
        journeys.put(told, gtin=gtin, brand_id=brand_id)
