"""Which packs a recall means (Regulation (EC) No 178/2002, Art. 19)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Certainty(StrEnum):
    """How sure it is that a recall means a pack."""

    MEANT = "meant"
    CHECK_THE_LOT = "check_the_lot"
    """What is known of the pack does not rule it out: its owner has to read what is printed on it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecalledPacks:
    """What a recall says of the packs of its product.

    Named neither by lot nor by serial, every pack is meant. Named by both, a pack is meant by either: whoever
    reads a recall too narrowly eats what was called back.
    """

    lots: Collection[str] = ()
    serial_from: str = ""
    serial_to: str = ""
    """First and last serial, themselves included; both or neither."""


def match(*, recall: RecalledPacks, lot: str | None, serial: str | None) -> Certainty | None:
    """Whether a recall of a pack's product means that pack; None where it certainly does not.

    Lots and serials are compared character by character, as the contract of RecallAnnounced says: upper and
    lower case differ, and `10` comes before `9`.
    """
    by_lot, by_serial = bool(recall.lots), bool(recall.serial_from and recall.serial_to)
    if not by_lot and not by_serial:
        return Certainty.MEANT
    if by_lot and lot in recall.lots:
        return Certainty.MEANT
    if by_serial and serial and recall.serial_from <= serial <= recall.serial_to:
        return Certainty.MEANT
    if (by_lot and not lot) or (by_serial and not serial):
        return Certainty.CHECK_THE_LOT
    return None
