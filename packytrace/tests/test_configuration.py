"""Settings are declared once; what production lacks stops the start by name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from packytrace.configuration import ROOT, SETTINGS, Configuration, local_address
from packytrace.management.commands import configuration as command

COMPLETE = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "0123456789" * 6,
    "PUBLIC_URL": "https://id.example.com",
    "DATABASE_URL": "postgresql://db.example.com/packytrace",
    "OIDC_ISSUER": "https://login.example.com/realms/packytrace",
    "OIDC_CLIENT_SECRET": "secret",
}


def test_the_embedded_default_needs_nothing() -> None:
    configuration = Configuration(environment={})
    assert not configuration.production
    assert configuration["PORT"] == 8000
    assert configuration["TRUSTED_PROXIES"] == []


def test_values_have_their_type() -> None:
    configuration = Configuration(
        environment={"PORT": "8100", "TRUSTED_PROXIES": "10.0.0.0/8,192.168.0.0/16", "HOST": ""}
    )
    assert configuration["PORT"] == 8100
    assert configuration["TRUSTED_PROXIES"] == ["10.0.0.0/8", "192.168.0.0/16"]
    assert configuration["HOST"] == "127.0.0.1"


def test_a_value_of_the_wrong_type_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="PORT must be a int"):
        _ = Configuration(environment={"PORT": "eight thousand"})["PORT"]


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS if setting.required])
def test_production_names_what_is_missing(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        Configuration(environment={key: value for key, value in COMPLETE.items() if key != name})


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="ENVIRONMENT"):
        Configuration(environment={"ENVIRONMENT": "staging"})


def _start(changes: dict[str, str], state: Path) -> subprocess.CompletedProcess[str]:
    passwords = {"DATABASE_PASSWORDS_FILE": str(state / "passwords.json")}
    written = subprocess.run(
        [sys.executable, "manage.py", "passwords"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    (state / "passwords.json").write_text(written.stdout)
    clean = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**clean, **COMPLETE, **passwords, "STATE": str(state), **changes},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 50"),
        ({"SECRET_KEY": "x" * 60}, "SECRET_KEY must have at least 50"),
        ({"PUBLIC_URL": "http://id.example.com"}, "PUBLIC_URL must begin with https"),
        ({"PUBLIC_URL": "id.example.com"}, "PUBLIC_URL is a scheme and a host"),
        ({"TRUSTED_PROXIES": "10.0.0.1/8"}, "TRUSTED_PROXIES must be networks"),
        ({"TRUSTED_PROXIES": "caddy"}, "TRUSTED_PROXIES must be networks"),
        ({"RATE_LIMIT_ADDRESS": "many"}, "RATE_LIMIT_ADDRESS and RATE_LIMIT_VISITOR are numbers per time"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of"),
    ],
)
def test_an_unsafe_setting_stops_production(changes: dict[str, str], message: str, tmp_path: Path) -> None:
    result = _start(changes, tmp_path)
    assert result.returncode != 0
    assert message in result.stderr


def test_a_complete_production_starts(tmp_path: Path) -> None:
    result = _start({}, tmp_path)
    assert result.returncode == 0, result.stderr


def test_the_page_is_what_the_declaration_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "configuration.md"
    monkeypatch.setattr(command, "PAGE", page)
    with pytest.raises(CommandError, match="make fix"):
        call_command("configuration", check=True)
    call_command("configuration")
    call_command("configuration", check=True)
    page.write_text(page.read_text() + "drift")
    with pytest.raises(CommandError):
        call_command("configuration", check=True)


@pytest.mark.enable_socket
def test_an_address_is_itself_and_a_wildcard_is_ours() -> None:
    assert local_address("127.0.0.1") == "127.0.0.1"
    assert local_address("0.0.0.0") not in {"0.0.0.0", ""}
