"""`manage.py demo`: brands, products and weeks of scans that nobody made, so that there is something to see.

The history takes the way of every scan: recorded with its fact, relayed, counted in its window, released when
the window closes, received by the brand side. Only the clock is not today's.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

from packytrace import wiring
from packytrace.facts.draining import FactsStopped, StillMoving, facts_moving
from packytrace.facts.log import LogUnavailable, configured_log

#: Days of the history, ending yesterday when it is begun. Whole weeks: windows are closed once a week.
DAYS: Final = 35
_WEEK: Final = 7
#: Seconds that a week's facts may take on their way.
PATIENCE: Final = 120.0


class Command(BaseCommand):
    """Make the demo; a run that was killed goes on where it stopped, and a complete one adds nothing."""

    help = "Load the demo: brands, products, a fridge that two people share and five weeks of scans."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--catalogue-only", action="store_true", help="brands and products, no scans")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        wiring.load_demo_catalogue(now=now)
        if options["catalogue_only"]:
            self._say("The demo catalogue is loaded.", options)
            return
        wiring.fill_demo_fridge(now=now)
        start = wiring.demo_history_start()
        if start is None:
            start = now.date() - timedelta(days=DAYS)
            released = wiring.last_closed_window()
            if released is not None and released >= start:
                self._say(
                    f"No history is made: numbers are released up to {released} and never change.", options
                )
                return
        if wiring.window_is_closed(start + timedelta(days=DAYS - 1)):
            self._say("The demo's history is complete.", options)
            return
        try:
            scans = self._make_history(start=start, is_quiet=options["verbosity"] == 0)
        except (LogUnavailable, FactsStopped, StillMoving) as error:
            raise CommandError(f"{error} Run `manage.py demo` again: it goes on from here.") from error
        self._say(f"{scans} scans from {start} on are recorded, counted and released.", options)

    def _make_history(self, *, start: date, is_quiet: bool) -> int:
        scans = 0
        with (
            _progress(is_quiet=is_quiet) as advance,
            facts_moving(consumers=wiring.consumers(), log=configured_log()) as settle,
        ):
            for number, day in enumerate(wiring.scan_demo_days(start=start, days=DAYS), start=1):
                scans += day.scans if day.is_new else 0
                if number % _WEEK == 0:
                    settle(patience=PATIENCE)
                    wiring.close_windows_up_to(day.day)
                advance(str(day.day))
            settle(patience=PATIENCE)
        return scans

    def _say(self, text: str, options: dict[str, Any]) -> None:
        if options["verbosity"] > 0:
            self.stdout.write(text)


@contextmanager
def _progress(*, is_quiet: bool) -> Iterator[Any]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), disable=is_quiet, transient=True) as progress:
        task = progress.add_task("History", total=DAYS)
        yield lambda day: progress.update(task, advance=1, description=f"History {day}")
