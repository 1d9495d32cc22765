"""`manage.py consents verify`: whether the Consent Ledger is as it was written."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contexts.identity.application import consents
from contexts.identity.domain.consents import first_break

#: Entries between two lines of progress.
_EVERY = 100_000


class Command(BaseCommand):
    """Walk every chain of the ledger."""

    help = "Check that no entry of the Consent Ledger was changed or taken out; names the first that was."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("verify", help="walk all chains; exit status 1 at the first broken one")

    def handle(self, *_args: Any, **_options: Any) -> None:
        size, seen, chains, told = consents.size(), 0, 0, 0
        for reference, entries in consents.chains():
            chain = list(entries)
            if broken := first_break(chain):
                raise CommandError(
                    f"The chain {reference} is broken at entry {broken.sequence}: {broken.reason}."
                )
            chains, seen = chains + 1, seen + len(chain)
            if seen - told >= _EVERY:
                told = seen
                self.stderr.write(f"{seen} of {size} entries are whole so far.")
        self.stdout.write(f"{chains} chains with {seen} entries are whole.")
