"""What identity does on schedule."""

import structlog
from celery import shared_task

from contexts.identity.application import sessions

_log = structlog.get_logger(__name__)


@shared_task(name="identity.forget_expired_sessions")
def forget_expired_sessions() -> None:
    """Keep no session longer than it lasts."""
    _log.info("expired_sessions_forgotten", sessions=sessions.forget_expired_sessions())
