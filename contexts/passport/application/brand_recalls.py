"""Recalls that a brand announces of its own products, and takes back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contexts.passport.application import recalls
from contexts.passport.application.brand_products import check_owned
from contexts.passport.application.errors import RecallNotFound
from contexts.passport.application.recalls import Announced, ListedRecall
from contexts.passport.domain.recalls import Recall


def recalls_of(*, brand_id: UUID, gtin: str) -> Sequence[ListedRecall]:
    """Every recall of one of the brand's products, whoever announced it. Raises ProductNotYours."""
    check_owned(brand_id=brand_id, gtin=gtin)
    return recalls.listed(gtin=gtin)


def recall_of_own(*, brand_id: UUID, gtin: str, recall_id: UUID) -> ListedRecall:
    """One of them. Raises ProductNotYours, RecallNotFound."""
    for one in recalls_of(brand_id=brand_id, gtin=gtin):
        if one.standing.id == recall_id:
            return one
    raise RecallNotFound(recall_id)


def announce_own(*, brand_id: UUID, recall: Recall, now: datetime) -> Announced:
    """Announce a recall of the brand's own product. Raises ProductNotYours."""
    check_owned(brand_id=brand_id, gtin=recall.gtin)
    return recalls.announce(recall=recall, now=now)


def withdraw_own(*, brand_id: UUID, gtin: str, recall_id: UUID, now: datetime) -> Announced:
    """Take a recall of the brand's own product back. Raises ProductNotYours, RecallNotFound."""
    recall_of_own(brand_id=brand_id, gtin=gtin, recall_id=recall_id)
    return recalls.withdraw(recall_id=recall_id, now=now)
