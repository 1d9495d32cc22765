"""What the clock should have done by now, for operators: numbers and moments, of nobody in particular."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Aggregate, Count, F, Min, Q
from django.db.models.functions import Coalesce

from contexts.fridge.application.importing import TO_BE_TAKEN_IN
from contexts.fridge.models import Import, Notice, NoticeSettings, Untold

#: What is done every minute is late after so long, whatever a worker that was started anew had to catch up.
LATE: Final = timedelta(minutes=15)
#: A large file takes minutes.
LATE_FOR_A_FILE: Final = timedelta(hours=1)
#: A message that was taken so often was refused, and did not only wait for the end of quiet hours.
_REFUSED: Final = 4


@dataclass(frozen=True, kw_only=True)
class Overdue:
    """Work that waits for too long."""

    number: int
    since: datetime | None
    """Since when the oldest waits; None where nothing does."""


def notices(*, now: datetime) -> Overdue:
    """Messages that nobody takes, or that the mail server or the push services refuse again and again; not
    those that wait for the end of quiet hours, and not those that were given up."""
    late = now - LATE
    waiting = Notice.objects.filter(told_in=None, sent_at=None, given_up=False)
    found = waiting.filter(Q(due_at__lt=late) | Q(attempts__gte=_REFUSED, claimed_at__lt=late))
    return Overdue(**found.aggregate(**_count(since=Min("claimed_at"))))


def looks(*, now: datetime) -> Overdue:
    """People for whom it was not looked whether they are to be told something."""
    wanting = NoticeSettings.objects.filter(Q(by_mail=True) | Q(by_push=True))
    return Overdue(**wanting.filter(look_at__lt=now - LATE).aggregate(**_count(since=Min("look_at"))))


def untold(*, now: datetime) -> Overdue:
    """What was stored, opened and finished, and neither told to measurement nor dropped."""
    return Overdue(**Untold.objects.filter(due_at__lt=now - LATE).aggregate(**_count(since=Min("due_at"))))


def files(*, now: datetime) -> Overdue:
    """Files that were brought along and are neither checked nor taken in."""
    began = Import.objects.filter(TO_BE_TAKEN_IN).annotate(began=Coalesce("confirmed_at", "created_at"))
    return Overdue(**began.filter(began__lt=now - LATE_FOR_A_FILE).aggregate(**_count(since=Min(F("began")))))


def _count(*, since: Aggregate) -> dict[str, Aggregate]:
    return {"number": Count("*"), "since": since}
