"""`manage.py brand_users`: who works for which brand."""

from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contexts.identity.application import brand_users
from contexts.identity.application.brands import brand_with_slug
from packytrace.errors import DomainError


class Command(BaseCommand):
    """List, assign and remove brand users; the same as in the operators' console."""

    help = "Say who works for which brand. The page that refuses a brand user shows the account number."

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="brand users with their brand, then those without one")
        assign = actions.add_parser("assign", help="make an account work for a brand")
        assign.add_argument("account", type=UUID, help="account number")
        assign.add_argument("brand", help="slug of the brand")
        remove = actions.add_parser("remove", help="take an account's brand away")
        remove.add_argument("account", type=UUID, help="account number")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(**options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _list(self, **_options: Any) -> None:
        for line in brand_users.roster():
            brand = line.brand_slug or "no brand"
            missing = "" if line.has_role else "  (the role brand_user is missing at the provider)"
            self.stdout.write(f"{line.account_id}  {brand}  {line.display_name}{missing}")

    def _assign(self, *, account: UUID, brand: str, **_options: Any) -> None:
        brand_users.assign_brand_user(account_id=account, brand_id=brand_with_slug(slug=brand).id)
        self.stdout.write(f"{account} works for {brand}.")

    def _remove(self, *, account: UUID, **_options: Any) -> None:
        if not brand_users.remove_brand_user(account_id=account):
            raise CommandError(f"{account} works for no brand.")
        self.stdout.write(f"{account} works for no brand any more.")
