"""`python -m packytrace.provider people`: who can sign in at the embedded provider."""

import getpass
import sys
from typing import Any, cast

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from packytrace.provider.addresses import confirm
from packytrace.provider.models import Person

ROLES = ("consumer", "brand_user", "operator")


class Command(BaseCommand):
    """Add people, give them roles and passwords, close and open their access."""

    help = "List, add and change the people who can sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="show everybody")
        add = actions.add_parser("add", help="add somebody; the password is asked for, or read from a pipe")
        add.add_argument("email")
        add.add_argument("--name", required=True)
        add.add_argument("--role", action="append", choices=ROLES, default=[], dest="roles")
        roles = actions.add_parser("roles", help="replace somebody's roles; valid from the next sign-in")
        roles.add_argument("email")
        roles.add_argument("roles", nargs="*", choices=[*ROLES, []])
        for action, help_text in (
            ("password", "give somebody another password"),
            ("close", "let somebody sign in no more"),
            ("open", "let somebody sign in again"),
        ):
            actions.add_parser(action, help=help_text).add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(**options)

    def _list(self, **_options: Any) -> None:
        for person in Person.objects.order_by("email"):
            state = "" if person.is_active else "  closed"
            self.stdout.write(f"{person.email}  {person.name}  {', '.join(person.roles)}  {person.id}{state}")

    def _add(self, *, email: str, name: str, roles: list[str], **_options: Any) -> None:
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        if Person.objects.filter(email=email).exists():
            raise CommandError(f"{email} can sign in already.")
        person = Person(email=email, name=name, roles=sorted(set(roles)))
        self._set_password(person)
        person.save(force_insert=True)
        confirm(person)
        self.stdout.write(f"{email} can sign in.")

    def _roles(self, *, email: str, roles: list[str], **_options: Any) -> None:
        person = _person(email)
        person.roles = sorted(set(roles))
        person.save(update_fields=["roles"])
        self.stdout.write(
            f"{person.email}: {', '.join(person.roles) or 'no roles'} from the next sign-in on."
        )

    def _password(self, *, email: str, **_options: Any) -> None:
        person = _person(email)
        self._set_password(person)
        # Sessions carry a hash of the password: they end with the old one.
        person.save(update_fields=["password"])
        self.stdout.write(f"{person.email} has another password.")

    def _close(self, *, email: str, **_options: Any) -> None:
        person = _person(email)
        person.is_active = False
        person.save(update_fields=["is_active"])
        self.stdout.write(f"{person.email} can sign in no more.")

    def _open(self, *, email: str, **_options: Any) -> None:
        person = _person(email)
        person.is_active = True
        person.save(update_fields=["is_active"])
        self.stdout.write(f"{person.email} can sign in again.")

    def _set_password(self, person: Person) -> None:
        asked = sys.stdin.isatty()
        password = getpass.getpass("Password: ") if asked else sys.stdin.readline().rstrip("\n")
        if asked and getpass.getpass("Again: ") != password:
            raise CommandError("The two passwords differ.")
        try:
            validate_password(password, user=cast("Any", person))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        person.set_password(password)


def _person(email: str) -> Person:
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise CommandError(f"Nobody signs in as {email}.")
    return person
