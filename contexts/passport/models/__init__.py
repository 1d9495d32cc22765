"""How the passport context is stored."""

from contexts.passport.models.catalogue import CatalogueEntry, ContributionChange, ImportProgress
from contexts.passport.models.facts import DeadLetter, DeadOutboxFact, InboxFact, LogOffset, OutboxFact
from contexts.passport.models.links import Link
from contexts.passport.models.people import ErasedPerson, Erasure
from contexts.passport.models.recalls import Recall
from contexts.passport.models.scans import Scan, UnknownProductReport, VisitorLink
from contexts.passport.models.sources import (
    JourneyEvent,
    LifeCycleFood,
    LotJourney,
    SourceAnswer,
    SourceState,
)

__all__ = [
    "CatalogueEntry",
    "ContributionChange",
    "DeadLetter",
    "DeadOutboxFact",
    "ErasedPerson",
    "Erasure",
    "ImportProgress",
    "InboxFact",
    "JourneyEvent",
    "LifeCycleFood",
    "Link",
    "LogOffset",
    "LotJourney",
    "OutboxFact",
    "Recall",
    "Scan",
    "SourceAnswer",
    "SourceState",
    "UnknownProductReport",
    "VisitorLink",
]
