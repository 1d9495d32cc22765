"""`manage.py consents`: whether the Consent Ledger is as it was written; asking everybody again."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contexts.identity.application import consents, notices, restoring
from contexts.identity.domain.consents import Entry, Notice, Purpose, first_break

#: Entries between two lines of progress.
_EVERY = 100_000


class Command(BaseCommand):
    """Walk every chain of the ledger, or take back what an older backup has brought back."""

    help = "Check the Consent Ledger; after a backup was restored, ask everybody again."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("verify", help="walk all chains; exit status 1 at the first broken one")
        again = actions.add_parser(
            "ask-again", help="after a restore: take back every consent that stood at the time of the backup"
        )
        again.add_argument(
            "--since",
            type=_moment,
            required=True,
            help="a moment after the backup, as 2026-05-04T04:00:00+00:00",
        )

    def handle(self, *_args: Any, action: str, **options: Any) -> None:
        if action == "verify":
            self._verify()
        else:
            count = restoring.ask_again(since=options["since"], at=timezone.now())
            self.stdout.write(f"{count} consents are taken back. Whoever gave them is asked again.")

    def _verify(self) -> None:
        size, seen, chains, told = consents.size(), 0, 0, 0
        newest: Entry | None = None
        words: set[tuple[Purpose, Notice]] = set()
        for reference, entries in consents.chains():
            chain = list(entries)
            if broken := first_break(chain):
                raise CommandError(
                    f"The chain {reference} is broken at entry {broken.sequence}: {broken.reason}."
                )
            for entry in chain:
                if (shown := (entry.purpose, entry.notice)) not in words:
                    _check_words(entry)
                    words.add(shown)
            chains, seen = chains + 1, seen + len(chain)
            newest = max(chain[-1], newest or chain[-1], key=lambda entry: entry.at)
            if seen - told >= _EVERY:
                told = seen
                self.stderr.write(f"{seen} of {size} entries are whole so far.")
        self.stdout.write(f"{chains} chains with {seen} entries are whole, and so are their notices' words.")
        if newest is not None:
            self.stdout.write(
                f"The newest entry, of {newest.at.isoformat()}, is {newest.hash}.\n"
                "Keep both lines apart: a chain does not show that its end is missing, but a ledger that is"
                " shorter later, or lacks this entry, was cut."
            )


def _check_words(entry: Entry) -> None:
    notice = entry.notice
    if notices.text_shown(purpose=entry.purpose, notice=notice) is None:
        raise CommandError(
            f"The words of entry {entry.sequence} in chain {entry.reference} cannot be made again: the notice"
            f" {entry.purpose}/{notice.version}/{notice.language}.md is not what was shown. A published one"
            " is never edited: put it back, and make a new version."
        )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or moment > timezone.now():
        raise ValueError(text)
    return moment
