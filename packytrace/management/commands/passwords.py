"""`manage.py passwords`: fresh passwords for the database roles, as the files production reads."""

import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from packytrace.databases import roles


class Command(BaseCommand):
    """Write one file of role name to random password for each process, with the roles it signs in as."""

    help = (
        "Make fresh passwords for all database roles: printed as one JSON object, or written into a folder."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--into",
            type=Path,
            metavar="FOLDER",
            help="write a file for each process, with the passwords that it needs and no other",
        )
        parser.add_argument(
            "--rotate", action="store_true", help="replace files that are there; `provision` must run next"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        fresh = {role: secrets.token_urlsafe(32) for role in roles.ALL_ROLES}
        if options["into"] is None:
            self.stdout.write(_as_json(fresh, roles.ALL_ROLES))
            return
        files = {
            options["into"] / f"database_passwords_{process}.json": needed
            for process, needed in roles.ROLES_OF_PROCESS.items()
        }
        there = sorted(str(file) for file in files if file.exists())
        if there and not options["rotate"]:
            raise CommandError(
                f"{there[0]} is there, and the database knows its passwords. To replace all of them, give"
                " --rotate, then run `provision`."
            )
        for file, needed in files.items():
            # Containers see a file, not a name: it is written anew in its place. Its group reads it.
            file.touch(mode=0o600)
            file.chmod(0o640)
            file.write_text(_as_json(fresh, needed) + "\n", encoding="utf-8")
            self.stdout.write(str(file))


def _as_json(passwords: Mapping[str, str], needed: Iterable[str]) -> str:
    return json.dumps({role: passwords[role] for role in needed}, indent=2)
