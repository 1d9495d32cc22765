"""`manage.py find_person`: whether anything anywhere still tells of a person."""

import json
import sys
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser
from redis import RedisError
from rich.console import Console
from rich.table import Table

from packytrace.facts.log import LogUnavailable
from packytrace.people.finding import Needles, Place, find


class Command(BaseCommand):
    """Look for a person in every place that holds data; exits with 1 where something is found.

    Reads the texts to look for from standard input, one a line, unless they are given: everybody on the
    machine can see arguments.
    """

    help = "Look for ids, an e-mail address or a name in every table, log, queue, cache and file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("text", nargs="*", help="an id, an address, a name; default: read from the input")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print JSON")

    def handle(self, *_args: Any, text: list[str], as_json: bool, **_options: Any) -> None:
        needles = Needles(text or [line.strip() for line in sys.stdin])
        if not needles:
            raise CommandError("Whom? Give an id, an e-mail address or a name, or one a line on the input.")
        found = self._found(needles)
        if as_json:
            self.stdout.write(json.dumps({place.name: place.hits for place in found if place.hits}))
        else:
            self._tell(found)
        if any(place.hits for place in found):
            sys.exit(1)

    def _found(self, needles: Needles) -> list[Place]:
        places = []
        try:
            with Console(stderr=True).status("Looking") as status:
                for place in find(needles):
                    status.update(f"Looking: {place.name}")
                    places.append(place)
        except psycopg.Error as error:
            raise CommandError(
                f"The database cannot be read ({type(error).__name__}): nothing is proven."
                " This command connects as the administrator, DATABASE_ADMIN_URL."
            ) from error
        except (RedisError, LogUnavailable) as error:
            raise CommandError(f"{error} Nothing is proven.") from error
        return places

    def _tell(self, places: list[Place]) -> None:
        hits = [place for place in places if place.hits]
        if not hits:
            self.stdout.write(f"Nothing: 0 hits in {len(places)} places.")
            return
        table = Table("Place", "Hits")
        for place in hits:
            table.add_row(place.name, str(place.hits))
        Console(file=self.stdout).print(table)  # type: ignore[arg-type] # Django's wrapper writes like a file
        self.stdout.write(f"{sum(place.hits for place in hits)} hits in {len(hits)} of {len(places)} places.")
