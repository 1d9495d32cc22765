"""What identity does on schedule."""

import structlog
from celery import shared_task
from django.utils import timezone

from contexts.identity.application import ended_tokens, erasures, exports, idempotency, sessions

_log = structlog.get_logger(__name__)


@shared_task(name="identity.forget_expired_sessions")
def forget_expired_sessions() -> None:
    """Keep no session longer than it lasts, and no answer for longer than it may be asked for again."""
    now = timezone.now()
    _log.info(
        "expired_sessions_forgotten",
        sessions=sessions.forget_expired_sessions(),
        tokens=ended_tokens.forget_expired_tokens(now=now),
        answers=idempotency.forget_old_answers(now=now),
    )


@shared_task(name=erasures.ADVANCE)
def advance_erasures() -> None:
    """Take the erasures further that are at work."""
    now = timezone.now()
    erasures.advance(now=now)
    if overdue := erasures.overdue(now=now):
        _log.error("erasures_overdue", erasures=overdue)


@shared_task(name=exports.PREPARE)
def prepare_exports() -> None:
    """Prepare the exports that were asked for, and delete those that are too old."""
    now = timezone.now()
    exports.prepare_all(now=now)
    exports.forget_expired(now=now)
