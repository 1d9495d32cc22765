"""What identity does on schedule."""

import structlog
from celery import shared_task
from django.utils import timezone

from contexts.identity.application import idempotency, sessions

_log = structlog.get_logger(__name__)


@shared_task(name="identity.forget_expired_sessions")
def forget_expired_sessions() -> None:
    """Keep no session longer than it lasts, and no answer for longer than it may be asked for again."""
    _log.info(
        "expired_sessions_forgotten",
        sessions=sessions.forget_expired_sessions(),
        answers=idempotency.forget_old_answers(now=timezone.now()),
    )
