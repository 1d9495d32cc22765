"""What fridge does on schedule."""

from datetime import timedelta
from typing import Final

import structlog
from celery import shared_task
from django.utils import timezone

from contexts.fridge.application import importing, measured, notice_planning, notices, sweeping

_log = structlog.get_logger(__name__)

#: As long as the next tick of the clock takes to come.
_TURN: Final = timedelta(seconds=10)
#: For so long it is kept that somebody was told of something that is not at home any more.
_KEPT: Final = timedelta(days=30)


@shared_task(name="fridge.send_notices")
def send_notices() -> None:
    """See who is to be told something, and send it."""
    # Here, because encrypting for browsers takes long to import, and the web server needs none of it.
    from contexts.fridge.application import notice_sending

    notice_planning.look(now=timezone.now())
    sent = notice_sending.send_due()
    if sent.sent or sent.put_off or sent.dropped:
        _log.info("notices_sent", sent=sent.sent, put_off=sent.put_off, dropped=sent.dropped)


@shared_task(name="fridge.forget_old_notices")
def forget_old_notices() -> None:
    """Forget whom was told what long ago."""
    notices.forget_old(before=timezone.now() - _KEPT)


@shared_task(name=importing.TAKE_IN)
def take_in_files() -> None:
    """Go on with the files that people have confirmed, and delete those that are too old."""
    importing.take_in_all(clock=timezone.now, until=timezone.now() + _TURN)
    importing.forget_old(now=timezone.now())


@shared_task(name="fridge.tell_measurement")
def tell_measurement() -> None:
    """Tell what was stored, opened and finished an hour ago or earlier; forget as whom it was told."""
    now = timezone.now()
    told = measured.tell_due(now=now)
    if told:
        _log.info("items_told", facts=told)
    measured.forget_holders(now=now)


@shared_task(name=sweeping.SWEEP)
def destroy_what_was_withdrawn() -> None:
    """Destroy what a withdrawal should have destroyed; there is nothing, unless its fact was lost."""
    if people := sweeping.sweep():
        _log.error("withdrawal_had_not_arrived", people=people)
