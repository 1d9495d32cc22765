"""Codes of every key for tests and measurements: right ones, and such that break a rule somewhere."""

import random
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from contexts.passport.domain.application_identifiers import (
    FIXED,
    GTIN,
    IDENTIFIERS,
    KEY_QUALIFIERS,
    Identifier,
)
from contexts.passport.domain.code_lists import COUNTRIES, COUNTRY_LETTERS, CURRENCIES
from contexts.passport.domain.gtin import check_digit
from contexts.passport.domain.value_rules import check_pair

_CHARACTERS: Final = {
    "N": "0123456789",
    "X": "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz",
    "Y": "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "Z": "-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
}
_NUMBERS: Final = sorted(COUNTRIES), sorted(COUNTRY_LETTERS), sorted(CURRENCIES)
#: What a mutation may put in: separators, encodings, identifiers, characters of no code.
_PIECES: Final = (
    *"/?#&;=%+()^ -0123456789AZaz", "%2F", "%00", "%FF", "%zz", "//", "01", "10", "21", "235", "17", "3103",
    "414", "8020", "89", "é", "\U0001f34e", "\x1d", "\ud800", "٣", "]d2", "(01)", "/01/09520123456788",
    "?17=260431",
)  # fmt: skip

Said = list[tuple[str, str]]


def value_of(identifier: Identifier, source: random.Random) -> str:
    """A right value, at random."""
    value = ""
    for part in identifier.parts:
        if part.optional and source.random() < 0.5:
            break
        length = part.most if part.least == part.most else source.randint(part.least, min(part.most, 12))
        text = "".join(source.choices(_CHARACTERS[part.kind], k=length))
        for rule in reversed(part.rules):
            text = _following(rule, text, source)
        value += text
    return value


def _following(rule: str, text: str, source: random.Random) -> str:
    countries, letters, currencies = _NUMBERS
    match rule:
        case "check":
            return f"9{text[1:-1]}" + check_digit(f"9{text[1:-1]}")
        case "pair":
            return text[:20] + check_pair(text[:20])
        case "prefix" | "letter":
            return f"{source.randint(0, 9999):04}{text[:20]}"
        case "date" | "day":
            return f"{source.randint(0, 99):02}{source.randint(1, 12):02}{source.randint(1, 28):02}"
        case "birthday":
            return f"{source.randint(1900, 2026)}{source.randint(1, 12):02}{source.randint(1, 28):02}"
        case "time":
            return f"{source.randint(0, 23):02}{source.randint(0, 59):02}"[: len(text)]
        case "minute":
            return f"{source.randint(0, 23):02}"
        case "country" | "anywhere":
            return source.choice(countries)
        case "alpha":
            return source.choice(letters)
        case "currency":
            return source.choice(currencies)
        case "latitude" | "longitude":
            return "0" + text[1:]
        case "percent":
            return (
                text.replace("%", "%4a")[: len(text)].replace("%", "A", source.randint(0, 1)).rstrip("%4")
                or "A"
            )
        case "iban":
            return "FR7630006000011234567890189"
        case "piece" | "media":
            return {"piece": "0102", "media": "10"}[rule]
        case "sequence":
            return "2/3"
        case "yesno" | "sex" | "winding" | "zero":
            return source.choice("0" if rule == "zero" else "01")
        case "hyphen":
            return "-"
        case "some" | "natural":
            return f"{source.randint(1, 9)}{text[1:]}"
        case "importer":
            return source.choice("-_Aa0")
    raise AssertionError(f"Nothing here makes a value that keeps the rule {rule!r}: say above how.")


def elements(source: random.Random) -> tuple[Said, Said]:
    """The key with its qualifiers, and the attributes, of a right link at random."""
    key = source.choice([GTIN, *KEY_QUALIFIERS])
    choice = source.choice(KEY_QUALIFIERS[key].split("|")).split()
    path = [key, *(ai for ai in choice if key == "415" or source.random() < 0.5)]
    query: list[str] = []
    for ai in source.sample(_ATTRIBUTES, k=40):
        identifier = IDENTIFIERS[ai]
        said = {*path, *query}
        missing = [group for group in identifier.needs if not any(one <= said for one in group)]
        free = ai not in said and ai not in KEY_QUALIFIERS[key].replace("|", " ").split()
        if len(query) < 4 and free and not missing and identifier.excludes.isdisjoint(said):
            query.append(ai)
    say = lambda ai: (ai, value_of(IDENTIFIERS[ai], source))  # noqa: E731
    return [say(ai) for ai in path], [say(ai) for ai in query]


_ATTRIBUTES: Final = [ai for ai, identifier in IDENTIFIERS.items() if identifier.is_attribute]


def link(path: Said, query: Said, source: random.Random) -> str:
    """A link that says it, under some host and stem, with other parameters between."""
    host = source.choice(
        ("https://id.example.com", "http://a", "HTTPS://Brand.example:8443/en/food", "https://[2001:db8::1]")
    )
    text = host + "".join(f"/{ai}/{quote(value, safe=source.choice(('', '!$*,;:@')))}" for ai, value in path)
    parameters = [f"{ai}={quote(value, safe='')}" for ai, value in query]
    if source.random() < 0.3:
        parameters.insert(
            source.randint(0, len(parameters)), source.choice(("utm_source=x", "flag", "linkType=all", ""))
        )
    if parameters:
        text += "?" + source.choice("&&;").join(parameters)
    return text + source.choice(("", "", "", "#top"))


def element_string(said: Said, source: random.Random) -> str:
    """An element string that says it, in one of its forms."""
    if source.random() < 0.5:
        return "".join(f"({ai}){value}" for ai, value in said)
    separator = source.choice("^\x1d")
    text = source.choice(("]C1", "]d2", "]Q3", separator))
    for ai, value in said:
        text += ai + value + ("" if ai[:2] in FIXED and source.random() < 0.8 else separator)
    return text


def tag_link(source: random.Random) -> str:
    """A link as a radio tag writes it; its bits often make no sense."""
    if source.random() < 0.5:
        header = source.choice(
            (0x2C, 0x2D, 0x30, 0x31, 0x32, 0x33, 0x34, 0x3C, 0x3D, 0x3F, 0x40, 0x36, 0x39, 0x3E)
        )
        # The highest partition has the shortest company prefix, and random bits often fit its digits.
        bits = f"{header:08b}{source.randrange(8):03b}{source.randrange(7):03b}0" + "".join(
            source.choices("01", weights=(3, 1), k=81 if header < 0x36 else 200)
        )
    else:
        header = source.choice((*range(0xE6, 0xF0), *range(0xF0, 0xFE)))
        digits = "".join(f"{source.randrange(10):04b}" for _ in range(source.choice((4, 13, 14, 18))))
        text = f"{source.randrange(6):03b}{source.randrange(8):05b}" + "".join(source.choices("01", k=56))
        bits = f"{header:08b}{source.randrange(16):04b}" + source.choice(("", f"{source.randrange(8):04b}"))
        bits += digits + source.choice(("1110", "1111", "")) + text[: source.randrange(64)]
    bits += "0" * source.choice((0, 8, 24, 200))
    if source.random() < 0.5:
        return "https://example.com/eh" + "".join(
            f"{int(bits[at : at + 4], 2):x}" for at in range(0, len(bits), 4)
        )
    return "https://example.com/a/ex" + "".join(
        _BASE64[int(f"{bits[at : at + 6]:0<6}", 2)] for at in range(0, len(bits), 6)
    )


_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def mutated(text: str, source: random.Random) -> str:
    """The same with something put in, taken out, changed or swapped."""
    for _ in range(source.randint(1, 2)):
        place = source.randrange(len(text) + 1)
        end = min(len(text), place + source.choice((0, 1, 1, 2, 5)))
        text = text[:place] + source.choice(("", source.choice(_PIECES))) + text[end:]
    return text


def _break_a_rule(path: Said, query: Said, source: random.Random) -> None:
    """Put elements where they do not belong, take out what others need, say things twice."""
    match source.randrange(6):
        case 0:
            source.shuffle(path)
        case 1:
            (query or path).append(source.choice(path + query))
        case 2:
            query.append(path.pop())
        case 3:
            path.extend(query[:1])
        case 4:
            ai = source.choice(list(IDENTIFIERS))
            query.insert(source.randint(0, len(query)), (ai, value_of(IDENTIFIERS[ai], source)))
        case _:
            said = source.choice([path, query] if query else [path])
            place = source.randrange(len(said))
            ai, value = said[place]
            wrong = source.randrange(len(value))
            said[place] = ai, value[:wrong] + source.choice("0123456789AZ") + value[wrong + 1 :]


def codes(*, seed: int) -> Iterator[str]:
    """Codes without end: links and element strings, a third of them as they should be."""
    source = random.Random(seed)
    while True:
        if source.random() < 0.1:
            yield tag_link(source)
            continue
        path, query = elements(source)
        if source.random() < 0.2:
            _break_a_rule(path, query, source)
        text = element_string(path + query, source) if source.random() < 0.25 else link(path, query, source)
        yield text if source.random() < 0.35 else mutated(text, source)
