"""Writes `generated/` from `jsonschema/`: `python -m contracts.generate`, or `--check` to change nothing.

Deterministic and without the network: the same schemas give the same bytes.
"""

import argparse
import difflib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from contracts.generation import go, markdown, python, typescript

GENERATED: Final = Path(__file__).parent / "generated"

_LANGUAGES: Final = (python, typescript, go, markdown)
_BY_HAND: Final = frozenset({"__init__.py", "go.mod"})


def rendered() -> dict[str, str]:
    """What `generated/` must hold, by path."""
    return {language.PATH: language.render() for language in _LANGUAGES}


def drift(*, folder: Path) -> str:
    """How a folder differs from what must be in it, as a unified diff; empty when it does not."""
    expected = rendered()
    found = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in _BY_HAND and "__pycache__" not in path.parts
    }
    return "".join(
        line
        for name in sorted(expected.keys() | found.keys())
        for line in difflib.unified_diff(
            found.get(name, "").splitlines(keepends=True),
            expected.get(name, "").splitlines(keepends=True),
            fromfile=f"checked in: {name}",
            tofile=f"from the schemas: {name}",
        )
    )


def write(*, folder: Path) -> None:
    """Write every file; files that no language writes any more are left for `--check` to name."""
    for name, text in rendered().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit status: 1 when `--check` finds drift."""
    parser = argparse.ArgumentParser(prog="python -m contracts.generate", description=__doc__)
    parser.add_argument(
        "--check", action="store_true", help="change nothing, show the drift, exit with 1 on any"
    )
    if not parser.parse_args(arguments).check:
        write(folder=GENERATED)
        return 0
    difference = drift(folder=GENERATED)
    if difference:
        sys.stdout.write(difference)
        sys.stdout.write("The generated types differ from the schemas: run `python -m contracts.generate`.\n")
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
