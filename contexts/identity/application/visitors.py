"""Linking visitors to accounts: who scanned before a sign-in keeps what they scanned."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from contexts.identity.application.errors import AccountErased
from contexts.identity.domain.visitors import VisitorLinkedToAccount
from contexts.identity.models import Account, VisitorLink
from packytrace.facts import outbox
from packytrace.people.erasing import is_erased


def link(*, visitor_id: UUID, account_id: UUID, at: datetime) -> bool:
    """Make a visitor an account's, unless it is somebody's; answers whether it is this account's now.

    Of two accounts that ask at the same moment one gets it. Asking again changes and tells nothing. An erased
    visitor is nobody's any more. Raises AccountErased for an account that is gone.
    """
    with transaction.atomic(using="identity"):
        # Held until this is over, so that an erasure takes the link along.
        if not Account.objects.select_for_update(no_key=True).filter(pk=account_id).exists():
            raise AccountErased(
                _("This account has been erased. What was known about it is gone; you can create a new one.")
            )
        found, created = VisitorLink.objects.get_or_create(
            visitor_id=visitor_id, defaults={"account_id": account_id, "linked_at": at}
        )
        if created and erased(visitor_id=visitor_id):
            # Asked after the insert, which has waited for an erasure that was under way.
            found.delete()
            return False
        if created:
            outbox.publish(
                VisitorLinkedToAccount(visitor_id=visitor_id, account_id=account_id, linked_at=at),
                using="identity",
            )
    return found.account_id == account_id


def erased(*, visitor_id: UUID) -> bool:
    """Whether a visitor was forgotten: a browser may still have the cookie, and is to get another."""
    return is_erased(person_ids=[visitor_id], using="identity")


def account_of(*, visitor_id: UUID) -> UUID | None:
    """The account that a visitor belongs to, if it belongs to one."""
    return VisitorLink.objects.filter(visitor_id=visitor_id).values_list("account_id", flat=True).first()
