"""Sessions go when they are over, and not before."""

from datetime import timedelta

import pytest
from django.utils import timezone

from contexts.identity.models import BrowserSession
from contexts.identity.tasks import forget_expired_sessions


@pytest.mark.django_db(databases=["identity"])
def test_only_what_is_over_is_forgotten() -> None:
    now = timezone.now()
    for key, expires in (("over", now - timedelta(seconds=1)), ("alive", now + timedelta(hours=1))):
        BrowserSession.objects.create(session_key=key, session_data="", expire_date=expires)
    for _run in range(2):
        forget_expired_sessions()
    assert [session.session_key for session in BrowserSession.objects.all()] == ["alive"]
