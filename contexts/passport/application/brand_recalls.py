"""Recalls that a brand announces of its own products, and takes back.

What operators announced, for an authority or of their own accord, a brand sees and never takes back.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from contexts.passport.application import recalls
from contexts.passport.application.brand_products import check_owned
from contexts.passport.application.company_prefixes import speaking_for
from contexts.passport.application.errors import RecallNotFound, RecallNotYours
from contexts.passport.application.recalls import Announced, ListedRecall
from contexts.passport.domain.recalls import Recall


def recalls_of(*, brand_id: UUID, gtin: str) -> Sequence[ListedRecall]:
    """Every recall of one of the brand's products, whoever announced it. Raises ProductNotYours."""
    check_owned(brand_id=brand_id, gtin=gtin)
    return recalls.listed(gtin=gtin)


def recall_of_own(*, brand_id: UUID, gtin: str, recall_id: UUID) -> ListedRecall:
    """One of them that the brand has announced itself. Raises ProductNotYours, RecallNotFound,
    RecallNotYours."""
    for one in recalls_of(brand_id=brand_id, gtin=gtin):
        if one.standing.id == recall_id:
            if one.brand_id != brand_id:
                raise RecallNotYours
            return one
    raise RecallNotFound(recall_id)


def announce_own(*, brand_id: UUID, recall: Recall, now: datetime) -> Announced:
    """Announce a recall of the brand's own product; one that stands already, whoever announced it, is not
    announced once more. Raises ProductNotYours."""
    with speaking_for(brand_id=brand_id):
        for one in recalls_of(brand_id=brand_id, gtin=recall.gtin):
            if one.standing.recall == recall and not one.withdrawn:
                known = recalls.is_known(recall.gtin)
                return Announced(recall_id=one.standing.id, repeated=True, product_known=known)
        return recalls.announce(recall=recall, brand_id=brand_id, now=now)


def withdraw_own(*, brand_id: UUID, gtin: str, recall_id: UUID, now: datetime) -> Announced:
    """Take back a recall that the brand has announced. Raises ProductNotYours, RecallNotFound,
    RecallNotYours."""
    with speaking_for(brand_id=brand_id):
        recall_of_own(brand_id=brand_id, gtin=gtin, recall_id=recall_id)
        return recalls.withdraw(recall_id=recall_id, now=now)
