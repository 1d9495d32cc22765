"""The colours of both schemes against WCAG 2.2: text 4.5 to 1 (1.4.3), controls and focus 3 to 1 (1.4.11)."""

import re
from pathlib import Path

import pytest

STYLES = (Path(__file__).resolve().parent.parent / "src" / "app.css").read_text(encoding="utf-8")
LIGHT, DARK, CHOSEN_DARK = (
    dict(re.findall(r"--color-([a-z-]+): #([0-9a-f]{6});", part))
    for part in re.split(
        r"@media \(prefers-color-scheme: dark\)|:root\[data-theme=\"dark\"\]",
        STYLES.split("@layer base", 1)[0],
    )
)
GRADES = re.findall(
    r"\.grade-([a-e]) \{\s*background-color: #([0-9a-f]{6});\s*color: #([0-9a-f]{6});", STYLES
)

TEXT = [
    *((ink, ground) for ink in ("ink", "muted", "brand") for ground in ("paper", "surface", "sunken")),
    *((ink, ground) for ink in ("ink", "danger", "brand-strong") for ground in ("paper", "surface")),
    ("brand", "brand-soft"),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("danger", "danger-soft"),
    ("warn", "warn-soft"),
    ("info", "info-soft"),
]
EDGES = [
    *((edge, ground) for edge in ("edge", "focus", "danger") for ground in ("paper", "surface")),
    ("brand", "surface"),
    ("focus", "sunken"),
]


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 to 1."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_measure_itself() -> None:
    assert _contrast("000000", "ffffff") == pytest.approx(21)
    assert _contrast("767676", "ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_dark_scheme_names_every_colour_of_the_light_one() -> None:
    assert set(LIGHT) == set(DARK)


def test_who_chooses_the_dark_scheme_gets_the_systems() -> None:
    assert CHOSEN_DARK == DARK


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_can_be_read(scheme: dict[str, str], ink: str, ground: str) -> None:
    assert _contrast(scheme[ink], scheme[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_controls_can_be_seen(scheme: dict[str, str], edge: str, ground: str) -> None:
    assert _contrast(scheme[edge], scheme[ground]) >= 3


def test_every_grade_can_be_read() -> None:
    assert [grade for grade, _, _ in GRADES] == list("abcde")
    for grade, ground, ink in GRADES:
        assert _contrast(ink, ground) >= 4.5, grade
