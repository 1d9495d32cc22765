"""`manage.py gs1`: say what a code identifies; write GS1's table for the browser."""

import json
import string
from argparse import ArgumentParser
from collections.abc import Collection
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand

from contexts.passport.application.errors import CodeNotAccepted
from contexts.passport.domain import application_identifiers, code_lists
from contexts.passport.domain.data_titles import title_of
from contexts.passport.domain.digital_link import Values, canonical_uri, element_string, identify
from contexts.passport.domain.refusals import CodeRefused

_ROOT: Final = Path(__file__).resolve().parents[4]
TABLE: Final = _ROOT / "frontend" / "src" / "gs1" / "table.ts"

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


#: What each primary key is the number of.
_KINDS: Final = {
    "00": "a logistic unit",
    "01": "a trade item",
    "253": "a document",
    "255": "a coupon",
    "401": "a consignment",
    "402": "a shipment",
    "414": "a place",
    "415": "a payment slip",
    "417": "a party",
    "8003": "a returnable asset",
    "8004": "an asset",
    "8006": "a piece of a trade item",
    "8010": "a component or part",
    "8013": "a product model",
    "8017": "who provides a service",
    "8018": "who receives a service",
}
#: What cannot be seen on a terminal, by the picture that Unicode has of it: one sign as wide as any.
_PICTURES: Final = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}


def explained(text: str, *, today: date) -> str:
    """What a code says, line by line. Raises CodeRefused."""
    said = identify(text, today=today)
    lines = [f"This code identifies {_KINDS[said.key]}.", "", *_elements("Key", ((said.key, said.value),))]
    lines += _elements("Qualifiers", said.qualifiers)
    lines += _elements("Attributes", said.attributes)
    if said.others:
        lines += ["Other parameters", *(f"  {name}={value}" for name, value in said.others)]
    lines += ["Canonical link", f"  {canonical_uri(said)}", "Element string", f"  {element_string(said)}"]
    if len(said.levels) > 1:
        lines += ["Levels, the most specific first", *(f"  {level}" for level in said.levels)]
    return "\n".join(lines)


def why_refused(text: str, refused: CodeRefused) -> str:
    """Which rule a code breaks, at which identifier, and where."""
    error = CodeNotAccepted(refused)
    lines = [f"This code is refused: {error.code}", ""]
    if refused.position is not None:
        lines += [f"  {text.translate(_PICTURES)}", f"  {' ' * refused.position}^"]
        lines.append(f"  at character {refused.position + 1}")
    if refused.ai is not None:
        lines.append(f"  at the identifier ({refused.ai}), {title_of(refused.ai)}")
    return "\n".join([*lines, "", error.rule])


def _elements(heading: str, said: Values) -> list[str]:
    if not said:
        return []
    return [heading, *(f"  {f'({ai})':<6} {title_of(ai):<{_WIDEST}} {value}" for ai, value in said)]


_WIDEST: Final = 24


class Command(BaseCommand):
    """See the module."""

    help = "Explain a code, or write the table of GS1 Application Identifiers for the browser."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        explain = actions.add_parser(
            "explain", help="say what a code identifies; exit code 1 if it is refused"
        )
        explain.add_argument("text", help="a link, an element string or the number under the bars")
        actions.add_parser("table", help="write the browser's table of Application Identifiers")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["action"] == "table":
            TABLE.write_text(browser_table(), encoding="utf-8")
            self.stdout.write(f"{TABLE.relative_to(_ROOT)} is written.")
            return
        # What is no UTF-8 comes from the shell as what no terminal prints.
        text = options["text"].encode("utf-8", "replace").decode("utf-8")
        try:
            self.stdout.write(explained(text, today=datetime.now(UTC).date()))
        except CodeRefused as refused:
            self.stdout.write(why_refused(text, refused))
            raise SystemExit(1) from refused
