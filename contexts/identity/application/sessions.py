"""Sessions of browsers: rows that nobody needs once they have expired."""

from django.contrib.sessions.models import Session
from django.utils import timezone


def forget_expired_sessions() -> int:
    """Delete the sessions that are over, those of abandoned sign-ins included; says how many."""
    deleted, _by_model = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted
