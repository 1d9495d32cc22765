"""A small map of a journey: where its points and the land lie, for an SVG that asks nobody for anything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Final

from contexts.passport.domain.sections import Position, Step

#: Degrees of longitude that a map shows at least, so that a village is not all that is seen.
_LEAST_WIDTH: Final = 24.0
#: Width by height.
_SHAPE: Final = 1.6
_MARGIN: Final = 1.25
#: Hundredths of the map's width between two points; what is nearer to each other shares one.
_APART: Final = 7.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the map, with the numbers of the steps that happened there."""

    x: float
    y: float
    numbers: str


@dataclass(frozen=True, kw_only=True, slots=True)
class JourneyMap:
    """Coordinates in degrees from the world's upper left corner, east-west ones shrunk as they are at the
    journey's latitude (equirectangular projection)."""

    view_box: str
    shrink: float
    """What east-west coordinates of the land must be multiplied with."""
    points: tuple[Point, ...]
    path: str
    """Of the line from point to point, as an SVG path."""
    unit: float
    """A hundredth of the map's width: for radii."""


def map_of(steps: Sequence[Step]) -> JourneyMap | None:
    """The map of a journey; None where fewer than two of its places are known to be somewhere."""
    placed = [(number, step.position) for number, step in enumerate(steps, start=1) if step.position]
    if len({position for _, position in placed}) < 2:
        return None
    north = max(position.latitude for _, position in placed)
    south = min(position.latitude for _, position in placed)
    shrink = max(0.2, cos(radians((north + south) / 2)))
    spots = [(number, *_spot(position, shrink=shrink)) for number, position in placed]
    left, right = min(x for _, x, _ in spots), max(x for _, x, _ in spots)
    top, bottom = min(y for _, _, y in spots), max(y for _, _, y in spots)
    width = max((right - left) * _MARGIN, (bottom - top) * _MARGIN * _SHAPE, _LEAST_WIDTH * shrink)
    height = width / _SHAPE
    corner = ((left + right - width) / 2, (top + bottom - height) / 2)
    return JourneyMap(
        view_box=" ".join(f"{value:.2f}" for value in (*corner, width, height)),
        shrink=round(shrink, 4),
        points=tuple(_points(spots, apart=_APART * width / 100)),
        path="M" + "L".join(f"{x:.2f} {y:.2f}" for _, x, y in spots),
        unit=round(width / 100, 4),
    )


def _spot(position: Position, *, shrink: float) -> tuple[float, float]:
    return (position.longitude + 180) * shrink, 90 - position.latitude


def _points(spots: Sequence[tuple[int, float, float]], *, apart: float) -> Iterator[Point]:
    """Steps that are near each other share a point, which stands where the first of them was."""
    at: list[tuple[float, float, list[int]]] = []
    for number, x, y in spots:
        shared = next((numbers for px, py, numbers in at if hypot(px - x, py - y) < apart), None)
        if shared is None:
            at.append((x, y, [number]))
        else:
            shared.append(number)
    for x, y, numbers in at:
        yield Point(x, y, ", ".join(map(str, numbers)))
