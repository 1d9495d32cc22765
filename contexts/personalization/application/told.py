"""Taking back what was told of verdicts: from here, from what waits to be sent, and from the log."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connections, transaction

from contexts.personalization.application.pseudonyms import digest_of, name_of_key, pseudonyms_of
from contexts.personalization.models import ReasonShared, ToForget, VerdictTold
from packytrace.facts.log import configured_log
from packytrace.people.erasing import forget_facts

FORGET: Final = "personalization.forget_what_was_told"
"""The task that takes it out of the log."""

_DATABASE: Final = "personalization"
#: A fact that was on its way, or that a page was just about to tell, is in the log by then.
_LANDED: Final = timedelta(minutes=2)
#: The log is searched for so many at once: those of a dozen people.
_AT_ONCE: Final = 200


def forget_told(*, person_ids: Collection[UUID]) -> None:
    """Forget every verdict that was told of these people, in the transaction at hand; again changes nothing.

    What the log has of them is taken out by `forget_in_log`, within minutes.
    """
    VerdictTold.objects.filter(person_id__in=person_ids).delete()
    forget_sharing(person_ids=person_ids)
    now = datetime.now(UTC)
    pseudonyms = sorted(pseudonyms_of(person_ids=person_ids, today=now.date()))
    forget_facts(person_ids=pseudonyms, using=_DATABASE)
    with connections[_DATABASE].cursor() as cursor:
        # In the order of the key, so that two who meet do not lock crosswise.
        cursor.execute(
            "INSERT INTO to_forget (pseudonym, since) SELECT unnest(%s::uuid[]), %s"
            " ON CONFLICT (pseudonym) DO UPDATE SET since = greatest(to_forget.since, excluded.since)",
            [pseudonyms, now],
        )


def forget_sharing(*, person_ids: Collection[UUID]) -> None:
    """Count these people no longer among those who share a reason."""
    digests = [digest_of(person_id=person_id) for person_id in person_ids]
    ReasonShared.objects.filter(digest__in=digests).delete()


def forget_sharing_under_other_keys() -> None:
    """Whose rows these are, nobody can tell any more; whoever is there is counted anew."""
    ReasonShared.objects.exclude(key=name_of_key()).delete()


def forget_in_log(*, now: datetime) -> int:
    """Take out of the log what is to be forgotten; says for how many pseudonyms this was the last time.

    Again and again until what was on its way has landed. Several may run at once, and be stopped anywhere.
    """
    rows = list(ToForget.objects.order_by("since", "pseudonym").values_list("pseudonym", flat=True))
    done = 0
    for start in range(0, len(rows), _AT_ONCE):
        pseudonyms = rows[start : start + _AT_ONCE]
        with transaction.atomic(using=_DATABASE):
            forget_facts(person_ids=pseudonyms, using=_DATABASE)
        configured_log().forget(person_ids=pseudonyms)
        # Whoever withdrew once more meanwhile stands there anew, and stays.
        last = ToForget.objects.filter(pseudonym__in=pseudonyms, since__lt=now - _LANDED)
        done += last.delete()[0]
    return done
