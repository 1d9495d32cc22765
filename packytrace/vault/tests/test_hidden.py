"""Keys and plain values show nowhere by accident."""

import base64
import copy
import io
import pickle
import traceback
from collections.abc import Callable
from uuid import UUID

import pytest
import structlog
from django.test import RequestFactory
from django.views.debug import ExceptionReporter
from pytest_django import Settings as SettingsWrapper
from rich.console import Console
from rich.traceback import Traceback

from packytrace.logs.exceptions import render
from packytrace.vault import keyring
from packytrace.vault.errors import KeyErased, KeyUnavailable, Tampered
from packytrace.vault.hidden import Hidden
from packytrace.vault.sealing import Place, new_data_key, open_sealed, seal
from packytrace.vault.tests.keys import entry

CANARY = "canary-word-lactose"
PERSON = UUID(int=1)
PLACE = Place(context="personalization", table="health_profile", column="sealed", row=7, person=PERSON)


def _hidden() -> list[tuple[Hidden, list[str]]]:
    """One of each kind, with what must not show."""
    key = new_data_key()
    plain = open_sealed(key=key, sealed=seal(key=key, plain=CANARY.encode(), place=PLACE), place=PLACE)
    kek = keyring.configured().first
    return [(plain, [CANARY]), (key, _spellings(key.reveal())), (kek, _secrets_of(entry("a")))]


def _spellings(secret: bytes) -> list[str]:
    return [secret.hex(), repr(secret)[2:-1], str(list(secret))]


def _secrets_of(configured: str) -> list[str]:
    return [configured.partition("=")[2], *_spellings(base64.b64decode(configured[2:]))]


@pytest.fixture(autouse=True)
def _one_key(settings: SettingsWrapper) -> None:
    settings.VAULT_KEYS = entry("a")


@pytest.mark.parametrize("number", [0, 1, 2], ids=["value", "data key", "key-encryption key"])
def test_nothing_that_is_hidden_is_printed_or_pickled(number: int) -> None:
    one, secrets = _hidden()[number]
    event = structlog.dev.ConsoleRenderer()(None, "", {"event": "seen", "one": one, "all": [one]})
    shown = " ".join([repr(one), str(one), f"{one}", f"{one!r:>40}", f"{[one]}", repr({"x": one}), event])
    assert "not shown" in shown
    assert not any(secret in shown for secret in secrets)
    assert not hasattr(one, "__dict__")
    for attempt in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="stays in the process"):
            attempt(one)


def _changed() -> None:
    key = new_data_key()
    sealed = bytearray(seal(key=key, plain=CANARY.encode(), place=PLACE))
    sealed[-1] ^= 1
    open_sealed(key=key, sealed=bytes(sealed), place=PLACE)


def _locked() -> None:
    kek_id, wrapped = keyring.wrap(key=new_data_key(), person_id=PERSON)
    keyring.unwrap(wrapped=wrapped, kek_id=kek_id + "x", person_id=PERSON)


def _crash_beside_an_opened_value() -> None:
    key = new_data_key()
    value = open_sealed(key=key, sealed=seal(key=key, plain=CANARY.encode(), place=PLACE), place=PLACE)
    raise ZeroDivisionError(f"{key} {value}")


@pytest.mark.parametrize("fail", [_changed, _locked, _crash_beside_an_opened_value], ids=lambda f: f.__name__)
def test_no_traceback_quotes_a_key_or_a_value(
    fail: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [new_data_key()]
    monkeypatch.setitem(fail.__globals__, "new_data_key", lambda: made[0])
    with pytest.raises((Tampered, KeyUnavailable, ZeroDivisionError)) as failed:
        fail()
    error = failed.value
    console = Console(file=io.StringIO(), width=500)
    console.print(Traceback.from_exception(type(error), error, error.__traceback__, show_locals=True))
    told = [
        "".join(traceback.format_exception(error)),
        render(error),
        console.file.getvalue(),
        ExceptionReporter(
            RequestFactory().get("/"), type(error), error, error.__traceback__
        ).get_traceback_text(),
    ]
    secrets = [CANARY, *_secrets_of(entry("a")), *_spellings(made[0].reveal())]
    assert not [secret for secret in secrets for text in told if secret in text]
    assert "not shown" in told[2]  # the variables were there to be seen


@pytest.mark.parametrize("error", [KeyErased, KeyUnavailable, Tampered])
def test_each_error_has_words_for_a_page(error: type[KeyErased]) -> None:
    assert str(error()).endswith(".")
    assert error().args == ()
