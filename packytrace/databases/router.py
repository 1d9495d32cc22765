"""Every app label has exactly one database alias; whatever has none fails loudly."""

from typing import Any

from django.conf import settings
from django.db.models import Model


class UnroutedApp(LookupError):
    """A model of an app that no context has claimed."""


class ContextRouter:
    """Routes an app to its context's alias: `settings.DATABASE_OF_APP` is the whole truth."""

    def _alias(self, app_label: str) -> str:
        try:
            return str(settings.DATABASE_OF_APP[app_label])
        except KeyError:
            raise UnroutedApp(
                f"App {app_label!r} has no database: name its alias in settings.DATABASE_OF_APP."
            ) from None

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        return self._alias(model._meta.app_label)

    def db_for_write(self, model: type[Model], **_hints: Any) -> str:
        return self._alias(model._meta.app_label)

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool:
        return self._alias(one._meta.app_label) == self._alias(other._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return self._alias(app_label) == db
