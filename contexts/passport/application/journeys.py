"""Journeys by lot: what events tell is kept event by event, and each lot's steps are made of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import connections, transaction

from contexts.passport.domain.journey_events import Moment, Told, steps_of
from contexts.passport.domain.sections import Journey, StepKind
from contexts.passport.models import CatalogueEntry, JourneyEvent, LotJourney
from contexts.passport.models.label_json import journey_from_json, journey_to_json
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"
ORIGIN: Final = "journey_feed"
#: Of one product at once.
_MOST_LOTS: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of what was told."""

    lots: int
    """Journeys that are told anew."""
    nobodys: frozenset[str]
    """GTINs that no brand owns: nobody answers for their journey, so none is shown."""


def tell(told: Told, *, at: datetime) -> Kept:
    """Take over what events tell. Told again it changes nothing; in another order the outcome is the same.

    An event that was declared wrong counts no more, even if it comes after the declaration.
    """
    with transaction.atomic(using=_DATABASE):
        touched = {(moment.gtin, moment.lot) for moment in told.moments}
        touched |= set(
            JourneyEvent.objects.filter(event_id__in=told.retracted)
            .exclude(gtin="")
            .values_list("gtin", "lot")
        )
        owners = _owners({gtin for gtin, _ in touched})
        _lock(owners)
        JourneyEvent.objects.bulk_create(
            [
                *(
                    JourneyEvent(
                        event_id=moment.event_id,
                        gtin=moment.gtin,
                        lot=moment.lot,
                        kind=moment.kind.value,
                        place=moment.place,
                        happened_at=moment.happened_at,
                        day=moment.day,
                    )
                    for moment in told.moments
                    if moment.gtin in owners
                ),
                *(JourneyEvent(event_id=event_id, happened_at=at) for event_id in told.retracted),
            ],
            ignore_conflicts=True,
            batch_size=1_000,
        )
        lots = sorted(lot for lot in touched if lot[0] in owners)
        for gtin, lot in lots:
            _write(gtin=gtin, lot=lot, brand_id=owners[gtin], at=at)
    return Kept(lots=len(lots), nobodys=frozenset(gtin for gtin, _ in touched) - owners.keys())


def journey_of_lot(*, gtin: str, lot: str) -> Journey:
    """Where the packs of one lot have been, if anybody tells it of this very lot.

    What the brand itself says counts before what a feed tells. One query.
    """
    rows = LotJourney.objects.filter(gtin=gtin, lot=lot).values_list("origin", "steps")
    ranked = sorted(rows, key=lambda row: row[0] == ORIGIN)
    return next((journey for _, steps in ranked if (journey := journey_from_json({"journey": steps}))), ())


def _owners(gtins: Collection[str]) -> Mapping[str, UUID]:
    found = CatalogueEntry.objects.filter(gtin__in=list(gtins), brand_id__isnull=False)
    return {gtin: brand_id for gtin, brand_id in found.values_list("gtin", "brand_id") if brand_id}


def _lock(gtins: Iterable[str]) -> None:
    """Let two who tell of one product do it one after the other, in one order."""
    with connections[_DATABASE].cursor() as cursor:
        for gtin in sorted(gtins):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"lot_journey {gtin}"])


def _write(*, gtin: str, lot: str, brand_id: UUID, at: datetime) -> None:
    wrong = JourneyEvent.objects.filter(gtin="").values("event_id")
    rows = JourneyEvent.objects.filter(gtin=gtin, lot=lot).exclude(event_id__in=wrong)
    steps = steps_of(
        Moment(
            event_id=row.event_id,
            gtin=gtin,
            lot=lot,
            kind=StepKind(row.kind),
            place=row.place,
            happened_at=row.happened_at,
            day=row.day or row.happened_at.date(),
        )
        for row in rows
    )
    written = journey_to_json(steps)
    held = LotJourney.objects.filter(gtin=gtin, lot=lot, origin=ORIGIN).first()
    if held and held.brand_id == brand_id and held.steps == written:
        return
    if held and (not written or held.brand_id != brand_id):
        with brand_scope(brand_id=held.brand_id, using=_DATABASE):
            LotJourney.objects.filter(id=held.id).delete()
        held = None
    if not written:
        return
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        if held:
            LotJourney.objects.filter(id=held.id).update(steps=written, updated_at=at)
        else:
            LotJourney.objects.create(
                id=uuid4(),
                brand_id=brand_id,
                gtin=gtin,
                lot=lot,
                steps=written,
                origin=ORIGIN,
                updated_at=at,
            )
