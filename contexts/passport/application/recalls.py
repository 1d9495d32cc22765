"""Announcing recalls and taking them back: each change with its fact, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from contexts.passport.application.errors import RecallDiffers, RecallNotFound
from contexts.passport.domain.recalls import Reason, Recall, RecallAnnounced, StandingRecall
from contexts.passport.models import CatalogueEntry
from contexts.passport.models import Recall as Row
from packytrace.facts import outbox

_DATABASE: Final = "passport"
_MOMENT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Announced:
    """What became of a recall that was to be announced or taken back."""

    recall_id: UUID
    repeated: bool
    """Whether it had been so before: then nothing was written and nobody is told again."""
    product_known: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedRecall:
    """A recall as operators and its product's brand see it."""

    standing: StandingRecall
    withdrawn: bool
    brand_id: UUID | None
    """The brand that announced it; None for the operators."""


def announce(
    *, recall: Recall, recall_id: UUID | None = None, brand_id: UUID | None = None, now: datetime
) -> Announced:
    """Announce a recall under an id, or under one that is made of what it says and who says it: a brand, in
    whose scope this is called, or the operators, outside of any.

    Again it changes nothing; one that was taken back is announced anew. Raises RecallDiffers where the id
    belongs to a recall that says something else, or that somebody else announced.
    """
    recall_id = recall_id or recall.own_id(brand_id=brand_id)
    with transaction.atomic(using=_DATABASE):
        row, is_new = Row.objects.select_for_update().get_or_create(
            id=recall_id, defaults={**_columns(recall), "brand_id": brand_id, "announced_at": now}
        )
        if (_recall(row), row.brand_id) != (recall, brand_id):
            raise RecallDiffers(recall_id)
        repeated = not is_new and not row.withdrawn
        if is_new:
            _tell(row)
        elif not repeated:
            _turn(row, withdrawn=False, now=now)
    return Announced(recall_id=recall_id, repeated=repeated, product_known=is_known(recall.gtin))


def withdraw(*, recall_id: UUID, now: datetime) -> Announced:
    """Take a recall back; again it changes nothing. In a brand's scope the others' are not found.

    Raises RecallNotFound.
    """
    with transaction.atomic(using=_DATABASE):
        row = Row.objects.select_for_update().filter(id=recall_id).first()
        if row is None:
            raise RecallNotFound(recall_id)
        repeated = row.withdrawn
        if not repeated:
            _turn(row, withdrawn=True, now=now)
    return Announced(recall_id=recall_id, repeated=repeated, product_known=is_known(row.gtin))


def listed(*, gtin: str | None = None) -> Sequence[ListedRecall]:
    """Every recall that was announced here, of one product (GTIN-14) or of all; the newest turn first."""
    rows = Row.objects.order_by("-announced_at", "id")
    return [
        ListedRecall(standing=_standing(row), withdrawn=row.withdrawn, brand_id=row.brand_id)
        for row in (rows.filter(gtin=gtin) if gtin else rows)
    ]


def _turn(row: Row, *, withdrawn: bool, now: datetime) -> None:
    row.withdrawn = withdrawn
    row.turns += 1
    # Who hears of a recall goes by these moments: a clock that was put back must not undo a withdrawal.
    row.announced_at = max(now, row.announced_at + _MOMENT)
    row.save(update_fields=["withdrawn", "turns", "announced_at"])
    _tell(row)


def _tell(row: Row) -> None:
    outbox.publish(
        RecallAnnounced(recall_id=row.id, recall=_recall(row), withdrawn=row.withdrawn, at=row.announced_at),
        using=_DATABASE,
    )


def is_known(gtin: str) -> bool:
    """Whether the catalogue has the product, so that there is a page that warns of it."""
    return CatalogueEntry.objects.filter(gtin=gtin).exists()


def _columns(recall: Recall) -> dict[str, Any]:
    return {
        "gtin": recall.gtin,
        "lots": list(recall.lots),
        "serial_from": recall.serial_from,
        "serial_to": recall.serial_to,
        "reason": recall.reason.value,
        "text": recall.text,
    }


def _standing(row: Row) -> StandingRecall:
    return StandingRecall(id=row.id, recall=_recall(row), announced_at=row.announced_at)


def _recall(row: Row) -> Recall:
    return Recall(
        gtin=row.gtin,
        lots=tuple(row.lots),
        serial_from=row.serial_from,
        serial_to=row.serial_to,
        reason=Reason(row.reason),
        text=row.text,
    )
