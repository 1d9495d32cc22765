"""Linking visitors to accounts: who scanned before a sign-in keeps what they scanned."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from contexts.identity.domain.visitors import VisitorLinkedToAccount
from contexts.identity.models import VisitorLink
from packytrace.facts import outbox


def link(*, visitor_id: UUID, account_id: UUID, at: datetime) -> bool:
    """Make a visitor an account's, unless it is somebody's; answers whether it is this account's now.

    Of two accounts that ask at the same moment one gets it. Asking again changes and tells nothing.
    """
    with transaction.atomic(using="identity"):
        found, created = VisitorLink.objects.get_or_create(
            visitor_id=visitor_id, defaults={"account_id": account_id, "linked_at": at}
        )
        if created:
            outbox.publish(
                VisitorLinkedToAccount(visitor_id=visitor_id, account_id=account_id, linked_at=at),
                using="identity",
            )
    return found.account_id == account_id


def account_of(*, visitor_id: UUID) -> UUID | None:
    """The account that a visitor belongs to, if it belongs to one."""
    return VisitorLink.objects.filter(visitor_id=visitor_id).values_list("account_id", flat=True).first()
