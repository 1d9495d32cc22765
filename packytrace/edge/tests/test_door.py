"""What is answered in front of the threads."""

import json
from typing import Any

import pytest
from django.test import RequestFactory

from packytrace.edge import problems
from packytrace.edge.door import Door
from packytrace.edge.problems import Problem


def environ(path: str) -> dict[str, Any]:
    """A request with headers that the edge takes out of what the application sees."""
    return (
        RequestFactory()
        .get(
            path,
            headers={"X-Forwarded-For": "192.0.2.66", "X-Account-Id": "7", "Forwarded": "for=192.0.2.66"},
        )
        .environ
    )


@pytest.mark.parametrize(
    "problem", [problems.BAD_BODY, problems.BODY_TOO_SLOW, problems.UNAVAILABLE], ids=lambda p: p.code
)
def test_a_refusal_says_why_and_leaves_the_request_to_its_thread(problem: Problem) -> None:
    asked = environ("/api/v1/show")
    before = {**asked}
    response = Door().refuse(asked, problem)
    assert (response.status_code, json.loads(response.content)["code"]) == (problem.status, problem.code)
    assert asked == before


def test_so_does_the_answer_that_we_are_alive() -> None:
    asked = environ("/health/live")
    before = {**asked}
    assert Door().alive(asked).status_code == 200
    assert asked == before
