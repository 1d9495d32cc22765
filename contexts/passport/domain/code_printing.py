"""How a two-dimensional code is printed so that tills and telephones read it.

Sizes after the GS1 General Specifications, section 5.12.3 (symbol specification tables): two-dimensional
symbols are printed at 1.5 times the X-dimensions that linear ones may have at a till. Quiet zones after
ISO/IEC 18004 (QR Code) and ISO/IEC 16022 (Data Matrix), contrast after ISO/IEC 15415, which reads with red
light of 660 nm.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, StrEnum
from typing import Final

#: Millimetres that one module (the smallest square) may measure: 1.5 times 0.264, 0.330 and 0.660 mm.
LEAST_X: Final = Decimal("0.396")
TARGET_X: Final = Decimal("0.495")
MOST_X: Final = Decimal("0.990")

#: Characters of a link from which a code has so many modules that it grows out of most packs: a QR Code of
#: version 10 with a quarter of its content for correction holds 119 to 213.
LONG_LINK: Final = 120

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_RED: Final = slice(1, 3)


class Symbology(StrEnum):
    """Kinds of two-dimensional codes that may carry a GS1 Digital Link."""

    QR_CODE = "qr"
    DATA_MATRIX = "datamatrix"

    @property
    def quiet_zone(self) -> int:
        """Modules around the symbol that stay empty."""
        return 4 if self is Symbology.QR_CODE else 1


class ErrorCorrection(StrEnum):
    """How much of a QR Code may be damaged; a Data Matrix always has one level of its own (ECC 200)."""

    L = "L"
    """About 7 %."""
    M = "M"
    """About 15 %: what GS1's own examples use."""
    Q = "Q"
    """About 25 %."""
    H = "H"
    """About 30 %."""


class SizeAdvice(Enum):
    """What is to be said of a module's size."""

    TOO_SMALL = "too_small"
    SMALL = "small"
    """Allowed, and smaller than the target."""
    GOOD = "good"
    TOO_LARGE = "too_large"


class ContrastAdvice(Enum):
    """What is to be said of two colours: the grades of ISO/IEC 15415 for symbol contrast, 70, 55, 40 %."""

    INVERTED = "inverted"
    """The squares are lighter than the ground: many readers do not see it."""
    TOO_LOW = "too_low"
    """Under 40 %: below the grade 1.5 that GS1 asks for."""
    FAIR = "fair"
    GOOD = "good"
    EXCELLENT = "excellent"


class StyleRefused(ValueError):
    """A way of printing that cannot be drawn. `field` names what is wrong, `code` how."""

    def __init__(self, *, field: str, code: str) -> None:
        self.field = field
        self.code = code
        super().__init__(f"{field}: {code}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How a code is printed. Raises StyleRefused for what nobody can draw; advice is another matter."""

    x_mm: Decimal = TARGET_X
    """Millimetres of one module."""
    dark: str = "#000000"
    light: str = "#ffffff"
    text: bool = True
    """Whether what the code says stands below it for people."""

    def __post_init__(self) -> None:
        if not self.x_mm.is_finite() or not Decimal("0.1") <= self.x_mm <= 10:
            raise StyleRefused(field="x_mm", code="size_out_of_range")
        for field in ("dark", "light"):
            if not _COLOUR.fullmatch(getattr(self, field)):
                raise StyleRefused(field=field, code="not_a_colour")


def size_advice(x_mm: Decimal) -> SizeAdvice:
    """Whether modules of so many millimetres are read at a till."""
    if x_mm < LEAST_X:
        return SizeAdvice.TOO_SMALL
    if x_mm > MOST_X:
        return SizeAdvice.TOO_LARGE
    return SizeAdvice.GOOD if x_mm >= TARGET_X else SizeAdvice.SMALL


def symbol_contrast(*, dark: str, light: str) -> int:
    """Per cent of red light that the ground gives back more than the squares do; negative if less.

    An estimate from the colours as a screen has them (IEC 61966-2-1): ink and material decide in the end.
    Under red light red ink is white, which is why red codes are not read.
    """
    difference = _reflected_red(light) - _reflected_red(dark)
    return round(difference * 100)


def contrast_advice(*, dark: str, light: str) -> ContrastAdvice:
    """Whether a reader tells the squares from the ground."""
    contrast = symbol_contrast(dark=dark, light=light)
    if contrast < 0:
        return ContrastAdvice.INVERTED
    for least, advice in (
        (70, ContrastAdvice.EXCELLENT),
        (55, ContrastAdvice.GOOD),
        (40, ContrastAdvice.FAIR),
    ):
        if contrast >= least:
            return advice
    return ContrastAdvice.TOO_LOW


def printed_mm(*, modules: int, symbology: Symbology, x_mm: Decimal) -> Decimal:
    """Width of the printed code with its quiet zone, to a tenth of a millimetre."""
    whole = (modules + 2 * symbology.quiet_zone) * x_mm
    return whole.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def human_readable(elements: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What a code says, for people: an element a line, its identifier in brackets.

    GS1 General Specifications, section 4.14 (human readable interpretation): the brackets are printed and not
    encoded, the key comes first.
    """
    return tuple(f"({ai}) {value}" for ai, value in elements)


def _reflected_red(colour: str) -> float:
    value = int(colour[_RED], 16) / 255
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)
