"""What the code of a scanned pack says, in words for a page: the pack's, never the product's."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import number_format

from contexts.passport.domain.recalls import Certainty, StandingRecall, worst
from contexts.passport.domain.scanned_item import ScannedItem


@dataclass(frozen=True, kw_only=True, slots=True)
class ScannedPack:
    """Lot, serial, dates and weight of one pack. None is what its code does not say."""

    lot: str | None
    serial: str | None
    use_by: date | None
    best_before: date | None
    net_weight: str | None
    use_by_passed: bool
    best_before_passed: bool
    recall: Certainty | None = None
    """What the recalls of its product say of this pack; None where none stands."""

    def __bool__(self) -> bool:
        """Whether there is anything to say that is not of the GTIN."""
        said = (self.lot, self.serial, self.use_by, self.best_before, self.net_weight, self.recall)
        return any(said)


def scanned_pack(*, item: ScannedItem, today: date, recalls: Collection[StandingRecall] = ()) -> ScannedPack:
    """The pack as it is today: a date has passed from the day after it on, its own day is still good.

    Regulation (EU) No 1169/2011 Art. 24 and Annex X: "use by" and "best before" name the last day.
    """
    return ScannedPack(
        lot=item.lot,
        serial=item.serial,
        use_by=item.expiry,
        best_before=item.best_before,
        net_weight=_weight(item.net_weight) if item.net_weight else None,
        use_by_passed=item.expiry is not None and item.expiry < today,
        best_before_passed=item.best_before is not None and item.best_before < today,
        recall=worst(recalls, lot=item.lot, serial=item.serial),
    )


def _weight(kilograms: Decimal) -> str:
    """In kilograms from one on, else in grams, without zeros at the end."""
    amount, unit = (kilograms, "kg") if kilograms >= 1 else (kilograms * 1000, "g")
    return f"{number_format(amount.normalize())} {unit}"
