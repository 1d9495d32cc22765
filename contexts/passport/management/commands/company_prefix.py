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
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        listing = actions.add_parser("list", help="all claims, the oldest first")
        listing.add_argument("--state", type=State, choices=list(State), default=None)
        confirm = actions.add_parser("confirm", help="say that a claim is right; again, it changes nothing")
        confirm.add_argument("claim_id", metavar="id", type=UUID, help="as `list` prints it")
        refuse = actions.add_parser("refuse", help="say that a claim is wrong, also of a confirmed one")
        refuse.add_argument("claim_id", metavar="id", type=UUID, help="as `list` prints it")
        refuse.add_argument("--reason", required=True, help="what the brand is told; plain text")
        refuse.add_argument(
            "--with-products",
            action="store_true",
            help="take the brand's products under it from it, with their links and what it says of them",
        )
        refuse.add_argument(
            "--with-recalls",
            action="store_true",
            help="take back the recalls of these products that the brand itself announced",
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
            for clash in one.clashes:
                self.stdout.write(f"    CLASH: {clash.digits} of {clash.brand_name}, {clash.state.value}")

    def _confirm(self, *, claim_id: UUID, **_options: Any) -> None:
        said = company_prefixes.confirm(claim_id=claim_id, now=datetime.now(UTC))
        self.stdout.write(f"{said.claim.digits} is confirmed as that of {said.brand_name}.")

    def _refuse(
        self, *, claim_id: UUID, reason: str, with_products: bool, with_recalls: bool, **_options: Any
    ) -> None:
        refused = company_prefixes.refuse(
            claim_id=claim_id,
            reason=reason,
            with_products=with_products,
            with_recalls=with_recalls,
            now=datetime.now(UTC),
        )
        said = refused.claimed
        self.stdout.write(f"{said.claim.digits} is refused to {said.brand_name}: {said.reason}")
        for one in refused.recalls_taken_back:
            self.stdout.write(f"Recall {one.standing.id} of {one.standing.recall.gtin} was taken back.")
        for one in refused.recalls_standing:
            by = "the operators" if one.brand_id is None else "a brand"
            self.stderr.write(
                f"Recall {one.standing.id} of {one.standing.recall.gtin}, announced by {by}, still stands:"
                f" shoppers are warned. If these packs are safe: manage.py recall withdraw {one.standing.id}"
            )
