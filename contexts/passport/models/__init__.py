"""How the passport context is stored."""

from contexts.passport.models.catalogue import CatalogueEntry, ImportProgress
from contexts.passport.models.facts import DeadLetter, DeadOutboxFact, InboxFact, LogOffset, OutboxFact
from contexts.passport.models.scans import Scan, UnknownProductReport

__all__ = [
    "CatalogueEntry",
    "DeadLetter",
    "DeadOutboxFact",
    "ImportProgress",
    "InboxFact",
    "LogOffset",
    "OutboxFact",
    "Scan",
    "UnknownProductReport",
]
