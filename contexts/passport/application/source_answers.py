"""Asking sources in the background: the questions that wait, and the last answer to each.

Nobody who looks at a page waits for a source. A page reads the last answer; where that is missing or old it
leaves a question, which a worker takes. Questions wait in the table of the answers: each once, however many
look, and none is lost with a worker.

What only a worker needs is imported where it asks: pybreaker alone brings Redis' client along.
"""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import structlog
from django.db import DataError, connections, transaction
from django.utils import timezone
from prometheus_client import Counter

from contexts.passport.application import journeys
from contexts.passport.application.catalogue import contribute
from contexts.passport.application.sources import budget
from contexts.passport.application.sources.adapter import AnswerRefused, Heard, RemoteSource, WrongProduct
from contexts.passport.application.sources.fetching import Fetched, Overloaded, Unreachable, fetch
from contexts.passport.models import SourceAnswer

_DATABASE: Final = "passport"
_SPREAD: Final = random.SystemRandom()
_log = structlog.get_logger(__name__)

ASKED: Final = Counter("packytrace_source_questions", "Questions to sources.", ["source", "outcome"])

#: Questions to one source that may wait: whoever calls up unknown codes by the million fills no table.
MOST_WAITING: Final = 500
#: After it a question that a worker has taken is anybody's again: that worker was killed.
TAKEN_FOR: Final = timedelta(seconds=60)
#: Tries of one question, the first one included, and the longest pause between two of them in seconds.
_TRIES: Final = 2
_LONGEST_PAUSE: Final = 1.0
#: The pause after a failure doubles with each in a row, between these two, and no two products' are equal.
_FIRST_PAUSE: Final = timedelta(seconds=30)
_LAST_PAUSE: Final = timedelta(hours=1)
#: Where a source that asks to be left alone does not say for how long.
_BLOCKED_FOR: Final = timedelta(minutes=1)

_WANT: Final = """
INSERT INTO source_answer AS answer (source, gtin, known, etag, failures, failure, wanted_at, version)
SELECT name, %(gtin)s, false, '', 0, '', %(now)s, 1
FROM unnest(%(sources)s::text[]) AS wanted (name)
WHERE (SELECT count(*) FROM source_answer WHERE source = name AND wanted_at IS NOT NULL) < %(most)s
ON CONFLICT (source, gtin) DO UPDATE SET wanted_at = excluded.wanted_at
WHERE answer.wanted_at IS NULL
  AND (answer.fresh_until IS NULL OR answer.fresh_until <= excluded.wanted_at)
  AND (answer.not_before IS NULL OR answer.not_before <= excluded.wanted_at)
RETURNING source
"""
_TAKE: Final = """
UPDATE source_answer AS answer SET taken_at = %(now)s
FROM (
    SELECT source, gtin FROM source_answer
    WHERE source = %(source)s AND wanted_at IS NOT NULL
      AND (taken_at IS NULL OR taken_at <= %(lost)s)
    ORDER BY wanted_at
    LIMIT 1
    FOR UPDATE SKIP LOCKED
) AS next
WHERE answer.source = next.source AND answer.gtin = next.gtin
RETURNING answer.gtin, answer.etag
"""


def want(*, gtin: str, sources: Collection[str], now: datetime) -> bool:
    """Leave a question to each of the sources; whether there is one that did not wait before.

    None is left where it waits already, the last answer is fresh or it is too early to ask again.
    """
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_WANT, {"gtin": gtin, "sources": list(sources), "now": now, "most": MOST_WAITING})
        return bool(cursor.fetchall())


def ask_waiting(
    source: RemoteSource, *, until: datetime, clock: Callable[[], datetime] = timezone.now
) -> int:
    """Ask a source what waits for it, one after the other, up to a moment; answers how many were asked.

    What the budget does not allow now stays for the next turn.
    """
    asked = 0
    while clock() < until and source.is_on and (taken := _take(source, now=clock())):
        gtin, etag = taken
        if not budget.spend(source=source.name, budget=source.budget, now=clock()):
            SourceAnswer.objects.filter(source=source.name, gtin=gtin).update(taken_at=None)
            break
        _ask(source, gtin=gtin, etag=etag, clock=clock)
        asked += 1
    return asked


def _take(source: RemoteSource, *, now: datetime) -> tuple[str, str] | None:
    """The question that waits longest, with the validator of its last answer; None where none waits."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_TAKE, {"source": source.name, "now": now, "lost": now - TAKEN_FOR})
        taken = cursor.fetchone()
    return None if taken is None else (taken[0], taken[1])


def _ask(source: RemoteSource, *, gtin: str, etag: str, clock: Callable[[], datetime]) -> None:
    import pybreaker

    from contexts.passport.application.sources.breaker import breaker_of

    outcome = "answered"
    try:
        answer = breaker_of(source.name).call(_answer, source, gtin=gtin, etag=etag, clock=clock)
        _answered(source, gtin=gtin, answer=answer, at=clock())
    except (Unreachable, Overloaded, AnswerRefused, pybreaker.CircuitBreakerError) as error:
        failure = _failure(error)
        if isinstance(failure, Overloaded):
            pause = failure.retry_after if failure.retry_after is not None else _BLOCKED_FOR
            budget.leave_alone(source=source.name, until=clock() + pause, now=clock())
        outcome = failure.code if failure else "resting"
        _failed(source, gtin=gtin, code=outcome, at=clock())
        _log.info("source_failed", source=source.name, reason=outcome)
    ASKED.labels(source=source.name, outcome=outcome).inc()


def _failure(error: Exception) -> Unreachable | Overloaded | AnswerRefused | None:
    """What went wrong; None where the breaker let nobody ask. The failure that opens the breaker comes out of
    pybreaker behind an error of its own."""
    import pybreaker

    cause = error.__cause__ if isinstance(error, pybreaker.CircuitBreakerError) else error
    return cause if isinstance(cause, Unreachable | Overloaded | AnswerRefused) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """What a source says, understood."""

    unchanged: bool
    """Whether it says what it said last time."""
    heard: Heard | None
    etag: str


def _answer(source: RemoteSource, *, gtin: str, etag: str, clock: Callable[[], datetime]) -> _Answer:
    import tenacity

    question = source.question(gtin)
    if question is None:
        raise AnswerRefused("switched_off")

    def try_once() -> Fetched:
        return fetch(question, etag=etag)

    def again(state: "tenacity.RetryCallState") -> bool:
        """Each try is a question, and counts as one."""
        error = state.outcome.exception() if state.outcome else None
        return isinstance(error, Unreachable) and (
            state.attempt_number >= _TRIES
            or budget.spend(source=source.name, budget=source.budget, now=clock())
        )

    fetched = tenacity.Retrying(
        stop=tenacity.stop_after_attempt(_TRIES),
        wait=tenacity.wait_random(0.1, _LONGEST_PAUSE),
        retry=again,
        reraise=True,
    )(try_once)
    if fetched.status == 304:
        if not etag:
            raise AnswerRefused("not_modified")  # compared with nothing
        return _Answer(unchanged=True, heard=None, etag=fetched.etag or etag)
    heard = _read(source, gtin=gtin, fetched=fetched, read_on=clock().date())
    return _Answer(unchanged=False, heard=heard, etag=fetched.etag)


def _read(source: RemoteSource, *, gtin: str, fetched: Fetched, read_on: date) -> Heard | None:
    try:
        return source.read(gtin=gtin, status=fetched.status, body=fetched.body, read_on=read_on)
    except AnswerRefused:
        raise
    except Exception as error:
        # Whatever an adapter stumbles over costs its own answer, and holds up no other question.
        _log.exception("source_not_understood", source=source.name)
        raise AnswerRefused("not_understood") from error


def _answered(source: RemoteSource, *, gtin: str, answer: _Answer, at: datetime) -> None:
    """Note an answer, and take over what it brings, in one transaction."""
    with transaction.atomic(using=_DATABASE):
        row = SourceAnswer.objects.select_for_update().get(source=source.name, gtin=gtin)
        if not answer.unchanged:
            row.known, row.etag = answer.heard is not None, answer.etag
            if answer.heard is not None:
                _take_over(answer.heard, gtin=gtin, at=at)
        if row.failures or row.fetched_at is None or row.fetched_at.date() != at.date():
            row.version += 1  # a page says on which day it was told, and what it was not told lately
        row.fetched_at = at
        row.fresh_until = at + (source.fresh_for if row.known else source.unknown_for)
        row.failures, row.failure = 0, ""
        row.not_before = row.wanted_at = row.taken_at = None
        row.save()


def _take_over(heard: Heard, *, gtin: str, at: datetime) -> None:
    try:
        if heard.contribution is not None:
            if heard.contribution.entry.gtin != gtin:
                raise WrongProduct
            contribute(contributions=[heard.contribution], at=at)
        if heard.told is not None:
            journeys.tell(heard.told, at=at)
    except DataError as error:
        raise AnswerRefused("not_storable") from error


def _failed(source: RemoteSource, *, gtin: str, code: str, at: datetime) -> None:
    """Note that there is no answer; the last one stays."""
    with transaction.atomic(using=_DATABASE):
        row = SourceAnswer.objects.select_for_update().get(source=source.name, gtin=gtin)
        if not row.failures:
            row.version += 1
        row.failures = min(row.failures + 1, 1_000)
        row.failure = code
        row.not_before = at + _pause(row.failures)
        row.wanted_at = row.taken_at = None
        row.save()


def _pause(failures: int) -> timedelta:
    longest = min(_LAST_PAUSE, _FIRST_PAUSE * (1 << min(failures - 1, 10)))
    return longest * _SPREAD.uniform(0.5, 1)


def forget_old(*, before: datetime) -> int:
    """Forget answers that say nothing and were not asked for since a moment."""
    deleted, _ = (
        SourceAnswer.objects.filter(known=False, wanted_at=None)
        .exclude(fetched_at__gt=before)
        .exclude(not_before__gt=before)
        .delete()
    )
    return deleted
