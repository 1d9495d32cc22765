"""What is refused before anything reads it."""

import io
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.conf import settings
from django.test import Client

from packytrace.edge.admission import LONGEST_ADDRESS

LARGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class Wire(io.BytesIO):
    """A body as a server hands it on, which remembers how much was read of it."""


def send(client: Client, wire: io.BytesIO, **environ: Any) -> tuple[int, bytes]:
    """A POST without a length, as a chunked one arrives."""
    arrived: dict[str, Any] = {
        "wsgi.input": wire,
        "wsgi.input_terminated": True,
        "CONTENT_LENGTH": "",
        **environ,
    }
    response = client.generic("POST", "/body", **arrived)
    return response.status_code, response.content


def ask(client: Client, target: str) -> Any:
    """A request whose target is known as it came, as our server hands it over."""
    path, _, query = target.partition("?")
    arrived: dict[str, Any] = {
        "REQUEST_URI": target,
        "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1"),
        "QUERY_STRING": query,
    }
    return client.get("/", headers={"Accept": "application/json"}, **arrived)


READABLE = [
    "/show?q=%C3%A9&x=%25%2B+&y=100%",
    "/caf%C3%A9",
    "/%E6%97%A5%E6%9C%AC",
    "/01/09521234543213/10/A%2FB",
    "/01/09521234543213/10/A%25FF",
]


class TestAddress:
    @pytest.mark.parametrize("query", ["q=%00", "%00=1", "q=%FF", "q=%C3%28", "q=%ED%A0%80", "a=1&b=%E9"])
    def test_an_unreadable_query_is_refused(self, client: Client, query: str) -> None:
        response = client.get("/api/v1/show", QUERY_STRING=query)
        assert (response.status_code, response.json()["code"]) == (400, "bad_address")

    @pytest.mark.parametrize("target", ["/a%00b", "/%FF", "/caf%E9", "/%ED%A0%80", "/x?q=\xff", "/caf\xe9"])
    def test_an_unreadable_target_is_refused(self, client: Client, target: str) -> None:
        response = ask(client, target)
        assert (response.status_code, response.json()["code"]) == (400, "bad_address")

    @pytest.mark.parametrize("target", READABLE)
    def test_a_readable_one_passes(self, client: Client, target: str) -> None:
        assert ask(client, target).status_code in {200, 404}
        assert client.get(target).status_code in {200, 404}

    def test_a_long_address_passes_a_longer_one_does_not(self, client: Client) -> None:
        longest = "/show?q=" + "x" * (LONGEST_ADDRESS - len("/show?q="))
        assert ask(client, longest).status_code == 200
        response = ask(client, longest + "x")
        assert (response.status_code, response.json()["code"]) == (414, "address_too_long")

    def test_what_is_encoded_counts_as_it_came(self, client: Client) -> None:
        assert ask(client, "/show?q=" + "%41" * (LONGEST_ADDRESS // 3)).status_code == 414

    def test_the_page_says_so(self, client: Client) -> None:
        page = client.get("/show?q=" + "x" * LONGEST_ADDRESS)
        assert page.status_code == 414
        assert "longer than we accept" in page.content.decode()


class TestBody:
    def test_the_largest_body_passes(self, client: Client) -> None:
        response = client.post("/body", b"x" * LARGEST, content_type="application/json")
        assert (response.status_code, response.content) == (200, str(LARGEST).encode())

    def test_a_larger_one_does_not(self, client: Client) -> None:
        response = client.post("/api/v1/anything", b"x" * (LARGEST + 1), content_type="application/json")
        assert (response.status_code, response.json()["code"]) == (413, "body_too_large")

    def test_it_is_read_to_its_end_so_that_the_client_reads_the_answer(self, client: Client) -> None:
        wire = Wire(b"x" * 10_000_000)
        assert send(client, wire, CONTENT_LENGTH="10000000")[0] == 413
        assert wire.tell() == 10_000_000

    def test_but_not_for_ever(self, client: Client) -> None:
        wire = Wire(b"x" * 40_000_000)
        assert send(client, wire, CONTENT_LENGTH="40000000")[0] == 413
        assert wire.tell() < 20_000_000

    @pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "many", "²"])
    def test_a_length_that_is_no_number_is_refused(self, client: Client, length: str) -> None:
        assert send(client, Wire(b"x"), CONTENT_LENGTH=length)[0] == 400

    @pytest.mark.parametrize("size", [0, 1, LARGEST])
    def test_a_body_without_a_length_is_read(self, client: Client, size: int) -> None:
        assert send(client, Wire(b"x" * size)) == (200, str(size).encode())

    def test_a_larger_one_without_a_length_is_refused(self, client: Client) -> None:
        assert send(client, Wire(b"x" * (LARGEST + 1)))[0] == 413

    def test_where_nobody_ends_the_input_it_is_not_waited_for(self, client: Client) -> None:
        wire = Wire(b"x" * 10)
        assert send(client, wire, **{"wsgi.input_terminated": False}) == (200, b"0")
        assert wire.tell() == 0

    @pytest.mark.parametrize("body", [b"gtin=%00", b"gtin=\0"])
    def test_a_form_has_no_null_character(self, client: Client, body: bytes) -> None:
        form = "application/x-www-form-urlencoded"
        response = client.post("/body", body, form, headers={"Accept": "application/json"})
        assert (response.status_code, response.json()["code"]) == (400, "bad_form")

    def test_another_form_passes(self, client: Client) -> None:
        form = "application/x-www-form-urlencoded"
        assert client.post("/body", b"gtin=09521234543213", form).content == b"19"

    def test_a_form_that_ends_too_early_is_the_senders_trouble(self, client: Client) -> None:
        class Broken(io.BytesIO):
            def read(self, _size: int | None = -1) -> bytes:
                raise OSError("connection reset by peer")

        status, _ = send(
            client, Broken(), CONTENT_LENGTH="20", CONTENT_TYPE="application/x-www-form-urlencoded"
        )
        assert status == 400
