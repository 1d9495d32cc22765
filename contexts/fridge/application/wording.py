"""The words of the fridge, in the language that is active: for pages, mails, calendars and the API.

What is put into a sentence stands where it reads well in every language, whatever its gender, number or case.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from contexts.fridge.domain.deciding import Caution
from contexts.fridge.domain.events import (
    ActionUndone,
    DateSet,
    DateSkipped,
    Event,
    ItemAdded,
    ItemFrozen,
    ItemMoved,
    ItemOpened,
    ItemThawed,
    PacksSplitOff,
    Place,
    PortionGiven,
    PortionUsed,
    PortionWasted,
    PriceSet,
    QuantityCorrected,
    Source,
    WasteReason,
)
from contexts.fridge.domain.freshness import Because, DateKind, PlaceKind, Reason, State
from contexts.fridge.domain.quantity import (
    DOES_NOT_FIT,
    NOT_MORE_THAN_NOTHING,
    TOO_FINE,
    TOO_MUCH,
    Quantity,
    QuantityRefused,
    Unit,
    exactly,
)
from contexts.fridge.domain.storage_guidance import guidance

_STATES: Final[Mapping[State, Promise]] = {
    State.FRESH: pgettext_lazy("state of food", "Fresh"),
    State.USE_SOON: _("Use soon"),
    State.USE_TODAY: _("Use today"),
    State.CHECK: pgettext_lazy("state of food", "Check first"),
    State.EXPIRED: pgettext_lazy("state of food", "Expired"),
    State.OPENED_TOO_LONG: _("Opened too long"),
    State.FROZEN: pgettext_lazy("state of food", "Frozen"),
    State.NO_DATE: _("No date"),
}

_ADVICE: Final[Mapping[State, Promise]] = {
    State.CHECK: _("It may still be good: look, smell and taste before you eat it."),
    State.EXPIRED: _("Its use-by date is over: do not eat it, even if it looks and smells good."),
    State.OPENED_TOO_LONG: _("It has been open for longer than it keeps: do not eat it."),
}

_PLACES: Final[Mapping[PlaceKind, Promise]] = {
    PlaceKind.FRIDGE: _("Fridge"),
    PlaceKind.FREEZER: _("Freezer"),
    PlaceKind.PANTRY: _("Pantry"),
}

_REASONS_OF_WASTE: Final[Mapping[WasteReason, Promise]] = {
    WasteReason.EXPIRED: _("It was past its date"),
    WasteReason.OPENED_TOO_LONG: _("It was open for too long"),
    WasteReason.COOKED_TOO_MUCH: _("We cooked too much"),
    WasteReason.DISLIKED: _("We did not like it"),
    WasteReason.DAMAGED: _("It was damaged or spoilt"),
    WasteReason.OTHER: _("Another reason"),
}

_DATE_KINDS: Final[Mapping[DateKind, Promise]] = {
    DateKind.USE_BY: _("Use by"),
    DateKind.BEST_BEFORE: _("Best before"),
}

_CAUTIONS: Final[Mapping[Caution, Promise]] = {
    Caution.REFROZEN: _(
        "It had been thawed: freezing it again costs quality, and germs that grew meanwhile survive."
    ),
}

_UNITS: Final[Mapping[Unit, Promise]] = {
    Unit.GRAM: pgettext_lazy("unit", "g"),
    Unit.KILOGRAM: pgettext_lazy("unit", "kg"),
    Unit.MILLILITRE: pgettext_lazy("unit", "ml"),
    Unit.LITRE: pgettext_lazy("unit", "l"),
    Unit.PIECE: pgettext_lazy("unit", "pieces"),
    Unit.PACK: pgettext_lazy("unit", "packs"),
}

#: Given as today for what is read on another day than it was written: all days are told by their dates.
READ_LATER: Final = date.min

#: Days around today that are told by the name of their weekday.
_NEAR: Final = 6


def state_name(state: State) -> str:
    """What a state is called on its own."""
    return str(_STATES[state])


def state_advice(state: State) -> str:
    """What to do about it, as a sentence; empty where nothing is to be said."""
    return str(_ADVICE.get(state, ""))


def place_name(kind: PlaceKind) -> str:
    """A plain place on its own."""
    return str(_PLACES[kind])


def waste_reason(reason: WasteReason) -> str:
    """Why something was thrown away, as a short sentence without a full stop."""
    return str(_REASONS_OF_WASTE[reason])


def date_kind_name(kind: DateKind) -> str:
    """What stands before the date on a pack."""
    return str(_DATE_KINDS[kind])


def unit_name(unit: Unit) -> str:
    """A unit on its own, as in a list to choose from."""
    return str(_UNITS[unit])


def caution_text(caution: Caution) -> str:
    """What to bear in mind after an action, as a sentence."""
    return str(_CAUTIONS[caution])


def kind_name(slug: str) -> str:
    """A kind of food, as the storage guidance calls it."""
    return gettext(guidance().of(slug).name)


def number(value: Decimal) -> str:
    """A number as one writes it in the language, without zeros that say nothing."""
    plain = value.normalize()
    return str(localize(plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain))


def quantity_text(quantity: Quantity) -> str:
    """An amount with its unit."""
    amount = number(quantity.amount)
    if quantity.unit in _COUNTED:
        return _COUNTED[quantity.unit](quantity.amount) % {"number": amount}
    return gettext("%(number)s %(unit)s") % {"number": amount, "unit": unit_name(quantity.unit)}


#: Whatever is not exactly one is many: 1.5 is one in French grammar, but nobody counts packs so.
_COUNTED: Final[Mapping[Unit, Callable[[Decimal], str]]] = {
    Unit.PIECE: lambda amount: ngettext("%(number)s piece", "%(number)s pieces", 1 if amount == 1 else 2),
    Unit.PACK: lambda amount: ngettext("%(number)s pack", "%(number)s packs", 1 if amount == 1 else 2),
}


def price_text(amount: Decimal, currency: str) -> str:
    """Money: the amount with two decimals and the currency's code (ISO 4217)."""
    return f"{localize(amount.quantize(Decimal('0.01')))} {currency}"


def day_text(day: date, *, today: date) -> str:
    """A day as people say it: by its name where it is near, else by its date, with another year's number."""
    return _day_text(get_language() or "en", day, (day - today).days, day.year == today.year)


@lru_cache(maxsize=4096)
def _day_text(language: str, day: date, away: int, this_year: bool) -> str:
    if away == 0:
        return gettext("today")
    if away == -1:
        return gettext("yesterday")
    if away == 1:
        return gettext("tomorrow")
    if -_NEAR <= away < 0:
        return date_format(day, "l")
    return date_format(day, "MONTH_DAY_FORMAT" if this_year else "SHORT_DATE_FORMAT")


#: What stands on a pack is told as it stands there: "use by Wednesday" may be the last one or the next.
_PRINTED: Final = frozenset(
    {Reason.PRINTED, Reason.PRINTED_USE_BY, Reason.PRINTED_BEST_BEFORE, Reason.FROZEN_BEST_BEFORE}
)
_FAR: Final = 99


def due_text(*, days_left: int | None, estimated: bool) -> str:
    """How long an item is good, in a few words, weeks and months whole; empty where no day is known."""
    return "" if days_left is None else _due_text(get_language() or "en", days_left, estimated)


#: From so many days on, weeks say more than days, then months than weeks, and then years than months.
_WEEKS_FROM: Final = 21
_MONTHS_FROM: Final = 61
_YEARS_FROM: Final = 730
_MONTH: Final = 30.44
_YEAR: Final = 365.25


@lru_cache(maxsize=4096)
def _due_text(language: str, days: int, estimated: bool) -> str:
    if days <= -_MONTHS_FROM:
        said = gettext("%(months)s months over") % {"months": int(-days / _MONTH)}
    elif days < 0:
        said = ngettext("%(days)s day over", "%(days)s days over", -days) % {"days": -days}
    elif days == 0:
        said = gettext("last good day: today")
    elif days < _WEEKS_FROM:
        said = ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}
    elif days < _MONTHS_FROM:
        said = gettext("%(weeks)s weeks left") % {"weeks": days // 7}
    else:
        said = gettext("%(months)s months left") % {"months": int(days / _MONTH)}
    return gettext("about %(said)s (estimate)") % {"said": said} if estimated else said


def reasons_text(reasons: Iterable[Because], *, today: date) -> str:
    """Why an item is due when it is, the reasons after each other."""
    return ", ".join([because_text(because, today=today) for because in reasons])


def because_text(because: Because, *, today: date) -> str:
    """One reason as a part of a sentence."""
    return _because_text(get_language() or "en", because.code, tuple(because.values.items()), today)


@lru_cache(maxsize=8192)
def _because_text(
    language: str, code: Reason, values: tuple[tuple[str, date | int | str], ...], today: date
) -> str:
    told: dict[str, str | int] = {
        key: _day_told(language, code, value, today) if isinstance(value, date) else value
        for key, value in values
    }
    if "kind" in told:
        told["kind"] = kind_name(str(told["kind"]))
    if isinstance(days := told.get("days"), int):
        told = {"months": round(days / _MONTH), "years": round(days / _YEAR), **told}
    return _SENTENCES[code](told) % told


def _day_told(language: str, code: Reason, day: date, today: date) -> str:
    if code in _PRINTED:
        return _day_text(language, day, _FAR, day.year == today.year)
    return day_text(day, today=today)


_Told = Mapping[str, str | int]


def _estimate(told: _Told) -> str:
    days = int(told["days"])
    if days >= _YEARS_FROM:
        return ngettext(
            "such food usually keeps %(years)s year (%(kind)s)",
            "such food usually keeps %(years)s years (%(kind)s)",
            int(told["years"]),
        )
    if days >= _MONTHS_FROM:
        return ngettext(
            "such food usually keeps %(months)s month (%(kind)s)",
            "such food usually keeps %(months)s months (%(kind)s)",
            int(told["months"]),
        )
    return ngettext(
        "such food usually keeps %(days)s day (%(kind)s)",
        "such food usually keeps %(days)s days (%(kind)s)",
        days,
    )


def _opened(told: _Told) -> str:
    days = int(told["days"])
    if told["by"] == "label":
        if days == 0:
            return gettext("opened %(day)s, to be used up on that day as the label says")
        return ngettext(
            "opened %(day)s, %(days)s day after opening as the label says",
            "opened %(day)s, %(days)s days after opening as the label says",
            days,
        )
    if days >= _MONTHS_FROM:
        return ngettext(
            "opened %(day)s, about %(months)s month after opening",
            "opened %(day)s, about %(months)s months after opening",
            int(told["months"]),
        )
    return ngettext(
        "opened %(day)s, %(days)s day after opening", "opened %(day)s, %(days)s days after opening", days
    )


def _frozen(told: _Told) -> str:
    months = int(told["months"])
    if months == 0:
        return gettext("frozen %(day)s, although such food does not freeze well")
    return ngettext(
        "frozen %(day)s, at its best for %(months)s month",
        "frozen %(day)s, at its best for %(months)s months",
        months,
    )


_SENTENCES: Final[Mapping[Reason, Callable[[_Told], str]]] = {
    Reason.PRINTED_USE_BY: lambda told: gettext("use by %(day)s"),
    Reason.PRINTED_BEST_BEFORE: lambda told: gettext("best before %(day)s"),
    Reason.PRINTED: lambda told: gettext("date on the pack: %(day)s"),
    Reason.OPENED: _opened,
    Reason.THAWED: lambda told: gettext("thawed %(day)s, keeps %(hours)s hours in the fridge at most"),
    Reason.OUT_OF_FREEZER: lambda told: gettext(
        "frozen food outside the freezer since %(day)s, keeps %(hours)s hours in the fridge at most"
    ),
    Reason.FROZEN_SINCE: _frozen,
    Reason.FROZEN_BEST_BEFORE: lambda told: gettext("in the freezer best before %(day)s"),
    Reason.FROZEN_AT_LAST: lambda told: gettext("frozen in the last hours of its last good day, %(day)s"),
    Reason.FROZEN_TOO_LATE: lambda told: gettext("frozen too late, %(day)s"),
    Reason.ESTIMATE: _estimate,
    Reason.UNKNOWN_KIND: lambda told: gettext("kind of food not known, so the most careful advice"),
    Reason.NO_DATE: lambda told: gettext("no date known"),
}


_QUANTITY_RULES: Final[Mapping[str, Promise]] = {
    NOT_MORE_THAN_NOTHING: _("Type an amount that is more than 0."),
    TOO_MUCH: _("Type an amount of at most %(most)s."),
    TOO_FINE: _("Type an amount with three decimals at most."),
    DOES_NOT_FIT: _("Choose a unit that fits %(unit)s."),
}


def quantity_refusal(refused: QuantityRefused) -> str:
    """What is wrong with an amount that was typed, as a sentence."""
    return str(_QUANTITY_RULES[refused.rule]) % refused.allowed


_ADDED: Final[Mapping[Source, Promise]] = {
    Source.SCAN: _("Put into the fridge from a scan: %(what)s"),
    Source.PRODUCT: _("Put into the fridge: %(what)s"),
    Source.HAND: _("Put into the fridge by hand: %(what)s"),
    Source.IMPORT: _("Put into the fridge from a file: %(what)s"),
    Source.SPLIT: _("Split off other packs: %(what)s"),
}


def place_text(place: Place, own: Mapping[UUID, str]) -> str:
    """Where something is; `own` are the names of the household's places. One that is gone goes by kind."""
    name = own.get(place.id) if place.id else None
    return name or place_name(place.kind)


def event_text(event: Event, *, today: date, currency: str, own: Mapping[UUID, str]) -> str:
    """What happened to an item, as a line of its history."""
    match event:
        case ItemAdded():
            what = quantity_text(exactly(Decimal(event.packs), Unit.PACK))
            if event.per_pack is not None:
                each = quantity_text(event.per_pack)
                what = gettext("%(packs)s of %(each)s") % {"packs": what, "each": each}
            return str(_ADDED[event.source]) % {"what": what}
        case DateSet():
            if event.printed is None:
                return gettext("Date taken away")
            kind = event.date_kind and date_kind_name(event.date_kind)
            day = date_format(event.printed, "SHORT_DATE_FORMAT")
            return gettext("%(kind)s: %(day)s") % {"kind": kind or gettext("Date on the pack"), "day": day}
        case DateSkipped():
            return gettext("No date is on it")
        case QuantityCorrected():
            return gettext("Corrected, left: %(amount)s") % {"amount": quantity_text(event.left.readable)}
        case ItemMoved():
            return gettext("Moved: %(place)s") % {"place": place_text(event.place, own)}
        case ItemOpened():
            return gettext("Opened: %(day)s") % {"day": day_text(event.on, today=today)}
        case PortionUsed():
            return gettext("Eaten: %(amount)s") % {"amount": quantity_text(event.quantity.readable)}
        case PortionWasted():
            return gettext("Thrown away: %(amount)s. %(reason)s") % {
                "amount": quantity_text(event.quantity.readable),
                "reason": waste_reason(event.reason),
            }
        case PortionGiven():
            return gettext("Given away: %(amount)s") % {"amount": quantity_text(event.quantity.readable)}
        case ItemFrozen():
            return gettext("Frozen. Place: %(place)s") % {"place": place_text(event.place, own)}
        case ItemThawed():
            return gettext("Thawed. Place: %(place)s") % {"place": place_text(event.place, own)}
        case PacksSplitOff():
            packs = quantity_text(exactly(Decimal(event.packs), Unit.PACK))
            return gettext("Split off onto another line: %(packs)s") % {"packs": packs}
        case PriceSet():
            if event.amount is None:
                return gettext("Price taken away")
            return gettext("Price of a pack: %(price)s") % {"price": price_text(event.amount, currency)}
        case ActionUndone():
            return gettext("Something was taken back")
