"""The history of a product's values: who said what, and from when to when it was what a person saw."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import Max

from contexts.passport.application.catalogue import entry_of, origins_in, said_of
from contexts.passport.application.sources.journey_feed import NAME as JOURNEY_FEED
from contexts.passport.domain.catalogue import CatalogueEntry, Source
from contexts.passport.domain.precedence import Origin
from contexts.passport.models import CatalogueEntry as Row
from contexts.passport.models import ContributionChange, LotJourneyChange
from contexts.passport.models.label_json import Json, label_to_json


@dataclass(frozen=True, kw_only=True, slots=True)
class ValueChange:
    """One value that a version changed."""

    name: str
    before: Any
    """As JSON; None where it was not known."""
    after: Any
    source: Source | None
    """Who answers for the value from then on; None where nobody does, or it is not known any more."""
    lot: str = ""
    """The one lot that it is true of; empty for the product as such."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """An entry as it was from one change to the next."""

    data_version: int
    at: datetime
    """When it came to be, as far as that is kept: of the first version, when what it says was taken over."""
    by: tuple[Origin, ...]
    """Whose contribution made it; none where a feed told of a journey."""
    is_withdrawn: bool
    """Whether there was no entry any more."""
    changes: tuple[ValueChange, ...]
    """Value by value, by name. A change of what is not believed changes none."""


def history_of(*, gtin: str, most: int) -> tuple[Version, ...]:
    """At most so many versions of an entry, the newest first; none for a GTIN that never had one."""
    # The oldest is told by what it changed: what was there before is one state more.
    states = list(islice(_states(gtin, most=most), most + 1))
    versions = []
    for place, state in enumerate(states[:most]):
        before = states[place + 1].said if place + 1 < len(states) else {}
        versions.append(
            Version(
                data_version=state.data_version,
                at=state.at,
                by=state.by,
                is_withdrawn=not state.said,
                changes=(
                    *_changes(entry_of(gtin, before), entry_of(gtin, state.said)),
                    *state.journeys,
                ),
            )
        )
    return tuple(versions)


def entry_before(*, gtin: str, at: datetime) -> CatalogueEntry | None:
    """The entry that a person saw right before a moment; None where there was none."""
    said = next((state.said for state in _states(gtin) if state.at < at), None)
    return entry_of(gtin, said) if said else None


@dataclass(frozen=True, kw_only=True, slots=True)
class _State:
    data_version: int
    at: datetime
    by: tuple[Origin, ...]
    said: Mapping[str, Json]
    journeys: Sequence[ValueChange]
    """What was told of its lots."""


def _states(gtin: str, *, most: int | None = None) -> Iterator[_State]:
    """From today back: each change says what was there before it. Of more states than `most` and one, what
    they were made of is not looked up."""
    row = Row.objects.filter(gtin=gtin).first()
    made_of = ContributionChange.objects.filter(gtin=gtin)
    if most is not None:
        newest = row.data_version if row else made_of.aggregate(newest=Max("data_version"))["newest"] or 0
        made_of = made_of.filter(data_version__gt=newest - most)
    changes: dict[int, list[ContributionChange]] = {}
    for change in made_of:
        changes.setdefault(change.data_version, []).append(change)
    told = _told(gtin)
    said = said_of(row) if row else {}
    for data_version in range(row.data_version if row else max(changes, default=0), 0, -1):
        made, journeys = changes.get(data_version, []), told.get(data_version, [])
        taken_over = [datetime.fromisoformat(each["at"]) for each in said.values()]
        moments = [*(change.at for change in made), *(change.at for change, _ in journeys)]
        at = moments[0] if moments else max(taken_over, default=row.updated_at if row else None)
        if at is None:
            return
        origins = {*(change.origin for change in made), *(change.origin for change, _ in journeys)}
        yield _State(
            data_version=data_version,
            at=at,
            by=tuple(origin for origin in Origin if origin.value in origins) if origins else origins_in(said),
            said=said,
            journeys=[value for _, value in journeys],
        )
        # A version without a change before it is one that began from nothing.
        said = {
            **{origin: each for origin, each in said.items() if made or journeys},
            **{change.origin: change.was for change in made if change.was is not None},
        }
        for change in made:
            if change.was is None:
                said.pop(change.origin, None)


def _told(gtin: str) -> Mapping[int, list[tuple[LotJourneyChange, ValueChange]]]:
    """What was told of a product's lots, by the version that it made."""
    before: dict[tuple[str, str], list[Json]] = {}
    made: dict[int, list[tuple[LotJourneyChange, ValueChange]]] = {}
    for change in LotJourneyChange.objects.filter(gtin=gtin).order_by("at", "data_version", "lot", "id"):
        of = (change.lot, change.origin)
        name = change.said_by or JOURNEY_FEED
        source = Source(
            name=name, licence=f"© {name}", fields=("journey",), fetched=change.at.date(), verified=True
        )
        value = ValueChange(
            name="journey",
            lot=change.lot,
            before=before.get(of) or None,
            after=change.steps or None,
            source=source,
        )
        before[of] = change.steps
        if change.data_version is not None:
            made.setdefault(change.data_version, []).append((change, value))
    return made


def _changes(before: CatalogueEntry, after: CatalogueEntry) -> Iterator[ValueChange]:
    was, now = _values(before), _values(after)
    sources = {name: source for source in after.sources for name in source.fields}
    for name in sorted(was.keys() | now.keys()):
        if was.get(name) != now.get(name):
            yield ValueChange(name=name, before=was.get(name), after=now.get(name), source=sources.get(name))


def _values(entry: CatalogueEntry) -> dict[str, Any]:
    """The values that are known, as JSON."""
    written = label_to_json(
        label=entry.label,
        journey=entry.journey,
        eco=entry.eco,
        picture=entry.picture,
        categories=entry.categories,
    )
    known = entry.known()
    values = {name: value for name, value in written.items() if name in known}
    return {**values, "brand_name": entry.brand_name} if entry.brand_name else values
