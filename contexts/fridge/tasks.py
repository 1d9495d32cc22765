"""What fridge does on schedule."""

from datetime import timedelta
from typing import Final

import structlog
from celery import shared_task
from django.utils import timezone

from contexts.fridge.application import notice_planning, notices

_log = structlog.get_logger(__name__)

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
