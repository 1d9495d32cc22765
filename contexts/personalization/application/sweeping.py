"""Destroying what rests on a consent that was taken back, should the fact that says so ever be lost."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from contexts.personalization.application import ports
from contexts.personalization.application.profiles import forget_taken_back
from contexts.personalization.application.told import forget_sharing_under_other_keys

SWEEP: Final = "personalization.destroy_what_was_withdrawn"
"""The task that does it."""

_DATABASE: Final = "personalization"
_AT_ONCE: Final = 500
_START: Final = UUID(int=0)

#: The next people of whom something is kept. Each table gives as many as are taken of all: none is skipped.
_PEOPLE: Final = """
    (SELECT DISTINCT person_id FROM health_profile
     WHERE person_id > %(after)s ORDER BY person_id LIMIT %(most)s)
    UNION
    (SELECT DISTINCT person_id FROM person_key
     WHERE person_id > %(after)s ORDER BY person_id LIMIT %(most)s)
    UNION
    (SELECT DISTINCT person_id FROM verdict_told
     WHERE person_id > %(after)s ORDER BY person_id LIMIT %(most)s)
    ORDER BY person_id LIMIT %(most)s
"""

#: Which grants what is kept of people rests on: to a Health Profile, and to being counted.
_GRANTS: Final = """
    SELECT person_id, consented_at, NULL FROM health_profile WHERE person_id = ANY(%(people)s)
    UNION
    SELECT person_id, consented_at, measured_since FROM verdict_told WHERE person_id = ANY(%(people)s)
"""


def sweep() -> int:
    """Ask for everybody of whom something is kept what they took back, and destroy that; says of how many.

    Each person is a transaction of its own: several may run at once, and be stopped anywhere.
    """
    forget_sharing_under_other_keys()
    found = 0
    for person_id, grants in _kept():
        standing = ports.consents().never_withdrawn(account_id=person_id)
        if standing.health_profile and all(_stands(*grant, standing=standing) for grant in grants):
            continue
        with transaction.atomic(using=_DATABASE):
            forget_taken_back(person_id=person_id)
        found += 1
    return found


def _stands(consented_at: datetime, measured_since: datetime | None, *, standing: ports.Standing) -> bool:
    return consented_at == standing.health_profile and measured_since in {None, standing.measurement}


def _kept() -> Iterator[tuple[UUID, list[tuple[datetime, datetime | None]]]]:
    """Everybody of whom something is kept, in the order of their ids, and what that rests on."""
    after = _START
    while True:
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(_PEOPLE, {"after": after, "most": _AT_ONCE})
            people = [person_id for (person_id,) in cursor.fetchall()]
            cursor.execute(_GRANTS, {"people": people})
            grants = defaultdict(list)
            for person_id, *grant in cursor.fetchall():
                grants[person_id].append(tuple(grant))
        if not people:
            return
        yield from ((person_id, grants[person_id]) for person_id in people)
        after = people[-1]
