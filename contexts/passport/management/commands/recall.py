"""`manage.py recall`: announces recalls, takes them back, lists them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contexts.passport.application import recalls
from contexts.passport.application.errors import CodeNotAccepted
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.recalls import Reason, RecallRefused, recall_of
from contexts.passport.domain.refusals import CodeRefused
from packytrace.errors import DomainError


class Command(BaseCommand):
    """Announce, withdraw and list recalls; exit code 1 and a sentence that says what is wrong."""

    help = (
        "Announce that packs of a product are called back: its page and the API say so at once, and whoever"
        " has one at home is told. Or take a recall back."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        announce = actions.add_parser("announce", help="announce a recall; again, it changes nothing")
        announce.add_argument("gtin", help="8, 12, 13 or 14 digits")
        announce.add_argument(
            "--lot", action="append", default=[], help="a lot as printed; several times for several lots"
        )
        announce.add_argument("--serial-from", default="", help="first serial, as printed")
        announce.add_argument("--serial-to", default="", help="last serial, itself included")
        announce.add_argument("--reason", type=Reason, choices=list(Reason), required=True)
        announce.add_argument("--text", required=True, help="what a person must know and do; plain text")
        announce.add_argument(
            "--id", dest="recall_id", type=UUID, help="its own id; without one it is made of what is said"
        )
        withdraw = actions.add_parser("withdraw", help="take a recall back; again, it changes nothing")
        withdraw.add_argument("recall_id", metavar="id", type=UUID, help="as `announce` and `list` print it")
        actions.add_parser("list", help="every recall, the newest first")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['action']}")(**options)
        except RecallRefused as refused:
            raise CommandError(str(refused)) from refused
        except CodeRefused as refused:
            raise CommandError(str(CodeNotAccepted(refused))) from refused
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _announce(
        self,
        *,
        gtin: str,
        lot: list[str],
        serial_from: str,
        serial_to: str,
        reason: Reason,
        text: str,
        recall_id: UUID | None,
        **_options: Any,
    ) -> None:
        recall = recall_of(
            gtin=gtin14(gtin),
            lots=lot,
            serial_from=serial_from,
            serial_to=serial_to,
            reason=reason,
            text=text,
        )
        if len(serial_from) != len(serial_to):
            self.stderr.write(
                "Note: serials are compared character by character, and these differ in length: 10 comes"
                " before 9."
            )
        said = recalls.announce(recall=recall, recall_id=recall_id, now=datetime.now(UTC))
        if not said.product_known:
            self.stderr.write(
                f"Note: the catalogue has no product {recall.gtin}. Whoever has it at home is told; there is"
                " no page that could say so."
            )
        packs = "every pack" if recall.every_pack else "the packs that are named"
        repeated = ", as it was before: nothing changed" if said.repeated else ""
        self.stdout.write(f"{said.recall_id}  {recall.gtin}: {packs} recalled{repeated}.")

    def _withdraw(self, *, recall_id: UUID, **_options: Any) -> None:
        said = recalls.withdraw(recall_id=recall_id, now=datetime.now(UTC))
        repeated = " before: nothing changed" if said.repeated else ""
        self.stdout.write(f"{said.recall_id} was taken back{repeated}.")

    def _list(self, **_options: Any) -> None:
        told = recalls.listed()
        if not told:
            self.stderr.write("No recall was announced.")
        for one in told:
            recall = one.standing.recall
            packs = [*recall.lots, f"{recall.serial_from}..{recall.serial_to}" if recall.serial_from else ""]
            state = "withdrawn" if one.withdrawn else "stands"
            when = one.standing.announced_at.strftime("%Y-%m-%d %H:%M")
            by = f"by brand {one.brand_id}" if one.brand_id else "by operators"
            self.stdout.write(
                f"{one.standing.id}  {when}  {state}  {by}  {recall.gtin}"
                f"  {' '.join(filter(None, packs)) or 'every pack'}  {recall.reason.value}: {recall.text}"
            )
