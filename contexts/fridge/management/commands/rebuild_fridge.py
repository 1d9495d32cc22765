"""`manage.py rebuild_fridge`: what the pages read of households' items, computed again from the events."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import django
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError, ProgrammingError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from contexts.fridge.application import rebuilding
from contexts.fridge.application.rebuilding import Summary

#: Seconds between two lines of progress where no terminal shows a bar.
_LINE_EVERY: Final = 10.0


def at_once(*, repair: bool, processes: int, on_progress: Callable[[Summary], None]) -> Summary:
    """Rebuild, or only compare, in several processes; each part of all items is the work of one of them."""
    work = rebuilding.rebuild if repair else rebuilding.check
    if processes <= 1:
        summary = work(on_progress=on_progress)
    else:
        summary = Summary()
        with _workers(processes) as workers:
            for seen in workers.map(_part, [(work.__name__, part) for part in rebuilding.PARTS]):
                summary.take(seen)
                on_progress(summary)
    if repair:
        rebuilding.forget_position()
    return summary


def _workers(processes: int) -> Executor:
    context = multiprocessing.get_context("spawn")  # a connection must not be forked
    return ProcessPoolExecutor(processes, mp_context=context, initializer=django.setup)


def _part(asked: tuple[str, int]) -> Summary:
    name, part = asked
    work = {"rebuild": rebuilding.rebuild, "check": rebuilding.check}[name]
    return work(on_progress=lambda _summary: None, parts=[part])


class Command(BaseCommand):
    """Rebuild, or compare only; exit code 1 where comparing found anything, or a history is unreadable."""

    help = (
        "Compute again from the events what the pages read of fridges, and put right what is different, while"
        " people go on using them. Interrupted, it goes on where it was when it is started again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Only compare, and write nothing.")
        parser.add_argument(
            "--processes",
            type=int,
            default=os.cpu_count() or 1,
            help="How many work at once. Default: one for each processor.",
        )

    def handle(self, *_args: Any, check: bool, processes: int, **_options: Any) -> None:
        began = time.monotonic()
        try:
            with self._progress() as tell:
                summary = at_once(repair=not check, processes=processes, on_progress=tell)
        except (OperationalError, InterfaceError) as error:
            raise CommandError(
                "The database does not answer: see `manage.py doctor`. What was put right stays; start this"
                " command again to go on."
            ) from error
        except ProgrammingError as error:
            raise CommandError(
                "The database is not prepared: run `manage.py provision`, then `manage.py migrate`."
            ) from error
        self._tell(summary, seconds=time.monotonic() - began, check=check)
        if summary.unreadable:
            raise CommandError(
                f"{summary.unreadable:,} histories cannot be read; their rows stay as they are."
            )
        if check and summary.differences:
            raise CommandError("What the pages read is not what the events say: run this without --check.")

    def _progress(self) -> AbstractContextManager[Callable[[Summary], None]]:
        return _Bar() if sys.stderr.isatty() else nullcontext(_Lines(self))

    def _tell(self, summary: Summary, *, seconds: float, check: bool) -> None:
        if summary.resumed:
            self.stdout.write("Went on where an earlier run had stopped.")
        self.stdout.write(
            f"Read {summary.events:,} events of {summary.items:,} items in {seconds:.1f} s"
            f" ({summary.events / max(seconds, 1e-9):,.0f} events/s)."
        )
        if not summary.differences:
            self.stdout.write("Everything is as the events say.")
            return
        self.stdout.write("Different from what the events say:" if check else "Put right:")
        columns = ", ".join(f"{name} {count:,}" for name, count in summary.columns.most_common())
        for count, what in (
            (summary.missing, "items had no row"),
            (summary.rows, f"items had other values ({columns})"),
            (summary.left_over, "rows were of items without any event"),
            (summary.portions, "portions were missing, different or left over"),
            (summary.unreadable, "histories cannot be read"),
        ):
            if count:
                self.stdout.write(f"  {count:>10,}  {what}")
        for difference in summary.told:
            self.stdout.write(f"  {difference.item_id}  {difference.what}")


class _Bar:
    """Progress for a terminal."""

    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[events]:,} events, {task.fields[different]:,} differences"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._task = self._progress.add_task("Fridges", total=1.0, events=0, different=0)

    def __enter__(self) -> Callable[[Summary], None]:
        self._progress.start()
        return self._show

    def __exit__(self, *_raised: object) -> None:
        self._progress.stop()

    def _show(self, at: Summary) -> None:
        self._progress.update(self._task, completed=at.done, events=at.events, different=at.differences)


class _Lines:
    """Progress for a log: a line now and then."""

    def __init__(self, command: BaseCommand) -> None:
        self._command = command
        self._last = time.monotonic()

    def __call__(self, at: Summary) -> None:
        now = time.monotonic()
        if now - self._last >= _LINE_EVERY:
            self._last = now
            self._command.stderr.write(f"{at.done:.0%}, {at.events:,} events, {at.differences:,} differences")
