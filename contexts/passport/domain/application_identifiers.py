"""GS1 Application Identifiers: the form of each one's value, what it needs beside it and what it excludes.

Source: the GS1 Barcode Syntax Dictionary and the GS1 General Specifications it follows: section 3 (forms),
section 4.13 (which go together), section 7.8.5 (values of fixed length); GS1 Digital Link Standard: URI
Syntax 1.6, section 4 (keys, their qualifiers, attributes).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain, combinations
from typing import Final, NamedTuple

from contexts.passport.domain import refusals
from contexts.passport.domain.value_rules import RULES, Rule

GTIN: Final = "01"

#: The keys that can lead a Digital Link; what may qualify each in the path, in this order; `|` parts choices.
#: 415 needs its qualifier (it says so in the table).
KEY_QUALIFIERS: Final[Mapping[str, str]] = {
    "00": "", GTIN: "22 10 21|235", "253": "", "255": "", "401": "", "402": "", "414": "254|7040",
    "415": "8020", "417": "7040", "8003": "", "8004": "7040", "8006": "22 10 21", "8010": "8011",
    "8013": "", "8017": "8019", "8018": "8019",
}  # fmt: skip

#: What may qualify each key, in any order and in the right ones.
QUALIFIERS: Final[Mapping[str, frozenset[str]]] = {
    key: frozenset(choices.replace("|", " ").split()) for key, choices in KEY_QUALIFIERS.items()
}
QUALIFIER_ORDERS: Final[Mapping[str, frozenset[tuple[str, ...]]]] = {
    key: frozenset(
        order
        for choice in choices.split("|")
        for count in range(len(choice.split()) + 1)
        for order in combinations(choice.split(), count)
    )
    for key, choices in KEY_QUALIFIERS.items()
}

#: Never in the query of a link: they say more precisely what the path says, or have no place in a link.
NO_ATTRIBUTES: Final = frozenset({
    "03", "21", "22", "235", "254", "7040", "7041", "8011", "8014", "8019", "8020", "8026", "8200",
})  # fmt: skip

#: Characters of values that end by themselves in an element string, by the identifier's first two digits.
FIXED_LENGTHS: Final = "00 18|01-03 14|04 16|11-19 6|20 2|31-36 6|41 13"

#: A trade item, its content, or pieces of one; what is weighed, measured or counted.
_ITEM: Final = "01,02,8006,8026"
_ANY_ITEM: Final = "01,02,03,8006,8026"
_MEASURED: Final = "30,31nn,32nn,35nn,36nn"

#: A line: identifiers | form | what it needs | what it excludes. 310.5 stands for 3100 to 3105. In a form,
#: `:name` is a rule for the part's content. Of what it needs, blanks part what must all be there, commas
#: choices, `+` what makes a choice together; n is any digit. `=` excludes its own kind: one of 310n.
#: Of 22 the dictionary says that it needs 01, and that it qualifies 8006: the latter holds.
TABLE: Final = f"""\
00|N18:check
01|N14:check||255 37
02|N14:check|37|01 03
03|N14:check||01 02 37 235
10|X..20|{_ANY_ITEM}
11 13 15-16|N6:date|{_ANY_ITEM}
12|N6:date|8020
17|N6:date|255,{_ANY_ITEM}
20|N2|{_ITEM}
21|X..20|01,03,8006|235
22|X..20|01,8006
235|X..28|01
240-241|X..30|{_ITEM}
242|N..6|{_ITEM}
243 710-716|X..20|01
250|X..30|01,8006 21
251|X..30|01,8006
253|N13:check [X..17]
254|X..20|414
255|N13:check [N..12]||01 02 415 8006 8020 8026
30|N..8|01,02
310-316.5 320-329.5 350-352.5 356-357.5 360-361.5 364-366.5|N6|01,02|=
330-336.5 340-349.5 353-355.5 362-363.5 367-369.5|N6|00,01|=
337.5|N6|01|=
37|N..8|00 02,8026
390.9|N..15|255,8020|= 391n 394n 8111
391.9|N3:currency N..15|8020|=
392.9|N..15|01 {_MEASURED}|= 393n
393.9|N3:currency N..15|{_MEASURED}|=
394.3|N4|255|= 8111
395.5|N6|{_MEASURED}|= 392n 393n 8005
400|X..30
401|X..30:prefix
402|N17:check
403|X..30|00
410-414 416-417|N13:check
415|N13:check|8020
420|X..20||421
421|N3:country X..9||4307
422|N3:country|{_ITEM}|426
423 425|N3:country [N3:country] [N3:country] [N3:country] [N3:country]|01,02|426
424|N3:country|01,02|426
426|N3:country|01,02
427|X..3|01,02 422
4300-4301 4310-4311 4320|X..35:percent|00
4302 4304-4306 4312 4314-4316|X..70:percent|00
4303|X..70:percent|4302
4313|X..70:percent|4312
4307 4317|X2:alpha|00
4308 4319|X..30|00
4309|N10:latitude N10:longitude|00
4318|X..20|00
4321-4323|N1:yesno|00
4324-4325|N6:date N4:time|00
4326|N6:day|00
4330|N6 [X1:hyphen]|00|4331
4331 4333|N6 [X1:hyphen]|00
4332|N6 [X1:hyphen]|00|4333
7001|N13|{_ITEM}
7002|X..30|01,02
7003|N6:day N4:time|01,02
7004|N..4|01 10
7005|X..12|01,02
7006|N6:day|01,02
7007|N6:day [N6:day]|01,02
7008|X..3|01,02
7009|X..10|01,02
7010|X..2|01,02
7011|N6:day [N4:time]|01,02
7020|X..20|01,8006 416
7021 7240 8012|X..20|01,8006
7022|X..20|7021
7023|X..30:prefix
7030-7039|N3:anywhere X..27|01,02
7040|N1 X1 X1 X1:importer
7041|X..4|00
7230-7239|X2 X..28|01,8004
7241|N2:media|8017,8018
7242|X..25|8017,8018
7250|N8:birthday|8018|7251
7251|N8:birthday N4:time|8018
7252|N1:sex|8018
7253-7254|X..40:percent|8017,8018|7256 7259
7255|X..10|8017,8018|7256 7259
7256|X..90:percent|8017,8018
7257|X..70:percent|8018
7258|X3:sequence|8018+7259
7259|X..40:percent|8018|7256
8001|N4:some N5:some N3:some N1:winding N1|01
8002|X..20
8003|N1:zero N13:check [X..16]
8004|X..30:prefix
8005|N6|01,02
8006|N14:check N4:piece||01 37
8007|X..34:iban|415
8008|N6:date N2:time [N2:minute] [N2:minute]|01,02
8009|X..50|00,01
8010|Y..30:prefix
8011|N..12:natural|8010
8013|X..25:pair:prefix
8014|X..25:pair:prefix:letter|01
8017|N18:check||8018
8018|N18:check
8019|N..10|8017,8018
8020|X..25|415
8026|N14:check N4:piece|37|02 8006
8030|Z..90|00,01+21,253,255,8003,8004,8006+21,8010+8011,8017,8018
8110 8112|X..70
8111|N4|255
8200|X..70|01
90|X..30
91-99|X..90"""

#: Characters by the letter of GS1's notation: digits, the 82 and the 39 of section 7.11, base64url.
CHARACTERS: Final[Mapping[str, str]] = {
    "N": "0-9",
    "X": r"!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z",
    "Y": r"#\-/0-9A-Z",
    "Z": r"\-_0-9A-Za-z",
}
_ONE: Final = {kind: re.compile(f"[{characters}]") for kind, characters in CHARACTERS.items()}
_PART: Final = re.compile(
    r"(?P<optional>\[)?(?P<kind>[NXYZ])(?P<variable>\.\.)?(?P<length>[0-9]{1,2})(?P<rules>(?::[a-z]+)*)\]?"
)


class _Part(NamedTuple):
    """A part of a value: `N6` is 6 digits, `X..20` 1 to 20 of the 82. Only the last one's length varies."""

    kind: str
    least: int
    most: int
    optional: bool
    rules: tuple[str, ...]


class _RuleAt(NamedTuple):
    """A rule for the part of a value that begins here."""

    rule: Rule
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """An Application Identifier."""

    ai: str
    notation: str
    """The form of its value in GS1's notation: `N3 X..9`."""
    is_attribute: bool
    """Whether it may stand in the query of a link."""
    needs: tuple[tuple[frozenset[str], ...], ...]
    """Of each group, one choice must stand beside it, whole."""
    enough: frozenset[str]
    """Identifiers that alone are all it needs."""
    excludes: frozenset[str]
    """What it must not stand beside, whichever of the two says so in the table."""
    fixed: int | None
    """Characters of its value where they end by themselves in an element string."""
    pattern: re.Pattern[str]
    parts: tuple[_Part, ...]
    rules: tuple[_RuleAt, ...]

    def fits(self, value: str) -> bool:
        """Whether a value has the form."""
        return self.pattern.fullmatch(value) is not None

    def check(self, value: str, *, today: date) -> None:
        """Raise CodeRefused where the value is not one; its position is the offset in the value."""
        if self.pattern.fullmatch(value) is None:
            raise self._misfit(value)
        for rule, start, end in self.rules:
            part = value[start:end]
            if part and not rule.holds(part, today):
                raise rule.refusal(ai=self.ai, position=rule.place(part) + start, form=self.notation)

    def _misfit(self, value: str) -> refusals.CodeRefused:
        """Where the value leaves the form: its first wrong character, or its end where it is too short."""
        if not value:
            return refusals.AiEmpty(ai=self.ai, position=0)
        kinds = chain.from_iterable([part.kind] * part.most for part in self.parts)
        place = next(
            (at for at, character in enumerate(value) if not _ONE[next(kinds, "N")].match(character)
             or at >= self.longest), len(value),
        )  # fmt: skip
        return refusals.AiValue(ai=self.ai, position=place, form=self.notation)

    @property
    def longest(self) -> int:
        """Characters that its value has at most."""
        return sum(part.most for part in self.parts)


def _identifiers() -> dict[str, Identifier]:
    lines = [[column.strip() for column in f"{line}|||".split("|")[:4]] for line in TABLE.splitlines()]
    every = tuple(ai for names, *_ in lines for ai in _each(names))
    excluded: dict[str, set[str]] = {ai: set() for ai in every}
    for names, _, _, excludes in lines:
        for ai in _each(names):
            others = {one for said in excludes.split() for one in _matching(_wanted(said, own=ai), every)} - {
                ai
            }
            excluded[ai] |= others
            for other in others:
                excluded[other].add(ai)
    return {
        ai: _identifier(ai, form=form, needs=needs, every=every, excluded=excluded[ai])
        for names, form, needs, _ in lines
        for ai in _each(names)
    }


def _identifier(ai: str, *, form: str, needs: str, every: tuple[str, ...], excluded: set[str]) -> Identifier:
    parts = tuple(
        _Part(
            kind=part["kind"],
            least=1 if part["variable"] else int(part["length"]),
            most=int(part["length"]),
            optional=part["optional"] is not None,
            rules=tuple(part["rules"].split(":")[1:]),
        )
        for part in _PART.finditer(form)
    )
    groups = tuple(
        tuple(
            frozenset(together)
            for choice in group.split(",")
            for together in (
                [choice.split("+")] if "+" in choice else [[one] for one in _matching(_wanted(choice), every)]
            )
        )
        for group in needs.split()
    )
    alone = [{next(iter(choice)) for choice in group if len(choice) == 1} for group in groups]
    return Identifier(
        ai=ai,
        notation=re.sub(":[a-z]+", "", form),
        is_attribute=ai not in NO_ATTRIBUTES,
        needs=groups,
        enough=frozenset(set.intersection(*alone)) if alone else frozenset(),
        excludes=frozenset(excluded),
        fixed=FIXED.get(ai[:2]),
        pattern=_pattern(parts),
        parts=parts,
        rules=tuple(_rules(parts)),
    )


def _each(identifiers: str) -> Iterator[str]:
    for part in identifiers.split():
        numbers, _, decimals = part.partition(".")
        first, _, last = numbers.partition("-")
        for number in range(int(first), int(last or first) + 1):
            ai = f"{number:0{len(first)}}"
            yield from (f"{ai}{last}" for last in range(int(decimals) + 1)) if decimals else (ai,)


def _wanted(said: str, *, own: str = "") -> str:
    """As a pattern."""
    return (own[:3] + "." if said == "=" else said).replace("n", ".")


@cache  # a hundred patterns are asked for some 1,500 times
def _matching(wanted: str, every: tuple[str, ...]) -> tuple[str, ...]:
    pattern = re.compile(wanted)
    return tuple(ai for ai in every if pattern.fullmatch(ai))


def _pattern(parts: tuple[_Part, ...]) -> re.Pattern[str]:
    """Optional parts follow each other: the second one is not there without the first."""
    pattern = ""
    for part in reversed(parts):
        one = f"[{CHARACTERS[part.kind]}]{{{part.least},{part.most}}}{pattern}"
        pattern = f"(?:{one})?" if part.optional else one
    return re.compile(pattern)


def _rules(parts: tuple[_Part, ...]) -> Iterator[_RuleAt]:
    start = 0
    for part in parts:
        yield from (_RuleAt(RULES[name], start, start + part.most) for name in part.rules)
        start += part.most


FIXED: Final[Mapping[str, int]] = {
    first: int(length)
    for group in FIXED_LENGTHS.split("|")
    for firsts, length in [group.split()]
    for first in _each(firsts)
}

IDENTIFIERS: Final[Mapping[str, Identifier]] = _identifiers()

#: Net weight in kilograms (310n); the digits after the decimal point by identifier.
NET_WEIGHT_DECIMALS: Final[Mapping[str, int]] = {f"310{decimals}": decimals for decimals in range(6)}
