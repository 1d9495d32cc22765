"""The API's description: valid, complete, and the same for everybody."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from packytrace.configuration import ROOT
from packytrace.edge import openapi, problems
from packytrace.edge.visitors import COOKIE

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
    statuses = {str(problem.status) for problem in openapi._ALWAYS}
    assert {"400", "401", "405", "406", "413", "414", "429", "500", "503"} == statuses
    for _, operation in openapi._operations(own):
        assert statuses <= set(operation["responses"])
        assert ("415" in operation["responses"]) == ("requestBody" in operation)


def test_every_operation_has_a_heading_and_every_answer_words(own: dict[str, Any]) -> None:
    for _, operation in openapi._operations(own):
        assert operation["summary"]
        assert all(response["description"] for response in operation["responses"].values())


def test_every_error_has_the_one_body_with_examples(own: dict[str, Any]) -> None:
    for _, operation in openapi._operations(own):
        assert not any(key.startswith("x-") for key in operation)
        for status, response in operation["responses"].items():
            if status >= "4":
                content = response["content"]["application/json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Error"}
                for code, example in content["examples"].items():
                    assert set(example["value"]) == {"code", "message", "correlationId"}
                    assert example["value"]["code"] == code
                    assert "%(" not in example["value"]["message"]


def test_every_code_of_an_example_is_listed(own: dict[str, Any]) -> None:
    described = own["components"]["schemas"]["Error"]["properties"]["code"]["description"]
    for _, operation in openapi._operations(own):
        for status, response in operation["responses"].items():
            for code in response.get("content", {}).get("application/json", {}).get("examples", ()):
                assert f"`{code}` ({status})" in described


def test_its_version_is_the_packages(own: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert own["info"]["version"] == project["version"]


def test_it_names_the_cookie_that_a_scan_must_be_read_with(own: dict[str, Any]) -> None:
    scheme = own["components"]["securitySchemes"]["visitor"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "cookie", COOKIE)
    scans = own["paths"]["/api/v1/scans"]["post"]
    one = own["paths"]["/api/v1/scans/{scan_id}"]["get"]
    assert scans["security"] == [{}, {"visitor": []}, {"accessToken": []}]
    assert one["security"] == [{"visitor": []}, {"accessToken": []}]
    assert "Set-Cookie" in scans["responses"]["201"]["headers"]


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
    codes = [error.code for error in found if "code" in vars(error)]  # one that says more shares its parent's
    assert len(codes) == len(set(codes)), "two errors share a code"


def test_it_is_made_once_and_revalidated(client: Client) -> None:
    first = client.get(PATH)
    assert first["ETag"]
    assert first["Cache-Control"] == "public, max-age=300"
    again = client.get(PATH, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert client.post(PATH).status_code == 405
