"""The sections of a passport that load on their own: what the last answers say, and who is to be asked anew.

Nobody who looks waits for a source: one query reads what there is, and what is missing or old is asked for in
the background.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import orjson
from django.db import connections

from contexts.passport.application import journeys, ports, source_answers
from contexts.passport.application.catalogue import StoredEntry, find_entry
from contexts.passport.application.sources import registry
from contexts.passport.application.sources.adapter import RemoteSource
from contexts.passport.domain.eco import LifeCycle, codes_of
from contexts.passport.domain.section_states import Failed, Loaded, Pending, Section, State
from contexts.passport.domain.sections import Eco, Journey, ToldJourney

_DATABASE: Final = "passport"
#: The task that asks what waits.
ASK: Final = "passport.ask_sources"
#: Who was wanted for longer and has not answered is not waited for any more.
PATIENCE: Final = timedelta(seconds=30)

_READ: Final = """
SELECT
    coalesce((
        SELECT jsonb_agg(to_jsonb(answer) - 'etag' ORDER BY source)
        FROM source_answer AS answer WHERE gtin = %(gtin)s AND source = ANY(%(sources)s)
    ), '[]')::text,
    coalesce((
        SELECT jsonb_agg(to_jsonb(told) - 'id' - 'brand_id' - 'gtin' ORDER BY origin)
        FROM lot_journey AS told WHERE gtin = %(gtin)s AND lot = ''
    ), '[]')::text,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'code', code, 'name', name, 'ef', single_score::text, 'co2', co2::text
        ))
        FROM life_cycle_food WHERE code = ANY(%(codes)s)
    ), '[]')::text
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How a source stands to one product."""

    fetched_at: datetime | None
    fresh_until: datetime | None
    failures: int
    failure: str
    not_before: datetime | None
    wanted_at: datetime | None
    version: int

    def may_be_asked(self, now: datetime) -> bool:
        """Whether it is worth a question: its answer is old, it is not asked already and may be."""
        return (
            self.wanted_at is None
            and (self.fresh_until is None or self.fresh_until <= now)
            and (self.not_before is None or self.not_before <= now)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What is there of a product, besides its catalogue entry."""

    of_sources: Mapping[str, Answer]
    journeys: Sequence[ToldJourney]
    """By origin, for every lot of which nothing else is told."""
    life_cycles: Mapping[str, LifeCycle]
    """Of such food, by Agribalyse's codes, as far as an operator has loaded its table."""

    @property
    def version(self) -> object:
        """Changes with everything that a page shows of them."""
        return (
            tuple((name, answer.version) for name, answer in self.of_sources.items()),
            tuple(self.journeys),
            tuple(self.life_cycles.values()),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Sections:
    """The sections of one product at one moment."""

    journey: State[Journey]
    eco: State[Eco]
    life_cycles: Mapping[str, LifeCycle]

    @property
    def waits(self) -> bool:
        """Whether one of them is still being asked for."""
        return isinstance(self.journey, Pending) or isinstance(self.eco, Pending)

    def state(self, section: Section) -> State[Any]:
        """The state of one of them."""
        return self.journey if section is Section.JOURNEY else self.eco


def read(*, gtin: str, categories: Sequence[str] = ()) -> Answers:
    """What is there of a product of some categories, in one query."""
    names = [source.name for source in registry.REMOTE]
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_READ, {"gtin": gtin, "sources": names, "codes": list(codes_of(categories))})
        answers, told, foods = cursor.fetchone()
    return Answers(
        of_sources={row["source"]: _answer(row) for row in orjson.loads(answers)},
        journeys=tuple(map(journeys.told_in_json, orjson.loads(told))),
        life_cycles={
            food["code"]: LifeCycle(
                code=food["code"],
                name=food["name"],
                ef_millipoints=Decimal(food["ef"]),
                co2_kg=Decimal(food["co2"]),
            )
            for food in orjson.loads(foods)
        },
    )


def refreshed(stored: StoredEntry, *, now: datetime) -> Answers:
    """What is there of a product; whoever should be asked anew is asked in the background."""
    answers = read(gtin=stored.entry.gtin, categories=stored.entry.categories)
    _ask(_due(stored, answers, now=now), gtin=stored.entry.gtin, now=now)
    return answers


def for_page(stored: StoredEntry, answers: Answers, *, now: datetime) -> Sections:
    """The sections of a product; no query."""
    asked = _asked(stored)
    told = journeys.first_told(answers.journeys)
    journey: State[Journey]
    if told and told.origin != journeys.ORIGIN:
        journey = Loaded(value=told.steps, at=told.at, by=told.by)
    elif stored.entry.journey:
        journey = Loaded(value=stored.entry.journey)
    else:
        journey = _combined(asked[Section.JOURNEY], answers, value=told and told.steps, now=now)
    eco: State[Eco] = Loaded(value=stored.entry.eco)
    if stored.entry.eco is None:
        eco = _combined(asked[Section.ECO], answers, value=None, now=now)
    return Sections(journey=journey, eco=eco, life_cycles=answers.life_cycles)


def of_unknown(*, gtin: str, now: datetime) -> State[str]:
    """Whether somebody knows a product that the catalogue lacks; who may know it is asked in the background.

    Loaded with the GTIN where the product has come into the catalogue, with None where nobody knows it.
    """
    sources = registry.asked_for(Section.LABEL, gtin=gtin)
    answers = read(gtin=gtin)
    if find_entry(gtin=gtin) is not None:
        return Loaded(value=gtin)
    _ask([source for source in sources if _is_due(source, answers, now=now)], gtin=gtin, now=now)
    state: State[str] = _combined(sources, answers, value=None, now=now)
    return state


def _asked(stored: StoredEntry) -> Mapping[Section, Sequence[RemoteSource]]:
    """Who may know what the catalogue does not say.

    A journey is only shown where a brand answers for the product. Who has told something else of the product
    and no eco score does not say one when asked again.
    """
    entry = stored.entry
    told = {source.name for source in entry.sources}
    return {
        Section.JOURNEY: registry.asked_for(Section.JOURNEY, gtin=entry.gtin) if entry.brand_id else (),
        Section.ECO: [
            source
            for source in registry.asked_for(Section.ECO, gtin=entry.gtin)
            if entry.eco is None and source.shown_as not in told
        ],
    }


def _due(stored: StoredEntry, answers: Answers, *, now: datetime) -> Iterator[RemoteSource]:
    for sources in _asked(stored).values():
        yield from (source for source in sources if _is_due(source, answers, now=now))


def _is_due(source: RemoteSource, answers: Answers, *, now: datetime) -> bool:
    answer = answers.of_sources.get(source.name)
    return answer is None or answer.may_be_asked(now)


def _ask(sources: Collection[RemoteSource] | Iterator[RemoteSource], *, gtin: str, now: datetime) -> None:
    names = [source.name for source in sources]
    if names and source_answers.want(gtin=gtin, sources=names, now=now):
        ports.soon(ASK)


def _combined(sources: Sequence[RemoteSource], answers: Answers, *, value: Any, now: datetime) -> State[Any]:
    """One state of what several sources answered, and of what is there already."""
    states = [_state(answers.of_sources.get(source.name), now=now) for source in sources]
    at = max((state.at for state in states if isinstance(state, Loaded) and state.at), default=None)
    failed = next((state for state in states if isinstance(state, Failed)), None)
    if value is not None:
        return Loaded(value=value, at=at, stale=any(not isinstance(s, Loaded) or s.stale for s in states))
    if any(isinstance(state, Pending) for state in states):
        return Pending()
    return failed or Loaded(value=None, at=at)


def _state(answer: Answer | None, *, now: datetime) -> State[Any]:
    if answer is None:
        return Pending()
    if answer.fetched_at is not None:
        return Loaded(value=None, at=answer.fetched_at, stale=answer.failures > 0)
    if answer.failures:
        return Failed(reason=answer.failure)
    if answer.wanted_at is None or now - answer.wanted_at > PATIENCE:
        return Failed(reason="no_answer")
    return Pending()


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(
        fetched_at=_moment(row["fetched_at"]),
        fresh_until=_moment(row["fresh_until"]),
        failures=row["failures"],
        failure=row["failure"],
        not_before=_moment(row["not_before"]),
        wanted_at=_moment(row["wanted_at"]),
        version=row["version"],
    )


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)
