"""GS1 Digital Link URIs and other codes, read strictly: what each identifies, and the link that says it.

After the GS1 Digital Link Standard: URI Syntax 1.6. Stricter than the standard in one point: a qualifier of
the key is refused in the query even where another one takes its place in the path, as (235) that of (10).
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NoReturn
from urllib.parse import quote, unquote_to_bytes

from contexts.passport.domain import epc, refusals
from contexts.passport.domain.application_identifiers import (
    GTIN,
    IDENTIFIERS,
    KEY_QUALIFIERS,
    NET_WEIGHT_DECIMALS,
    QUALIFIER_ORDERS,
    QUALIFIERS,
    Identifier,
)
from contexts.passport.domain.element_strings import elements_of, is_element_string
from contexts.passport.domain.gtin import NOTHING, gtin14, has_right_check_digit, wrong_place
from contexts.passport.domain.scanned_item import ScannedItem
from contexts.passport.domain.value_rules import date_of

#: Characters. A QR code of the largest version could hold more; no pack has room for it.
LONGEST_CODE: Final = 2048

#: RFC 3986, section 2: unreserved and reserved characters, percent signs with two hexadecimal digits.
_URI: Final = re.compile(
    r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]*)*"
)
#: The host's form is left open (names, addresses, ports); user information has no place in a Digital Link.
_LINK: Final = re.compile(
    r"https?://[A-Za-z0-9.:\-\[\]]+(?P<path>/[^?#]*)(?:\?(?P<query>[^#]*))?(?:#.*)?", re.IGNORECASE
)
#: A value of up to 20 characters in a path, as it is mostly written.
_WRITTEN: Final = r"((?:[0-9A-Za-z\-._]|%[0-9A-Fa-f]{2}){1,20})"
#: The commonest links, in one step: a GTIN right behind the host, its qualifiers, a query of characters that
#: RFC 3986 allows. What it does not match goes the long way, to the same end.
_COMMON: Final = re.compile(
    r"https?://[A-Za-z0-9.:\-\[\]]+/01/([0-9]{14})"
    rf"(?:/22/{_WRITTEN})?(?:/10/{_WRITTEN})?(?:/21/{_WRITTEN})?"
    r"(?:\?([A-Za-z0-9\-._~:/?@!$&'()*+,;=]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9\-._~:/?@!$&'()*+,;=]*)*))?"
)
_SCHEME: Final = re.compile("https?://", re.IGNORECASE | re.ASCII)
_GROUPING: Final = re.compile(r"[\s-]+", re.ASCII)
#: Blanks around a code; Python's own `strip` would take GS for one, which has a meaning in an element string.
_BLANKS: Final = " \t\r\n\f\v"
#: What readers send before a plain code (ISO/IEC 15424): EAN-13 and EAN-8, ITF-14, QR Code, Data Matrix.
_PLAIN_SYMBOLOGIES: Final = ("]E0", "]E4", "]I0", "]I1", "]Q1", "]d1")
_SEPARATORS: Final = re.compile("[&;]")
_ENCODED: Final = re.compile("%..|.", re.DOTALL)

Values = tuple[tuple[str, str], ...]
"""Identifiers, or names of other parameters, and their values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a Digital Link or an element string says, whatever its key identifies."""

    key: str
    """The identifier of the primary key: `01` for a trade item, `414` for a place."""
    value: str
    """The key's value, decoded."""
    qualifiers: Values = ()
    """Identifiers and decoded values in GS1's order."""
    attributes: Values = ()
    """Identifiers and decoded values in the order of the code."""
    others: Values = ()
    """Names and values of the other query parameters, as they were written."""
    raw: str
    """The code as it was scanned or typed."""

    @property
    def path(self) -> str:
        """The canonical path of what is identified, percent-encoded: `/01/09506000134352/10/AB%2FC`."""
        return self.levels[0]

    @property
    def levels(self) -> tuple[str, ...]:
        """The path, then each shorter one up to the key: the most specific first.

        A payment slip (415) has one level: nothing is identified without its number.
        """
        found = [f"/{self.key}/{_written(self.value)}"]
        for ai, value in self.qualifiers:
            found.append(f"{found[-1]}/{ai}/{_written(value)}")
        if IDENTIFIERS[self.key].needs:
            del found[:-1]
        return tuple(reversed(found))


def _written(value: str) -> str:
    """A value as a path has it: percent-encoded, which most need not be."""
    return value if value.isascii() and value.isalnum() else quote(value, safe="")


def identify(text: str, *, today: date) -> Identified:
    """What a scanned or typed text says: a Digital Link, an element string, or a GTIN of 8 to 14 digits.

    Digits may be grouped by spaces or hyphens as they are printed. Raises CodeRefused.
    """
    if len(text) > LONGEST_CODE:
        raise refusals.CodeTooLong(limit=str(LONGEST_CODE), position=LONGEST_CODE)
    raw = text.strip(_BLANKS)
    plain = raw[3:] if raw.startswith(_PLAIN_SYMBOLOGIES) else raw
    try:
        return _identify(plain, raw=raw, today=today)
    except refusals.CodeRefused as refused:
        before = len(text) - len(text.lstrip(_BLANKS)) + len(raw) - len(plain)
        raise refused if refused.position is None else refused.at(refused.position + before) from None


def _identify(text: str, *, raw: str, today: date) -> Identified:
    if _SCHEME.match(text):
        return _parse(text, raw=raw, today=today)
    if is_element_string(text):
        return _of_elements(text, raw=raw, today=today)
    digits = _GROUPING.sub("", text)
    if not (digits.isascii() and digits.isdecimal()):
        raise refusals.NotACode(position=0)
    try:
        return Identified(key=GTIN, value=gtin14(digits), raw=raw)
    except refusals.CodeRefused as refused:
        places = [at for at, character in enumerate(text) if character in "0123456789"]
        raise refused.at([*places, len(text)][refused.position or 0]) from None


def parse_uri(uri: str, *, today: date) -> Identified:
    """What a Digital Link URI says. Any host, any path before the key; the fragment is ignored.

    A compressed link (`/eh30...`, `/exMB...`: see `epc`) says what its expanded form says. Raises
    CodeRefused: each rule has its type.
    """
    return _parse(uri, raw=uri, today=today)


def parse_code(*, text: str, today: date) -> ScannedItem:
    """The pack that a scanned or typed text is about; raises KeyNotRead where it is about something else."""
    return scanned_item(identify(text, today=today), today=today)


def parse_link(*, uri: str, today: date) -> ScannedItem:
    """The pack that a Digital Link URI is about: `parse_uri`, and raises KeyNotRead where it is no pack."""
    return scanned_item(parse_uri(uri, today=today), today=today)


def scanned_item(identified: Identified, *, today: date) -> ScannedItem:
    """What a code says about one pack. Raises KeyNotRead where it is about something else."""
    if identified.key != GTIN:
        raise refusals.KeyNotRead(ai=identified.key)
    said = dict(identified.qualifiers + identified.attributes)
    expiry, best_before = said.get("17"), said.get("15")
    return ScannedItem(
        gtin=identified.value,
        cpv=said.get("22"),
        lot=said.get("10"),
        serial=said.get("21"),
        third_party=said.get("235"),
        expiry=date_of(value=expiry, ai="17", today=today) if expiry else None,
        best_before=date_of(value=best_before, ai="15", today=today) if best_before else None,
        net_weight=_net_weight(identified.attributes),
        raw=identified.raw,
    )


def _net_weight(attributes: Values) -> Decimal | None:
    for ai, value in attributes:
        if ai in NET_WEIGHT_DECIMALS:
            return Decimal(value).scaleb(-NET_WEIGHT_DECIMALS[ai])
    return None


def canonical_uri(identified: Identified, *, stem: str = "https://id.gs1.org") -> str:
    """The one way to write it as a link (URI Syntax 1.6, section 4.12).

    Other parameters than GS1's are left out; so is what an element string says and no link may say, and what
    says nothing without it.
    """
    path = {identified.key, *(ai for ai, _ in identified.qualifiers)}
    attributes = {ai: value for ai, value in identified.attributes if IDENTIFIERS[ai].is_attribute}
    while lacking := [ai for ai in attributes if _lacks(ai, said=path | attributes.keys())]:
        for ai in lacking:
            del attributes[ai]
    query = "&".join(f"{ai}={quote(attributes[ai], safe='')}" for ai in sorted(attributes))
    return stem + identified.path + ("?" + query if query else "")


def element_string(identified: Identified) -> str:
    """The same as an element string in brackets."""
    said = ((identified.key, identified.value), *identified.qualifiers, *identified.attributes)
    return "".join(f"({ai}){value}" for ai, value in said)


def link_to(item: ScannedItem, *, stem: str) -> str:
    """The Digital Link URI of a pack under a stem such as `https://id.example.com`.

    The inverse of `parse_link`: `raw` is not repeated.
    """
    path = f"{stem}/{GTIN}/{item.gtin}"
    for ai, value in (("22", item.cpv), ("10", item.lot), ("21", item.serial), ("235", item.third_party)):
        if value is not None:
            path += f"/{ai}/{quote(value, safe='')}"
    query = [f"{ai}={day:%y%m%d}" for ai, day in (("17", item.expiry), ("15", item.best_before)) if day]
    if item.net_weight is not None:
        decimals = -min(0, int(item.net_weight.as_tuple().exponent))
        query.append(f"310{decimals}={int(item.net_weight.scaleb(decimals)):06}")
    return path + ("?" + "&".join(query) if query else "")


def _parse(uri: str, *, raw: str, today: date) -> Identified:
    if len(uri) > LONGEST_CODE:
        raise refusals.CodeTooLong(limit=str(LONGEST_CODE), position=LONGEST_CODE)
    common = _COMMON.fullmatch(uri)
    if common is None or not _is_gtin(common[1]):
        return _parse_thoroughly(uri, raw=raw, today=today)
    gtin, cpv, lot, serial, query = common.groups()
    said = {GTIN: gtin}
    if cpv:
        said["22"] = cpv
    if lot:
        said["10"] = lot
    if serial:
        said["21"] = serial
    if "%" in uri:
        for group, ai in enumerate(("22", "10", "21"), start=2):
            if ai in said:
                said[ai] = _value(said[ai], IDENTIFIERS[ai], place=common.start(group), today=today)
    qualifiers = tuple(said.items())[1:]
    attributes: Values = ()
    others: Values = ()
    if query:
        attributes, others = _query(query, place=common.start(5), key=GTIN, said=said, today=today)
    return Identified(
        key=GTIN, value=gtin, qualifiers=qualifiers, attributes=attributes, others=others, raw=raw
    )


def _is_gtin(digits: str) -> bool:
    return has_right_check_digit(digits) and digits[1:13] != NOTHING


def _parse_thoroughly(uri: str, *, raw: str, today: date) -> Identified:
    well_formed = _URI.match(uri)
    if well_formed is None or well_formed.end() < len(uri):
        raise refusals.LinkMalformed(position=well_formed.end() if well_formed else 0)
    link = _LINK.fullmatch(uri)
    if link is None:
        raise refusals.NotACode(position=0)
    place = link.start("path")
    segments = link["path"].split("/")
    first = _key_index(segments)
    if first is not None:
        place += sum(map(len, segments[:first])) + first
        (key, value), *qualifiers = _path(segments[first:], place=place, today=today).items()
        found = Identified(key=key, value=value, qualifiers=tuple(qualifiers), raw=raw)
    elif epc.COMPRESSED.fullmatch(segments[-1]):
        found = _of_tag(segments[-1], place=link.end("path") - len(segments[-1]), raw=raw, today=today)
    else:
        raise _no_key(segments, place=place)
    if not link["query"]:
        return found
    said = dict(((found.key, found.value), *found.qualifiers, *found.attributes))
    attributes, others = _query(
        link["query"], place=link.start("query"), key=found.key, said=said, today=today
    )
    return Identified(
        key=found.key,
        value=found.value,
        qualifiers=found.qualifiers,
        attributes=found.attributes + attributes,
        others=others,
        raw=raw,
    )


def _path(segments: list[str], *, place: int, today: date) -> dict[str, str]:
    """The key and its qualifiers from segments that begin with the key; `place` is its offset."""
    key = segments[0]
    qualifiers = QUALIFIERS[key]
    said: dict[str, str] = {}
    places: dict[str, int] = {}
    for index in range(0, len(segments), 2):
        ai, encoded = segments[index], segments[index + 1]
        if index and ai not in qualifiers:
            raise _misplaced(ai, key=key, place=place)
        if ai in said:
            raise refusals.AiRepeated(ai=ai, position=place)
        said[ai] = _value(encoded, IDENTIFIERS[ai], place=place + len(ai) + 1, today=today)
        places[ai] = place
        place += len(ai) + len(encoded) + 2
    _check_order(tuple(said)[1:], key=key, places=places)
    _check_needs([key], said=said.keys(), places=places)
    return said


def _key_index(segments: list[str]) -> int | None:
    """The index of the rightmost key, if only identifiers and their values come after it."""
    for index in range(len(segments) - 2, 0, -2):
        if segments[index] in KEY_QUALIFIERS:
            return index
        if segments[index] not in IDENTIFIERS:
            return None
    return None


def _no_key(segments: list[str], *, place: int) -> refusals.CodeRefused:
    """Why reading from the right has met no key; `place` is the path's offset."""
    for index in range(len(segments) - 2, 0, -2):
        ai = segments[index]
        if ai not in IDENTIFIERS:
            if GTIN in segments and ai.isascii() and ai.isdecimal() and len(ai) <= 4:
                place += sum(len(one) + 1 for one in segments[:index])
                return refusals.UnknownAi(ai=ai, position=place)
            break
    return refusals.LinkWithoutKey(position=place)


def _misplaced(ai: str, *, key: str, place: int) -> refusals.CodeRefused:
    if IDENTIFIERS[ai].is_attribute:
        return refusals.AttributeInPath(ai=ai, position=place)
    return refusals.NotAQualifier(ai=ai, key=key, position=place)


def _check_order(qualifiers: tuple[str, ...], *, key: str, places: Mapping[str, int]) -> None:
    if qualifiers not in QUALIFIER_ORDERS[key]:
        raise refusals.QualifierOrder(
            ai=qualifiers[0],
            position=places[qualifiers[0]],
            key=key,
            order=re.sub("([0-9]+)", r"(\1)", KEY_QUALIFIERS[key]).replace("|", " | "),
        )


def _of_tag(segment: str, *, place: int, raw: str, today: date) -> Identified:
    """What the binary string of a radio tag says; `place` is its offset."""
    try:
        said: dict[str, str] = {}
        for ai, value in epc.expanded(segment):
            identifier = IDENTIFIERS[ai]
            if not identifier.excludes.isdisjoint(said):
                _raise_excluded(identifier, said=said, position=place)
            _check_value(value, identifier, today=today)
            said[ai] = value
        return _assembled(said, key=next(iter(said)), places=dict.fromkeys(said, place), raw=raw)
    except refusals.CodeRefused as refused:
        raise refused.at(place) from None


def _query(query: str, *, place: int, key: str, said: dict[str, str], today: date) -> tuple[Values, Values]:
    """The attributes, and the parameters with names that are not all digits: they are other people's.

    `place` is the query's offset; `said` is what the path says, and gets what the query says.
    """
    attributes: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    needy: dict[str, int] = {}
    for parameter in _SEPARATORS.split(query) if ";" in query else query.split("&"):
        ai, equals, encoded = parameter.partition("=")
        if ai.isdecimal():
            identifier = _attribute(ai, key=key, said=said, place=place)
            start = place + len(ai) + len(equals)
            value = _value(encoded.replace("+", " "), identifier, place=start, today=today)
            said[ai] = value
            attributes.append((ai, value))
            if identifier.needs and key not in identifier.enough:
                needy[ai] = place
        elif parameter:
            others.append((ai, encoded))
        place += len(parameter) + 1
    if needy:
        _check_needs(needy, said=said.keys(), places=needy)
    return tuple(attributes), tuple(others)


def _attribute(ai: str, *, key: str, said: Mapping[str, str], place: int) -> Identifier:
    """The identifier, if it may stand in the query of a link to this key."""
    if ai in said:
        raise refusals.AiRepeated(ai=ai, position=place)
    identifier = IDENTIFIERS.get(ai)
    if identifier is None:
        raise refusals.UnknownAi(ai=ai, position=place)
    if ai in QUALIFIERS[key]:
        raise refusals.QualifierInQuery(ai=ai, position=place)
    if not identifier.is_attribute:
        if key == GTIN:
            raise refusals.AiNotWithGtin(ai=ai, position=place)
        raise refusals.NotAnAttribute(ai=ai, key=key, position=place)
    if not identifier.excludes.isdisjoint(said):
        _raise_excluded(identifier, said=said, position=place)
    return identifier


def _raise_excluded(identifier: Identifier, *, said: Mapping[str, str], position: int) -> NoReturn:
    ai = identifier.ai
    other = next(other for other in said if other in identifier.excludes)
    if ai.startswith("3") and other[:3] == ai[:3]:  # the same measure or price, with other decimals
        raise refusals.AiRepeated(ai=f"{ai[:3]}n", position=position)
    if other == GTIN:
        raise refusals.AiNotWithGtin(ai=ai, position=position)
    raise refusals.AiExcluded(ai=ai, other=other, position=position)


def _lacks(ai: str, *, said: AbstractSet[str]) -> tuple[frozenset[str], ...]:
    """The choices of which an identifier needs one, where none is there."""
    for choices in IDENTIFIERS[ai].needs:
        if not any(choice <= said for choice in choices):
            return choices
    return ()


def _check_needs(identifiers: Iterable[str], *, said: AbstractSet[str], places: Mapping[str, int]) -> None:
    for ai in identifiers:
        if choices := _lacks(ai, said=said):
            needed = sorted("+".join(f"({one})" for one in sorted(choice)) for choice in choices)
            raise refusals.AiRequired(ai=ai, position=places[ai], needed=" | ".join(needed))


def _value(encoded: str, identifier: Identifier, *, place: int, today: date) -> str:
    """A value without its percent-encoding: byte by byte, for GS1 has no character beyond ASCII."""
    value = unquote_to_bytes(encoded).decode("latin-1") if "%" in encoded else encoded
    try:
        _check_value(value, identifier, today=today)
    except refusals.CodeRefused as refused:
        written = [match.start() for match in _ENCODED.finditer(encoded)]
        raise refused.at(place + [*written, len(encoded)][refused.position or 0]) from None
    return value


def _check_value(value: str, identifier: Identifier, *, today: date) -> None:
    """Raise CodeRefused, its position the offset in the value. A GTIN has its own refusals."""
    if identifier.ai != GTIN or not value:
        identifier.check(value, today=today)
    elif len(value) != 14:
        raise refusals.GtinLengthInLink(ai=GTIN, position=min(wrong_place(value), 14))
    else:
        gtin14(value)


def _of_elements(text: str, *, raw: str, today: date) -> Identified:
    """What an element string says: the rules of a link, but in any order."""
    said: dict[str, str] = {}
    places: dict[str, int] = {}
    for element in elements_of(text):
        ai, place = element.ai, element.place
        if ai in said:
            raise refusals.AiRepeated(ai=ai, position=place)
        identifier = IDENTIFIERS.get(ai)
        if identifier is None:
            raise refusals.UnknownAi(ai=ai, position=place)
        if not identifier.excludes.isdisjoint(said):
            _raise_excluded(identifier, said=said, position=place)
        try:
            _check_value(element.value, identifier, today=today)
        except refusals.CodeRefused as refused:
            raise refused.at(element.offset(refused.position or 0)) from None
        said[ai] = element.value
        places[ai] = place
    return _assembled(said, key=_leading_key(said), places=places, raw=raw)


def _assembled(said: Mapping[str, str], *, key: str, places: Mapping[str, int], raw: str) -> Identified:
    """What identifiers and values in any order say about a key."""
    qualifiers = tuple(ai for ai in KEY_QUALIFIERS[key].replace("|", " ").split() if ai in said)
    _check_order(qualifiers, key=key, places=places)
    _check_needs(said, said=said.keys(), places=places)
    return Identified(
        key=key,
        value=said[key],
        qualifiers=tuple((ai, said[ai]) for ai in qualifiers),
        attributes=tuple((ai, value) for ai, value in said.items() if ai != key and ai not in qualifiers),
        raw=raw,
    )


def _leading_key(said: Mapping[str, str]) -> str:
    """The key of an element string: the trade item's where there is one, else the first that can lead."""
    if GTIN in said:
        return GTIN
    for ai in said:
        if ai in KEY_QUALIFIERS:
            return ai
    raise refusals.ElementsWithoutGtin(position=0)
