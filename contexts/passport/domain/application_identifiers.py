"""GS1 Application Identifiers: which may stand where in a link to a trade item, and the form of their values.

Source: GS1 General Specifications, section 3.2 (identifiers and formats) and section 4.13 (which do not go
together); GS1 Digital Link Standard: URI Syntax, section 4 (keys, their qualifiers, attributes). A value is
checked for its length and characters; what it says is checked only where we read it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

GTIN: Final = "01"

#: The keys that can lead a Digital Link.
PRIMARY_KEYS: Final = frozenset({
    "00", GTIN, "253", "255", "401", "402", "414", "415", "417",
    "8003", "8004", "8006", "8010", "8013", "8017", "8018",
})  # fmt: skip

#: What may qualify a GTIN, in this order: consumer product variant, lot, serial.
QUALIFIERS: Final = ("22", "10", "21")
#: A third party's serial number stands alone.
LONE_QUALIFIER: Final = "235"

#: Characters by the letter of GS1's notation: digits, the 82 and the 39 of section 7.11, base64url.
_CHARACTERS: Final = {
    "N": "0-9",
    "X": r"!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z",
    "Y": r"#\-/0-9A-Z",
    "Z": r"\-_0-9A-Za-z",
}
_COMPONENT: Final = re.compile(
    r"(?P<optional>\[)?(?P<kind>[NXYZ])(?P<variable>\.\.)?(?P<length>[0-9]{1,2})\]?"
)


@dataclass(frozen=True, kw_only=True)
class Format:
    """The form of a value in GS1's notation (section 3.2): `N6` is 6 digits, `X..20` is 1 to 20 of the 82."""

    notation: str
    pattern: re.Pattern[str]

    def fits(self, value: str) -> bool:
        """Whether the value has this form."""
        return self.pattern.fullmatch(value) is not None


def _format(notation: str) -> Format:
    pattern = ""
    for component in _COMPONENT.finditer(notation):
        least = 1 if component["variable"] else int(component["length"])
        one = f"[{_CHARACTERS[component['kind']]}]{{{least},{component['length']}}}"
        pattern += f"(?:{one})?" if component["optional"] else one
    return Format(notation=notation, pattern=re.compile(pattern))


def _each(identifiers: str) -> Iterator[str]:
    for part in identifiers.split():
        first, _, last = part.partition("-")
        yield from (str(number) for number in range(int(first), int(last) + 1)) if last else (first,)


#: Forms of the qualifiers' values.
QUALIFIER_FORMATS: Final[Mapping[str, Format]] = {
    **dict.fromkeys(QUALIFIERS, _format("X..20")),
    LONE_QUALIFIER: _format("X..28"),
}

_ATTRIBUTES: Final = {
    # Dates, times and numbers of days.
    "N6": "11 12 13 15 16 17 4326 7006 8005 3950-3955",
    "N6 [N6]": "7007",
    "N6 [N4]": "7011",
    "N10": "4324 4325 7003",
    "N8 [N2] [N2]": "8008",
    "N8": "7250",
    "N12": "7251",
    # Counts, prices and sizes.
    "N1": "4321 4322 4323 7252",
    "N2": "20 7241",
    "N4": "3940-3943 8111",
    "N..4": "7004",
    "N..6": "242",
    "N..8": "30",
    "N..15": "3900-3909 3920-3929",
    "N3 N..15": "3910-3919 3930-3939",
    "N14": "8001",
    "N20": "4309",
    "N6 [X1]": "4330-4333",
    # Other keys that may be said of the same pack.
    "N13": "410-417 7001",
    "N17": "402",
    "N18": "00 8017 8018",
    "N13 [X..17]": "253",
    "N14 [X..16]": "8003",
    "Y..30": "8010",
    # Countries and who did what.
    "N3": "422 424 426",
    "N3 [N3] [N3] [N3] [N3]": "423 425",
    "N3 X..9": "421",
    "N3 X..27": "7030-7039",
    "X2 X..28": "7230-7239",
    # Texts.
    "X2": "4307 4317",
    "X3": "7258",
    "X..2": "7010",
    "X..3": "427 7008",
    "X..10": "7009 7255",
    "X..12": "7005",
    "X..20": "243 420 710-716 4318 7020-7022 7240 8002 8012",
    "X..25": "7242 8013",
    "X..30": "90 240 241 250 251 400 401 403 4308 4319 7002 7023 8004",
    "X..34": "8007",
    "X..35": "4300 4301 4310 4311 4320",
    "X..40": "7253 7254 7259",
    "X..50": "8009",
    "X..70": "4302-4306 4312-4316 7257 8110 8112",
    "X..90": "91-99 7256",
    "Z..90": "8030",
}

#: Trade and logistic measures, N6: three digits for what is measured, one for the decimals (section 3.6).
_MEASURES: Final = "310-316 320-337 340-357 360-369"

#: Forms of the attributes' values that a link to a trade item may carry in its query.
ATTRIBUTE_FORMATS: Final[Mapping[str, Format]] = {
    identifier: form
    for notation, identifiers in _ATTRIBUTES.items()
    for form in [_format(notation)]
    for identifier in _each(identifiers)
} | {f"{measure}{decimals}": _format("N6") for measure in _each(_MEASURES) for decimals in range(6)}

#: Defined by GS1 and never beside a GTIN in a link: they contradict it, or are no attributes there.
NOT_WITH_GTIN: Final = frozenset({
    "02", "03", "37", "254", "255", "7040", "7041",
    "8006", "8011", "8014", "8019", "8020", "8026", "8200",
})  # fmt: skip

#: Net weight in kilograms (310n); the digits after the decimal point by identifier.
NET_WEIGHT_DECIMALS: Final[Mapping[str, int]] = {f"310{decimals}": decimals for decimals in range(6)}
