"""pytest plugin: the embedded OpenID provider as the real process that it is."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from django.conf import settings

from packytrace.configuration import ROOT
from packytrace.provider import mailbox
from packytrace.provider.demo import DEMO_PEOPLE, DemoPerson
from tests import ports

_READY_WITHIN = 60.0


@dataclass(frozen=True, kw_only=True)
class EmbeddedProvider:
    """A running provider, and where its application would be."""

    issuer: str
    public_url: str
    environment: dict[str, str]

    def person(self, *, role: str, brand: str | None = None) -> DemoPerson:
        """The demo person of a role and a brand."""
        return next(p for p in DEMO_PEOPLE if p.role == role and brand in {None, p.brand})

    def password(self, person: DemoPerson) -> str:
        """What a demo person types."""
        return person.password(secret=settings.EMBEDDED_SERVER.secret)

    def mails(self, address: str) -> list[mailbox.Letter]:
        """What this address was sent, oldest first."""
        folder = Path(self.environment["STATE"]) / "mail"
        return [letter for letter in mailbox.letters(folder) if letter.to == address]

    def link(self, address: str) -> str:
        """The link of the last mail to this address."""
        link = self.mails(address)[-1].link
        assert link
        return link

    def command(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        """Run one of the provider's management commands."""
        return subprocess.run(
            [sys.executable, "-m", "packytrace.provider", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def embedded_provider() -> Iterator[EmbeddedProvider]:
    """Start the provider on a cluster of this session; it uses the database that `make up` would."""
    port = ports.free_pair()
    environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1"}
    environment.pop("PUBLIC_URL", None)
    settings.EMBEDDED_SERVER.start(durable=False)
    subprocess.run([sys.executable, "manage.py", "provision"], cwd=ROOT, env=environment, check=True)
    log = Path(environment["STATE"]) / "provider-test.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "packytrace.provider"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    provider = EmbeddedProvider(
        issuer=f"http://127.0.0.1:{port + 1}",
        public_url=f"http://127.0.0.1:{port}",
        environment=environment,
    )
    try:
        _wait_until_ready(provider.issuer, process=process, log=log)
        yield provider
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_ready(issuer: str, *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _READY_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(requests.RequestException):
            if requests.get(f"{issuer}/.well-known/openid-configuration", timeout=2).ok:
                return
        time.sleep(0.1)
    pytest.fail(f"The embedded provider did not start:\n{log.read_text(errors='replace')[-4000:]}")
