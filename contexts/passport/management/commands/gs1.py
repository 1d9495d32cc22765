"""`manage.py gs1`: say what a code identifies; write GS1's table for the browser."""

import json
from argparse import ArgumentParser
from typing import Any, Final

from django.core.management.base import BaseCommand

from contexts.passport.domain import application_identifiers, code_lists
from packytrace.configuration import ROOT

TABLE: Final = ROOT / "frontend" / "src" / "gs1" / "table.ts"

_HEADER: Final = """\
// Written by `manage.py gs1 table` from the server's table, which says where its facts are from.

"""


def browser_table() -> str:
    """The table of Application Identifiers as the browser's parser reads it."""
    values = {
        "TABLE": application_identifiers.TABLE,
        "KEY_QUALIFIERS": dict(application_identifiers.KEY_QUALIFIERS),
        "NO_ATTRIBUTES": " ".join(sorted(application_identifiers.NO_ATTRIBUTES)),
        "FIXED": dict(application_identifiers.FIXED),
        "COUNTRIES": code_lists.COUNTRY_NUMBERS,
        "COUNTRY_LETTERS": code_lists.LETTERS,
        "CURRENCIES": code_lists.CURRENCY_NUMBERS,
    }
    return _HEADER + "\n".join(
        f"export const {name}{_type(value)} = {_literal(value)};\n" for name, value in values.items()
    )


def _type(value: str | dict[str, Any]) -> str:
    if isinstance(value, str):
        return ""
    return ": Readonly<Record<string, " + ("string" if "" in value.values() else "number") + ">>"


def _literal(value: str | dict[str, Any]) -> str:
    if isinstance(value, str) and "\n" in value:
        return f"`{value}`"
    return json.dumps(value)


class Command(BaseCommand):
    """See the module."""

    help = "Explain a code, or write the table of GS1 Application Identifiers for the browser."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        table = actions.add_parser("table", help="write the browser's table of Application Identifiers")
        table.set_defaults(run=self._table)

    def handle(self, *args: Any, **options: Any) -> None:
        options["run"](**options)

    def _table(self, **_: Any) -> None:
        TABLE.write_text(browser_table(), encoding="utf-8")
        self.stdout.write(f"{TABLE.relative_to(ROOT)} is written.")
