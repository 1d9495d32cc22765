"""The generated types are what the schemas say, and the compilers of their languages take them."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts import generate
from contracts.generate import GENERATED
from contracts.generated.python import facts
from contracts.generation.shapes import UnsupportedSchema, _shape
from contracts.registry import contracts, envelope

ROOT = Path(__file__).parents[2]
TSC = ROOT / "frontend/node_modules/.bin/tsc"


def lacking(reason: str) -> None:
    """A tool that a stranger may lack is a skip; on a CI machine it is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run(*command: str | Path, cwd: Path, given: str = "", **variables: str) -> str:
    """A command's output; fails with all of it when the command does."""
    ran = subprocess.run(
        command, cwd=cwd, input=given, capture_output=True, text=True, env=os.environ | variables, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def shown_in_the_readme(language: str) -> str:
    readme = (ROOT / "contracts/README.md").read_text(encoding="utf-8")
    [shown] = re.findall(rf"```{language}\n(.*?)```", readme, re.DOTALL)
    return str(shown)


def examples() -> Iterator[tuple[str, dict[str, Any]]]:
    for contract in contracts().values():
        for example in contract.document["examples"]:
            yield contract.fact, example


def test_the_checked_in_types_are_those_of_the_schemas(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0, capsys.readouterr().out


def test_generating_twice_gives_the_same_bytes() -> None:
    assert generate.rendered() == generate.rendered()


def test_drift_is_shown_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "generated"
    shutil.copytree(GENERATED, folder)
    monkeypatch.setattr(generate, "GENERATED", folder)
    assert generate.main(["--check"]) == 0
    (folder / "go/facts.go").write_text("package edited\n", encoding="utf-8")
    (folder / "typescript/facts.ts").unlink()
    (folder / "python/left_over.py").write_text("x = 1\n", encoding="utf-8")
    assert generate.main(["--check"]) == 1
    told = capsys.readouterr().out
    assert "-package edited" in told
    assert "+export interface ProductScanned {" in told
    assert "--- checked in: python/left_over.py" in told
    assert "run `python -m contracts.generate`" in told
    assert (folder / "go/facts.go").read_text(encoding="utf-8") == "package edited\n"
    assert not (folder / "typescript/facts.ts").exists()


def test_generating_repairs_drift(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "GENERATED", tmp_path)
    assert generate.main([]) == 0
    assert generate.main(["--check"]) == 0


@pytest.mark.parametrize("schema", [{"type": "number"}, {"type": ["string", "integer"]}, {"type": "null"}])
def test_a_schema_that_no_type_says_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedSchema, match="Price"):
        _shape(schema, name="Price")


def test_python_has_every_field_of_every_fact() -> None:
    for contract in contracts().values():
        payload = getattr(facts, contract.fact)
        assert payload.__required_keys__ == set(contract.document["required"])
        optional = contract.document["properties"].keys() - set(contract.document["required"])
        assert payload.__optional_keys__ == optional
    assert facts.Envelope.__required_keys__ == set(envelope().document["required"])
    assert len(facts.TYPES) == len(set(facts.TYPES))


def test_typescript_takes_the_examples_and_refuses_what_nobody_declared(tmp_path: Path) -> None:
    if shutil.which("node") is None or not TSC.exists():
        lacking("No TypeScript compiler: run `npm --prefix frontend ci`.")
    shutil.copy(GENERATED / "typescript/facts.ts", tmp_path)
    lines = ['import type * as facts from "./facts.js";']
    lines += [
        f"export const example{number}: facts.{fact} = {json.dumps(example)};"
        for number, (fact, example) in enumerate(examples())
    ]
    least = contracts()["ErasureCompleted", 1].document["examples"][0]
    lines += [
        "// @ts-expect-error: nobody declared this field",
        f"export const undeclared: facts.ErasureCompleted = {json.dumps(least | {'email': 'x'})};",
        "// @ts-expect-error: a required field is missing",
        f"export const missing: facts.ErasureCompleted = {json.dumps({'at': least['at']})};",
        "export function gtinOf(message: facts.AnyMessage): string | undefined {",
        '  return message.type === "packytrace.passport.ProductScanned.v1" ? message.data.gtin : undefined;',
        "}",
    ]
    (tmp_path / "examples.ts").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shown = shown_in_the_readme("typescript").replace("./contracts/generated/typescript/", "./")
    (tmp_path / "readme.ts").write_text(shown, encoding="utf-8")
    options = {
        "strict": True,
        "noEmit": True,
        "exactOptionalPropertyTypes": True,
        "module": "nodenext",
        "target": "es2022",
        "types": [],
    }
    project = {"compilerOptions": options, "files": ["facts.ts", "examples.ts", "readme.ts"]}
    (tmp_path / "tsconfig.json").write_text(json.dumps(project), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    run(TSC, "--project", tmp_path, cwd=tmp_path)


GO_PROGRAM = """package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"

	"packytrace.example/contracts/facts"
)

func again[T any](raw json.RawMessage) any {
	var value T
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&value); err != nil {
		panic(err)
	}
	return value
}

func main() {
	var given []struct {
		Fact    string
		Example json.RawMessage
	}
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		panic(err)
	}
	readers := map[string]func(json.RawMessage) any{
%s
	}
	var read []any
	for _, one := range given {
		read = append(read, readers[one.Fact](one.Example))
	}
	out, err := json.Marshal(read)
	if err != nil {
		panic(err)
	}
	fmt.Println(string(out))
}
"""


def test_go_takes_the_examples_and_gives_them_back(tmp_path: Path) -> None:
    if shutil.which("go") is None:
        lacking("No Go: install it from Debian's package golang-go, or leave this to CI.")
    offline = {"GOPROXY": "off", "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod", "GOWORK": "off"}
    package = GENERATED / "go"
    assert run("gofmt", "-l", package, cwd=tmp_path) == ""
    run("go", "vet", "./...", cwd=package, **offline)
    given = [{"Fact": "Envelope", "Example": example} for example in envelope().document["examples"]]
    given += [{"Fact": fact, "Example": example} for fact, example in examples()]
    names = sorted({one["Fact"] for one in given})
    readers = "\n".join(f'\t\t"{name}": again[facts.{name}],' for name in names)
    (tmp_path / "main.go").write_text(GO_PROGRAM % readers, encoding="utf-8")
    imports = 'import ("encoding/json"; "fmt"; "packytrace.example/contracts/facts")'
    shown = f"package main\n\n{imports}\n\nvar _ = handle\n\n{shown_in_the_readme('go')}"
    (tmp_path / "readme.go").write_text(shown, encoding="utf-8")
    (tmp_path / "go.mod").write_text(
        "module example\n\ngo 1.21\n\nrequire packytrace.example/contracts/facts v0.0.0\n\n"
        f"replace packytrace.example/contracts/facts => {package}\n",
        encoding="utf-8",
    )
    read = json.loads(run("go", "run", ".", cwd=tmp_path, given=json.dumps(given), **offline))
    assert read == [without_optional_nulls(one["Example"]) for one in given]


def without_optional_nulls(payload: dict[str, Any]) -> dict[str, Any]:
    """A cell's numbers may be absent or null, which mean the same: Go's pointer keeps one of the two."""
    cells = [
        {name: value for name, value in cell.items() if value is not None}
        for cell in payload.get("cells", [])
    ]
    return payload | ({"cells": cells} if "cells" in payload else {})
