"""`manage.py company_prefix`: the numbers that brands say are theirs; an operator confirms or refuses."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contexts.passport.application import company_prefixes
from contexts.passport.application.company_prefixes import State
from packytrace.errors import DomainError


class Command(BaseCommand):
    """List, confirm and refuse claims; exit code 1 and a sentence that says what is wrong."""

    help = (
        "Decide whose company prefix is whose: a brand may speak for the products under its confirmed ones"
        " alone. Look each of them up at https://www.gs1.org/services/verified-by-gs1 before you confirm it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser("list", help="all claims, the oldest first")
        listing.add_argument("--state", type=State, choices=list(State), default=None)
        confirm = actions.add_parser("confirm", help="say that a claim is right; again, it changes nothing")
        confirm.add_argument("id", type=UUID, help="as `list` prints it")
        refuse = actions.add_parser("refuse", help="say that a claim is wrong, also of a confirmed one")
        refuse.add_argument("id", type=UUID, help="as `list` prints it")
        refuse.add_argument("--reason", required=True, help="what the brand is told; plain text")
        refuse.add_argument(
            "--with-products",
            action="store_true",
            help="take the brand's products under it from it, with their links and what it says of them",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(**options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _list(self, *, state: State | None, **_options: Any) -> None:
        for one in company_prefixes.listed(state=state):
            claimed = one.claimed_at.strftime("%Y-%m-%d %H:%M")
            reason = f": {one.reason}" if one.reason else ""
            self.stdout.write(
                f"{one.id}  {claimed}  {one.state.value:9}  {one.claim.kind.value:14}  {one.claim.digits:12}"
                f"  {one.brand_name} ({one.brand_id}){reason}"
            )

    def _confirm(self, *, id: UUID, **_options: Any) -> None:  # noqa: A002 - the option's own name
        said = company_prefixes.confirm(claim_id=id, now=datetime.now(UTC))
        self.stdout.write(f"{said.claim.digits} is confirmed as that of {said.brand_name}.")

    def _refuse(
        self,
        *,
        id: UUID,  # noqa: A002 - the option's own name
        reason: str,
        with_products: bool,
        **_options: Any,
    ) -> None:
        said = company_prefixes.refuse(
            claim_id=id, reason=reason, with_products=with_products, now=datetime.now(UTC)
        )
        self.stdout.write(f"{said.claim.digits} is refused to {said.brand_name}: {said.reason}")
