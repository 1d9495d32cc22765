"""Steps of a journey out of EPCIS 2.0 events (ISO/IEC 19987), in JSON or JSON-LD.

An event says what happened to some objects, when, where and in which business step (Core Business Vocabulary,
ISO/IEC 19988, section 7.1). What names our product, its business step and a place that the document describes
or that is named by its position becomes a moment of a journey; whatever else an event tells (dispositions,
sensors, quantities, business transactions) is not about the shopper's pack.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, Final
from urllib.parse import unquote

from contexts.passport.domain.digital_link import parse_link
from contexts.passport.domain.gtin import check_digit, gtin14
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.domain.sections import Journey, Position, Step, StepKind
from contexts.passport.domain.text import cleaned, shortened

MOST_EVENTS: Final = 5_000
"""Of one document; and objects of one event."""
_MOST_STEPS: Final = 60
_LONGEST_PLACE: Final = 200
_LONGEST_LOT: Final = 20
#: Somewhere it is tomorrow already.
_TOMORROW: Final = timedelta(days=1)

#: What the business steps of CBV 2.0, and of GDST for fish, are to a shopper. The others move no food.
_KINDS: Final[Mapping[str, StepKind]] = {
    **dict.fromkeys(
        ("collecting", "fishingevent", "farmharvest", "hatching", "landing"),
        StepKind.ORIGIN,
    ),
    **dict.fromkeys(("commissioning", "creating_class_instance", "assembling"), StepKind.PROCESSING),
    **dict.fromkeys(("packing", "repackaging"), StepKind.PACKING),
    **dict.fromkeys(
        (
            "consigning", "shipping", "departing", "transporting", "arriving", "receiving", "loading",
            "unloading", "storing", "stocking", "staging_outbound", "accepting",
        ),
        StepKind.DISTRIBUTION,
    ),
}  # fmt: skip
#: Where each kind of event names the objects that it is about; of a transformation, what comes out of it.
_OBJECTS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "ObjectEvent": (("epcList",), ("quantityList",)),
    "TransactionEvent": (("epcList",), ("quantityList",)),
    "AggregationEvent": (("childEPCs",), ("childQuantityList",)),
    "AssociationEvent": (("childEPCs",), ("childQuantityList",)),
    "TransformationEvent": (("outputEPCList",), ("outputQuantityList",)),
}
#: EPC URNs of trade items (TDS 2.0, section 6): company prefix, indicator and item reference, serial or lot.
_URN: Final = re.compile(
    r"urn:epc:(?P<form>id:sgtin|idpat:sgtin|class:lgtin):"
    r"(?P<company>\d{6,12})\.(?P<item>\d{1,7})\.(?P<rest>[^\s:]+)"
)
#: A position on Earth, whatever else stands behind it: an altitude, an uncertainty.
_GEO: Final = re.compile(
    r"geo:(-?\d{1,3}(?:\.\d{1,18})?),(-?\d{1,3}(?:\.\d{1,18})?)(?=[,;]|\Z)(?!.*;crs=(?!wgs84))",
    re.IGNORECASE,
)
_OFFSET: Final = re.compile(r"([+-])(\d{2}):([0-5]\d)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """What one event says of one lot."""

    event_id: str
    gtin: str
    lot: str
    """Empty where the event is about the product as such."""
    kind: StepKind
    place: str
    happened_at: datetime
    day: date
    """The day of the place where it happened."""
    position: Position | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What a document tells."""

    moments: tuple[Moment, ...]
    retracted: frozenset[str]
    """Ids of events that were declared wrong: they did not happen, whenever they arrive."""
    left_out: Mapping[str, int]
    """How many events were left out, by the code of the reason."""


class NoEvents(ValueError):
    """Not a document of EPCIS events."""


class _LeftOut(Exception):
    pass


def told_by(document: object, *, today: date) -> Told:
    """What a document tells: an EPCIS document, the answer to a query, a list of events or one event.

    An event that makes no sense, or is still to come, is left out, and the others count. Raises NoEvents.
    """
    events = _events(document)
    if len(events) > MOST_EVENTS:
        raise NoEvents(f"There are {len(events)} events, and {MOST_EVENTS} at most are read at once.")
    places = _places(document)
    moments: dict[tuple[str, str, str], Moment] = {}
    retracted: set[str] = set()
    left_out: Counter[str] = Counter()
    for event in events:
        if not isinstance(event, Mapping):
            left_out["malformed"] += 1
            continue
        event_id = _id(event)
        if event.get("errorDeclaration"):
            retracted.add(event_id)
            continue
        try:
            for moment in _moments(event, event_id=event_id, places=places, latest=today + _TOMORROW):
                moments.setdefault((event_id, moment.gtin, moment.lot), moment)
        except _LeftOut as reason:
            left_out[str(reason)] += 1
    if events and left_out["malformed"] == len(events):
        raise NoEvents("Nothing in this list is an event.")
    return Told(moments=tuple(moments.values()), retracted=frozenset(retracted), left_out=dict(left_out))


def steps_of(moments: Iterable[Moment]) -> Journey:
    """The steps of one lot, in the order in which they happened, whatever order they are told in.

    What happened at one place one after the other is one step, on its first day.
    """
    steps: list[Step] = []
    for moment in sorted(moments, key=lambda moment: (moment.happened_at, moment.event_id)):
        last = steps[-1] if steps else None
        if last and (last.kind, last.place) == (moment.kind, moment.place):
            continue
        # Days of places far apart may run backwards while time does not.
        day = max(moment.day, last.date) if last and last.date else moment.day
        steps.append(Step(kind=moment.kind, place=moment.place, date=day, position=moment.position))
    return tuple(steps[:_MOST_STEPS])


def _events(document: object) -> Sequence[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, Mapping):
        raise NoEvents("This is no document of EPCIS events.")
    if document.get("type") in _OBJECTS:
        return [document]
    body = document.get("epcisBody")
    if isinstance(body, Mapping):
        if isinstance(body.get("eventList"), list):
            return list(body["eventList"])
        if isinstance(body.get("event"), Mapping):
            return [body["event"]]
        results = body.get("queryResults")
        found = results.get("resultsBody") if isinstance(results, Mapping) else None
        if isinstance(found, Mapping) and isinstance(found.get("eventList"), list):
            return list(found["eventList"])
    raise NoEvents("This is no document of EPCIS events.")


def _id(event: Mapping[str, Any]) -> str:
    """The event's own id; else one made of what it says, so that the same event told again is the same."""
    said = event.get("eventID")
    if isinstance(said, str) and (said := cleaned(said)):
        return said if len(said) <= 300 else f"sha256:{hashlib.sha256(said.encode()).hexdigest()}"
    content = {name: value for name, value in event.items() if name not in {"recordTime", "errorDeclaration"}}
    written = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return f"sha256:{hashlib.sha256(written.encode('utf-8', 'replace')).hexdigest()}"


def _moments(
    event: Mapping[str, Any], *, event_id: str, places: Mapping[str, "_Place"], latest: date
) -> Iterator[Moment]:
    kind = _KINDS.get(_last_word(event.get("bizStep")))
    if kind is None:
        raise _LeftOut("no_step")
    happened_at, day = _when(event)
    if day > latest:
        raise _LeftOut("still_to_come")
    place = _place(event, places)
    if place is None:
        raise _LeftOut("no_place")
    found = dict.fromkeys(_objects(event, day=day))
    if not found:
        raise _LeftOut("no_lot")
    for gtin, lot in found:
        yield Moment(
            event_id=event_id,
            gtin=gtin,
            lot=lot,
            kind=kind,
            place=place.words,
            happened_at=happened_at,
            day=day,
            position=place.position,
        )


def _when(event: Mapping[str, Any]) -> tuple[datetime, date]:
    """The moment, and its day by the clock of the place."""
    try:
        moment = datetime.fromisoformat(str(event.get("eventTime")))
        offset = _OFFSET.fullmatch(str(event.get("eventTimeZoneOffset", "")))
        if moment.tzinfo is None:
            raise _LeftOut("no_time")
        local = moment
        if offset:
            sign = -1 if offset[1] == "-" else 1
            local = moment.astimezone(
                timezone(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3])))
            )
        return moment.astimezone(UTC), local.date()
    except (ValueError, OverflowError):
        raise _LeftOut("no_time") from None


def _objects(event: Mapping[str, Any], *, day: date) -> Iterator[tuple[str, str]]:
    """GTIN and lot of each object. A pack whose lot nobody names is left out: it stands for no other."""
    lists, quantities = _OBJECTS.get(str(event.get("type")), ((), ()))
    named: list[object] = [epc for name in lists for epc in _list(event.get(name))]
    named += [
        quantity.get("epcClass")
        for name in quantities
        for quantity in _list(event.get(name))
        if isinstance(quantity, Mapping)
    ]
    master = event.get("ilmd")
    own_lot = _own_lot(master) if isinstance(master, Mapping) else ""
    for epc in named[:MOST_EVENTS]:
        found = _trade_item(epc, day=day) if isinstance(epc, str) else None
        if found is None:
            continue
        gtin, lot, is_pack = found
        if lot or own_lot or not is_pack:
            yield gtin, lot or own_lot


def _trade_item(epc: str, *, day: date) -> tuple[str, str, bool] | None:
    """GTIN, lot and whether it is one single pack; None for what is no trade item."""
    if epc.startswith(("https://", "http://")):
        try:
            item = parse_link(uri=epc, today=day)
        except CodeRefused:
            return None
        return item.gtin, item.lot or "", item.serial is not None
    urn = _URN.fullmatch(epc)
    if urn is None or len(urn["company"]) + len(urn["item"]) != 13:
        return None
    digits = urn["item"][0] + urn["company"] + urn["item"][1:]
    try:
        gtin = gtin14(digits + check_digit(digits))
    except CodeRefused:
        return None
    if urn["form"] == "class:lgtin":
        lot = unquote(urn["rest"])
        return (gtin, lot, False) if lot == cleaned(lot) and len(lot) <= _LONGEST_LOT else None
    return gtin, "", urn["form"] == "id:sgtin"


def _own_lot(master: Mapping[str, Any]) -> str:
    """The lot that an event gives to what it makes (CBV 2.0: `cbvmda:lotNumber`)."""
    for name, value in master.items():
        if _last_word(name) == "lotnumber" and isinstance(value, str) and len(value) <= _LONGEST_LOT:
            return cleaned(value)
    return ""


@dataclass(frozen=True, slots=True)
class _Place:
    words: str
    """Empty where only its position is known."""
    position: Position | None


def _place(event: Mapping[str, Any], places: Mapping[str, _Place]) -> _Place | None:
    """Where the objects are after the event, else where it was seen; each may lend the other what it lacks.

    Either may be named by its position (`geo:`, RFC 5870) instead of an identifier of master data.
    """
    ids = [
        where["id"]
        for name in ("bizLocation", "readPoint")
        if isinstance(where := event.get(name), Mapping) and isinstance(where.get("id"), str)
    ]
    found = [places.get(each) or _Place("", _geo(each)) for each in ids]
    words = next((place.words for place in found if place.words), "")
    position = next((place.position for place in found if place.position), None)
    if not words and position is None:
        return None
    return _Place(words or _coordinates(position), position)


def _geo(uri: str) -> Position | None:
    """The position that a `geo:` URI names, in degrees of WGS 84; None for what names none."""
    found = _GEO.match(uri)
    return _position(found[1], found[2]) if found else None


def _position(latitude: object, longitude: object) -> Position | None:
    try:
        return Position(round(float(str(latitude)), 5), round(float(str(longitude)), 5))
    except ValueError:
        return None


def _coordinates(position: Position | None) -> str:
    """A place without a name, as on a chart."""
    if position is None:
        return ""
    north, east = position.latitude, position.longitude
    return f"{abs(north):.2f}° {'N' if north >= 0 else 'S'}, {abs(east):.2f}° {'E' if east >= 0 else 'W'}"


def _places(document: object) -> Mapping[str, _Place]:
    """What the document's master data calls its locations, and where they are (CBV 2.0: `cbvmda:latitude`
    and `cbvmda:longitude`, in degrees)."""
    found: object = document
    for name in ("epcisHeader", "epcisMasterData", "vocabularyList"):
        found = found.get(name) if isinstance(found, Mapping) else None
    places: dict[str, _Place] = {}
    for vocabulary in _list(found):
        for element in _list(
            vocabulary.get("vocabularyElementList") if isinstance(vocabulary, Mapping) else None
        ):
            if not isinstance(element, Mapping) or not isinstance(element.get("id"), str):
                continue
            said = {
                _last_word(attribute.get("id")): cleaned(str(attribute["attribute"]))
                for attribute in _list(element.get("attributes"))
                if isinstance(attribute, Mapping)
                and isinstance(attribute.get("attribute"), str | int | float)
            }
            words = (said.get("name"), said.get("city"), said.get("countrycode"))
            place = ", ".join(dict.fromkeys(word for word in words if word))
            position = _position(said.get("latitude"), said.get("longitude")) or _geo(element["id"])
            if place or position:
                places[element["id"]] = _Place(shortened(place, limit=_LONGEST_PLACE), position)
    return places


def _list(value: object) -> Collection[Any]:
    return value if isinstance(value, list) else ()


def _last_word(name: object) -> str:
    """`shipping` of `urn:epcglobal:cbv:bizstep:shipping`, `https://ref.gs1.org/cbv/BizStep-shipping` and the
    like."""
    return re.split(r"[:/#-]", name)[-1].lower() if isinstance(name, str) else ""
