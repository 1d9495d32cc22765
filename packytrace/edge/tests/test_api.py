"""What the API reads: strict JSON and nothing else."""

import orjson
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from packytrace.edge.api import DEEPEST, JsonRenderer, UnreadableBody, _check, _plain
from packytrace.edge.tests.bad_bodies import BAD_BODIES, nested


@pytest.mark.parametrize(("body", "code"), BAD_BODIES)
def test_what_is_no_json_of_ours_is_refused(client: Client, body: bytes, code: str) -> None:
    response = client.post("/api/v1/anything", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, code)


@pytest.mark.parametrize("body", [b"{}", b"[]", b'"\\u00e9\xc3\xa9"', b"1.5", nested(DEEPEST).encode()])
def test_all_other_json_is_read(client: Client, body: bytes) -> None:
    response = client.post("/api/v1/anything", body, content_type="application/json; charset=utf-8")
    assert orjson.loads(response.content) == orjson.loads(body)


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", "nonsense"]
)
def test_another_media_type_is_refused(client: Client, media_type: str) -> None:
    response = client.post("/api/v1/anything", b"{}", content_type=media_type)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_an_answer_in_another_media_type_there_is_not(client: Client) -> None:
    response = client.post("/api/v1/anything", b"{}", "application/json", headers={"Accept": "text/csv"})
    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


def test_every_wrong_value_is_named(client: Client) -> None:
    response = client.post("/api/v1/shelves", {"name": "too long"}, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"
    assert response.json()["message"] == (
        "name: Ensure this field has no more than 5 characters.; place: This field is required."
    )


def test_a_valid_body_is_answered(client: Client) -> None:
    response = client.post("/api/v1/shelves", {"name": "a", "place": 1}, content_type="application/json")
    assert (response.status_code, response.json()) == (201, {"name": "a", "place": 1})


def test_what_is_not_said_to_be_open_needs_an_account(client: Client) -> None:
    assert client.get("/api/v1/mine").status_code == 401


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_a_null_character_is_found_wherever_it_is(data: object) -> None:
    try:
        _check(data)
    except UnreadableBody:
        assert "\0" in str(data) or "\\x00" in repr(data)
    else:
        assert "\\x00" not in repr(data).replace("\\\\", "")


def test_nothing_is_rendered_as_nothing() -> None:
    assert JsonRenderer().render(None) == b""


def test_what_json_cannot_say_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="object has no place in JSON"):
        _plain(object())
