"""`manage.py import_products`: products of Open Food Facts into the catalogue."""

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, ProgrammingError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from contexts.passport.application import import_products
from contexts.passport.application.errors import ExportUnreadable, ImportOvertaken
from contexts.passport.application.sources.open_food_facts import LICENCE, LICENCE_URL, NAME

#: Seconds between two lines of progress where no terminal shows a bar.
_LINE_EVERY: Final = 10.0

_FATES: Final = {
    "created": "new",
    "changed": "changed",
    "unchanged": "the same as before",
    "older": "older than what the catalogue has",
}


class Command(BaseCommand):
    """Import an export; exit code 1 and a sentence that says what to do when it cannot be."""

    help = (
        "Import a product export of Open Food Facts (Parquet, JSON Lines or JSON Lines with gzip) into the"
        " catalogue. Interrupted, it goes on where it was when it is started again on the same file."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The export.")
        parser.add_argument(
            "--report",
            type=Path,
            help="Where to write what was refused and why, one JSON object a line."
            " Default: below STATE, in imports/.",
        )

    def handle(self, *_args: Any, file: Path, report: Path | None, **_options: Any) -> None:
        report = report or Path(settings.STATE) / "imports" / f"{file.name}.refused.jsonl"
        began = time.monotonic()
        try:
            summary = self._import(file=file, report=report)
        except (ExportUnreadable, ImportOvertaken) as error:
            raise CommandError(str(error)) from error
        except (OperationalError, InterfaceError) as error:
            raise CommandError(
                "The database does not answer: see `manage.py doctor`. What was imported stays; start this"
                " command again to go on."
            ) from error
        except ProgrammingError as error:
            raise CommandError(
                "The database is not prepared: run `manage.py provision`, then `manage.py migrate`."
            ) from error
        except OSError as error:
            raise CommandError(
                f"{error.filename or report}: {error.strerror}. What was imported stays; start this command"
                " again to go on."
            ) from error
        self._tell(summary, seconds=time.monotonic() - began, report=report)

    def _import(self, *, file: Path, report: Path) -> import_products.Summary:
        if not sys.stderr.isatty():
            return import_products.import_products(path=file, report=report, on_progress=_Lines(self))
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rows]:,} rows"),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task(file.name, total=None, rows=0)
            return import_products.import_products(
                path=file,
                report=report,
                on_progress=lambda at: bar.update(task, total=at.size, completed=at.done, rows=at.rows),
            )

    def _tell(self, summary: import_products.Summary, *, seconds: float, report: Path) -> None:
        rows = summary.rows - summary.resumed_at
        if summary.resumed_at:
            self.stdout.write(f"Went on after row {summary.resumed_at:,}, where an earlier run had stopped.")
        self.stdout.write(f"Read {rows:,} rows in {seconds:.1f} s ({rows / max(seconds, 1e-9):,.0f} rows/s).")
        for fate, meaning in _FATES.items():
            if summary.fates[fate]:
                self.stdout.write(f"  {summary.fates[fate]:>10,}  {meaning}")
        self._tell_refusals("rows refused", summary.refused)
        if summary.refused:
            self.stdout.write(f"Each of them, with its reason: {report}")
        self.stdout.write(f"Data: {NAME}, {LICENCE}, {LICENCE_URL}")

    def _tell_refusals(self, what: str, counts: Counter[str]) -> None:
        if counts:
            reasons = ", ".join(f"{code} {count:,}" for code, count in counts.most_common())
            self.stdout.write(f"  {counts.total():>10,}  {what} ({reasons})")


class _Lines:
    """Progress for a log: a line now and then."""

    def __init__(self, command: BaseCommand) -> None:
        self._command = command
        self._last = time.monotonic()

    def __call__(self, at: import_products.Progress) -> None:
        now = time.monotonic()
        if now - self._last >= _LINE_EVERY:
            self._last = now
            self._command.stderr.write(f"{at.done / max(at.size, 1):.0%}, {at.rows:,} rows")
