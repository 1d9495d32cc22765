"""Which visitors turned out to be account holders, as identity tells it."""

from datetime import datetime
from uuid import UUID

from contexts.passport.models import VisitorLink
from packytrace.people.erasing import is_erased

_DATABASE = "passport"


def link_visitor(*, visitor_id: UUID, account_id: UUID, linked_at: datetime) -> None:
    """A visitor's scans are an account's from now on; the first link stands, whatever comes after it.

    Nothing is noted about whoever was erased meanwhile.
    """
    if is_erased(person_ids=[visitor_id, account_id], using=_DATABASE):
        return
    # Django's way to say ON CONFLICT DO NOTHING.
    VisitorLink.objects.bulk_create(
        [VisitorLink(visitor_id=visitor_id, account_id=account_id, linked_at=linked_at)],
        ignore_conflicts=True,
    )
