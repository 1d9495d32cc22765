"""The script in the browser and the server judge codes alike: verdict, rule, place and canonical link."""

import gzip
import json
import subprocess
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any, Final

from contexts.passport.domain.digital_link import canonical_uri, identify
from contexts.passport.domain.refusals import CodeRefused
from contexts.passport.management.commands.gs1 import TABLE, browser_table
from contexts.passport.tests.domain.test_codes import VECTORS
from contexts.passport.tests.generated_codes import codes
from packytrace.configuration import ROOT

TODAY: Final = date(2026, 5, 1)
_JUDGE: Final = """
import { createInterface } from "node:readline";
import { build } from "esbuild";
const { outputFiles } = await build({
  entryPoints: ["src/gs1/digital_link.ts"], format: "esm", bundle: true, write: false,
});
const source = Buffer.from(outputFiles[0].contents).toString("base64");
const { identify } = await import(`data:text/javascript;base64,${source}`);
const answers = [];
for await (const line of createInterface({ input: process.stdin })) {
  answers.push(JSON.stringify(identify(JSON.parse(line), new Date(2026, 4, 1))));
}
process.stdout.write(answers.join("\\n"));
"""


def script_on(texts: Iterable[str]) -> list[dict[str, Any]]:
    """The script's judgements, by one process of Node."""
    judged = subprocess.run(
        ["node", "--input-type=module", "--eval", _JUDGE],
        cwd=ROOT / "frontend",
        input="\n".join(json.dumps(text) for text in texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in judged.stdout.split("\n")]


def server_on(text: str) -> dict[str, Any]:
    """The server's judgement in the script's words."""
    try:
        said = identify(text, today=TODAY)
    except CodeRefused as refused:
        return {"ok": False, "code": refused.code, "ai": refused.ai, "position": refused.position}
    return {
        "ok": True,
        "key": said.key,
        "value": said.value,
        "qualifiers": [list(pair) for pair in said.qualifiers],
        "attributes": [list(pair) for pair in said.attributes],
        "uri": canonical_uri(said),
    }


def test_generated_codes_are_judged_alike() -> None:
    count = 100_000
    texts = list(islice(codes(seed=9520), count))
    judged = list(zip(texts, map(server_on, texts), script_on(texts), strict=True))
    assert [one for one in judged if one[1] != one[2]][:3] == []
    assert count / 4 < sum(one["ok"] for _, one, _ in judged) < count * 3 / 4
    assert len({one["code"] for _, one, _ in judged if not one["ok"]}) > 20


def test_the_golden_vectors_are_judged_alike() -> None:
    texts = [one["code"] for one in json.loads(VECTORS.read_text(encoding="utf-8"))]
    assert script_on(texts) == list(map(server_on, texts))


def test_the_browser_has_the_server_s_table() -> None:
    assert TABLE.read_text(encoding="utf-8") == browser_table(), "run `manage.py gs1 table`"


def test_the_script_is_small() -> None:
    built = subprocess.run(
        [
            "npx",
            "esbuild",
            "src/gs1/digital_link.ts",
            "--bundle",
            "--minify",
            "--format=esm",
            "--target=es2020",
        ],
        cwd=ROOT / "frontend",
        capture_output=True,
        check=True,
    )
    assert len(gzip.compress(built.stdout, mtime=0)) <= 8 * 1024
