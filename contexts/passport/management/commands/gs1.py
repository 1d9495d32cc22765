"""`manage.py gs1`: say what a code identifies; write GS1's table for the browser."""

import json
import string
from argparse import ArgumentParser
from collections.abc import Collection
from itertools import pairwise
from typing import Any, Final

from django.core.management.base import BaseCommand

from contexts.passport.domain import application_identifiers, code_lists
from packytrace.configuration import ROOT

TABLE: Final = ROOT / "frontend" / "src" / "gs1" / "table.ts"

_HEADER: Final = """\
// Written by `manage.py gs1 table` from the server's table, which says where its facts are from.

"""
_DIGITS: Final = string.digits + string.ascii_lowercase


def browser_table() -> str:
    """The table of Application Identifiers as the browser's parser reads it."""
    values = {
        "TABLE": application_identifiers.TABLE,
        "KEY_QUALIFIERS": ",".join(
            f"{key}:{qualifiers}" for key, qualifiers in application_identifiers.KEY_QUALIFIERS.items()
        ),
        "NO_ATTRIBUTES": " ".join(sorted(application_identifiers.NO_ATTRIBUTES)),
        "FIXED_LENGTHS": application_identifiers.FIXED_LENGTHS,
        "COUNTRIES": _steps(code_lists.COUNTRIES),
        "COUNTRY_LETTERS": code_lists.LETTERS,
        "CURRENCIES": _steps(code_lists.CURRENCIES),
    }
    return _HEADER + "\n".join(
        f"export const {name} = {_literal(value)};\n" for name, value in values.items()
    )


def _steps(numbers: Collection[str]) -> str:
    """How far each number is from the one before, as a digit to base 36: a third of the list's length."""
    inorder = sorted(map(int, numbers))
    return "".join(_DIGITS[number - before] for before, number in pairwise([0, *inorder]))


def _literal(value: str) -> str:
    return f"`{value}`" if "\n" in value else json.dumps(value)


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
