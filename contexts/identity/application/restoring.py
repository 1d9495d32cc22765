"""After a backup was restored: it knows people who have been erased since, and consents withdrawn since.

What was said after the backup is lost with the database, so it is made up for in the safe direction: whoever
had agreed is asked again, and whoever was erased is erased again, by a list that was kept outside.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connections

from contexts.identity.application import consents
from contexts.identity.application.erasures import digest_of_subject, request_erasure
from contexts.identity.domain.consents import Purpose
from contexts.identity.models import Account, ErasedPerson

_DATABASE: Final = "identity"
CHANNEL: Final = "restore"
"""Where these withdrawals come from, as the ledger says it."""

#: A consent stands under whatever version of its notice: what depends on it is kept until it is taken back.
_STANDING: Final = """
    SELECT person_id, purpose FROM (
        SELECT DISTINCT ON (consent.reference, consent.purpose)
            consent_reference.person_id, consent.purpose, consent.action, consent.since
        FROM consent JOIN consent_reference USING (reference)
        ORDER BY consent.reference, consent.purpose, consent.sequence DESC
    ) AS last
    WHERE action = 'granted' AND since <= %s
"""


def ask_again(*, since: datetime, at: datetime) -> int:
    """Take back every consent that stood at the moment of the backup; answers how many.

    Nobody knows which of them were withdrawn afterwards. What depended on them is deleted as after any other
    withdrawal. Consents given after that moment stay; doing it again, or going on with it, changes no more.
    """
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(_STANDING, [since])
        standing = cursor.fetchall()
    return sum(
        consents.withdraw(person_id=person_id, purpose=Purpose(purpose), channel=CHANNEL, at=at)
        for person_id, purpose in standing
    )


@dataclass(frozen=True, kw_only=True)
class Ending:
    """That an account was erased. The digest says whose only to who has the account and `SECRET_KEY`."""

    digest: bytes
    at: datetime


def endings() -> Iterator[Ending]:
    """The accounts that were erased within the last 15 days, longer than a backup may be kept."""
    rows = ErasedPerson.objects.filter(erased_at__isnull=False).order_by("erased_at", "digest")
    for row in rows:
        if row.erased_at is not None:
            yield Ending(digest=bytes(row.digest), at=row.erased_at)


def erase_again(*, known: Iterable[Ending], at: datetime) -> int:
    """Erase every account that had been erased before and is here again; answers how many.

    An account that is younger than its ending is another one: the same person has come back since.
    """
    ended = _latest(known)
    erased = 0
    for account in Account.objects.only("pk", "issuer", "subject", "created_at").iterator():
        ended_at = ended.get(digest_of_subject(issuer=account.issuer, subject=account.subject))
        if ended_at is not None and ended_at >= account.created_at:
            request_erasure(account_id=account.pk, at=at)
            erased += 1
    return erased


def _latest(known: Iterable[Ending]) -> Mapping[bytes, datetime]:
    found: dict[bytes, datetime] = {}
    for ending in known:
        found[ending.digest] = max(ending.at, found.get(ending.digest, ending.at))
    return found
