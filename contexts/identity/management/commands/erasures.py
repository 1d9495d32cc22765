"""`manage.py erasures`: requests to be forgotten that are at work, and those that arrive by letter."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from contexts.identity.application import erasures
from contexts.identity.application.errors import UnknownAccount


class Command(BaseCommand):
    """Without an action: list."""

    help = "List the erasures that are at work, or erase an account whose holder has asked by other means."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action")
        actions.add_parser("list", help="what is at work, and whom it waits for")
        request = actions.add_parser("request", help="erase an account; prints the number of the receipt")
        request.add_argument("account_id", type=UUID, help="the account's number, as /admin/ shows it")

    def handle(self, *_args: Any, action: str | None, **options: Any) -> None:
        if action == "request":
            self._request(options["account_id"])
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
        self.stdout.write(f"{len(open_ones)} at work.")
