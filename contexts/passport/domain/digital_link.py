"""GS1 Digital Link URIs to trade items, read strictly, and other codes as a person scans or types them.

After the GS1 Digital Link Standard: URI Syntax. Stricter than the standard in one point: (10) is a qualifier
of the GTIN and is refused in the query even where (235) already stands in the path.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from contexts.passport.domain import refusals
from contexts.passport.domain.application_identifiers import (
    ATTRIBUTE_FORMATS,
    GTIN,
    LONE_QUALIFIER,
    NET_WEIGHT_DECIMALS,
    NOT_WITH_GTIN,
    PRIMARY_KEYS,
    QUALIFIER_FORMATS,
    QUALIFIERS,
    Format,
)
from contexts.passport.domain.element_strings import Elements, elements_of, is_element_string
from contexts.passport.domain.gtin import gtin14
from contexts.passport.domain.scanned_item import ScannedItem, date_of

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
_SCHEME: Final = re.compile(r"\s*https?://", re.IGNORECASE)
_GROUPING: Final = re.compile(r"[\s-]+", re.ASCII)
#: Blanks around a code; Python's own `strip` would take GS for one, which has a meaning in an element string.
_BLANKS: Final = " \t\r\n\f\v"
_SEPARATORS: Final = re.compile("[&;]")

_DATES: Final = frozenset({"11", "12", "13", "15", "16", "17"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """What a Digital Link or an element string says, whatever its key identifies."""

    key: str
    """The identifier of the primary key: `01` for a trade item, `414` for a place."""
    value: str
    """The key's value, decoded."""
    qualifiers: tuple[tuple[str, str], ...] = ()
    """Identifiers and decoded values in GS1's order."""
    attributes: tuple[tuple[str, str], ...] = ()
    """Identifiers and decoded values in the order of the code."""
    others: tuple[tuple[str, str], ...] = ()
    """Names and values of the other query parameters, as they were written."""
    raw: str
    """The code as it was scanned or typed."""

    @property
    def path(self) -> str:
        """The canonical path of what is identified, percent-encoded: `/01/09506000134352/10/AB%2FC`."""
        return f"/{self.key}/{quote(self.value, safe='')}" + "".join(
            f"/{ai}/{quote(value, safe='')}" for ai, value in self.qualifiers
        )

    @property
    def levels(self) -> tuple[str, ...]:
        """The path, then each shorter one up to the key: the most specific first."""
        found = [f"/{self.key}/{quote(self.value, safe='')}"]
        for ai, value in self.qualifiers:
            found.append(f"{found[-1]}/{ai}/{quote(value, safe='')}")
        return tuple(reversed(found))


def identify(text: str, *, today: date) -> Identified:
    """What a scanned or typed text says: a Digital Link, an element string, or a GTIN of 8 to 14 digits.

    Digits may be grouped by spaces or hyphens as they are printed. Raises CodeRefused.
    """
    if len(text) > LONGEST_CODE:
        raise refusals.CodeTooLong(limit=str(LONGEST_CODE))
    raw = text.strip(_BLANKS)
    if _SCHEME.match(raw):
        return parse_uri(raw, today=today)
    if is_element_string(raw):
        return _of_elements(elements_of(raw), raw=raw, today=today)
    digits = _GROUPING.sub("", raw)
    if not (digits.isascii() and digits.isdecimal()):
        raise refusals.NotACode
    return Identified(key=GTIN, value=gtin14(digits), raw=raw)


def parse_uri(uri: str, *, today: date) -> Identified:
    """What a Digital Link URI says. Any host, any path before the key; the fragment is ignored.

    Raises CodeRefused: each rule has its type.
    """
    if len(uri) > LONGEST_CODE:
        raise refusals.CodeTooLong(limit=str(LONGEST_CODE))
    if not _URI.fullmatch(uri):
        raise refusals.LinkMalformed
    link = _LINK.fullmatch(uri)
    if link is None:
        raise refusals.NotACode
    found = _values_in_path(link["path"])
    query = link["query"] or ""
    attributes = _values_in_query(query, said=found)
    return _identified(found, attributes, raw=uri, today=today, others=_other_parameters(query))


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
    qualifiers, attributes = dict(identified.qualifiers), dict(identified.attributes)
    dates = {ai: date_of(value=attributes[ai], ai=ai, today=today) for ai in ("15", "17") if ai in attributes}
    return ScannedItem(
        gtin=identified.value,
        cpv=qualifiers.get("22"),
        lot=qualifiers.get("10"),
        serial=qualifiers.get("21"),
        third_party=qualifiers.get(LONE_QUALIFIER),
        expiry=dates.get("17"),
        best_before=dates.get("15"),
        net_weight=_net_weight(attributes),
        raw=identified.raw,
    )


def canonical_uri(identified: Identified, *, stem: str = "https://id.gs1.org") -> str:
    """The one way to write it as a link; other parameters than GS1's are left out."""
    query = "&".join(f"{ai}={quote(value, safe='')}" for ai, value in identified.attributes)
    return stem + identified.path + ("?" + query if query else "")


def _of_elements(elements: Elements, *, raw: str, today: date) -> Identified:
    """What an element string says: the rules of a link, but in any order."""
    found: dict[str, str] = {}
    attributes: dict[str, str] = {}
    for ai, value in elements:
        if ai in found or ai in attributes:
            raise refusals.AiRepeated(ai=ai)
        if ai == GTIN:
            found[ai] = _gtin_in_link(value)
        elif ai in NOT_WITH_GTIN:
            raise refusals.AiNotWithGtin(ai=ai)
        elif ai in QUALIFIER_FORMATS:
            found[ai] = _fitting(value, ai=ai, form=QUALIFIER_FORMATS[ai])
        elif ai in ATTRIBUTE_FORMATS:
            attributes[ai] = _fitting(value, ai=ai, form=ATTRIBUTE_FORMATS[ai])
        else:
            raise refusals.UnknownAi(ai=ai)
    if GTIN not in found:
        raise refusals.ElementsWithoutGtin
    _check_order([ai for ai in QUALIFIER_FORMATS if ai in found])
    return _identified(found, attributes, raw=raw, today=today, others=())


def _identified(
    found: dict[str, str],
    attributes: dict[str, str],
    *,
    raw: str,
    today: date,
    others: tuple[tuple[str, str], ...],
) -> Identified:
    for ai in attributes:
        if ai in _DATES:
            date_of(value=attributes[ai], ai=ai, today=today)
    _net_weight(attributes)
    return Identified(
        key=GTIN,
        value=found[GTIN],
        qualifiers=tuple((ai, found[ai]) for ai in (*QUALIFIERS, LONE_QUALIFIER) if ai in found),
        attributes=tuple(attributes.items()),
        others=others,
        raw=raw,
    )


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


def _values_in_path(path: str) -> dict[str, str]:
    """The GTIN and its qualifiers by identifier, from the rightmost key on."""
    segments = path.split("/")
    pairs: list[tuple[str, str]] = []
    for place in range(len(segments) - 2, 0, -2):
        ai = segments[place]
        pairs.append((ai, segments[place + 1]))
        if ai in PRIMARY_KEYS:
            break
        if ai not in QUALIFIER_FORMATS and ai not in ATTRIBUTE_FORMATS and ai not in NOT_WITH_GTIN:
            raise _no_key(segments, stray=ai)
    else:
        raise refusals.LinkWithoutKey
    key, gtin = pairs.pop()
    if key != GTIN:
        raise refusals.KeyNotRead(ai=key)
    found = {GTIN: _gtin_in_link(gtin)}
    for ai, value in reversed(pairs):
        if ai not in QUALIFIER_FORMATS:
            raise refusals.AttributeInPath(ai=ai)
        if ai in found:
            raise refusals.AiRepeated(ai=ai)
        found[ai] = _value(value, ai=ai, form=QUALIFIER_FORMATS[ai])
    _check_order([ai for ai, _ in reversed(pairs)])
    return found


def _no_key(segments: list[str], *, stray: str) -> refusals.CodeRefused:
    """The reason why reading from the right met something else before a key."""
    if GTIN in segments and stray.isascii() and stray.isdecimal() and len(stray) <= 4:
        return refusals.UnknownAi(ai=stray)
    return refusals.LinkWithoutKey()


def _gtin_in_link(value: str) -> str:
    if not value:
        raise refusals.AiEmpty(ai=GTIN)
    if len(value) != 14:
        raise refusals.GtinLengthInLink(ai=GTIN)
    return gtin14(value)


def _check_order(qualifiers: list[str]) -> None:
    if qualifiers == [LONE_QUALIFIER]:
        return
    if qualifiers != [ai for ai in QUALIFIERS if ai in qualifiers]:
        raise refusals.QualifierOrder(ai=qualifiers[0])


def _values_in_query(query: str, *, said: dict[str, str]) -> dict[str, str]:
    """The attributes by identifier. Parameters with names that are not all digits are other people's."""
    found: dict[str, str] = {}
    for ai, value in _numeric_parameters(query):
        if ai in said or ai in found:
            raise refusals.AiRepeated(ai=ai)
        if ai in QUALIFIER_FORMATS:
            raise refusals.QualifierInQuery(ai=ai)
        if ai in NOT_WITH_GTIN:
            raise refusals.AiNotWithGtin(ai=ai)
        if ai not in ATTRIBUTE_FORMATS:
            raise refusals.UnknownAi(ai=ai)
        found[ai] = _value(value.replace("+", " "), ai=ai, form=ATTRIBUTE_FORMATS[ai])
    return found


def _other_parameters(query: str) -> tuple[tuple[str, str], ...]:
    parameters = (parameter.partition("=") for parameter in _SEPARATORS.split(query) if parameter)
    return tuple((name, value) for name, _, value in parameters if not name.isdecimal())


def _numeric_parameters(query: str) -> Iterator[tuple[str, str]]:
    for parameter in _SEPARATORS.split(query):
        name, _, value = parameter.partition("=")
        if name.isdecimal():
            yield name, value


def _value(encoded: str, *, ai: str, form: Format) -> str:
    """A value without its percent-encoding: byte by byte, for GS1 has no character beyond ASCII."""
    value = unquote_to_bytes(encoded).decode("latin-1") if "%" in encoded else encoded
    return _fitting(value, ai=ai, form=form)


def _fitting(value: str, *, ai: str, form: Format) -> str:
    if not value:
        raise refusals.AiEmpty(ai=ai)
    if not form.fits(value):
        raise refusals.AiValue(ai=ai, form=form.notation)
    return value


def _net_weight(attributes: dict[str, str]) -> Decimal | None:
    stated = [ai for ai in NET_WEIGHT_DECIMALS if ai in attributes]
    if not stated:
        return None
    if len(stated) > 1:
        raise refusals.AiRepeated(ai="310n")
    return Decimal(attributes[stated[0]]).scaleb(-NET_WEIGHT_DECIMALS[stated[0]])
