"""What personalization does on schedule."""

import structlog
from celery import shared_task
from django.utils import timezone

from contexts.personalization.application import sweeping, told

_log = structlog.get_logger(__name__)


@shared_task(name=told.FORGET)
def forget_what_was_told() -> None:
    """Take out of the log what people have withdrawn from it."""
    told.forget_in_log(now=timezone.now())


@shared_task(name=sweeping.SWEEP)
def destroy_what_was_withdrawn() -> None:
    """Destroy what a withdrawal should have destroyed; there is nothing, unless its fact was lost."""
    if people := sweeping.sweep():
        _log.error("withdrawal_had_not_arrived", people=people)
