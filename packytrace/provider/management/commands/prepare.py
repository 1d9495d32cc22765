"""`python -m packytrace.provider prepare`: tables, client and people, as often as wanted."""

from typing import Any

from allauth.idp.oidc.models import Token
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from packytrace.databases import provisioning, roles
from packytrace.databases.connections import as_owner, connect
from packytrace.provider import leaving, settings
from packytrace.provider.addresses import confirm
from packytrace.provider.client import ensure_client
from packytrace.provider.demo import DEMO_PEOPLE, DemoPerson
from packytrace.provider.models import Person

#: Two first starts at the same moment would both make the tables.
_PREPARING_LOCK = 0x50524F56  # "PROV"


class Command(BaseCommand):
    """Bring the provider's schema and its first rows up to date."""

    help = "Make the provider's tables, its client and the people of the demonstration (idempotent)."
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "OIDC_ISSUER names another provider: the embedded one has no part. Unset it to use this one."
            )
        with connect(roles.owner(roles.PROVIDER)) as connection:
            connection.execute("SELECT pg_advisory_lock(%s)", [_PREPARING_LOCK])
            with as_owner("default", schema=roles.PROVIDER):
                call_command("migrate", verbosity=0, interactive=False)
            provisioning.settle_grants(connection, schema=roles.PROVIDER)
            ensure_client()
            for person in DEMO_PEOPLE:
                _ensure(person)
            Token.objects.expired().delete()
            leaving.forget_unconfirmed()
            call_command("clearsessions")
        self.stdout.write(f"The provider at {settings.ISSUER} is prepared.")


def _ensure(demo: DemoPerson) -> None:
    """Make a demo person; an existing one gets the printed password back, and stays as it is otherwise."""
    person, _created = Person.objects.get_or_create(
        id=demo.subject, defaults={"email": demo.email, "name": demo.name, "roles": [demo.role]}
    )
    confirm(person)
    password = demo.password(secret=settings.DEMO_SECRET)
    if not person.check_password(password):
        person.set_password(password)
        person.save(update_fields=["password"])
