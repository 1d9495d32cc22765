"""What a phone must load and run before a passport can be used."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

#: Bytes over the network, as the server compresses them.
BUDGET = 15_000

pytestmark = pytest.mark.django_db(databases=["passport"])


def _scripts(html: str) -> list[str]:
    return re.findall(r"<script\b[^>]*\bsrc=\"/static/([^\"]+)\"", html)


def _compressed(built: Path, scripts: list[str]) -> int:
    return sum(len(gzip.compress((built / name).read_bytes())) for name in scripts)


def test_a_passport_s_scripts_are_at_most_15_kb(
    client: Client, product: str, built: Path, request: pytest.FixtureRequest
) -> None:
    scripts = _scripts(client.get(f"/passport/{product}").text)
    weight = _compressed(built, scripts)
    request.config.get_terminal_writer().line(f" {weight} bytes compressed: {', '.join(scripts)}")
    assert scripts
    assert weight <= BUDGET


def test_the_reader_of_codes_is_loaded_by_no_page(client: Client, built: Path) -> None:
    """It is fetched when somebody opens the camera or chooses a picture, and weighs more than the rest."""
    scripts = _scripts(client.get("/").text)
    assert "scanner.js" in scripts
    assert not [name for name in scripts if "reader" in name]
    assert _compressed(built, ["code_reader.js", "code_reader.wasm"]) > BUDGET
