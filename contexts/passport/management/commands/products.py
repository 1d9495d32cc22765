"""`manage.py products history GTIN`: who said what of a product, and when."""

from typing import Any, Final

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contexts.passport.application.value_history import history_of
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.refusals import CodeRefused

#: More than anybody reads in a shell.
_MOST_VERSIONS: Final = 1_000


class Command(BaseCommand):
    """Tell; exit code 1 and a sentence for what is no GTIN, and for a product that nobody ever told of."""

    help = "Look at what the catalogue says of a product, and said before."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        history = actions.add_parser("history", help="Each version with the values that it changed.")
        history.add_argument("gtin", help="8, 12, 13 or 14 digits.")

    def handle(self, *_args: Any, gtin: str, **_options: Any) -> None:
        try:
            known = gtin14(gtin)
        except CodeRefused as refused:
            raise CommandError(
                f"{gtin} is no GTIN: it has 8, 12, 13 or 14 digits, the last a check digit."
            ) from refused
        versions = history_of(gtin=known, most=_MOST_VERSIONS)
        if not versions:
            raise CommandError(f"Nobody ever said anything of {known}.")
        for version in versions:
            by = ", ".join(origin.value for origin in version.by)
            gone = ": withdrawn" if version.is_withdrawn else ""
            self.stdout.write(f"Version {version.data_version}, {version.at.isoformat()}, by {by}{gone}")
            for change in version.changes:
                said_by = f"   [{change.source.name}]" if change.source else ""
                self.stdout.write(
                    f"  {change.name}: {_said(change.before)} -> {_said(change.after)}{said_by}"
                )


def _said(value: Any) -> str:
    """A value on one line, controls and all that could move a terminal's cursor escaped."""
    return "nothing" if value is None else ascii(orjson.dumps(value).decode())[1:-1]
