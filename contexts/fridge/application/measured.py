"""Telling measurement what is stored, opened and finished: as nobody in particular, once each, or not at all.

What was done waits an hour in the queue (`projecting.queue`), so that a slip of the finger that is taken back
is never told. Whether everybody in the household allows to be counted is asked when it is done and again when
it is told.
"""

import secrets
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID, uuid4

from django.db import connections, transaction

from contexts.fridge.application import event_store, ports
from contexts.fridge.domain.events import Recorded
from contexts.fridge.domain.telling import About, HolderWindow, Told, telling
from contexts.fridge.models import HolderReference, Member, Product, Untold
from packytrace.facts import outbox

_DATABASE: Final = "fridge"
#: As many as are told in one go.
_BATCH: Final = 1_000
#: What stands side by side in the log is not to tell that one household did both.
_LOTS: Final = secrets.SystemRandom()


def tell_due(*, now: datetime, limit: int = _BATCH) -> int:
    """Tell what has waited long enough; returns how many facts there were.

    Each event in a transaction of its own that also notes it as told: killed anywhere, an event is told once
    or still waits. Several at once share the queue.
    """
    due = list(
        Untold.objects.filter(due_at__lte=now)
        .order_by("due_at")
        .values_list("item_id", "version", "household_id")[:limit]
    )
    _LOTS.shuffle(due)
    return sum(
        _tell(item_id=item_id, version=version, household_id=household_id, now=now)
        for item_id, version, household_id in due
    )


def forget_holders(*, now: datetime) -> int:
    """Destroy the references of windows that are over: from then on nobody can tell whose they were."""
    forgotten, _ = HolderReference.objects.filter(until__lt=now.astimezone(UTC).date()).delete()
    return forgotten


def _tell(*, item_id: UUID, version: int, household_id: UUID, now: datetime) -> int:
    with transaction.atomic(using=_DATABASE):
        # The members before the event: who takes consent back or leaves holds them first, too. While we have
        # them, nobody does either.
        people = list(
            Member.objects.filter(household=household_id)
            .order_by("reference")
            .select_for_update(no_key=True)
            .values_list("account_id", flat=True)
        )
        waiting = Untold.objects.filter(item_id=item_id, version=version)
        row = waiting.select_for_update(skip_locked=True).first()
        if row is None:
            return 0
        about = _Telling(household_id=household_id, today=now.astimezone(UTC).date())
        if not row.told and ports.consents().all_measured(account_ids=people):
            about.tell(event_store.load(item_id=item_id), version=version)
        if about.facts:
            outbox.publish_all(about.facts, using=_DATABASE)
            waiting.update(told=True, due_at=datetime.combine(about.until, time.max, tzinfo=UTC))
        else:
            waiting.delete()
    return len(about.facts)


class _Telling:
    """What is told of one event, and the last day on which anything might be told of its windows."""

    def __init__(self, *, household_id: UUID, today: date) -> None:
        self._household_id = household_id
        self._today = today
        self.facts: list[Told] = []
        self.until = today

    def tell(self, history: Sequence[Recorded], *, version: int) -> None:
        self.facts = telling(history, version=version, naming=self._about)

    def _about(self, gtin: str, window: HolderWindow) -> About | None:
        # Too late, its holder would have to be minted a second time, and one household be counted as two.
        if window.until < self._today:
            return None
        self.until = max(self.until, window.until)
        return About(
            fact_id=uuid4(),
            holder=_holder(household_id=self._household_id, window=window),
            gtin=gtin,
            brand_id=Product.objects.filter(gtin=gtin).values_list("brand_id", flat=True).first(),
        )


def _holder(*, household_id: UUID, window: HolderWindow) -> UUID:
    """The household's reference for a window, minted where it has none; two who ask at once get the same."""
    with connections[_DATABASE].cursor() as cursor:
        cursor.execute(
            'INSERT INTO holder_reference (household_id, "window", reference, until)'
            " VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [household_id, window.name, uuid4(), window.until],
        )
    return HolderReference.objects.values_list("reference", flat=True).get(
        household_id=household_id, window=window.name
    )
