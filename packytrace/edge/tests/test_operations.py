"""What operators ask: probes that tell the truth, metrics that not everybody may read."""

import ipaddress
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import DjangoDbBlocker, Settings

from packytrace.configuration import ROOT
from packytrace.databases import roles
from packytrace.edge import metrics, ports, readiness
from packytrace.edge.readiness import Part, Readiness

Written = Callable[[], list[dict[str, Any]]]


def samples(client: Client) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    text = client.get("/metrics").content.decode()
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


class TestLive:
    def test_it_is_alive_under_any_host_and_touches_nothing(self, client: Client) -> None:
        answer = client.get("/health/live", headers={"Host": "10.1.2.3:8000"})
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies

    def test_head_is_answered(self, client: Client) -> None:
        assert client.head("/health/live").status_code == 200


@pytest.mark.django_db(databases=roles.CONTEXTS, transaction=True)
class TestReady:
    def test_every_part_is_told_by_name(self, client: Client) -> None:
        answer = client.get("/health/ready", headers={"Host": "10.1.2.3:8000"})
        body = answer.json()
        assert (answer.status_code, body["status"]) == (200, "ok")
        assert set(body["parts"]) == {
            *(f"database {context}" for context in roles.CONTEXTS),
            "log",
            "sign-in provider",
        }
        for context in roles.CONTEXTS:
            part = body["parts"][f"database {context}"]
            assert part["status"] == "ok"
            assert part["durationMs"] >= 0

    def test_a_lost_required_database_is_not_ready(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, written: Written
    ) -> None:
        monkeypatch.setitem(connections.settings["passport"], "PASSWORD", "not the password")
        answer = client.get("/health/ready")
        body = answer.json()
        assert (answer.status_code, body["status"]) == (503, "failed")
        assert body["parts"]["database passport"]["status"] == "failed"
        assert body["parts"]["database identity"]["status"] == "ok"
        assert "not the password" not in str(body) + str(written())

    def test_a_lost_other_one_is_told_and_stops_no_scan(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(connections.settings["fridge"], "PASSWORD", "not the password")
        answer = client.get("/health/ready")
        assert answer.status_code == 200
        assert answer.json()["parts"]["database fridge"]["status"] == "failed"

    def test_asking_leaves_no_connection_behind(self, client: Client) -> None:
        client.get("/health/ready")
        with connections["passport"].cursor() as cursor:
            deadline = time.monotonic() + 5
            while _others(cursor) and time.monotonic() < deadline:
                time.sleep(0.05)
            assert _others(cursor) == 0


def _others(cursor: CursorWrapper) -> int:
    """Connections of this role besides the cursor's own."""
    cursor.execute(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE usename = current_user AND pid <> pg_backend_pid() AND datname = current_database()"
    )
    return int(cursor.fetchone()[0])


class TestReadiness:
    def test_a_part_that_hangs_is_failed_and_asked_only_once(self) -> None:
        asked, release = [], threading.Event()

        def hang() -> None:
            asked.append(1)
            release.wait(10)

        now = 0.0
        ready = Readiness({"slow": Part(check=hang, required=True)}, deadline=0.05, clock=lambda: now)
        assert not ready.report()["slow"].ok
        now = 10.0
        assert not ready.report()["slow"].ok
        assert len(asked) == 1
        release.set()
        now = 20.0
        deadline = time.monotonic() + 5
        while not ready.report()["slow"].ok:
            now += 10
            assert time.monotonic() < deadline

    def test_answers_are_given_again_for_a_moment(self) -> None:
        asked: list[int] = []
        now = 0.0
        ready = Readiness({"quick": Part(check=lambda: asked.append(1), required=True)}, clock=lambda: now)
        for _ in range(5):
            assert ready.report()["quick"].ok
        assert len(asked) == 1
        now = readiness.KEPT
        ready.report()
        assert len(asked) == 2

    def test_many_askers_ask_the_part_once(self) -> None:
        asked: list[int] = []
        ready = Readiness({"part": Part(check=lambda: asked.append(1), required=True)})
        threads = [threading.Thread(target=ready.report) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(asked) == 1

    def test_whatever_a_part_raises_it_is_failed(self, written: Written) -> None:
        def broken() -> None:
            raise ValueError("with a secret in it")

        state = Readiness({"part": Part(check=broken, required=False)}).report()["part"]
        assert (state.ok, state.required) == (False, False)
        [line] = written()
        assert (line["event"], line["part"], line["reason"]) == ("part failed", "part", "ValueError")


class TestWhoMayReadMetrics:
    @pytest.fixture(autouse=True)
    def _no_facts(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(metrics, "_PARTS", {})

    @pytest.mark.parametrize(
        ("peer", "headers", "status"),
        [
            ("127.0.0.1", {}, 200),
            ("::1", {}, 200),
            ("203.0.113.1", {}, 403),
            ("", {}, 403),
            # A proxy on this machine stands between: whoever is behind it is not this machine.
            ("127.0.0.1", {"X-Forwarded-For": "203.0.113.1"}, 403),
            ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
            ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
            ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 403),
        ],
    )
    def test_without_a_token_this_machine_alone(
        self, client: Client, peer: str, headers: dict[str, str], status: int
    ) -> None:
        assert client.get("/metrics", headers=headers, REMOTE_ADDR=peer).status_code == status

    @pytest.mark.parametrize(
        ("authorization", "status"),
        [
            ("Bearer scrape-me", 200),
            ("Bearer scrape-m", 403),
            ("scrape-me", 403),
            ("Bearer \udcff", 403),
            ("", 403),
        ],
    )
    def test_with_a_token_from_anywhere(
        self, client: Client, settings: Settings, authorization: str, status: int
    ) -> None:
        settings.METRICS_TOKEN = "scrape-me"
        answer = client.get("/metrics", REMOTE_ADDR="203.0.113.1", HTTP_AUTHORIZATION=authorization)
        assert answer.status_code == status

    def test_an_empty_token_opens_nothing(self, client: Client) -> None:
        answer = client.get("/metrics", REMOTE_ADDR="203.0.113.1", HTTP_AUTHORIZATION="Bearer ")
        assert answer.status_code == 403

    def test_a_trusted_proxy_is_no_way_in(self, client: Client, settings: Settings) -> None:
        settings.TRUSTED_PROXIES = (ipaddress.ip_network("127.0.0.0/8"),)
        assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


class TestFolders:
    """Run by processes: a lock goes with the one that holds it."""

    PREPARE = (
        "import os, pathlib, sys\n"
        "from packytrace.edge import metrics\n"
        "metrics.prepare(pathlib.Path(sys.argv[1]))\n"
        "pathlib.Path(os.environ[metrics.FOLDER], 'counter.db').touch()\n"
        # As the server does: the process is replaced, and its lock goes on.
        "os.execv(sys.executable, [sys.executable, '-c', 'print(flush=True); input()'])\n"
    )

    @contextmanager
    def serving(self, root: Path, name: str) -> Iterator[None]:
        server = subprocess.Popen(
            [sys.executable, "-c", self.PREPARE, str(root / name)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert server.stdout is not None
            assert server.stdout.readline(), "it did not start"
            yield
        finally:
            server.kill()
            server.communicate()

    def files(self, root: Path) -> set[str]:
        return {str(file.relative_to(root)) for file in root.rglob("*.db")}

    def test_what_replaced_containers_left_is_deleted_and_what_others_use_is_not(
        self, tmp_path: Path
    ) -> None:
        with self.serving(tmp_path, "first"):
            with self.serving(tmp_path, "second"):
                assert self.files(tmp_path) == {"first/counter.db", "second/counter.db"}
            with self.serving(tmp_path, "third"):
                assert self.files(tmp_path) == {"first/counter.db", "third/counter.db"}

    def test_a_server_that_starts_again_begins_empty(self, tmp_path: Path) -> None:
        (tmp_path / "first").mkdir()
        (tmp_path / "first" / "old.db").touch()
        with self.serving(tmp_path, "first"):
            assert self.files(tmp_path) == {"first/counter.db"}


class TestPlace:
    def test_it_is_in_memory_and_each_server_has_its_own(self, tmp_path: Path) -> None:
        one, other = (metrics.place(tmp_path / name, memory=tmp_path) for name in ("one", "other"))
        assert one.parent == other.parent == tmp_path / f"packytrace-{os.getuid()}"
        assert one != other
        assert metrics.place(tmp_path / "one", memory=tmp_path) == one
        assert one.parent.stat().st_mode & 0o777 == 0o700

    def test_it_is_below_state_where_there_is_no_such_memory(self, tmp_path: Path) -> None:
        place = metrics.place(tmp_path / "state", memory=tmp_path / "none")
        assert place.parent == tmp_path / "state" / "metrics"

    @pytest.mark.parametrize("kind", ["link", "open to all", "file"])
    def test_what_another_user_put_there_is_not_used(self, tmp_path: Path, kind: str) -> None:
        theirs = tmp_path / f"packytrace-{os.getuid()}"
        if kind == "link":
            (tmp_path / "elsewhere").mkdir(mode=0o700)
            theirs.symlink_to(tmp_path / "elsewhere")
        elif kind == "file":
            theirs.touch()
        else:
            theirs.mkdir()
            theirs.chmod(0o777)
        assert metrics.place(tmp_path / "state", memory=tmp_path).is_relative_to(tmp_path / "state")


@pytest.mark.django_db(databases=roles.CONTEXTS)
class TestMetrics:
    @pytest.fixture(autouse=True)
    def _consumers_are_wired(self) -> None:
        assert ports.consumers(), "packytrace/wiring.py binds them"

    def test_facts_that_wait_are_counted_with_the_age_of_the_oldest(self, client: Client) -> None:
        with transaction.atomic(using="passport"), connections["passport"].cursor() as cursor:
            cursor.executemany(
                "INSERT INTO outbox (event_id, aggregate_type, aggregate_id, type, version, payload,"
                " occurred_at, headers) VALUES (%s, 'scan', 'x', 'ProductScanned', 1, '{}',"
                " clock_timestamp() - %s * interval '1 second', '{}')",
                [[uuid4(), age] for age in (120, 60)],
            )
        found = samples(client)
        passport = frozenset({("context", "passport")})
        assert found["packytrace_outbox_facts", passport] == 2
        assert 120 <= found["packytrace_outbox_oldest_seconds", passport] < 180
        identity = frozenset({("context", "identity")})
        assert found["packytrace_outbox_facts", identity] == 0
        assert found["packytrace_outbox_oldest_seconds", identity] == 0

    def test_every_consumer_has_its_lag_and_its_dead_letters(self, client: Client) -> None:
        found = samples(client)
        for consumer in ports.consumers():
            dead = frozenset({("context", consumer.context), ("consumer", consumer.name)})
            assert found["packytrace_dead_letters", dead] == 0
            for topic in consumer.topics:
                lag = frozenset({("consumer", consumer.name), ("topic", topic)})
                assert found["packytrace_consumer_lag_facts", lag] == 0

    def test_what_is_overdue_is_counted_with_the_age_of_the_oldest(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failed = frozenset({("part", "overdue")})
        assert samples(client)["packytrace_scrape_failed", failed] == 0, "each context's tables are read"
        late = ports.Overdue(number=2, since=timezone.now() - timedelta(hours=1))
        done = ports.Overdue(number=0, since=None)
        monkeypatch.setattr(ports._BOUND, "overdue_work", lambda *, now: {"notices": late, "files": done})
        found = samples(client)
        for work, number, oldest in (("notices", 2, 3600), ("files", 0, 0)):
            labels = frozenset({("work", work)})
            assert found["packytrace_overdue", labels] == number
            assert oldest <= found["packytrace_overdue_oldest_seconds", labels] < oldest + 60

    def test_a_part_that_cannot_be_asked_hides_no_other(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, written: Written
    ) -> None:
        def broken() -> Iterator[Any]:
            raise OperationalError("the database is away")

        monkeypatch.setattr(metrics, "_PARTS", {**metrics._PARTS, "outbox": broken})
        found = samples(client)
        assert found["packytrace_scrape_failed", frozenset({("part", "outbox")})] == 1
        assert found["packytrace_scrape_failed", frozenset({("part", "dead_letters")})] == 0
        assert "packytrace_outbox_facts" not in {name for name, _ in found}
        assert [line["part"] for line in written() if line["event"] == "metrics are missing"] == ["outbox"]

    def test_the_promise_has_a_bucket_of_its_own(self, client: Client) -> None:
        client.get("/scan")
        labels = frozenset({("method", "GET"), ("route", "scan"), ("status", "200"), ("le", "3.0")})
        assert samples(client)["packytrace_http_request_duration_seconds_bucket", labels] >= 1

    def test_a_scrape_leaves_no_connection_behind(
        self, client: Client, django_db_blocker: DjangoDbBlocker
    ) -> None:
        open_after: list[str] = []

        def scrape() -> None:
            with django_db_blocker.unblock():
                client.get("/metrics")
            open_after.extend(c.alias for c in connections.all(initialized_only=True) if c.connection)

        thread = threading.Thread(target=scrape)
        thread.start()
        thread.join()
        assert open_after == []
