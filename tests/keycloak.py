"""A real Keycloak with the realm that production imports: install, start, stop."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests

from packytrace.configuration import ROOT

VERSION: Final = "26.4.0"
SECRET: Final = "the secret of this Keycloak"
ACCOUNTS_SECRET: Final = "the secret of its client for accounts"
_CACHE: Final = ROOT / ".cache" / "keycloak"
_HOME: Final = _CACHE / f"keycloak-{VERSION}"
_PATIENCE: Final = 180.0
#: Small and quick to start, as a test wants it.
_JAVA_OPTIONS: Final = (
    "-Xms64m -Xmx400m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:MetaspaceSize=96M"
    " --add-opens=java.base/java.util=ALL-UNNAMED"
    " --add-opens=java.base/java.util.concurrent=ALL-UNNAMED"
    " --add-opens=java.base/java.security=ALL-UNNAMED"
)


class KeycloakFailed(Exception):
    """Keycloak did not come up; the text has the end of what it said."""


def installed() -> bool:
    """Whether this version is here, built."""
    return (_HOME / "built").is_file()


def install() -> None:
    """Fetch the distribution from Maven's repository and build its server; does nothing when that is done."""
    if installed():
        return
    shutil.rmtree(_CACHE, ignore_errors=True)
    _CACHE.mkdir(parents=True)
    subprocess.run(
        [
            "mvn",
            "-q",
            "-B",
            "-Dstyle.color=never",
            "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy",
            f"-Dartifact=org.keycloak:keycloak-quarkus-dist:{VERSION}:zip",
            f"-DoutputDirectory={_CACHE}",
        ],
        check=True,
    )
    archive = _CACHE / f"keycloak-quarkus-dist-{VERSION}.zip"
    shutil.unpack_archive(archive, _CACHE)
    archive.unlink()
    _script().chmod(0o755)
    _kc("build", "--db=dev-mem").wait()
    (_HOME / "built").touch()


@dataclass(frozen=True, kw_only=True)
class Keycloak:
    """A running server with the realm `packytrace` in it."""

    url: str

    @property
    def issuer(self) -> str:
        return f"{self.url}/realms/packytrace"

    def add_person(self, *, email: str, password: str, role: str) -> str:
        """Make somebody who can sign in; answers the subject of their tokens."""
        admin = self._administrator()
        users = f"{self.url}/admin/realms/packytrace/users"
        made = admin.post(
            users,
            json={
                "username": email,
                "email": email,
                "emailVerified": True,
                "enabled": True,
                "firstName": "Marco",
                "lastName": "Vidal",
                "credentials": [{"type": "password", "value": password, "temporary": False}],
            },
            timeout=30,
        )
        made.raise_for_status()
        subject = made.headers["Location"].rsplit("/", 1)[1]
        granted = admin.get(f"{self.url}/admin/realms/packytrace/roles/{role}", timeout=30).json()
        admin.post(f"{users}/{subject}/role-mappings/realm", json=[granted], timeout=30).raise_for_status()
        return subject

    def send_mails_to(self, *, port: int) -> None:
        """Let the realm send its mails to a server on loopback."""
        server = {"host": "127.0.0.1", "port": str(port), "from": "keycloak@packytrace.example"}
        realm = f"{self.url}/admin/realms/packytrace"
        self._administrator().put(realm, json={"smtpServer": server}, timeout=30).raise_for_status()

    def _administrator(self) -> requests.Session:
        answer = requests.post(
            f"{self.url}/realms/master/protocol/openid-connect/token",
            data={
                "grant_type": "password",
                "client_id": "admin-cli",
                "username": "admin",
                "password": SECRET,
            },
            timeout=30,
        )
        answer.raise_for_status()
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return session


@contextmanager
def running(*, port: int, site: str, folder: Path) -> Iterator[Keycloak]:
    """A server on loopback whose realm knows the application at `site`. Raises KeycloakFailed."""
    imports = _HOME / "data" / "import"
    imports.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "docker" / "keycloak" / "realm.json", imports)
    shutil.copytree(
        ROOT / "docker" / "keycloak-passwords", _HOME / "data" / "password-blacklists", dirs_exist_ok=True
    )
    keycloak = Keycloak(url=f"http://127.0.0.1:{port}")
    log = folder / "keycloak.log"
    process = _kc(
        "start",
        "--optimized",
        "--import-realm",
        "--cache=local",
        "--http-enabled=true",
        "--http-host=127.0.0.1",
        f"--http-port={port}",
        f"--hostname={keycloak.url}",
        log=log,
        PUBLIC_URL=site,
        OIDC_CLIENT_SECRET=SECRET,
        OIDC_ACCOUNTS_CLIENT_SECRET=ACCOUNTS_SECRET,
        KC_BOOTSTRAP_ADMIN_USERNAME="admin",
        KC_BOOTSTRAP_ADMIN_PASSWORD=SECRET,
    )
    try:
        _await(keycloak, process=process, log=log)
        yield keycloak
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def _await(keycloak: Keycloak, *, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if requests.get(f"{keycloak.issuer}/.well-known/openid-configuration", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.5)
    raise KeycloakFailed(log.read_text(encoding="utf-8", errors="replace")[-4000:])


def _script() -> Path:
    return _HOME / "bin" / "kc.sh"


def _kc(*arguments: str, log: Path | None = None, **environment: str) -> subprocess.Popen[bytes]:
    with Path(log or os.devnull).open("wb") as output:
        return subprocess.Popen(
            [str(_script()), *arguments],
            env={**os.environ, "JAVA_OPTS": _JAVA_OPTIONS, **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            # The script starts Java as a child: both are stopped as one group.
            start_new_session=True,
        )
