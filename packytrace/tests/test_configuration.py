"""Settings are declared once; what production lacks stops the start by name."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError

from packytrace.configuration import ROOT, SETTINGS, Configuration, local_address, usable
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
    with pytest.raises(ImproperlyConfigured, match="PORT must be a number"):
        _ = Configuration(environment={"PORT": "eight thousand"})["PORT"]


@pytest.mark.parametrize("value", ["0", "-1", "65535", "70000"])
def test_a_port_without_a_next_one_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PORT must be a number from 1 to 65534"):
        _ = Configuration(environment={"PORT": value})["PORT"]


def test_a_state_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for below in ("file", "file/state"):
        with pytest.raises(ImproperlyConfigured, match=f"cannot be the folder .*{below} .*STATE=folder"):
            usable(tmp_path / below)
    assert usable(tmp_path / "new" / "state").is_dir()


def test_a_state_folder_of_somebody_else_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ImproperlyConfigured, match="this user may not write"):
        usable(tmp_path)


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS if setting.required])
def test_production_names_what_is_missing(name: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        Configuration(environment={key: value for key, value in COMPLETE.items() if key != name})


SECRETS = [setting.name for setting in SETTINGS if setting.secret]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nsecond line\n"])
def test_a_secret_may_stand_in_a_file(name: str, ending: str, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(f"a=b c{ending}".encode())
    configuration = Configuration(environment={f"{name}_FILE": str(file), name: ""})
    every_line = name == "VAULT_KEYS"
    expected = "a=b c\nsecond line" if every_line and "second" in ending else "a=b c"
    assert configuration[name] == ({"a": "b c"} if name == "KAFKA_CONFIG" else expected)


def test_the_byte_order_mark_of_an_editor_is_no_part_of_a_secret(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"\xef\xbb\xbf0123456789\n")
    assert Configuration(environment={"SECRET_KEY_FILE": str(file)})["SECRET_KEY"] == "0123456789"


def test_a_required_secret_in_a_file_is_not_missing(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(COMPLETE["SECRET_KEY"] + "\n")
    rest = {name: value for name, value in COMPLETE.items() if name != "SECRET_KEY"}
    assert Configuration(environment={**rest, "SECRET_KEY_FILE": str(file)})["SECRET_KEY"] == "0123456789" * 6


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    ("content", "given", "said"),
    [
        (b"hush-1\n", "hush-2", "not both"),
        (None, "", "cannot be read: No such file"),
        (b"\xffhush-1", "", "cannot be read: it is no text"),
        (b"", "", "first line is empty"),
        (b" \nhush-1\n", "", "first line is empty"),
    ],
    ids=["both", "missing", "no text", "empty", "empty first line"],
)
def test_a_secret_s_file_that_is_no_use_stops_the_start(
    name: str, content: bytes | None, given: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ImproperlyConfigured, match=f"{name}_FILE.*{said}") as refused:
        Configuration(environment={f"{name}_FILE": str(file), name: given})
    assert "hush" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_what_is_no_secret_is_read_from_no_file(tmp_path: Path) -> None:
    file = tmp_path / "host"
    file.write_text("evil.example.com")
    assert Configuration(environment={"HOST_FILE": str(file)})["HOST"] == "127.0.0.1"


def test_the_page_says_of_every_secret_that_a_file_will_do() -> None:
    told = {line.split("`")[1] for line in command.render().splitlines() if "_FILE`. |" in line}
    assert told == set(SECRETS)


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="ENVIRONMENT"):
        Configuration(environment={"ENVIRONMENT": "staging"})


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a production that lacks nothing."""
    state = tmp_path_factory.mktemp("state")
    passwords = state / "passwords.json"
    with passwords.open("w") as file:
        call_command("passwords", stdout=file)
    return {**COMPLETE, "DATABASE_PASSWORDS_FILE": str(passwords), "STATE": str(state)}


def _check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**clean, **environment},
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
    ],
)
def test_an_unsafe_setting_is_refused(
    changes: dict[str, str], message: str, complete: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (complete | changes).items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=message):
        runpy.run_path(str(ROOT / "packytrace" / "settings.py"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 50", id="by the settings"),
        pytest.param({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL must be one of", id="by what reads the settings"),
    ],
)
def test_a_refused_setting_stops_production(
    changes: dict[str, str], message: str, complete: dict[str, str]
) -> None:
    result = _check(complete | changes)
    assert result.returncode != 0
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_database_whose_host_vanished_is_noticed(
    complete: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://db.example.com/packytrace?tcp_user_timeout=9000"  # what the address says goes first
    for name, value in {**complete, "DATABASE_URL": url}.items():
        monkeypatch.setenv(name, value)
    read = runpy.run_path(str(ROOT / "packytrace" / "settings.py"))
    expected = {
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "9000",
    }
    for options in (read["DATABASE_SERVER"], read["DATABASES"]["passport"]["OPTIONS"]):
        assert expected.items() <= options.items()
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example.com/packytrace")
    read = runpy.run_path(str(ROOT / "packytrace" / "settings.py"))
    assert read["DATABASE_SERVER"]["tcp_user_timeout"] == "15000"


def test_a_complete_production_starts(complete: dict[str, str]) -> None:
    result = _check(complete)
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
