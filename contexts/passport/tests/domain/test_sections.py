"""The eco score's grades."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contexts.passport.domain.sections import Eco


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        (100, "A"),
        (75, "A"),
        (74, "B"),
        (60, "B"),
        (59, "C"),
        (45, "C"),
        (44, "D"),
        (30, "D"),
        (29, "E"),
        (0, "E"),
    ],
)
def test_steps_of_the_grades(score: int, grade: str) -> None:
    assert Eco(score=score, explanation="").grade.value == grade


@given(st.integers(0, 99))
def test_a_higher_score_never_has_a_worse_grade(score: int) -> None:
    lower, higher = (Eco(score=s, explanation="").grade.value for s in (score, score + 1))
    assert higher <= lower


@pytest.mark.parametrize("score", [-1, 101])
def test_there_is_no_score_outside_the_scale(score: int) -> None:
    with pytest.raises(ValueError, match="0 to 100"):
        Eco(score=score, explanation="")
