"""Data keys move to another key-encryption key while they are read, and whatever happens to the run."""

import io
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from pytest_django import Settings as SettingsWrapper

from packytrace.configuration import ROOT
from packytrace.vault import keyring, rotation
from packytrace.vault.tests.keys import entry
from packytrace.vault.tests.people import all_open, people, table

ALIAS = "personalization"
OLD, NEW = entry("old"), entry("new")

pytestmark = pytest.mark.django_db(databases=[ALIAS], transaction=True)


@pytest.fixture(autouse=True)
def _small_batches(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.VAULT_KEYS = OLD
    monkeypatch.setattr(rotation, "BATCH", 5)
    yield
    connections[ALIAS].close()


def _under() -> Counter[str]:
    return Counter(table()._default_manager.values_list("kek_id", flat=True))


def _told(action: str) -> str:
    out = io.StringIO()
    call_command("vault", action, stdout=out)
    return out.getvalue()


def test_every_key_moves_and_opens_what_it_had_sealed(settings: SettingsWrapper) -> None:
    sealed = people(12)
    settings.VAULT_KEYS = f"{NEW},{OLD}"
    assert "12 data keys under old: opens\n" in _told("status")
    assert "12 data keys moved to new" in _told("rotate")
    assert _under() == {"new": 12}
    assert "0 data keys moved to new" in _told("rotate")
    settings.VAULT_KEYS = NEW
    assert all_open(sealed)
    assert _told("status") == "personalization.person_key: 12 data keys under new: opens, wraps new ones\n"


def test_a_run_that_is_killed_leaves_every_key_usable_and_the_next_one_goes_on(
    settings: SettingsWrapper,
) -> None:
    sealed = people(22)
    settings.VAULT_KEYS = f"{NEW},{OLD}"
    killed = subprocess.run(
        [sys.executable, "-m", "packytrace.vault.tests.victim", django_settings.DATABASE_SERVER["dbname"]],
        env={
            **os.environ,
            "VAULT_KEYS": settings.VAULT_KEYS,
            "DJANGO_SETTINGS_MODULE": "packytrace.settings",
        },
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -9, killed.stderr.decode()
    assert _under() == {"new": 10, "old": 12}
    assert all_open(sealed)
    assert "12 data keys moved to new" in _told("rotate")
    assert _under() == {"new": 22}
    assert all_open(sealed)


def test_two_runs_at_once_share_the_work_under_readers(settings: SettingsWrapper) -> None:
    sealed = people(60)
    settings.VAULT_KEYS = f"{NEW},{OLD}"
    keys = keyring.configured()
    barrier, ended, runs, read = threading.Barrier(3), threading.Event(), [], []

    def run() -> None:
        try:
            barrier.wait()
            runs.append(rotation.rotate(table(), keyring=keys))
        finally:
            connections[ALIAS].close()

    def keep_reading() -> None:
        try:
            barrier.wait()
            while True:
                last = ended.is_set()
                read.append(all_open(sealed))
                if last:
                    return
        finally:
            connections[ALIAS].close()

    threads = [threading.Thread(target=do) for do in (run, run)]
    reader = threading.Thread(target=keep_reading)
    for thread in (*threads, reader):
        thread.start()
    for thread in threads:
        thread.join()
    ended.set()
    reader.join()
    assert sum(done.rewrapped for done in runs) == 60
    assert [done.complete for done in runs] == [True, True]
    assert _under() == {"new": 60}
    assert read
    assert all(read)


def test_a_row_that_is_held_is_come_back_to(
    settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    (held, *_) = people(7)
    settings.VAULT_KEYS = f"{NEW},{OLD}"
    monkeypatch.setattr(rotation, "PATIENCE", 0.0)
    holding, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(using=ALIAS):
                table()._default_manager.select_for_update().get(person_id=held)
                holding.set()
                release.wait(timeout=30)
        finally:
            connections[ALIAS].close()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        holding.wait(timeout=30)
        with pytest.raises(CommandError, match="1 rows were held by others"):
            _told("rotate")
    finally:
        release.set()
        holder.join()
    assert _under() == {"new": 6, "old": 1}
    assert "1 data keys moved" in _told("rotate")


def test_a_key_that_is_missing_or_wrong_is_told_and_its_data_keys_stay(settings: SettingsWrapper) -> None:
    people(3)
    settings.VAULT_KEYS = entry("second")
    people(2)
    for configured in (f"{NEW},{entry('second')}", f"{NEW},{entry('second')},{entry('old', seed='wrong')}"):
        settings.VAULT_KEYS = configured
        with pytest.raises(CommandError, match="lacks old, or has another key"):
            _told("status")
        with pytest.raises(CommandError, match="3 data keys under old, which VAULT_KEYS lacks"):
            _told("rotate")
        assert _under() == {"old": 3, "new": 2}


def test_a_wrapped_key_that_was_changed_is_told_and_holds_up_nobody(settings: SettingsWrapper) -> None:
    (changed, *_) = people(7)
    row = table()._default_manager.get(person_id=changed)
    row.wrapped = bytes(row.wrapped)[:-1] + bytes([row.wrapped[-1] ^ 1])
    row.save()
    settings.VAULT_KEYS = f"{NEW},{OLD}"
    with pytest.raises(CommandError, match=f"1 wrapped keys were changed from outside, such as of {changed}"):
        _told("rotate")
    assert _under() == {"new": 6, "old": 1}


@pytest.mark.parametrize("action", ["status", "rotate"])
def test_without_keys_the_command_says_how_to_make_one(action: str, settings: SettingsWrapper) -> None:
    people(1)
    settings.VAULT_KEYS = ""
    with pytest.raises(CommandError, match="Make a key with"):
        _told(action)
    settings.VAULT_KEYS = _told("new-key").strip()
    assert len(keyring.configured().ids) == 1
