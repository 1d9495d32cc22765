"""`manage.py erasures`: requests to be forgotten: at work, by letter, and those that a backup has undone."""

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contexts.identity.application import erasures, restoring
from contexts.identity.application.errors import UnknownAccount


class Command(BaseCommand):
    """Without an action: list."""

    help = (
        "List the erasures that are at work, erase an account whose holder has asked by other means, or,"
        " after a backup was restored, erase those again who had been erased since."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("list", help="what is at work, and whom it waits for")
        request = actions.add_parser("request", help="erase an account; prints the number of the receipt")
        request.add_argument("account_id", type=UUID, help="the account's number, as /admin/ shows it")
        actions.add_parser(
            "endings",
            help="a digest and the time of each erasure of the last 15 days; to be kept beside no backup",
        )
        actions.add_parser(
            "again", help="after a restore: erase whoever is in such a list, read from the input"
        )

    def handle(self, *_args: Any, action: str | None, **options: Any) -> None:
        if action == "request":
            self._request(options["account_id"])
        elif action == "endings":
            for ending in restoring.endings():
                self.stdout.write(f"{ending.digest.hex()} {ending.at.isoformat()}")
        elif action == "again":
            erased = restoring.erase_again(known=list(_read(sys.stdin)), at=timezone.now())
            self.stdout.write(f"{erased} accounts that had been erased were here again, and are gone.")
        else:
            self._list()

    def _request(self, account_id: UUID) -> None:
        try:
            erasure_id = erasures.request_erasure(account_id=account_id, at=timezone.now())
        except UnknownAccount as error:
            raise CommandError(f"There is no account {account_id}, or it is erased already.") from error
        self.stdout.write(f"The account is gone; what belongs to it follows. Receipt: /erasure/{erasure_id}")

    def _list(self) -> None:
        open_ones = erasures.at_work()
        for receipt in open_ones:
            waits = ", ".join(sorted(receipt.waiting)) or "the last sweep"
            self.stdout.write(
                f"{receipt.id}  asked {receipt.requested_at:%Y-%m-%d %H:%M} UTC  waits for {waits}"
            )
        swept = sum(receipt.completed_at is not None for receipt in open_ones)
        self.stdout.write(f"{len(open_ones) - swept} at work, {swept} being swept.")


def _read(lines: Iterable[str]) -> Iterator[restoring.Ending]:
    """What `endings` has written, any number of times. Nothing is erased by a list that cannot be read."""
    for number, line in enumerate(lines, start=1):
        try:
            digest, moment = line.split()
            ending = restoring.Ending(digest=bytes.fromhex(digest), at=datetime.fromisoformat(moment))
        except ValueError as error:
            raise CommandError(f"Line {number} is none that `erasures endings` has written.") from error
        if len(ending.digest) != 32 or ending.at.tzinfo is None:
            raise CommandError(f"Line {number} is none that `erasures endings` has written.")
        yield ending
