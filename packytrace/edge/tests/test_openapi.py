"""The API's description: valid, complete, and the same for everybody."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from packytrace.edge import openapi, problems

PATH = "/api/v1/openapi.json"


@pytest.fixture
def _made_anew() -> Iterator[None]:
    openapi.document.cache_clear()
    GENERATOR_STATS.reset()
    yield
    openapi.document.cache_clear()


@pytest.fixture
def served(client: Client, _made_anew: None) -> dict[str, Any]:
    """The description of the views of these tests."""
    document: dict[str, Any] = client.get(PATH).json()
    return document


@pytest.fixture
def own(_made_anew: None) -> dict[str, Any]:
    """The description of the product's own API."""
    document: dict[str, Any] = json.loads(openapi.document()[0])
    return document


def test_the_products_own_is_valid_openapi_3_1(own: dict[str, Any]) -> None:
    assert own["openapi"].startswith("3.1")
    validate_schema(own)
    assert "/api/v1/scans" in own["paths"]
    assert all(path.startswith("/api/v1/") for path in own["paths"])
    assert not GENERATOR_STATS, "drf-spectacular warns of what it had to guess"


def test_every_operation_tells_what_the_front_door_may_answer(own: dict[str, Any]) -> None:
    for operation in openapi._operations(own):
        assert {"400", "401", "429", "500", "503"} <= set(operation["responses"])


def test_a_token_is_needed_where_the_view_needs_an_account(served: dict[str, Any]) -> None:
    assert served["paths"]["/api/v1/mine"]["get"]["security"] == [{"accessToken": []}]
    assert served["paths"]["/api/v1/shelves"]["post"]["security"] == [{}, {"accessToken": []}]
    assert served["components"]["securitySchemes"]["accessToken"]["scheme"] == "bearer"


def test_every_code_is_documented_with_its_status(served: dict[str, Any]) -> None:
    described = served["components"]["schemas"]["Error"]["properties"]["code"]["description"]
    for problem in problems.ALL:
        assert f"`{problem.code}` ({problem.status})" in described
    assert "`test_shelf_taken` (409)" in described


def test_every_context_names_its_errors_as_the_product_does(own: dict[str, Any]) -> None:
    own_codes = {problem.code for problem in problems.ALL}
    found = list(openapi._domain_errors(openapi.DomainError))
    assert len(found) > 5
    for error in found:
        assert error.kind in problems.STATUS_OF_KIND
        assert error.code not in own_codes, f"{error.__qualname__} takes a code of the edge"
    codes = [error.code for error in found]
    assert len(codes) == len(set(codes)), "two errors share a code"


def test_it_is_made_once_and_revalidated(client: Client) -> None:
    first = client.get(PATH)
    assert first["ETag"]
    assert first["Cache-Control"] == "public, max-age=300"
    again = client.get(PATH, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.post(PATH).status_code == 405
