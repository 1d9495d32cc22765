"""`manage.py sources`: how the sources of product data are, files of theirs, and what people miss."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson
import pybreaker
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contexts.passport.application import journeys, unknown_products
from contexts.passport.application.sources import registry
from contexts.passport.application.sources.adapter import FileRefused, How, LocalSource, RemoteSource
from contexts.passport.application.sources.breaker import FAILURES, SECONDS_OPEN
from contexts.passport.domain.journey_events import NoEvents, told_by
from contexts.passport.models import SourceAnswer, SourceState

_LARGEST: Final = 100 * 1024 * 1024
#: Why an event was left out, for an operator.
_LEFT_OUT: Final = {
    "malformed": "are no events",
    "no_step": "have a business step that is no part of a product's journey",
    "no_time": "say no time with its zone",
    "still_to_come": "have a day that is still to come",
    "no_place": "name no place that the document's master data describes",
    "no_lot": "name no lot or product by its GTIN",
}


#: How a source comes that nobody asks.
_BROUGHT: Final = {
    How.FILE: "loaded from a file with `manage.py sources load {name} FILE`",
    How.UPLOAD: "uploaded by brands in their console",
}


class Command(BaseCommand):
    """List, load and capture; exit code 1 and a sentence that says what is wrong."""

    help = "Where product data comes from: how each source is, files to load, and what people miss."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every source: whether it is on, and how it is")
        load = actions.add_parser("load", help="load a source's file; it takes the place of the last one")
        load.add_argument("source", choices=sorted(_loadable()))
        load.add_argument("file", type=Path)
        capture = actions.add_parser(
            "capture", help="take over EPCIS 2.0 events from a JSON file; again, it changes nothing"
        )
        capture.add_argument("file", type=Path)
        missing = actions.add_parser("missing", help="products that people have reported as unknown")
        missing.add_argument("--most", type=int, default=50, help="how many at most (50)")

    def handle(self, *_args: Any, **options: Any) -> None:
        getattr(self, f"_{options['action']}")(**options)

    def _list(self, **_: Any) -> None:
        states = {state.source: state for state in SourceState.objects.all()}
        for source in registry.REMOTE:
            self.stdout.write(f"{source.name}: {_how(source, states.get(source.name))}.")
            answers = SourceAnswer.objects.filter(source=source.name)
            self.stdout.write(
                f"  Products: it knows {answers.filter(known=True).count():,};"
                f" {answers.exclude(wanted_at=None).count():,} wait to be asked for,"
                f" {answers.filter(failures__gt=0).count():,} had no answer the last time."
            )
        for local in registry.LOCAL:
            self.stdout.write(f"{local.name}: {_BROUGHT[local.how].format(name=local.name)}.")

    def _load(self, *, source: str, file: Path, **_: Any) -> None:
        load = _loadable()[source].load
        content = _content(file)
        try:
            rows = load(content, file.name) if load else 0
        except FileRefused as refused:
            raise CommandError(f"{file}: {refused} Nothing was changed.") from refused
        self.stdout.write(f"{rows} rows of {source} are loaded.")

    def _capture(self, *, file: Path, **_: Any) -> None:
        now = datetime.now(UTC)
        try:
            told = told_by(orjson.loads(_content(file)), today=now.date())
        except orjson.JSONDecodeError as error:
            raise CommandError(f"{file} is not JSON: {error.msg} in line {error.lineno}.") from error
        except NoEvents as error:
            raise CommandError(f"{file}: {error}") from error
        kept = journeys.tell(told, at=now)
        self.stdout.write(
            f"{len(told.moments)} moments and {len(told.retracted)} corrections read;"
            f" journeys of {kept.lots} lots are as they say."
        )
        for reason, number in told.left_out.items():
            self.stdout.write(f"Left out: {number} that {_LEFT_OUT[reason]}.")
        for gtin in sorted(kept.nobodys):
            self.stdout.write(f"Left out: {gtin}, which no brand owns here.")

    def _missing(self, *, most: int, **_: Any) -> None:
        found = unknown_products.missing(most=most)
        for one in found:
            self.stdout.write(f"{one.gtin}  {one.reports:>6}  last {one.last:%Y-%m-%d}")
        if not found:
            self.stdout.write("Nothing that people have reported is missing.")


def _how(source: RemoteSource, state: SourceState | None) -> str:
    """How a source is, in words for an operator."""
    if not source.is_on:
        return "off, and never asked: no address of it is configured (docs/sources.md)"
    if state and state.blocked_until and state.blocked_until > datetime.now(UTC):
        return f"on, and left alone until {state.blocked_until:%Y-%m-%d %H:%M} UTC, as it asked for"
    if state and state.breaker != pybreaker.STATE_CLOSED:
        return f"on, but its last {FAILURES} answers failed: it is tried again every {SECONDS_OPEN} seconds"
    return "on"


def _loadable() -> dict[str, LocalSource]:
    return {source.name: source for source in registry.LOCAL if source.load}


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > _LARGEST:
            raise CommandError(f"{file} is larger than {_LARGEST // 1024**2} MB.")
        return file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
