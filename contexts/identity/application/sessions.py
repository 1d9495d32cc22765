"""Sessions of browsers, kept in identity's own table: settings.SESSION_ENGINE names this module."""

from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import connections
from django.utils import timezone

from contexts.identity.models import BrowserSession


class SessionStore(DatabaseStore):
    """Django's sessions in the database, each with the account that is signed in with it."""

    @classmethod
    def get_model_class(cls) -> type[BrowserSession]:
        return BrowserSession

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing for one that is over, or of an account that is closed or gone,
        whose key is then forgotten.

        Asked for every request of who is signed in: without the ORM, which takes several times as long, and
        together with the account, so that nobody need ask for it again.
        """
        with connections["identity"].cursor() as cursor:
            cursor.execute(
                "SELECT session_data FROM browser_session WHERE session_key = %s AND expire_date > %s"
                " AND (account_id IS NULL OR EXISTS"
                " (SELECT FROM account WHERE id = account_id AND is_active))",
                [self.session_key, timezone.now()],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row[0])
        return held

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        session = super().create_model_instance(data)
        if isinstance(session, BrowserSession) and SESSION_KEY in data:
            session.account_id = UUID(data[SESSION_KEY])
        return session


def end_sessions(*, account_id: UUID) -> int:
    """Sign an account out of every browser; says how many sessions it had."""
    deleted, _by_model = BrowserSession.objects.filter(account_id=account_id).delete()
    return deleted


def forget_expired_sessions() -> int:
    """Delete the sessions that are over, those of abandoned sign-ins included; says how many."""
    deleted, _by_model = BrowserSession.objects.filter(expire_date__lt=timezone.now()).delete()
    return deleted
