"""Whose a visitor is. A visitor belongs to nobody or to one account, and never changes hands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class VisitorLinkedToAccount:
    """A visitor turned out to be an account holder: what was scanned under its id is now the account's."""

    visitor_id: UUID
    account_id: UUID
    linked_at: datetime
