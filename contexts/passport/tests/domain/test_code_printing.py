"""Advice on printed codes, and what cannot be printed at all."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.code_printing import (
    ContrastAdvice,
    SizeAdvice,
    Style,
    StyleRefused,
    Symbology,
    contrast_advice,
    human_readable,
    printed_mm,
    size_advice,
    symbol_contrast,
)

colours = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("x_mm", "advice"),
    [
        ("0.395", SizeAdvice.TOO_SMALL),
        ("0.396", SizeAdvice.SMALL),
        ("0.495", SizeAdvice.GOOD),
        ("0.990", SizeAdvice.GOOD),
        ("0.991", SizeAdvice.TOO_LARGE),
    ],
)
def test_the_size_of_a_module(x_mm: str, advice: SizeAdvice) -> None:
    assert size_advice(Decimal(x_mm)) is advice


@pytest.mark.parametrize(
    ("dark", "light", "advice"),
    [
        ("#000000", "#ffffff", ContrastAdvice.EXCELLENT),
        ("#1b3a8a", "#ffffff", ContrastAdvice.EXCELLENT),
        ("#ff0000", "#ffffff", ContrastAdvice.TOO_LOW),  # red is white under red light
        ("#ffffff", "#000000", ContrastAdvice.INVERTED),
        ("#000000", "#b0b0b0", ContrastAdvice.FAIR),
        ("#000000", "#cccccc", ContrastAdvice.GOOD),
        ("#000000", "#c8a070", ContrastAdvice.GOOD),  # kraft paper
        ("#6b4423", "#c8a070", ContrastAdvice.FAIR),
    ],
)
def test_the_contrast_of_two_colours(dark: str, light: str, advice: ContrastAdvice) -> None:
    assert contrast_advice(dark=dark, light=light) is advice


@given(dark=colours, light=colours)
def test_colours_the_other_way_round_have_the_opposite_contrast(dark: str, light: str) -> None:
    assert symbol_contrast(dark=dark, light=light) == -symbol_contrast(dark=light, light=dark)
    assert -100 <= symbol_contrast(dark=dark, light=light) <= 100


def test_the_quiet_zone_belongs_to_the_printed_size() -> None:
    assert printed_mm(modules=33, symbology=Symbology.QR_CODE, x_mm=Decimal("0.5")) == Decimal("20.5")
    assert printed_mm(modules=26, symbology=Symbology.DATA_MATRIX, x_mm=Decimal("0.5")) == Decimal("14.0")


@pytest.mark.parametrize(
    ("style", "field"),
    [
        ({"x_mm": Decimal("NaN")}, "x_mm"),
        ({"x_mm": Decimal(0)}, "x_mm"),
        ({"x_mm": Decimal(11)}, "x_mm"),
        ({"dark": "black"}, "dark"),
        ({"light": '#fff" onload="x'}, "light"),
    ],
)
def test_what_nobody_can_draw_is_refused(style: dict[str, Any], field: str) -> None:
    with pytest.raises(StyleRefused) as refused:
        Style(**style)
    assert refused.value.field == field


def test_people_read_identifiers_in_brackets() -> None:
    assert human_readable([("01", "09506000134352"), ("10", "A/1")]) == ("(01) 09506000134352", "(10) A/1")
