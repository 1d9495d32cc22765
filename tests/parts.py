"""Parts that only tests and benchmarks need: what this machine has, and how to get what it lacks.

`python -m tests.parts install` fetches what needs no rights; with `--system` it first installs Debian's
packages, which needs root.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NoReturn

import pytest

from packytrace.configuration import ROOT
from tests import keycloak
from tests.kafka import broker

#: Program to the Debian package that brings it.
PROGRAMS: Final = {
    "java": "default-jre-headless",
    "mvn": "maven",
    "chromium": "chromium",
    "go": "golang-go",
    "redis-server": "redis-server",
}


def missing(*programs: str) -> list[str]:
    """Those of the programs that are not here."""
    return [program for program in programs if shutil.which(program) is None]


def require(*programs: str) -> None:
    """Skip the test at hand, naming what is missing; where CI=true it fails instead."""
    if lacking := missing(*programs):
        lack(
            f"This machine has no {', '.join(lacking)}"
            f" (Debian: {', '.join(PROGRAMS.get(program, program) for program in lacking)})."
        )


def require_kafka() -> None:
    """Skip or fail, as `require`, where no Kafka broker can run."""
    require("java")
    if not broker.installed():
        require("mvn")
        lack("Kafka is not installed: run `python -m tests.parts install`.")


def require_keycloak() -> None:
    """Skip or fail, as `require`, where no Keycloak can run."""
    require("java")
    if not keycloak.installed():
        require("mvn")
        lack("Keycloak is not installed: run `python -m tests.parts install`.")


def shared(*names: str) -> Path:
    """Real data that lies beside the repository; skips or fails, as `require`, where it does not."""
    path = ROOT.parent.joinpath("shared", *names)
    if not path.exists():
        lack(f"There is no {path}.")
    return path


def lack(what: str) -> NoReturn:
    """Skip the test at hand with that reason; where CI=true it fails instead."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def install(*, system: bool) -> None:
    """Get what is missing; says what it cannot get, and leaves the judgement to the tests."""
    if system and (lacking := missing(*PROGRAMS)):
        packages = sorted({PROGRAMS[program] for program in lacking})
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages], check=True)
    if lacking := missing("java", "mvn"):
        print(f"Kafka and Keycloak are not installed: this machine has no {', '.join(lacking)}.")  # noqa: T201 - a command
        return
    broker.install()
    keycloak.install()


if __name__ == "__main__":
    if sys.argv[1:] not in (["install"], ["install", "--system"]):
        sys.exit("python -m tests.parts install [--system]")
    install(system="--system" in sys.argv)
