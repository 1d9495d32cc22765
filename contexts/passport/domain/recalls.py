"""Recalls: which packs of a product were called back, why, and what their owners must do.

Regulation (EC) No 178/2002, Art. 19: a food business takes back what is not safe and tells consumers why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid5

from contexts.passport.domain.application_identifiers import IDENTIFIERS
from contexts.passport.domain.refusals import gettext_noop
from contexts.passport.domain.text import cleaned

MOST_LOTS: Final = 1_000
LONGEST_TEXT: Final = 4_000
_IDS: Final = UUID("5f0c1c0e-6a53-4e39-9d53-0f5f7b1d2a61")


class Reason(StrEnum):
    """Why packs are called back, as a coarse group."""

    ALLERGEN = "allergen"
    """One that the label does not name."""
    MICROBIOLOGICAL = "microbiological"
    CHEMICAL = "chemical"
    FOREIGN_BODY = "foreign_body"
    PACKAGING = "packaging"
    LABELLING = "labelling"
    OTHER = "other"


class Certainty(StrEnum):
    """Whether a recall means one pack."""

    MEANT = "meant"
    CHECK_THE_LOT = "check_the_lot"
    """What its code says does not rule it out: whoever holds it has to read what is printed on it."""
    NOT_MEANT = "not_meant"


class RecallRefused(ValueError):
    """What was said of a recall cannot be announced; the text, which is marked for translation and has its
    values by name, says what is wrong and what to do."""

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values = values
        super().__init__(text % values)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recall:
    """What is announced. Named neither by lots nor by serials, every pack is meant; named by both, a pack is
    meant by either: whoever reads a recall too narrowly eats what was called back."""

    gtin: str
    """GTIN-14."""
    lots: tuple[str, ...]
    """In order, each once."""
    serial_from: str
    serial_to: str
    """First and last serial, themselves included, compared character by character; both or neither."""
    reason: Reason
    text: str

    @property
    def every_pack(self) -> bool:
        """Whether no pack of the product is left out."""
        return not self.lots and not self.serial_from

    def own_id(self, *, brand_id: UUID | None = None) -> UUID:
        """An id made of all that it says, and of the brand that says it (None for operators): announced twice
        by one of them it is one recall, announced by both it is two, and each takes its own back."""
        said = (self.gtin, *self.lots, "", self.serial_from, self.serial_to, self.reason.value, self.text)
        by = (str(brand_id),) if brand_id else ()
        return uuid5(_IDS, "\n".join((*said, *by)))

    def means(self, *, lot: str | None, serial: str | None) -> Certainty:
        """Whether it means a pack of its product. Upper and lower case differ, and `10` comes before `9`."""
        by_serial = bool(self.serial_from)
        if self.every_pack or lot in self.lots:
            return Certainty.MEANT
        if by_serial and serial and self.serial_from <= serial <= self.serial_to:
            return Certainty.MEANT
        if (self.lots and not lot) or (by_serial and not serial):
            return Certainty.CHECK_THE_LOT
        return Certainty.NOT_MEANT


@dataclass(frozen=True, kw_only=True, slots=True)
class StandingRecall:
    """A recall that was announced and not taken back."""

    id: UUID
    recall: Recall
    announced_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallAnnounced:
    """A recall was announced, or taken back."""

    recall_id: UUID
    recall: Recall
    withdrawn: bool
    at: datetime


def recall_of(
    *, gtin: str, lots: Iterable[str], serial_from: str, serial_to: str, reason: Reason, text: str
) -> Recall:
    """The recall of a product (GTIN-14) as it can be announced. Raises RecallRefused."""
    each = tuple(sorted(set(lots)))
    if len(each) > MOST_LOTS:
        raise RecallRefused(
            gettext_noop("A recall names at most %(most)d lots: leave them out to recall every pack."),
            most=MOST_LOTS,
        )
    for lot in each:
        if not IDENTIFIERS["10"].fits(lot):
            raise RecallRefused(
                gettext_noop(
                    "“%(lot)s” is no lot: type it as printed, 1 to 20 letters, digits and signs (GS1's"
                    " character set 82)."
                ),
                lot=lot,
            )
    if bool(serial_from) != bool(serial_to):
        raise RecallRefused(
            gettext_noop("A range of serial numbers has a first and a last one: say both, or neither.")
        )
    for serial in filter(None, (serial_from, serial_to)):
        if not IDENTIFIERS["21"].fits(serial):
            raise RecallRefused(
                gettext_noop(
                    "“%(serial)s” is no serial number: type it as printed, 1 to 20 letters, digits and signs"
                    " (GS1's character set 82)."
                ),
                serial=serial,
            )
    if serial_from > serial_to:
        raise RecallRefused(
            gettext_noop(
                "The first serial number comes after the last: they are compared character by character, so"
                " fill them up with zeros as they are printed."
            )
        )
    said = cleaned(text)
    if not said:
        raise RecallRefused(gettext_noop("Say in the text what a person must know and do."))
    if len(said) > LONGEST_TEXT:
        raise RecallRefused(
            gettext_noop("The text has over %(most)d characters: shorten it, people must read it."),
            most=LONGEST_TEXT,
        )
    return Recall(
        gtin=gtin, lots=each, serial_from=serial_from, serial_to=serial_to, reason=reason, text=said
    )


def worst(standing: Iterable[StandingRecall], *, lot: str | None, serial: str | None) -> Certainty | None:
    """What the standing recalls of a product say together of one pack; None where there is none."""
    said = {one.recall.means(lot=lot, serial=serial) for one in standing}
    return next((certainty for certainty in Certainty if certainty in said), None)
