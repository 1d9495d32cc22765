"""Destroying what rests on a consent that was taken back, should the fact that says so ever be lost."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from contexts.fridge.application import notices, ports
from contexts.fridge.application.erasing import stop_measuring
from contexts.fridge.application.households import hold_people
from contexts.fridge.models import NoticeSettings

SWEEP: Final = "fridge.destroy_what_was_withdrawn"
"""The task that does it."""

_DATABASE: Final = "fridge"
_AT_ONCE: Final = 500
_START: Final = UUID(int=0)

#: The next people who are kept to be written to. Each table gives as many as are taken of all.
_WRITTEN_TO: Final = """
    (SELECT account_id FROM notice_settings
     WHERE account_id > %(after)s ORDER BY account_id LIMIT %(most)s)
    UNION
    (SELECT DISTINCT account_id FROM push_subscription
     WHERE account_id > %(after)s ORDER BY account_id LIMIT %(most)s)
    UNION
    (SELECT DISTINCT account_id FROM notice
     WHERE account_id > %(after)s ORDER BY account_id LIMIT %(most)s)
    ORDER BY account_id LIMIT %(most)s
"""

#: The next members of households that are told of, or are to be.
_COUNTED: Final = """
    SELECT account_id FROM member
    WHERE account_id > %(after)s AND (
        EXISTS (SELECT FROM holder_reference WHERE holder_reference.household_id = member.household_id)
        OR EXISTS (SELECT FROM untold WHERE untold.household_id = member.household_id)
    )
    ORDER BY account_id LIMIT %(most)s
"""


def sweep() -> int:
    """Ask for everybody of whom something is kept what they took back, and destroy that; says of how many.

    Each person is a transaction of its own: several may run at once, and be stopped anywhere.
    """
    return sum(_forget_notices(account_id) for account_id in _each(_WRITTEN_TO)) + sum(
        _stop_measuring(account_id) for account_id in _each(_COUNTED)
    )


def _forget_notices(account_id: UUID) -> bool:
    with transaction.atomic(using=_DATABASE):
        hold_people([account_id])
        # Asked while nobody else may save: what is saved under a new consent is not what was withdrawn.
        granted = ports.consents().never_withdrawn(account_id=account_id).notifications
        settings = NoticeSettings.objects.filter(account_id=account_id).first()
        stands = settings is not None and settings.consented_at == granted
        if not stands:
            notices.forget(account_ids=[account_id])
    return not stands


def _stop_measuring(account_id: UUID) -> bool:
    if ports.consents().never_withdrawn(account_id=account_id).measurement is not None:
        return False
    with transaction.atomic(using=_DATABASE):
        stop_measuring(person_id=account_id)
    return True


def _each(statement: str) -> Iterator[UUID]:
    after = _START
    while True:
        with connections[_DATABASE].cursor() as cursor:
            cursor.execute(statement, {"after": after, "most": _AT_ONCE})
            people = [account_id for (account_id,) in cursor.fetchall()]
        if not people:
            return
        yield from people
        after = people[-1]
