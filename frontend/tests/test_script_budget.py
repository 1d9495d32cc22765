"""What a phone must load and run before a passport can be used."""

import gzip
import re
from pathlib import Path

import pytest

from frontend.tests.gallery import samples

#: Bytes over the network, as the server compresses them.
BUDGET = 15_000


def _scripts(html: str) -> list[str]:
    return re.findall(r"<script\b[^>]*\bsrc=\"/static/([^\"]+)\"", html)


def _compressed(built: Path, scripts: list[str]) -> int:
    return sum(len(gzip.compress((built / name).read_bytes())) for name in scripts)


def test_a_passport_s_scripts_are_at_most_15_kb(built: Path, request: pytest.FixtureRequest) -> None:
    passports = {name: sample for name, sample in samples().items() if name.startswith("passport")}
    assert passports
    for name, sample in passports.items():
        html = sample.render()
        scripts = _scripts(html)
        # Every script is counted: none stands in the page itself.
        assert len(scripts) == len(re.findall(r"<script\b(?! type=\"application/ld\+json\")", html))
        assert _compressed(built, scripts) <= BUDGET, name
    request.config.get_terminal_writer().line(f" {_compressed(built, scripts)} bytes in {scripts}")


def test_the_reader_of_codes_is_loaded_by_no_page(built: Path) -> None:
    """It is fetched when somebody opens the camera or chooses a picture, and weighs more than the rest."""
    html = samples()["scan"].render()
    assert "scanner.js" in _scripts(html)
    assert not [name for name in _scripts(html) if "reader" in name]
    assert _compressed(built, ["code_reader.js", "code_reader.wasm"]) > BUDGET
