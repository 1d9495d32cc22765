"""Erasing people from passport."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connections
from django.db.models import Q

from contexts.passport.domain.scans import VISITOR_LIFETIME_DAYS
from contexts.passport.models import LinkAuthor, Scan, UnknownProductReport, VisitorLink
from packytrace.people.erasing import remember_erased

_DATABASE: Final = "passport"

#: Somebody else's token was used in a browser of theirs: the scan is the other's, the browser's id is not.
_DETACH: Final = """
UPDATE scan SET visitor_id = gen_random_uuid()
WHERE visitor_id = ANY(%(people)s::uuid[]) AND account_id <> ALL(%(people)s::uuid[])
"""


def erase(*, person_ids: Collection[UUID]) -> None:
    """Delete every row about these people, accounts and visitors alike: scans, reports, links of visitors,
    and who it was that changed a brand's links.

    A visitor that is linked to one of the accounts is one of these people, too. As long as a browser may
    still send such a visitor's cookie, no scan is recorded under it. Runs in the caller's transaction; again
    changes nothing but how long that is.
    """
    people = set(person_ids)
    people.update(VisitorLink.objects.filter(account_id__in=people).values_list("visitor_id", flat=True))
    # First: a scan that comes later sees it, once this is committed.
    until = datetime.now(UTC) + timedelta(days=VISITOR_LIFETIME_DAYS + 1)
    remember_erased(person_ids=people, until=until.date(), using=_DATABASE)
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_DETACH, {"people": list(people)})
    Scan.objects.filter(Q(account_id__in=people) | Q(visitor_id__in=people)).delete()
    UnknownProductReport.objects.filter(visitor_id__in=people).delete()
    LinkAuthor.objects.filter(account_id__in=people).delete()
    VisitorLink.objects.filter(Q(account_id__in=people) | Q(visitor_id__in=people)).delete()
