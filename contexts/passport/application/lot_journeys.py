"""Where the lots of a brand's products have been, as the brand tells it: now, and whatever it told before.

What shoppers see changes together with its history and with the fact that the product's entry has changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from contexts.passport.application import journeys
from contexts.passport.application.brand_links import Editor, author_of
from contexts.passport.application.brand_products import Speaker, check_owned
from contexts.passport.application.catalogue import share_catalogue, touch
from contexts.passport.application.company_prefixes import speaking_for
from contexts.passport.application.errors import (
    JourneyChanged,
    JourneyNotAccepted,
    JourneyVersionNotFound,
)
from contexts.passport.domain.application_identifiers import IDENTIFIERS
from contexts.passport.domain.precedence import Origin
from contexts.passport.domain.sections import (
    Journey,
    Position,
    Step,
    StepKind,
    ToldJourney,
    in_order,
    runs_backwards,
)
from contexts.passport.domain.text import cleaned
from contexts.passport.models import LinkAuthor, LotJourney, LotJourneyChange
from contexts.passport.models.label_json import journey_from_json

MOST_STEPS: Final = 20
LONGEST_PLACE: Final = 200
_MOST_LOTS: Final = 2_000
#: Somewhere it is tomorrow already.
_TOMORROW: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedStep:
    """A step as somebody typed it."""

    kind: str
    place: str
    date: str
    latitude: str = ""
    longitude: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What somebody told of one lot at one time."""

    id: UUID
    told: ToldJourney
    """Without a step where nothing was told any more."""
    account_id: UUID | None
    """Which person of the brand it was; None for a feed, and for somebody who was erased."""


def journeys_of(*, brand_id: UUID, gtin: str) -> Sequence[ToldJourney]:
    """The journeys that the brand or a feed tells of a brand's product, by lot; first that of every lot."""
    rows = LotJourney.objects.filter(brand_id=brand_id, gtin=gtin)
    return [journeys.told_in(row) for row in rows.order_by("lot", "origin")[:_MOST_LOTS]]


def silent_lots(*, brand_id: UUID, gtin: str) -> Sequence[str]:
    """Lots of which something was told, and nothing is any more."""
    told = LotJourney.objects.filter(gtin=gtin, lot=OuterRef("lot"), brand_id=brand_id)
    rows = LotJourneyChange.objects.filter(brand_id=brand_id, gtin=gtin).exclude(Exists(told))
    return list(rows.order_by("lot").values_list("lot", flat=True).distinct()[:_MOST_LOTS])


def history_of(*, brand_id: UUID, gtin: str, lot: str, most: int) -> Sequence[Telling]:
    """What was told of a lot, the newest first. Two queries."""
    rows = list(
        LotJourneyChange.objects.filter(brand_id=brand_id, gtin=gtin, lot=lot).order_by(
            "-at", "-data_version", "-id"
        )[:most]
    )
    authors = dict(
        LinkAuthor.objects.filter(reference__in={row.author for row in rows if row.author}).values_list(
            "reference", "account_id"
        )
    )
    return [
        Telling(
            id=row.id,
            told=ToldJourney(
                lot=row.lot,
                steps=journey_from_json({"journey": row.steps}),
                origin=row.origin,
                by=row.said_by,
                at=row.at,
            ),
            account_id=authors.get(row.author) if row.author else None,
        )
        for row in rows
    ]


def tell_journey(
    *,
    speaker: Speaker,
    account_id: UUID,
    gtin: str,
    lot: str,
    steps: Sequence[TypedStep],
    seen: datetime | None,
    now: datetime,
) -> None:
    """Tell where a lot has been; without a step, nothing is told of it any more.

    `seen` is since when what this takes the place of was told; None where nothing was.
    Raises ProductNotYours; JourneyNotAccepted with a sentence; JourneyChanged where somebody was faster.
    """
    if lot and not IDENTIFIERS["10"].fits(lot):
        raise JourneyNotAccepted(
            _("A lot has 1 to 20 letters, digits or signs as printed on the pack, and no spaces.")
        )
    journey = _journey(steps, latest=now.date() + _TOMORROW)
    with speaking_for(brand_id=speaker.id):
        check_owned(brand_id=speaker.id, gtin=gtin)
        share_catalogue()
        held = journeys.hold(gtin=gtin, lot=lot, origin=Origin.BRAND.value)
        if (held.updated_at if held else None) != seen:
            raise JourneyChanged
        _tell(speaker, account_id, gtin=gtin, lot=lot, journey=journey, now=now)


def tell_again(*, speaker: Speaker, account_id: UUID, gtin: str, change_id: UUID, now: datetime) -> str:
    """Tell of a lot once more what was told of it before; answers the lot.

    Raises ProductNotYours; JourneyVersionNotFound.
    """
    with speaking_for(brand_id=speaker.id):
        check_owned(brand_id=speaker.id, gtin=gtin)
        before = LotJourneyChange.objects.filter(id=change_id, brand_id=speaker.id, gtin=gtin).first()
        if before is None:
            raise JourneyVersionNotFound
        share_catalogue()
        journeys.lock([gtin])
        journey = journey_from_json({"journey": before.steps})
        _tell(speaker, account_id, gtin=gtin, lot=before.lot, journey=journey, now=now)
    return before.lot


def _tell(
    speaker: Speaker, account_id: UUID, *, gtin: str, lot: str, journey: Journey, now: datetime
) -> None:
    told = ToldJourney(lot=lot, steps=journey, origin=Origin.BRAND.value, by=speaker.name, at=now)
    if journeys.put(told, gtin=gtin, brand_id=speaker.id):
        author = author_of(Editor(brand_id=speaker.id, account_id=account_id))
        version = touch(gtins=[gtin], at=now).get(gtin)
        journeys.note([told], gtin=gtin, brand_id=speaker.id, author=author, data_version=version)


def _journey(typed: Sequence[TypedStep], *, latest: date) -> Journey:
    """The steps by their days; lines without a place are left out."""
    steps = []
    for number, one in enumerate(typed, start=1):
        place = cleaned(one.place)
        if not place:
            if one.date or one.latitude or one.longitude:
                raise JourneyNotAccepted(_("Step %(number)d has no place.") % {"number": number})
            continue
        if len(place) > LONGEST_PLACE:
            raise JourneyNotAccepted(
                _("The place of step %(number)d has more than %(most)d characters.")
                % {"number": number, "most": LONGEST_PLACE}
            )
        steps.append(
            Step(
                kind=_kind(one.kind, number=number),
                place=place,
                date=_day(one.date, number=number, latest=latest),
                position=_position(one, number=number),
            )
        )
    if len(steps) > MOST_STEPS:
        raise JourneyNotAccepted(_("A journey has at most %(most)d steps.") % {"most": MOST_STEPS})
    journey = in_order(tuple(steps))
    if runs_backwards(journey):
        raise JourneyNotAccepted(
            _(
                "One step has an earlier day than a step above it. As not every step has a day, we cannot"
                " put them in order: please do."
            )
        )
    return journey


def _kind(typed: str, *, number: int) -> StepKind:
    try:
        return StepKind(typed)
    except ValueError as error:
        raise JourneyNotAccepted(_("Say what happened at step %(number)d.") % {"number": number}) from error


def _day(typed: str, *, number: int, latest: date) -> date | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError as error:
        raise JourneyNotAccepted(
            _("Step %(number)d has no date that we can read.") % {"number": number}
        ) from error
    if day > latest:
        raise JourneyNotAccepted(
            _("The day of step %(number)d is still to come: tell where the lot has been.")
            % {"number": number}
        )
    return day


def _position(typed: TypedStep, *, number: int) -> Position | None:
    if not typed.latitude and not typed.longitude:
        return None
    try:
        return Position(_degrees(typed.latitude), _degrees(typed.longitude))
    except ValueError as error:
        raise JourneyNotAccepted(
            _(
                "Step %(number)d has no position that we can read: latitude from -90 to 90 and longitude from"
                " -180 to 180, in degrees such as 44.8015, both or neither."
            )
            % {"number": number}
        ) from error


def _degrees(typed: str) -> float:
    """Raises ValueError for what is no decimal number; as precise as a metre."""
    if not typed.lstrip("+-").replace(".", "", 1).replace(",", "", 1).isdecimal():
        raise ValueError(typed)
    return round(float(typed.replace(",", ".")), 5)
