"""How the passport context is stored."""

from contexts.passport.models.catalogue import CatalogueEntry, ImportProgress
from contexts.passport.models.facts import DeadLetter, DeadOutboxFact, InboxFact, LogOffset, OutboxFact
from contexts.passport.models.people import ErasedPerson, Erasure
from contexts.passport.models.recalls import Recall
from contexts.passport.models.scans import Scan, UnknownProductReport, VisitorLink

__all__ = [
    "CatalogueEntry",
    "DeadLetter",
    "DeadOutboxFact",
    "ErasedPerson",
    "Erasure",
    "ImportProgress",
    "InboxFact",
    "LogOffset",
    "OutboxFact",
    "Recall",
    "Scan",
    "UnknownProductReport",
    "VisitorLink",
]
