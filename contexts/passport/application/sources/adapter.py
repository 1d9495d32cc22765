"""What an adapter to a source is made of: where to ask, how to read the answer, and how often to ask.

Everything else is the same for all of them: time limit, retries, circuit breaker, budget, cache
(`application.source_answers`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final, Protocol

from contexts.passport.domain.journey_events import Told
from contexts.passport.domain.precedence import Contribution
from contexts.passport.domain.section_states import Section


class AnswerRefused(Exception):
    """What a source answered is not what was asked for, or cannot be read."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
        """One of the project's own short names, never a text of the source."""


class WrongProduct(AnswerRefused):
    """The answer is about another product: that is no sign that the source is unwell."""

    def __init__(self) -> None:
        super().__init__("wrong_product")


@dataclass(frozen=True, kw_only=True, slots=True)
class Budget:
    """How often a source may be asked: never more than `questions` within any minute, by all processes."""

    questions: int
    at_once: int = 5
    """How many of them may come without a pause."""

    @property
    def interval(self) -> timedelta:
        """The pause between questions once `at_once` of them are spent.

        In a minute that begins with all of `at_once` unspent, `questions - at_once` more become due.
        """
        return timedelta(minutes=1) / max(1, self.questions - self.at_once)

    @property
    def tolerance(self) -> timedelta:
        """How far ahead of the even pace questions may run."""
        return (self.at_once - 1) * self.interval


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A request: GET of an address, with headers."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """What a source says of a product."""

    contribution: Contribution | None = None
    """For the catalogue, beside what others say of the product."""
    told: Told | None = None
    """For the journeys of its lots."""


class Read(Protocol):
    """Reads an answer; asks and writes nothing."""

    def __call__(self, *, gtin: str, status: int, body: bytes, read_on: date) -> Heard | None:
        """What the source says of the product; None where it says that it does not know it.

        `status` is 200, or 404, which may mean "unknown". Raises AnswerRefused.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class RemoteSource:
    """A source that is asked over the network, about one product at a time."""

    name: str
    """Lower case and underscores, at most 32 characters: its key in the database, in metrics and commands."""
    gives: frozenset[Section]
    shown_as: str
    """What people call it."""
    question: Callable[[str], Question | None]
    """What to ask about a GTIN-14; None while the operator has set no address for the source, and for a
    product that it cannot know."""
    read: Read
    fresh_for: timedelta
    """For how long an answer is good enough not to ask again."""
    unknown_for: timedelta = timedelta(days=1)
    """For how long "unknown" is."""
    budget: Budget

    @property
    def is_on(self) -> bool:
        """Whether an operator has named its address."""
        return self.question(_ANY_GTIN) is not None


#: Whether a source is on does not depend on the product.
_ANY_GTIN: Final = "04006381333931"


class How(Enum):
    """How a local source comes to us."""

    FILE = "file"
    """An operator loads it: `manage.py sources load NAME FILE`."""
    UPLOAD = "upload"
    """Brands upload it in their console."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LocalSource:
    """A source that was brought here: reading it asks nobody."""

    name: str
    shown_as: str
    how: How
    load: Callable[[bytes, str], int] | None = None
    """Takes over a file's content, given with its name; answers how many rows it had. Raises FileRefused."""


class FileRefused(Exception):
    """A file cannot be taken over; the text says why and what to do. Nothing of it was kept."""
