"""The embedded server: starts, survives, and says plainly why it cannot."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from packytrace.databases import embedded
from packytrace.databases.embedded import DATABASE, EmbeddedServer, EmbeddedServerFailed
from tests import parts


@pytest.fixture
def server() -> Iterator[EmbeddedServer]:
    # Not below pytest's folder: another session would close that to the server's system user.
    state = Path(tempfile.mkdtemp(prefix="packytrace-server-"))
    server = EmbeddedServer(state=state)
    yield server
    server.stop()
    shutil.rmtree(state, ignore_errors=True)


def _postmaster(server: EmbeddedServer) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def test_start_and_stop_can_be_said_twice(server: EmbeddedServer) -> None:
    server.stop()
    server.start()
    first = _postmaster(server)
    server.start()
    assert _postmaster(server) == first
    server.ensure_database()
    server.ensure_database()
    server.stop()
    assert not server.running()


@pytest.mark.django_db(databases=["passport"])
@pytest.mark.parametrize("word", ["milk", "βούτυρο", "молоко", "牛乳"])
def test_words_of_every_script_have_trigrams(word: str) -> None:
    with psycopg.connect(settings.DATABASE_ADMIN_CONNINFO) as connection:
        likeness = connection.execute(
            "SELECT extensions.word_similarity(%s, %s)", [word, f"first {word} last"]
        ).fetchone()
    assert likeness == (1.0,)


def test_a_system_without_such_a_locale_has_a_database_all_the_same(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_CHARACTER_TYPES", ("no such locale", "C"))
    server.start(durable=False)
    server.ensure_database()
    monkeypatch.undo()
    server.ensure_database()  # made earlier: it stays as it is
    with psycopg.connect(server.admin_conninfo(database=DATABASE)) as connection:
        locale = connection.execute("SELECT datctype FROM pg_database WHERE datname = %s", [DATABASE])
        assert locale.fetchone() == ("C",)


def test_a_committed_row_survives_a_killed_server(server: EmbeddedServer) -> None:
    server.start()
    with psycopg.connect(server.admin_conninfo()) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    os.kill(_postmaster(server), signal.SIGKILL)
    deadline = time.monotonic() + 30
    while server.running():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    server.start()
    with psycopg.connect(server.admin_conninfo()) as connection:
        assert connection.execute("SELECT id FROM kept").fetchone() == (1,)


def test_nobody_signs_in_without_the_password(server: EmbeddedServer) -> None:
    server.start()
    without = psycopg.conninfo.make_conninfo(server.admin_conninfo(), password="wrong")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(without)
    assert (server.state / "database.secret").stat().st_mode & 0o077 == 0


def test_a_long_state_folder_still_has_a_socket(tmp_path: Path) -> None:
    deep = EmbeddedServer(state=tmp_path / ("deep" * 30))
    assert len(str(deep.socket_folder / ".s.PGSQL.5432")) < 104


def test_a_broken_cluster_says_where_to_look(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    with (server.data / "postgresql.conf").open("a") as configuration:
        configuration.write("\nno_such_setting = 1\n")
    with pytest.raises(EmbeddedServerFailed, match=r"server\.log"):
        server.start()


_ON_A_FULL_DISK = """
import sys
from pathlib import Path
from packytrace.databases.embedded import EmbeddedServer, EmbeddedServerFailed
try:
    EmbeddedServer(state=Path(sys.argv[1])).start()
except EmbeddedServerFailed as error:
    print(error)
"""


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        parts.lack("A small file system needs Linux and root (mount).")
    script = tmp_path / "start.py"
    script.write_text(_ON_A_FULL_DISK)
    small = tmp_path / "small"
    small.mkdir()
    result = subprocess.run(
        [
            "unshare",
            "--mount",
            "sh",
            "-c",
            'mount -t tmpfs -o size=12m tiny "$1" && exec "$2" "$3" "$1/state"',
            "sh",
            str(small),
            sys.executable,
            str(script),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert result.returncode == 0, result.stderr
    assert "is full: free some space" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
