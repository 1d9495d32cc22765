"""The map of a journey."""

from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.application.journey_map import map_of
from contexts.passport.domain.sections import Position, Step, StepKind

positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))


def step(position: Position | None) -> Step:
    return Step(kind=StepKind.ORIGIN, place="Somewhere", position=position)


@given(st.lists(st.none() | positions, max_size=12))
def test_every_place_is_on_the_map(places: list[Position | None]) -> None:
    drawn = map_of([step(position) for position in places])
    if len({place for place in places if place}) < 2:
        assert drawn is None
        return
    assert drawn is not None
    left, top, width, height = map(float, drawn.view_box.split())
    assert width > 0
    assert abs(width / height - 1.6) < 0.05
    for point in drawn.points:
        assert left - 0.02 <= point.x <= left + width + 0.02
        assert top - 0.02 <= point.y <= top + height + 0.02
    numbers = [int(number) for point in drawn.points for number in point.numbers.split(", ")]
    assert sorted(numbers) == [number for number, place in enumerate(places, start=1) if place]


def test_steps_near_each_other_share_a_point() -> None:
    dairy, farm, store = Position(47.3, 10.0), Position(47.4, 9.9), Position(53.6, 10.0)
    drawn = map_of([step(farm), step(dairy), step(None), step(store), step(dairy)])
    assert drawn is not None
    assert [point.numbers for point in drawn.points] == ["1, 2, 5", "4"]
