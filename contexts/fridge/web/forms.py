"""What people type into the forms of the fridge: read with care, and never lost.

A form keeps every value as it was typed and one sentence for each that is not right.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from contexts.fridge.application.households import Membership
from contexts.fridge.application.refusals import CommandNotAccepted
from contexts.fridge.application.wording import quantity_refusal
from contexts.fridge.domain.events import Place
from contexts.fridge.domain.freshness import PlaceKind
from contexts.fridge.domain.quantity import Quantity, QuantityRefused, Unit

LONGEST_NAME: Final = 120
#: Longer than any code; the same limit that the Resolver has.
LONGEST_CODE: Final = 2000
#: Packs that are added at once.
MOST_PACKS: Final = 1000

#: Digits with one mark before the decimals, which is a point or a comma in our languages; no other grouping.
_NUMBER: Final = re.compile(r"\d{1,9}(?:[.,]\d{0,9})?|[.,]\d{1,9}", re.ASCII)
_WHOLE: Final = re.compile(r"\d{1,9}", re.ASCII)
_SHARES: Final = {"1": None, "0.75": Decimal("0.75"), "0.5": Decimal("0.5"), "0.25": Decimal("0.25")}

#: What a command calls a value, and what our forms call it.
_FIELDS: Final = {
    "amount": "amount",
    "left": "amount",
    "quantity": "amount",
    "per_pack": "amount",
    "share": "amount",
    "on": "on",
    "opened_on": "opened_on",
    "packs": "packs",
    "place": "place",
    "price": "price",
    "printed": "printed",
    "unit": "unit",
}

Value = TypeVar("Value", bound=StrEnum)


@dataclass(kw_only=True)
class Form:
    """What was typed, and what is wrong with it by field."""

    data: QueryDict
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_right(self) -> bool:
        """Whether nothing was found wrong so far."""
        return not self.errors

    def refuse(self, field_: str, sentence: str) -> None:
        """Keep what is wrong with a field: the first that was found."""
        self.errors.setdefault(field_, sentence)

    def refused(self, refused: CommandNotAccepted, *, fallback: str) -> None:
        """Keep what cannot be done, beside the field of this form that it is about."""
        self.refuse(_FIELDS.get(refused.field, fallback), str(refused))

    def text(self, name: str, *, longest: int) -> str:
        """One line without white space around it; empty where nothing was typed."""
        typed = " ".join(unicodedata.normalize("NFC", self.data.get(name, "")).split())
        if len(typed) > longest:
            self.refuse(name, gettext("Shorten it to %(most)s characters.") % {"most": longest})
        elif any(unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} for sign in typed):
            self.refuse(name, gettext("It holds a sign that cannot be read: type it anew."))
        return typed

    def code(self, name: str) -> str:
        """A scanned or pasted code as it is: its separators are signs that nobody sees."""
        typed = self.data.get(name, "").strip(" \r\n\t")
        if len(typed) > LONGEST_CODE:
            self.refuse(name, gettext("This is longer than any code of a product."))
        return typed

    def day(self, name: str) -> date | None:
        """A day as a browser sends it (ISO 8601), or as it is typed where it has no calendar for it."""
        typed = self.data.get(name, "").strip()
        if not typed:
            return None
        if (day := _day(typed)) is None:
            self.refuse(name, gettext("This is no date. Type it as year-month-day, such as 2027-02-24."))
        return day

    def number(self, name: str) -> Decimal | None:
        """A number with decimals after a point or a comma."""
        typed = self.data.get(name, "").strip().replace("\u202f", "").replace("\u00a0", "")
        if not typed:
            return None
        if not _NUMBER.fullmatch(typed):
            self.refuse(name, gettext("Type a number, such as 250 or 1.5."))
            return None
        return Decimal(typed.replace(",", "."))

    def whole(self, name: str, *, most: int, default: int = 1) -> int:
        """A number of things, at least one."""
        typed = self.data.get(name, "").strip()
        if not typed:
            return default
        if not _WHOLE.fullmatch(typed) or not 1 <= int(typed) <= most:
            self.refuse(name, gettext("Type a whole number from 1 to %(most)s.") % {"most": most})
            return default
        return int(typed)

    def quantity(self, name: str = "amount", unit: str = "unit") -> Quantity | None:
        """An amount with its unit; None where no amount was typed."""
        amount, chosen = self.number(name), self.choice(unit, Unit)
        if amount is None:
            return None
        if chosen is None:
            self.refuse(name, gettext("Choose a unit."))
            return None
        try:
            return Quantity(amount, chosen)
        except QuantityRefused as refused:
            self.refuse(name, quantity_refusal(refused))
            return None

    def choice(self, name: str, kind: type[Value]) -> Value | None:
        """One of what is offered; None where nothing was chosen."""
        chosen = self.data.get(name, "")
        if not chosen:
            return None
        try:
            return kind(chosen)
        except ValueError:
            self.refuse(name, gettext("Choose from what is offered here."))
            return None

    def place(self, name: str, *, member: Membership) -> Place | None:
        """A plain place, or one of the household's own; None where nothing was chosen."""
        chosen = self.data.get(name, "")
        if not chosen:
            return None
        if chosen in set(PlaceKind):
            return Place(PlaceKind(chosen))
        own = member.place(place_id) if (place_id := uuid_of(chosen)) else None
        if own is None:
            self.refuse(name, gettext("Choose from what is offered here."))
            return None
        return Place(own.kind, own.id)

    def part(self) -> tuple[Quantity | None, Decimal | None]:
        """How much: what was typed, else the share that was tapped; neither means all."""
        share = str(self.data.get("share", ""))
        if share in _SHARES:
            return None, _SHARES[share]
        quantity = self.quantity()
        if quantity is None and self.is_right and "amount" in self.data and "share" not in self.data:
            self.refuse("amount", gettext("Say how much."))
        return quantity, None


def uuid_of(text: str) -> UUID | None:
    """A UUID in its usual form; None for anything else."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def action_of(request: HttpRequest, *, doing: str) -> UUID:
    """The id of what is done: from the page's own id and what was tapped on it.

    One page has one id and many buttons: the same button twice is one action, another button is another one.
    """
    page = uuid_of(request.POST.get("action", "")) or uuid4()
    return uuid5(page, doing)


def version_of(said: str) -> int | None:
    """The item's version that the page showed; None where it showed none."""
    return int(said) if _WHOLE.fullmatch(said) else None


def way_back(request: HttpRequest) -> str:
    """The page of the fridge that the form stands on; the list where it says none, or another site's."""
    back = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours and re.match(r"/fridge(?:[/?]|\Z)", back) else "/fridge"


_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})", re.ASCII)


def _day(typed: str) -> date | None:
    if found := _ISO.fullmatch(typed):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(typed):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
