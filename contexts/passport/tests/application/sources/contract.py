"""What every source that is asked over the network must do, whatever the other side does.

A source passes with three bodies: a good answer about a product, one about another product, and one that says
"unknown". What the contract proves: a good answer is kept; no fault ever raises, loses the last good answer
or brings a wrong one; and a source that is unwell is left alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final
from unittest.mock import patch

from contexts.passport.application import source_answers
from contexts.passport.application.sources import fetching
from contexts.passport.application.sources.adapter import Question, RemoteSource
from contexts.passport.application.sources.breaker import FAILURES
from contexts.passport.models import CatalogueEntry, LotJourney, SourceAnswer, SourceState
from contexts.passport.tests.application.sources.misbehaving import Fault, Misbehaving

NOW: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
#: What is about the one question, and no sign that the source is unwell.
HARMLESS: Final = frozenset({Fault.WRONG_PRODUCT})


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Answers of a source: what its own tests bring along."""

    gtin: str
    good: bytes
    wrong_product: bytes
    unknown: bytes = b"{}"


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def pointed_at(source: RemoteSource, fake: Misbehaving, sample: Sample) -> RemoteSource:
    """The source as it is, but asking the fake."""
    headers = {"User-Agent": "contract"}
    return replace(source, question=lambda gtin: Question(url=f"{fake.url}/{gtin}", headers=headers))


@contextmanager
def impatient() -> Iterator[None]:
    """Limits short enough for a test; the same code."""
    quick = {"piece_seconds": 0.25, "whole_seconds": 0.4}
    with (
        patch.object(
            source_answers, "fetch", lambda question, *, etag: fetching.fetch(question, etag=etag, **quick)
        ),
        patch.object(source_answers, "_LONGEST_PAUSE", 0.11),
    ):
        yield


class SourceContract:
    """The contract, as a test class takes it: `source`, `sample`, `fake` and `clock` are its fixtures."""

    def ask(self, source: RemoteSource, sample: Sample, clock: Clock) -> SourceAnswer:
        """Leave a question and have it asked."""
        source_answers.want(gtin=sample.gtin, sources=[source.name], now=clock())
        with impatient():
            source_answers.ask_waiting(source, until=clock() + timedelta(seconds=5), clock=clock)
        return self.answer(source, sample)

    @staticmethod
    def answer(source: RemoteSource, sample: Sample) -> SourceAnswer:
        """What is kept of it."""
        return SourceAnswer.objects.get(source=source.name, gtin=sample.gtin)

    def test_a_good_answer_is_kept(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock
    ) -> None:
        answer = self.ask(source, sample, clock)
        assert answer.known, answer.failure
        assert (answer.failures, answer.wanted_at) == (0, None)
        assert answer.fetched_at == clock()
        assert answer.fresh_until == clock() + source.fresh_for

    def test_while_it_is_fresh_nobody_is_asked_again(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock
    ) -> None:
        self.ask(source, sample, clock)
        clock.now += source.fresh_for - timedelta(seconds=1)
        self.ask(source, sample, clock)
        assert fake.questions == 1
        clock.now += timedelta(seconds=1)
        self.ask(source, sample, clock)
        assert fake.questions == 2

    def test_what_has_not_changed_is_not_sent_again(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock
    ) -> None:
        fake.etag = '"edition-1"'
        before = self.ask(source, sample, clock)
        clock.now += source.fresh_for
        after = self.ask(source, sample, clock)
        assert fake.asked[-1][1]["If-None-Match"] == '"edition-1"'
        assert (after.known, after.failures) == (before.known, 0)
        assert after.fetched_at == clock()

    def test_unknown_is_an_answer_for_a_day(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock
    ) -> None:
        fake.is_unknown = True
        answer = self.ask(source, sample, clock)
        assert (answer.known, answer.failures, answer.fetched_at) == (False, 0, clock())
        assert answer.fresh_until == clock() + source.unknown_for

    def test_no_fault_raises_and_none_brings_a_wrong_value(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock, fault: Fault
    ) -> None:
        fake.fault = fault
        answer = self.ask(source, sample, clock)
        assert not answer.known
        assert not LotJourney.objects.exists()
        assert not CatalogueEntry.objects.filter(gtin=sample.gtin).exists()
        assert (answer.failures, answer.fetched_at, answer.wanted_at) == (1, None, None)
        assert answer.failure
        assert answer.not_before is not None
        assert answer.not_before > clock()

    def test_no_fault_costs_the_last_good_answer(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock, fault: Fault
    ) -> None:
        before = self.ask(source, sample, clock)
        clock.now += source.fresh_for
        fake.fault = fault
        failed = self.ask(source, sample, clock)
        assert (failed.known, failed.fetched_at) == (True, before.fetched_at)
        assert failed.failures == 1
        fake.fault = None
        clock.now += timedelta(hours=6)
        again = self.ask(source, sample, clock)
        assert (again.known, again.failures, again.fetched_at) == (True, 0, clock())

    def test_a_source_that_asks_to_be_left_alone_is(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock
    ) -> None:
        fake.fault = Fault.TOO_MANY
        self.ask(source, sample, clock)
        fake.fault = None
        clock.now += timedelta(seconds=119)
        SourceAnswer.objects.update(not_before=None)
        self.ask(source, sample, clock)
        assert fake.questions == 1
        clock.now += timedelta(seconds=2)
        assert self.ask(source, sample, clock).known

    def test_a_source_that_is_unwell_is_not_asked_on_and_on(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock
    ) -> None:
        fake.fault = Fault.BROKEN
        for _ in range(FAILURES):
            self.ask(source, sample, clock)
            clock.now += timedelta(hours=2)
        asked = fake.questions
        assert SourceState.objects.get(source=source.name).breaker == "open"
        fake.fault = None
        answer = self.ask(source, sample, clock)
        assert (fake.questions, answer.failure) == (asked, "resting")
        SourceState.objects.update(opened_at=NOW - timedelta(days=365))  # pybreaker looks at the real clock
        clock.now += timedelta(hours=2)
        assert self.ask(source, sample, clock).known
        assert SourceState.objects.get(source=source.name).breaker == "closed"

    def test_its_answers_never_depend_on_what_it_is_asked_with(
        self, source: RemoteSource, sample: Sample, fake: Misbehaving, clock: Clock
    ) -> None:
        self.ask(source, sample, clock)
        path, headers = fake.asked[0]
        assert path == f"/{sample.gtin}"
        assert not {"cookie", "authorization", "referer"} & {name.lower() for name in headers}
