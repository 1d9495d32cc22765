"""`manage.py migrate`: every context as its schema's owner, then the grants."""

from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate

from packytrace.databases import connections, provisioning, roles


class Command(migrate.Command):
    """Django's migrate, for all aliases, each as its owner; `--database` narrows it to one."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database=None)

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Check every database that is about to be migrated: Django's own knows exactly one."""
        aliases = [options["database"]] if options["database"] else self._aliases(options["app_label"])
        return {**super().get_check_kwargs(options), "databases": aliases}

    def handle(self, *args: Any, **options: Any) -> None:
        aliases = [options["database"]] if options["database"] else self._aliases(options["app_label"])
        for alias in aliases:
            with connections.as_owner(alias):
                super().handle(*args, **{**options, "database": alias})
            with connections.connect(roles.owner(alias)) as connection:
                provisioning.settle_grants(connection, schema=alias)

    def _aliases(self, app_label: str | None) -> list[str]:
        from django.conf import settings

        if app_label:
            return [settings.DATABASE_OF_APP[app_label]]
        return [alias for alias in settings.DATABASES if alias != "default"]
