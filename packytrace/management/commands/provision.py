"""`manage.py provision`: roles, schemas and grants; `manage.py migrate` then makes the tables."""

from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from packytrace.databases import provisioning, roles
from packytrace.databases.connections import require_passwords
from packytrace.facts.postgres_log import provision_log


class Command(BaseCommand):
    """Make the database what it is declared to be; running it again changes nothing."""

    help = "Create or repair the schemas, roles and grants (idempotent)."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.DATABASE_EMBEDDED:
            settings.EMBEDDED_SERVER.start()
            settings.EMBEDDED_SERVER.ensure_database()
        elif not settings.DATABASE_ADMIN_CONNINFO:
            raise CommandError(
                "Set DATABASE_ADMIN_URL: provisioning connects as a role that may create roles."
            )
        require_passwords(roles.ALL_ROLES)
        try:
            connected = psycopg.connect(settings.DATABASE_ADMIN_CONNINFO, autocommit=True)
        except psycopg.OperationalError as error:
            raise CommandError(f"The database's administrator cannot sign in: {error}") from error
        with connected as connection:
            undone = ""
            try:
                provisioning.provision(connection, password=partial(settings.DATABASE_PASSWORD))
            except provisioning.LeftUndone as error:
                undone = str(error)
            provision_log(connection)
        if undone:
            raise CommandError(undone)
        self.stdout.write("Roles, schemas and default privileges are as declared.")
        if settings.KAFKA_BOOTSTRAP_SERVERS:
            call_command("facts", "topics", "--apply", stdout=self.stdout)
