"""`manage.py vault`: make key-encryption keys, see which are in use, move every data key to the first one."""

import functools
import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from packytrace.vault import keyring, rotation

_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


class Command(BaseCommand):
    """Look after the keys that open people's data keys; docs/keys.md tells what to do when."""

    help = "Make a key for VAULT_KEYS; tell which are used; wrap every data key by the first one."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        new = actions.add_parser("new-key", help="print a fresh key as it stands in VAULT_KEYS")
        new.add_argument("--id", dest="kek_id", help="its id; default: today's date and four random digits")
        actions.add_parser("status", help="data keys per key; fails if one that is used is not configured")
        actions.add_parser("rotate", help="wrap every data key by the first key of VAULT_KEYS")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action'].replace('-', '_')}")(**options)
        except keyring.KeysMisconfigured as error:
            raise CommandError(str(error)) from error

    def _new_key(self, *, kek_id: str | None, **_options: Any) -> None:
        made = kek_id or f"{timezone.now():%Y-%m-%d}-{secrets.token_hex(2)}"
        self.stdout.write(keyring.new_key(kek_id=made))

    def _status(self, **_options: Any) -> None:
        misconfigured = ""
        try:
            keys = keyring.configured()
        except keyring.KeysMisconfigured as error:
            keys, misconfigured = None, str(error)
        standings = [one for table in rotation.tables() for one in rotation.standing(table, keyring=keys)]
        for one in standings:
            state = "opens" if one.opens else "DOES NOT OPEN"
            wraps = ", wraps new ones" if keys and one.kek_id == keys.first.id else ""
            self.stdout.write(f"{one.table}: {one.used:,} data keys under {one.kek_id}: {state}{wraps}")
        locked = sorted({one.kek_id for one in standings if one.used and not one.opens})
        if misconfigured:
            raise CommandError(misconfigured)
        if locked:
            raise CommandError(f"VAULT_KEYS lacks {', '.join(locked)}, or has another key under that id.")

    def _rotate(self, **_options: Any) -> None:
        keys = keyring.configured()
        incomplete = []
        with Progress(*_COLUMNS, console=Console(stderr=True)) as bar:
            for table in rotation.tables():
                name = rotation.table_name(table)
                waiting = sum(
                    one.used
                    for one in rotation.standing(table, keyring=keys)
                    if one.opens and one.kek_id != keys.first.id
                )
                task = bar.add_task(name, total=waiting)
                advance = functools.partial(bar.advance, task)
                done = rotation.rotate(table, keyring=keys, on_progress=advance)
                self.stdout.write(f"{name}: {done.rewrapped:,} data keys moved to {keys.first.id}")
                incomplete += _left(name, done)
        if incomplete:
            raise CommandError("\n".join(incomplete))


def _left(name: str, done: rotation.Rotation) -> list[str]:
    """What a run has not moved, in words."""
    said = [
        f"{name}: {number:,} data keys under {kek_id}, which VAULT_KEYS lacks or has with another key."
        for kek_id, number in done.locked.items()
    ]
    if done.refused:
        some = ", ".join(str(person) for person in sorted(done.refused)[:5])
        said.append(
            f"{name}: {len(done.refused):,} wrapped keys were changed from outside, such as of {some}."
        )
    if done.busy:
        said.append(f"{name}: {done.busy:,} rows were held by others all the time: run it again.")
    return said
