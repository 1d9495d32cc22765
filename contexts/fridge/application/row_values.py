"""What a row of a file means: read strictly, by the rules that hold for every item."""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from contexts.fridge.application import ports
from contexts.fridge.application.households import Membership
from contexts.fridge.application.items import Adding
from contexts.fridge.application.refusals import in_our_words
from contexts.fridge.application.table_rows import BrokenRow, Row
from contexts.fridge.domain.commands import Add
from contexts.fridge.domain.deciding import decide
from contexts.fridge.domain.events import Place, Source
from contexts.fridge.domain.freshness import DateKind, PlaceKind
from contexts.fridge.domain.quantity import MOST, Quantity, QuantityRefused, Unit
from contexts.fridge.domain.refusals import CommandRefused
from contexts.fridge.domain.storage_guidance import UNKNOWN, guidance
from packytrace.errors import DomainError

LONGEST_NAME: Final = 120

_ISO_DAY: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(?P<day>\d{1,2})([./-])(?P<month>\d{1,2})\2(?P<year>\d{4})", re.ASCII)
_MONTH_FIRST: Final = re.compile(r"(?P<month>\d{1,2})([/-])(?P<day>\d{1,2})\2(?P<year>\d{4})", re.ASCII)
_NUMBER: Final = re.compile(r"\d{1,12}(?:[.,]\d{1,9})?", re.ASCII)
_AMOUNT: Final = re.compile(r"(?P<amount>[\d.,]+)\s*(?P<unit>[^\d\s.,]*)", re.ASCII)
#: Control characters, which a code may hold, and what stands for a sign that could not be read.
_NO_SIGN: Final = re.compile("[\x00-\x1f\x7f-\x9f\ufffd]")
_PACKS: Final = re.compile(r"\d{1,9}", re.ASCII)
_NOBODY: Final = UUID(int=0)


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """How the rows of one file are to be understood."""

    member: Membership
    now: datetime
    month_first: bool = False
    """Whether 03/04 is the 4th of March. Dates with dots are day first in any case."""

    @cached_property
    def today(self) -> date:
        """The household's."""
        return self.now.astimezone(self.member.zone).date()


class _Refused(Exception):
    """A value breaks a rule."""

    def __init__(self, field: str, rule: str, says: str) -> None:
        super().__init__(field, rule)
        self.field = field
        self.rule = rule
        self.says = says


def adding_of(row: Row, *, meaning: Meaning) -> Adding | BrokenRow:
    """What is to be added by a row; asks no database."""
    try:
        adding = _adding(row.values, meaning)
        _check(adding, meaning)
    except _Refused as refused:
        return BrokenRow(number=row.number, field=refused.field, rule=refused.rule, says=refused.says)
    return adding


def _adding(values: Mapping[str, str], meaning: Meaning) -> Adding:
    for field, value in values.items():
        if _NO_SIGN.search(value) and field != "code":
            raise _Refused(field, "unreadable_sign", _("It holds a sign that is none: type it anew."))
    name = values.get("name")
    if not (name or values.get("gtin") or values.get("code")):
        raise _Refused("name", "nothing_to_add", _("Enter a name, a GTIN or a code."))
    if ("lot" in values or "serial" in values) and not (values.get("gtin") or values.get("code")):
        raise _Refused("gtin", "nothing_to_add", _("Enter the GTIN, too: lots and serials belong to one."))
    if name and len(name) > LONGEST_NAME:
        told = _("Shorten it to %(most)s characters.") % {"most": LONGEST_NAME}
        raise _Refused("name", "too_long", told)
    return Adding(
        code=values.get("code"),
        gtin=values.get("gtin"),
        name=name,
        lot=values.get("lot"),
        serial=values.get("serial"),
        packs=_packs(values.get("packs", "1")),
        per_pack=_quantity(values["quantity"], values.get("unit", "")) if "quantity" in values else None,
        printed=_day("date", values["date"], meaning.month_first) if "date" in values else None,
        date_kind=_date_kind(values.get("dateKind")),
        place=_place(values.get("place"), meaning.member),
        kind=_kind(values.get("kind")),
        price=_number("price", values["price"]) if "price" in values else None,
        opened_on=_day("openedOn", values["openedOn"], meaning.month_first) if "openedOn" in values else None,
        source=Source.IMPORT,
    )


def _check(adding: Adding, meaning: Meaning) -> None:
    """Put it through the rules of the domain, as if it were added now."""
    gtin, lot, serial = None, adding.lot, adding.serial
    for field, code in (("code", adding.code), ("gtin", adding.gtin)):
        if code:
            try:
                pack = ports.packs().of_code(code=code, today=meaning.today)
            except DomainError as error:
                raise _Refused(field, error.code, str(error)) from error
            gtin, lot, serial = gtin or pack.gtin, lot or pack.lot, serial or pack.serial
    try:
        decide(
            None,
            Add(
                item_id=_NOBODY,
                household_id=meaning.member.household_id,
                source=Source.IMPORT,
                kind=adding.kind or UNKNOWN,
                place=adding.place or Place(PlaceKind.FRIDGE),
                gtin=gtin,
                lot=lot,
                serial=serial if adding.packs == 1 else None,
                packs=adding.packs,
                per_pack=adding.per_pack,
                printed=adding.printed,
                date_kind=adding.date_kind,
                price=adding.price,
                opened_on=adding.opened_on,
            ),
            at=meaning.now,
            today=meaning.today,
            new_item_id=_NOBODY,
        )
    except CommandRefused as refused:
        field = _FIELD_OF.get(refused.field, refused.field)
        raise _Refused(field, refused.code, str(in_our_words(refused))) from refused


#: What the domain calls the columns of a file.
_FIELD_OF: Final = {
    "printed": "date",
    "date_kind": "dateKind",
    "opened_on": "openedOn",
    "on": "openedOn",
    "per_pack": "quantity",
}


def _packs(text: str) -> int:
    if not _PACKS.fullmatch(text):
        raise _Refused("packs", "no_number", _("Write a whole number such as 2."))
    return int(text)


@lru_cache(maxsize=1024)
def _quantity(text: str, told_unit: str) -> Quantity:
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise _Refused("quantity", "no_number", _("Write an amount such as 500 or 1.5, with its unit."))
    amount = _number("quantity", found["amount"])
    word = (told_unit or found["unit"]).casefold()
    try:
        unit = Unit(word)
    except ValueError as error:
        raise _one_of("unit", Unit) from error
    try:
        return Quantity(amount, unit)
    except QuantityRefused as refused:
        told = _("Write an amount above 0 and up to %(most)s, with at most 3 decimals.") % {"most": MOST}
        raise _Refused("quantity", "no_quantity", told) from refused


def _number(field: str, text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        told = _("Write a number such as 1.5 or 1,5, without a sign between thousands.")
        raise _Refused(field, "no_number", told)
    return Decimal(text.replace(",", "."))


@lru_cache(maxsize=1024)
def _day(field: str, text: str, month_first: bool) -> date:
    forms = (_ISO_DAY, _MONTH_FIRST, _DAY_FIRST) if month_first else (_ISO_DAY, _DAY_FIRST)
    for form in forms:
        if found := form.fullmatch(text):
            with suppress(ValueError):
                return date(int(found["year"]), int(found["month"]), int(found["day"]))
            break
    raise _Refused(field, "no_day", _("Write a day of the calendar such as 2026-11-24 or 24.11.2026."))


@lru_cache(maxsize=64)
def _date_kind(text: str | None) -> DateKind | None:
    if text is None:
        return None
    try:
        return DateKind("_".join(re.split(r"[\s_-]+", text.casefold())))
    except ValueError as error:
        raise _one_of("dateKind", DateKind) from error


def _place(text: str | None, member: Membership) -> Place | None:
    if text is None:
        return None
    with suppress(ValueError):
        return Place(PlaceKind(text.casefold()))
    for place in member.places:
        if place.name.casefold() == text.casefold():
            return Place(place.kind, place.id)
    raise _one_of("place", [*PlaceKind, *(place.name for place in member.places)])


def _kind(text: str | None) -> str | None:
    if text is not None and text not in guidance().rows:
        told = _("Leave it empty, or write a kind as our exports name it.")
        raise _Refused("kind", "not_accepted", told)
    return text


def _one_of(field: str, allowed: Iterable[str]) -> _Refused:
    told = _("Write one of these: %(values)s.") % {"values": ", ".join(allowed)}
    return _Refused(field, "not_in_list", told)
