"""How the passport context is stored."""

from contexts.passport.models.brand_products import BrandProduct, LabelEdition, PrefixClaim
from contexts.passport.models.catalogue import (
    CatalogueEntry,
    ContributionChange,
    ImportProgress,
    SearchWord,
)
from contexts.passport.models.facts import DeadLetter, DeadOutboxFact, InboxFact, LogOffset, OutboxFact
from contexts.passport.models.link_history import (
    CheckedHost,
    LinkAuthor,
    LinkChange,
    LinkCheck,
    LinkFile,
    LinkFileRow,
    LinkFileWork,
)
from contexts.passport.models.links import Link
from contexts.passport.models.people import ErasedPerson, Erasure
from contexts.passport.models.recalls import Recall
from contexts.passport.models.scans import Scan, UnknownProductReport, VisitorLink
from contexts.passport.models.sources import (
    JourneyEvent,
    LifeCycleFood,
    LotJourney,
    LotJourneyChange,
    SourceAnswer,
    SourceState,
)
from contexts.passport.models.uploads import ColumnMapping, RefusedRow, Upload, UploadWork

__all__ = [
    "BrandProduct",
    "CatalogueEntry",
    "CheckedHost",
    "ColumnMapping",
    "ContributionChange",
    "DeadLetter",
    "DeadOutboxFact",
    "ErasedPerson",
    "Erasure",
    "ImportProgress",
    "InboxFact",
    "JourneyEvent",
    "LabelEdition",
    "LifeCycleFood",
    "Link",
    "LinkAuthor",
    "LinkChange",
    "LinkCheck",
    "LinkFile",
    "LinkFileRow",
    "LinkFileWork",
    "LogOffset",
    "LotJourney",
    "LotJourneyChange",
    "OutboxFact",
    "PrefixClaim",
    "Recall",
    "RefusedRow",
    "Scan",
    "SearchWord",
    "SourceAnswer",
    "SourceState",
    "UnknownProductReport",
    "Upload",
    "UploadWork",
    "VisitorLink",
]
