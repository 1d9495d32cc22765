"""The script in the browser and the server judge codes alike: what the server takes, the script lets pass."""

import json
import random
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from contexts.passport.domain.digital_link import parse_code
from contexts.passport.domain.gtin import LENGTHS, check_digit, has_right_check_digit
from contexts.passport.domain.refusals import CodeRefused
from packytrace.configuration import ROOT

_JUDGE = """
import { readFileSync } from "node:fs";
import { build } from "esbuild";
const { outputFiles } = await build({ entryPoints: ["src/gtin.ts"], format: "esm", write: false });
const source = Buffer.from(outputFiles[0].contents).toString("base64");
const { hasValidCheckDigit, problemWith } = await import(`data:text/javascript;base64,${source}`);
const codes = JSON.parse(readFileSync(0, "utf8"));
const judged = codes.map((code) => [hasValidCheckDigit(code), problemWith(code)]);
process.stdout.write(JSON.stringify(judged));
"""


@dataclass(frozen=True)
class Judgement:
    """What the script thinks of a text."""

    right_check_digit: bool
    problem: str | None


def script_on(codes: Iterable[str]) -> list[Judgement]:
    """The script's judgements, by Node."""
    judged = subprocess.run(
        ["node", "--input-type=module", "--eval", _JUDGE],
        cwd=ROOT / "frontend",
        input=json.dumps(list(codes)),
        capture_output=True,
        text=True,
        check=True,
    )
    return [Judgement(*one) for one in json.loads(judged.stdout)]


def digits() -> Iterator[str]:
    """Numbers of every length up to 15, half of them with a right check digit."""
    source = random.Random(9520)
    for length in range(1, 16):
        for _ in range(200):
            body = "".join(source.choices("0123456789", k=length - 1))
            yield body + (
                check_digit(body) if body and source.random() < 0.5 else source.choice("0123456789")
            )


def test_both_compute_the_same_check_digit() -> None:
    numbers = list(digits())
    judged = [one.right_check_digit for one in script_on(numbers)]
    assert judged == [has_right_check_digit(number) for number in numbers]
    assert 1_000 < sum(judged) < 2_500


def written(gtin: str) -> Iterator[str]:
    """A code as people type, copy and scan it."""
    padded = gtin.zfill(14)
    yield gtin
    yield f"  {gtin[0]} {gtin[1:7]} {gtin[7:]}\n"
    yield f"{gtin[:3]}-{gtin[3:7]}-{gtin[7:]}"
    yield f"https://id.example.com/01/{padded}"
    yield f"HTTP://EXAMPLE.ORG/some/stem/01/{padded}/22/2A/10/L-1%2F7/21/S?17=291231&3103=000195#top"
    yield f"https://example.com/01/12345/01/{padded}?next=/01/123"


def accepts(text: str) -> bool:
    """Whether the server takes it."""
    try:
        parse_code(text=text, today=date(2026, 5, 1))
    except CodeRefused:
        return False
    return True


@pytest.mark.parametrize("length", sorted(LENGTHS))
def test_the_script_never_refuses_what_the_server_takes(length: int) -> None:
    codes = [text for number in digits() if len(number) == length for text in written(number)]
    taken = [accepts(code) for code in codes]
    refused = [one.problem is not None for one in script_on(codes)]
    assert 300 < sum(taken) < len(codes)
    assert [code for code, yes, no in zip(codes, taken, refused, strict=True) if yes and no] == []


@pytest.mark.parametrize("length", sorted(LENGTHS))
def test_a_wrong_digit_that_the_server_refuses_is_told_before_anything_is_sent(length: int) -> None:
    codes = [number for number in digits() if len(number) == length and not has_right_check_digit(number)]
    assert len(codes) > 50
    assert {one.problem for one in script_on(codes)} == {"check-digit"}
    assert not any(accepts(code) for code in codes)
