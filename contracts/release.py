"""Makes the current schemas the released ones: `python -m contracts.release`.

Refuses as long as a change would break a reader or a message of the last release. What is released stays
readable: a fact that must break gets a schema of its own in the next version's folder.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Final

from contracts.compatibility import incompatibilities, missing
from contracts.registry import JSON_SCHEMAS

RELEASED: Final = Path(__file__).parent / "released"


def findings(*, released: Path, current: Path) -> list[str]:
    """What the current schemas break of the released ones, each finding after its schema's path."""
    was, now = _names(released), _names(current)
    found = missing(released=was, current=now)
    for name in sorted(was & now):
        before = json.loads((released / name).read_text(encoding="utf-8"))
        after = json.loads((current / name).read_text(encoding="utf-8"))
        found += [f"{name}: {finding}" for finding in incompatibilities(released=before, current=after)]
    return found


def release(*, released: Path, current: Path) -> list[str]:
    """Copy the current schemas over the released ones; returns the findings, and copies nothing on any."""
    found = findings(released=released, current=current)
    if not found:
        shutil.copytree(current, released, dirs_exist_ok=True)
    return found


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*.schema.json"))


def main() -> int:
    """Run the command; returns its exit status: 1 when it refuses."""
    found = release(released=RELEASED, current=JSON_SCHEMAS)
    for finding in found:
        sys.stdout.write(f"{finding}\n")
    if found:
        sys.stdout.write("Nothing was released: undo the change, or give the fact a new version.\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
