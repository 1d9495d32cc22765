"""Data keys open for their person with the right key-encryption key; a wrong one says what is wrong."""

from uuid import UUID

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings as SettingsWrapper
from structlog.testing import capture_logs

from packytrace.vault import keyring
from packytrace.vault.errors import KeyUnavailable, Tampered
from packytrace.vault.sealing import new_data_key
from packytrace.vault.tests.keys import entry

ONE, OTHER = UUID(int=1), UUID(int=2)
HUSH = "aHVzaCBodXNoIGh1c2g"


@given(person=st.uuids())
def test_a_wrapped_key_opens_again_for_its_person(person: UUID) -> None:
    key = new_data_key()
    kek_id, wrapped = keyring.wrap(key=key, person_id=person)
    assert key.reveal() not in wrapped
    again = keyring.unwrap(wrapped=memoryview(wrapped), kek_id=kek_id, person_id=person)
    assert (again.id, again.reveal()) == (key.id, key.reveal())


def test_the_first_key_wraps_and_every_key_unwraps(settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = entry("old")
    kek_id, wrapped = keyring.wrap(key=new_data_key(), person_id=ONE)
    assert kek_id == "old"
    settings.VAULT_KEYS = f"{entry('new')}\n\n {entry('old')} ,"
    assert keyring.configured().ids == ("new", "old")
    keyring.unwrap(wrapped=wrapped, kek_id=kek_id, person_id=ONE)
    assert keyring.wrap(key=new_data_key(), person_id=ONE)[0] == "new"


def test_every_byte_that_is_changed_is_refused() -> None:
    kek_id, wrapped = keyring.wrap(key=new_data_key(), person_id=ONE)
    for at in range(len(wrapped)):
        changed = bytearray(wrapped)
        changed[at] ^= 1 << at % 8
        with pytest.raises((Tampered, KeyUnavailable)):
            keyring.unwrap(wrapped=bytes(changed), kek_id=kek_id, person_id=ONE)
        with pytest.raises(Tampered):
            keyring.unwrap(wrapped=wrapped[:at], kek_id=kek_id, person_id=ONE)


def test_a_wrapped_key_opens_for_nobody_else(settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = f"{entry('a')},{entry('b')}"
    kek_id, wrapped = keyring.wrap(key=new_data_key(), person_id=ONE)
    with pytest.raises(Tampered):
        keyring.unwrap(wrapped=wrapped, kek_id=kek_id, person_id=OTHER)
    with pytest.raises(KeyUnavailable):
        keyring.unwrap(wrapped=wrapped, kek_id="b", person_id=ONE)


def test_the_same_key_under_another_id_does_not_unwrap(settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = entry("a")
    _, wrapped = keyring.wrap(key=new_data_key(), person_id=ONE)
    settings.VAULT_KEYS = "b" + entry("a").removeprefix("a")
    with pytest.raises(Tampered):
        keyring.unwrap(wrapped=wrapped, kek_id="b", person_id=ONE)


@pytest.mark.parametrize("configured", ["", entry("other"), entry("a", seed="another"), "nonsense"])
def test_without_the_right_key_nothing_opens(
    configured: str, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A logger keeps the processors of its first line, which another test may have written.
    monkeypatch.setattr(keyring, "log", structlog.get_logger(keyring.__name__))
    settings.VAULT_KEYS = entry("a")
    kek_id, wrapped = keyring.wrap(key=new_data_key(), person_id=ONE)
    settings.VAULT_KEYS = configured
    with capture_logs() as lines, pytest.raises(KeyUnavailable, match="nothing is lost"):
        keyring.unwrap(wrapped=wrapped, kek_id=kek_id, person_id=ONE)
    (line,) = lines
    assert line["event"] == "vault locked"
    assert "VAULT_KEYS" in line["reason"]
    assert not [secret for secret in configured.split("=") if len(secret) > 40 and secret in str(line)]
    settings.VAULT_KEYS = entry("a")
    keyring.unwrap(wrapped=wrapped, kek_id=kek_id, person_id=ONE)


@pytest.mark.parametrize("configured", ["", "nonsense"])
def test_without_keys_nothing_is_wrapped(configured: str, settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = configured
    with pytest.raises(KeyUnavailable):
        keyring.wrap(key=new_data_key(), person_id=ONE)


@pytest.mark.parametrize(
    ("configured", "said"),
    [
        ("", "is not set.*new-key"),
        (" ,\n", "is not set"),
        (HUSH, "Entry 1 .* not `id=key`"),
        (f"{entry('a')},{HUSH}", "Entry 2 .* not `id=key`"),
        (f"{HUSH}=", "Entry 1 .* not `id=key`"),
        (f"={HUSH}", "Entry 1 .* not `id=key`"),
        (f"an id={HUSH}", "Entry 1 .* not `id=key`"),
        (f"a={HUSH}", "Entry 1 .* not 32 bytes"),
        (f"a={HUSH}ü", "Entry 1 .* not 32 bytes"),
        (f"a={HUSH}*", "Entry 1 .* not 32 bytes"),
        (entry("a") + "A", "Entry 1 .* not 32 bytes"),
        ("a=" + "A" * 43 + "=", "placeholder"),
        (f"{entry('a')},{entry('a', seed='other')}", "Entry 2 .* repeats"),
        (f"{entry('a')},b{entry('a').removeprefix('a')}", "Entry 2 .* repeats"),
    ],
)
def test_a_wrong_configuration_is_told_without_a_key(
    configured: str, said: str, settings: SettingsWrapper
) -> None:
    settings.VAULT_KEYS = configured
    with pytest.raises(keyring.KeysMisconfigured, match=said) as refused:
        keyring.configured()
    assert HUSH not in str(refused.value)


def test_a_new_key_can_be_configured(settings: SettingsWrapper) -> None:
    made = [keyring.new_key(kek_id=kek_id) for kek_id in ("2026-11-21-3f9a", "b")]
    settings.VAULT_KEYS = ",".join(made)
    assert keyring.configured().ids == ("2026-11-21-3f9a", "b")
    with pytest.raises(keyring.KeysMisconfigured, match="no id"):
        keyring.new_key(kek_id="a,b")
