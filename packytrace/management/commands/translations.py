"""`manage.py translations`: the message catalogues of all languages."""

from typing import Any

from babel.messages.catalog import Catalog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from packytrace.translations import catalogues, extraction


class Command(BaseCommand):
    """Gather messages from the sources into locale/, or look whether that is needed, or compile."""

    help = (
        "Bring the catalogues in locale/ up to date with the sources. --check changes nothing and fails on"
        " what is missing, fuzzy, obsolete or has other places for values; --compile writes what Django"
        " reads."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        either = parser.add_mutually_exclusive_group()
        either.add_argument("--check", action="store_true")
        either.add_argument("--compile", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["compile"]:
            catalogues.compile_all()
            return
        template = extraction.messages()
        if options["check"]:
            self._check(template)
            return
        for language in catalogues.LANGUAGES:
            left = catalogues.update(language, template=template)
            self.stdout.write(f"{language}: {left} to translate of {len(template)}")

    def _check(self, template: Catalog) -> None:
        faults = [
            f"{language}: {fault}"
            for language in catalogues.LANGUAGES
            for fault in catalogues.faults(language, template=template)
        ]
        if faults:
            raise CommandError(
                "\n".join([*faults, "Run `manage.py translations`, then translate in locale/."])
            )
