"""All measurements one after the other: `python -m bench`. Ends with what was missed, after all figures."""

import shutil
import subprocess
import sys

from bench.load import OHA, ROOT
from tests.parts import missing

MEASUREMENTS = (
    "parser",
    "import_products",
    "search",
    "stack",
    "facts",
    "scan",
    "resolver",
    "passport",
    "hanging_sources",
    "personal",
    "fridge",
)


def main() -> None:
    """Look first for what is needed, so that nobody waits for minutes to hear that something is missing."""
    needed = ["java"]
    if shutil.which("oha") is None and not (OHA / "bin" / "oha").exists():
        needed.append("cargo")
    if lacking := missing(*needed):
        sys.exit(
            f"The measurements need {' and '.join(lacking)}: java runs Kafka, cargo (rustup.rs) builds the"
            " load generator oha once, or install oha itself. One that needs neither: python -m bench.stack"
        )
    missed = []
    for name in MEASUREMENTS:
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT, check=False).returncode:
            missed.append(name)
    print(f"\nNot reached or not measured: {', '.join(missed)}" if missed else "\nEvery figure is reached.")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
