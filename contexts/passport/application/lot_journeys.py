"""Where the lots of a brand's products have been, as the brand tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Final
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from contexts.passport.application.brand_products import check_owned
from contexts.passport.application.errors import JourneyNotAccepted
from contexts.passport.domain.application_identifiers import IDENTIFIERS
from contexts.passport.domain.precedence import Origin
from contexts.passport.domain.sections import Journey, Step, StepKind
from contexts.passport.domain.text import cleaned
from contexts.passport.models import LotJourney
from contexts.passport.models.label_json import journey_from_json, journey_to_json
from packytrace.databases.scope import brand_scope

MOST_STEPS: Final = 20
LONGEST_PLACE: Final = 200
_MOST_LOTS: Final = 2_000
_DATABASE: Final = "passport"


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedStep:
    """A step as somebody typed it."""

    kind: str
    place: str
    date: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LotsJourney:
    """Where one lot has been."""

    lot: str
    """Empty for every lot of which nothing else is told."""
    steps: Journey
    updated_at: datetime


def journeys_of(*, brand_id: UUID, gtin: str) -> Sequence[LotsJourney]:
    """The journeys that the brand itself tells of a product, by lot; first that of every lot."""
    rows = LotJourney.objects.filter(brand_id=brand_id, gtin=gtin, origin=Origin.BRAND.value)
    return [
        LotsJourney(lot=row.lot, steps=journey_from_json({"journey": row.steps}), updated_at=row.updated_at)
        for row in rows.order_by("lot")[:_MOST_LOTS]
    ]


def tell_journey(*, brand_id: UUID, gtin: str, lot: str, steps: Sequence[TypedStep], now: datetime) -> None:
    """Tell where a lot has been; without a step, nothing is told of it any more.

    Raises ProductNotYours; JourneyNotAccepted with a sentence.
    """
    check_owned(brand_id=brand_id, gtin=gtin)
    if lot and not IDENTIFIERS["10"].fits(lot):
        raise JourneyNotAccepted(
            _("A lot has 1 to 20 letters, digits or signs as printed on the pack, and no spaces.")
        )
    journey = _journey(steps)
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        own = LotJourney.objects.filter(brand_id=brand_id, gtin=gtin, lot=lot, origin=Origin.BRAND.value)
        if not journey:
            own.delete()
            return
        LotJourney.objects.update_or_create(
            brand_id=brand_id,
            gtin=gtin,
            lot=lot,
            origin=Origin.BRAND.value,
            defaults={"steps": journey_to_json(journey), "updated_at": now},
            create_defaults={"id": uuid4(), "steps": journey_to_json(journey), "updated_at": now},
        )


def _journey(typed: Sequence[TypedStep]) -> Journey:
    """The steps in their order; lines without a place are left out."""
    steps = []
    for number, one in enumerate(typed, start=1):
        place = cleaned(one.place)
        if not place:
            if one.date:
                raise JourneyNotAccepted(_("Step %(number)d has a date and no place.") % {"number": number})
            continue
        if len(place) > LONGEST_PLACE:
            raise JourneyNotAccepted(
                _("The place of step %(number)d has more than %(most)d characters.")
                % {"number": number, "most": LONGEST_PLACE}
            )
        try:
            steps.append(
                Step(
                    kind=StepKind(one.kind),
                    place=place,
                    date=date.fromisoformat(one.date) if one.date else None,
                )
            )
        except ValueError as error:
            raise JourneyNotAccepted(
                _("Step %(number)d has no date that we can read.") % {"number": number}
            ) from error
    if len(steps) > MOST_STEPS:
        raise JourneyNotAccepted(_("A journey has at most %(most)d steps.") % {"most": MOST_STEPS})
    for before, after in pairwise(step.date for step in steps if step.date):
        if after < before:
            raise JourneyNotAccepted(
                _("Steps stand in their order in time: one has an earlier day than the one above it.")
            )
    return tuple(steps)
