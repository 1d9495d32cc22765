"""Journeys by lot: what events tell is kept event by event, and each lot's steps are made of them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connections, transaction
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from contexts.passport.application.catalogue import share_catalogue, touch
from contexts.passport.domain.journey_events import Moment, Told, steps_of
from contexts.passport.domain.sections import Position, StepKind, ToldJourney, in_order
from contexts.passport.models import CatalogueEntry, JourneyEvent, LotJourney, LotJourneyChange
from contexts.passport.models.label_json import journey_from_json, journey_to_json
from packytrace.databases.scope import brand_scope

_DATABASE: Final = "passport"
ORIGIN: Final = "journey_feed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of what was told."""

    lots: int
    """Journeys that are told anew."""
    nobodys: frozenset[str]
    """GTINs that no brand owns: nobody answers for their journey, so none is shown."""


def tell(told: Told, *, at: datetime) -> Kept:
    """Take over what events tell. Told again it changes nothing; in another order the outcome is the same.
    Whatever changes stays in the history, and the products' entries are told to have changed.

    An event that was declared wrong counts no more, even if it comes after the declaration.
    """
    with transaction.atomic(using=_DATABASE):
        share_catalogue()
        touched = {(moment.gtin, moment.lot) for moment in told.moments}
        touched |= set(
            JourneyEvent.objects.filter(event_id__in=told.retracted)
            .exclude(gtin="")
            .values_list("gtin", "lot")
        )
        owners = _owners({gtin for gtin, _ in touched})
        lock(owners)
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
                        latitude=moment.position.latitude if moment.position else None,
                        longitude=moment.position.longitude if moment.position else None,
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
        changed: dict[str, list[ToldJourney]] = {}
        for gtin, lot in lots:
            if told_now := _write(gtin=gtin, lot=lot, brand_id=owners[gtin], at=at):
                changed.setdefault(gtin, []).append(told_now)
        versions = touch(gtins=changed, at=at)
        for gtin, each in changed.items():
            with brand_scope(brand_id=owners[gtin], using=_DATABASE):
                note(each, gtin=gtin, brand_id=owners[gtin], author=None, data_version=versions.get(gtin))
    return Kept(lots=len(lots), nobodys=frozenset(gtin for gtin, _ in touched) - owners.keys())


def first_told(told: Iterable[ToldJourney]) -> ToldJourney | None:
    """What a person sees of what several tell: what the brand itself says counts before what a feed tells."""
    ranked = sorted(told, key=lambda one: one.origin == ORIGIN)
    return next((one for one in ranked if one.steps), None)


def journey_of_lot(*, gtin: str, lot: str) -> ToldJourney | None:
    """Where the packs of one lot have been, if anybody tells it of this very lot. One query."""
    return first_told(map(told_in, LotJourney.objects.filter(gtin=gtin, lot=lot))) if lot else None


#: The same for each row of a query that has a GTIN and a lot: `told_in_json` reads them.
OF_LOT: Final = ArraySubquery(
    LotJourney.objects.filter(gtin=OuterRef("gtin"), lot=OuterRef("lot"))
    .exclude(lot="")
    .values(
        said=JSONObject(lot="lot", steps="steps", origin="origin", said_by="said_by", updated_at="updated_at")
    )
)


def told_in_json(row: Mapping[str, Any]) -> ToldJourney:
    """A row's journey, where PostgreSQL has made JSON of the row."""
    return told_in(LotJourney(**{**row, "updated_at": datetime.fromisoformat(row["updated_at"])}))


def told_in(row: LotJourney) -> ToldJourney:
    """A row's journey."""
    return ToldJourney(
        lot=row.lot,
        steps=in_order(journey_from_json({"journey": row.steps})),
        origin=row.origin,
        by=row.said_by,
        at=row.updated_at,
    )


def hold(*, gtin: str, lot: str, origin: str) -> LotJourney | None:
    """What one origin tells of a lot, which nobody else changes until the transaction ends; inside the scope
    of its brand."""
    lock([gtin])
    return LotJourney.objects.filter(gtin=gtin, lot=lot, origin=origin).first()


def put(told: ToldJourney, *, gtin: str, brand_id: UUID) -> bool:
    """Let everybody read what is told of a lot, or nothing where it has no steps; whether that is a change.

    Inside the brand's scope, with `lock` taken.
    """
    rows = LotJourney.objects.filter(gtin=gtin, lot=told.lot, origin=told.origin)
    held = rows.first()
    steps = journey_to_json(told.steps)
    if (held.steps if held else []) == steps:
        return False
    if not steps:
        rows.delete()
    elif held:
        rows.update(steps=steps, said_by=told.by, updated_at=told.at)
    else:
        LotJourney.objects.create(
            id=uuid4(),
            brand_id=brand_id,
            gtin=gtin,
            lot=told.lot,
            steps=steps,
            origin=told.origin,
            said_by=told.by,
            updated_at=told.at,
        )
    return True


def fall_silent(*, brand_id: UUID, gtins: Collection[str], at: datetime) -> None:
    """Tell nothing any more of the lots of a brand's products, and note that; inside the brand's scope, with
    no entry taken away or written meanwhile."""
    rows = LotJourney.objects.filter(brand_id=brand_id, gtin__in=list(gtins))
    silent: dict[str, list[ToldJourney]] = {}
    for row in rows.order_by("gtin", "lot", "origin"):
        silent.setdefault(row.gtin, []).append(replace(told_in(row), steps=(), at=at))
    rows.delete()
    versions = touch(gtins=silent, at=at)
    for gtin, told in silent.items():
        note(told, gtin=gtin, brand_id=brand_id, author=None, data_version=versions.get(gtin))


def note(
    told: Sequence[ToldJourney],
    *,
    gtin: str,
    brand_id: UUID,
    author: UUID | None,
    data_version: int | None,
) -> None:
    """Keep what was told of lots of a product, for good; inside the brand's scope."""
    LotJourneyChange.objects.bulk_create(
        LotJourneyChange(
            id=uuid4(),
            brand_id=brand_id,
            gtin=gtin,
            lot=one.lot,
            origin=one.origin,
            said_by=one.by,
            author=author,
            at=one.at,
            steps=journey_to_json(one.steps),
            data_version=data_version,
        )
        for one in told
    )


def _owners(gtins: Collection[str]) -> Mapping[str, UUID]:
    found = CatalogueEntry.objects.filter(gtin__in=list(gtins), brand_id__isnull=False)
    return {gtin: brand_id for gtin, brand_id in found.values_list("gtin", "brand_id") if brand_id}


def lock(gtins: Iterable[str]) -> None:
    """Let two who tell of one product do it one after the other, in one order."""
    with connections[_DATABASE].cursor() as cursor:
        for gtin in sorted(gtins):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"lot_journey {gtin}"])


def _write(*, gtin: str, lot: str, brand_id: UUID, at: datetime) -> ToldJourney | None:
    """Make a lot's steps of its events; None where they are what they were."""
    wrong = JourneyEvent.objects.filter(gtin="").values("event_id")
    rows = JourneyEvent.objects.filter(gtin=gtin, lot=lot).exclude(event_id__in=wrong)
    told = ToldJourney(lot=lot, steps=steps_of(map(_moment, rows)), origin=ORIGIN, by="", at=at)
    held = LotJourney.objects.filter(gtin=gtin, lot=lot, origin=ORIGIN).first()
    if held and held.brand_id != brand_id:
        with brand_scope(brand_id=held.brand_id, using=_DATABASE):
            LotJourney.objects.filter(id=held.id).delete()
    with brand_scope(brand_id=brand_id, using=_DATABASE):
        return told if put(told, gtin=gtin, brand_id=brand_id) else None


def _moment(row: JourneyEvent) -> Moment:
    return Moment(
        event_id=row.event_id,
        gtin=row.gtin,
        lot=row.lot,
        kind=StepKind(row.kind),
        place=row.place,
        happened_at=row.happened_at,
        day=row.day or row.happened_at.date(),
        position=None
        if row.latitude is None or row.longitude is None
        else Position(row.latitude, row.longitude),
    )
