"""The sections beside the label: where a product has been, and what it costs the environment."""

import datetime
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Final


class StepKind(Enum):
    """What happened at a step."""

    ORIGIN = "origin"
    PROCESSING = "processing"
    PACKING = "packing"
    DISTRIBUTION = "distribution"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a place is, in degrees (WGS 84). Raises ValueError for what is not on Earth."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError(f"{self.latitude}, {self.longitude} is not on Earth.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One step of a journey."""

    kind: StepKind
    place: str
    date: datetime.date | None = None
    position: Position | None = None
    """For the map; the place's own words are what counts."""


Journey = tuple[Step, ...]
"""In the order in which it was told; `in_order` is that of the days."""


def in_order(steps: Journey) -> Journey:
    """By day, where each step has one: what is told of one day stays in its order. Of steps without a day
    nobody knows between which others they were, so all stay as they were told."""
    dated = [(step.date, step) for step in steps if step.date]
    if len(dated) < len(steps):
        return steps
    return tuple(step for _, step in sorted(dated, key=lambda one: one[0]))


def runs_backwards(steps: Journey) -> bool:
    """Whether a step has an earlier day than one above it."""
    return any(after < before for before, after in pairwise(step.date for step in steps if step.date))


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldJourney:
    """Where the packs of one lot have been, as somebody tells it."""

    lot: str
    """Empty for every lot of which nothing else is told."""
    steps: Journey
    origin: str
    """Who tells it: a value of `domain.precedence.Origin`, or `journey_feed`."""
    by: str
    """What people call who tells it; empty for a feed."""
    at: datetime.datetime


class EcoGrade(Enum):
    """A grade of the eco score, A the best."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


#: Least score of each grade: the steps of Open Food Facts' Green-Score of 2024, whose A+ is in A and whose F
#: is in E.
_LEAST: Final = ((75, EcoGrade.A), (60, EcoGrade.B), (45, EcoGrade.C), (30, EcoGrade.D))


@dataclass(frozen=True, kw_only=True, slots=True)
class Eco:
    """How light a product is on the environment: 0 to 100, 100 the best, and why.

    Raises ValueError outside of that range.
    """

    score: int
    explanation: str

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 100:
            raise ValueError(f"An eco score is from 0 to 100, not {self.score}.")

    @property
    def grade(self) -> EcoGrade:
        """The grade that the score has."""
        return next((grade for least, grade in _LEAST if self.score >= least), EcoGrade.E)
