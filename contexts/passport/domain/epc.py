"""EPC binary strings: what a radio tag says when it writes itself into a link, such as `/eh30164596f4...`.

After GS1 Digital Link URI: Compression Technical Standard for EPC binary strings 1.0.0, section 4.2 (`eh`
and hexadecimal digits, `ex` and the file-safe base 64 of RFC 4648, section 5, as the last segment of a
path), and the EPC Tag Data Standard (TDS) 2.3: table 14-1 (headers), section 14.6 (the schemes), section
14.5 (how values are written), section 15.3 (data after the key).

Read are the schemes of every key that can lead a link: SGTIN-96 and -198, SSCC-96, SGLN-96 and -195, GRAI-96
and -170, GIAI-96 and -202, GSRN-96, GSRNP-96, GDTI-96 and -174, CPI-96 and -var, SGCN-96, ITIP-110 and -212,
and each one's `+` and `++` form, of which the host name is passed over: a link keeps its own. Refused are
schemes without a link (GID, USDOD, ADI), the withdrawn GDTI-113, and of the data after the key whatever is
neither lot, variant, date of six digits nor measure.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from contexts.passport.domain.application_identifiers import IDENTIFIERS
from contexts.passport.domain.gtin import check_digit
from contexts.passport.domain.refusals import EpcMalformed, EpcNotRead

COMPRESSED: Final = re.compile("eh[0-9a-f]+|ex[A-Za-z0-9_-]+")

_BASE64: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_CODE_40: Final = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789"
#: Bits and digits of a company prefix, by partition (TDS, section 14.3).
_PREFIXES: Final = ((40, 12), (37, 11), (34, 10), (30, 9), (27, 8), (24, 7), (20, 6))


@dataclass(frozen=True, slots=True)
class _Scheme:
    """A scheme from before TDS 2.0: header, filter, partition, company prefix, reference, serial."""

    key: str
    bits: int
    """Of company prefix and reference together."""
    digits: int
    """Of company prefix and reference together; 0 where the reference has as many as it has."""
    serial: int
    """Bits of a number; of text in 7 bits a character where they are more than 64."""


_SCHEMES: Final[Mapping[int, _Scheme]] = {
    0x2C: _Scheme("253", 41, 12, 41), 0x3E: _Scheme("253", 41, 12, 119),
    0x2D: _Scheme("8018", 58, 17, 0), 0x2E: _Scheme("8017", 58, 17, 0),
    0x30: _Scheme("01", 44, 13, 38), 0x36: _Scheme("01", 44, 13, 140),
    0x31: _Scheme("00", 58, 17, 0),
    0x32: _Scheme("414", 41, 12, 41), 0x39: _Scheme("414", 41, 12, 140),
    0x33: _Scheme("8003", 44, 12, 38), 0x37: _Scheme("8003", 44, 12, 112),
    0x34: _Scheme("8004", 82, 0, 0), 0x38: _Scheme("8004", 188, 0, 0),
    0x3C: _Scheme("8010", 51, 0, 31), 0x3D: _Scheme("8010", 0, 0, 40),
    0x3F: _Scheme("255", 41, 12, 41),
    0x40: _Scheme("8006", 44, 13, 38), 0x41: _Scheme("8006", 44, 13, 140),
}  # fmt: skip

#: The schemes of TDS 2.0 and what each says; those of TDS 2.3 say a host name after it.
_PLUS: Final[Mapping[int, str]] = {
    0xF0: "8010 8011", 0xF1: "8003", 0xF2: "414 254", 0xF3: "8006 21", 0xF4: "8018", 0xF5: "8017",
    0xF6: "253", 0xF7: "01 21", 0xF8: "255", 0xF9: "00", 0xFA: "8004", 0xFB: "01 21",
}  # fmt: skip
_PLUS_PLUS: Final[Mapping[int, int]] = {
    0xE6: 0xF0, 0xEB: 0xF1, 0xE9: 0xF2, 0xED: 0xF3, 0xE7: 0xF4, 0xE8: 0xF5, 0xEA: 0xF6, 0xFD: 0xF7,
    0xEC: 0xF8, 0xEF: 0xF9, 0xEE: 0xFA, 0xFC: 0xFB,
}  # fmt: skip
_DATED: Final = 0xFB
_DATES: Final = ("11", "13", "15", "16", "17", "7006", "7007")
#: Digits of a key before what is written as text or as a number of its own.
_DIGITS: Final[Mapping[str, int]] = {
    "00": 18, "01": 14, "253": 13, "255": 13, "414": 13, "8003": 14, "8006": 18, "8017": 18, "8018": 18,
}  # fmt: skip


class _Bits:
    """Bits, read from the left."""

    def __init__(self, segment: str) -> None:
        if segment.startswith("eh"):
            self.bits = "".join(f"{int(digit, 16):04b}" for digit in segment[2:])
        else:
            self.bits = "".join(f"{_BASE64.index(character):06b}" for character in segment[2:])
        self.place = 0

    def text(self, count: int) -> str:
        if self.place + count > len(self.bits):
            raise EpcMalformed
        self.place += count
        return self.bits[self.place - count : self.place]

    def number(self, count: int) -> int:
        return int(self.text(count) or "0", 2)

    def rest(self) -> str:
        return self.bits[self.place :]


def expanded(segment: str) -> list[tuple[str, str]]:
    """The identifiers and values that a compressed segment says, the key first.

    Raises EpcNotRead where its header has a scheme, or its data an identifier, that is not read, EpcMalformed
    where its bits make no sense.
    """
    bits = _Bits(segment)
    header = bits.number(8)
    if header in _SCHEMES:
        said = list(_fixed(bits, _SCHEMES[header]))
    elif header in _PLUS or header in _PLUS_PLUS:
        said = list(_plus(bits, header=header))
    else:
        raise EpcNotRead(header=f"{header:02X}")
    if "1" in bits.rest() or len({ai for ai, _ in said}) < len(said):
        raise EpcMalformed
    return said


def _fixed(bits: _Bits, scheme: _Scheme) -> Iterator[tuple[str, str]]:
    bits.number(3)  # the filter: what kind of packing it is, which no link says
    partition = bits.number(3)
    if partition >= len(_PREFIXES):
        raise EpcMalformed
    prefix_bits, prefix_digits = _PREFIXES[partition]
    prefix = _padded(bits.number(prefix_bits), prefix_digits)
    if scheme.digits:
        reference = _padded(bits.number(scheme.bits - prefix_bits), scheme.digits - prefix_digits)
    elif scheme.key == "8010":
        reference = str(bits.number(scheme.bits - prefix_bits)) if scheme.bits else _six_bits(bits)
    else:
        length = scheme.bits - prefix_bits
        reference = str(bits.number(length)) if length < 64 else _seven_bits(bits.text(length))
    yield from _elements(bits, scheme, prefix=prefix, reference=reference)


def _elements(bits: _Bits, scheme: _Scheme, *, prefix: str, reference: str) -> Iterator[tuple[str, str]]:
    digits = prefix + reference
    if scheme.key in {"00", "01", "8006"}:
        digits = reference[0] + prefix + reference[1:]  # the indicator or extension digit stands in front
    if scheme.key == "8003":
        digits = "0" + digits
    if scheme.digits:
        digits += check_digit(digits)
    if scheme.key == "8006":
        digits += _padded(bits.number(7), 2) + _padded(bits.number(7), 2)
    serial = ""
    if scheme.serial > 64:
        serial = _seven_bits(bits.text(scheme.serial))
    elif scheme.serial:
        serial = str(bits.number(scheme.serial))
    if scheme.key in {"253", "8003"}:
        yield scheme.key, digits + serial
        return
    if scheme.key == "255":
        if not serial.startswith("1"):  # a digit that keeps the zeros behind it
            raise EpcMalformed
        yield scheme.key, digits + serial[1:]
        return
    yield scheme.key, digits
    if serial and not (scheme.key == "414" and serial == "0"):
        yield {"01": "21", "8006": "21", "414": "254", "8010": "8011"}[scheme.key], serial


def _padded(number: int, digits: int) -> str:
    text = f"{number:0{digits}}" if digits else ""
    if len(text) != digits or (not digits and number):
        raise EpcMalformed
    return text


def _seven_bits(text: str) -> str:
    """Characters of ASCII; zeros fill what is left."""
    codes = [int(text[at : at + 7], 2) for at in range(0, len(text) - 6, 7)]
    length = codes.index(0) if 0 in codes else len(codes)
    if "1" in text[length * 7 :]:
        raise EpcMalformed
    return "".join(map(chr, codes[:length]))


def _six_bits(bits: _Bits) -> str:
    """Characters of the 39, ended by zeros: the last six bits of their ASCII codes."""
    found = ""
    while code := bits.number(6):
        found += chr(code if code >= 32 else code + 64)
    return found


def _plus(bits: _Bits, *, header: int) -> Iterator[tuple[str, str]]:
    plus = _PLUS_PLUS.get(header, header)
    bits.number(4)  # whether data follow, and the filter
    date = (_date_identifier(bits.number(4)), _date(bits)) if plus == _DATED else None
    key, *serial = _PLUS[plus].split()
    yield key, _value(bits, key)
    for ai in serial:
        if value := _value(bits, ai):
            yield ai, value
    if header in _PLUS_PLUS:
        _pass_host(bits)
    if date:
        yield date
    while "1" in bits.rest():
        yield _data(bits)


def _value(bits: _Bits, ai: str) -> str:
    if ai in _DIGITS:
        digits = "".join(_digit(bits.number(4)) for _ in range(_DIGITS[ai]))
        if ai == "255":
            return digits + _numeric(bits, bits.number(4))
        return digits + (_alphanumeric(bits, length_bits=5) if ai in {"253", "8003"} else "")
    if ai in {"8004", "8010"}:
        return _delimited(bits)
    if ai == "8011":
        return _numeric(bits, bits.number(4))
    return _alphanumeric(bits, length_bits=5)


def _digit(nibble: int) -> str:
    if nibble > 9:
        raise EpcMalformed
    return str(nibble)


def _delimited(bits: _Bits) -> str:
    """Digits, ended by F, or by E where text follows (TDS, section 14.5.5)."""
    digits = ""
    while (nibble := bits.number(4)) <= 9:
        digits += str(nibble)
    if nibble == 0xF:
        return digits
    if nibble == 0xE:
        return digits + _alphanumeric(bits, length_bits=5)
    raise EpcMalformed


def _numeric(bits: _Bits, length: int) -> str:
    """A number of so many digits in as few bits as hold it."""
    return _padded(bits.number((10**length - 1).bit_length() if length else 0), length)


def _alphanumeric(bits: _Bits, *, length_bits: int) -> str:
    """Text in the least of six alphabets that has its characters (TDS, section 14.5.6 and table E)."""
    alphabet = bits.number(3)
    length = bits.number(length_bits)
    if alphabet == 0:
        return _numeric(bits, length)
    if alphabet == 5:
        return _code_40(bits, length)
    width, characters = {
        1: (4, "0123456789ABCDEF"),
        2: (4, "0123456789abcdef"),
        3: (6, _BASE64),
        4: (7, "".join(map(chr, range(128)))),
    }.get(alphabet, (0, ""))
    if not width:
        raise EpcMalformed
    return "".join(characters[bits.number(width)] for _ in range(length))


def _code_40(bits: _Bits, length: int) -> str:
    """Three characters in 16 bits, of 40 that a URN may have (TDS, section 14.5.6.5)."""
    found = ""
    for _ in range(-(-length // 3)):
        group = bits.number(16) - 1
        if not 0 <= group < 64000:
            raise EpcMalformed
        found += _CODE_40[group // 1600] + _CODE_40[group // 40 % 40] + _CODE_40[group % 40]
    if found[length:].strip("\0") or "\0" in found[:length]:
        raise EpcMalformed
    return found[:length]


def _date_identifier(kind: int) -> str:
    if kind >= len(_DATES):
        raise EpcMalformed
    return _DATES[kind]


def _date(bits: _Bits) -> str:
    """YYMMDD in 16 bits (TDS, section 14.5.8)."""
    return f"{bits.number(7):02}{bits.number(4):02}{bits.number(5):02}"


def _pass_host(bits: _Bits) -> None:
    """Read over a host name: three characters in 16 bits, or 7 bits a character (TDS, section 14.5.16)."""
    in_seven = bits.number(1)
    length = bits.number(6)
    if not length:
        raise EpcMalformed
    bits.text(7 * length if in_seven else -(-length // 3) * 16)


def _data(bits: _Bits) -> tuple[str, str]:
    """One identifier and its value after the key."""
    ai = ""
    while ai not in IDENTIFIERS:
        if len(ai) == 4:
            raise EpcMalformed
        ai += _digit(bits.number(4))
    if ai in {"10", "21", "22"}:
        return ai, _alphanumeric(bits, length_bits=5)
    if ai in _DATES[:-1] or ai == "12":
        return ai, _date(bits)
    if "31" <= ai[:2] <= "36" and len(ai) == 4:
        return ai, _padded(bits.number(20), 6)
    raise EpcNotRead(ai=ai, header=f"({ai})")
