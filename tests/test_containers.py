"""The container files say what the code says: no engine is needed to find out."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from packytrace.configuration import ROOT, SETTINGS
from tests import keycloak, parts
from tests.kafka import broker

DOCKER = ROOT / "docker"
BIN = Path(sys.executable).parent
OURS = ("prepare", "web", "relay", "consumers", "worker", "beat")
RUN_LONG = ("web", "relay", "consumers", "worker", "beat")

linux_only = pytest.mark.usefixtures("_container_tools")


@pytest.fixture
def _container_tools() -> None:
    """The wheels of hadolint and docker-compose are for Linux."""
    if sys.platform != "linux":
        parts.lack("hadolint and docker-compose come as wheels for Linux only.")


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    path = tmp_path / "filled.env"
    path.write_text(re.sub(r"=$", "=filled", (DOCKER / "example.env").read_text(), flags=re.MULTILINE))
    return path


def _compose(*arguments: str) -> subprocess.CompletedProcess[str]:
    package = find_spec("compose")
    assert package is not None
    assert package.origin is not None
    # The program itself: the package's console script loses the exit code.
    return subprocess.run(
        [str(Path(package.origin).parent / "docker-compose"), "-f", str(DOCKER / "compose.yml"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def compose(filled: Path) -> dict[str, Any]:
    result = _compose("--env-file", str(filled), "config")
    assert result.returncode == 0, result.stderr
    parsed: dict[str, Any] = yaml.safe_load(result.stdout)
    return parsed


@linux_only
def test_dockerfile_keeps_hadolint_rules() -> None:
    result = subprocess.run(
        [str(BIN / "hadolint"), str(DOCKER / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (0, "")


@linux_only
def test_compose_file_is_hardened() -> None:
    result = subprocess.run(
        [str(BIN / "compose-lint"), str(DOCKER / "compose.yml")], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


@linux_only
@pytest.mark.parametrize(
    "name", re.findall(r"^([A-Z_]+)=", (DOCKER / "example.env").read_text(), flags=re.MULTILINE)
)
def test_a_missing_value_stops_compose_by_name(filled: Path, name: str) -> None:
    filled.write_text(re.sub(rf"^{name}=.*$", "", filled.read_text(), flags=re.MULTILINE))
    result = _compose("--env-file", str(filled), "config", "-q")
    assert result.returncode != 0
    assert name in result.stderr


@linux_only
def test_every_process_has_what_production_requires_and_nothing_undeclared(compose: dict[str, Any]) -> None:
    declared = {setting.name for setting in SETTINGS}
    required = {setting.name for setting in SETTINGS if setting.required}
    for name in OURS:
        given = {_setting(variable) for variable in compose["services"][name]["environment"]}
        assert required <= given, name
        assert given <= declared, name


SECRETS = {setting.name for setting in SETTINGS if setting.secret}
#: Names that no setting of ours has: of the images of others.
SECRET_WORDS = re.compile(r"PASSWORD|SECRET|TOKEN|PRIVATE")
#: Keycloak reads these from its environment alone, or its realm file does.
NO_FILE_WILL_DO = {
    ("keycloak", "KC_DB_PASSWORD"),
    ("keycloak", "KC_BOOTSTRAP_ADMIN_PASSWORD"),
    ("keycloak", "OIDC_CLIENT_SECRET"),
    ("keycloak", "OIDC_ACCOUNTS_CLIENT_SECRET"),
}


def _setting(variable: str) -> str:
    """The setting that a variable gives, itself or by the name of a file."""
    name = variable.removesuffix("_FILE")
    return name if name in SECRETS else variable


def _plain_secrets(compose: dict[str, Any]) -> set[tuple[str, str]]:
    """Where the value of a secret stands in an environment."""
    return {
        (name, variable)
        for name, service in compose["services"].items()
        for variable, value in service.get("environment", {}).items()
        if value
        and (
            variable in SECRETS
            or (SECRET_WORDS.search(variable) and not variable.endswith("_FILE"))
            or re.search(r"://[^/@\s]*:[^/@\s]+@", value)
        )
    }


@linux_only
def test_no_secret_stands_in_an_environment(compose: dict[str, Any]) -> None:
    assert _plain_secrets(compose) == NO_FILE_WILL_DO


@linux_only
@pytest.mark.parametrize(
    ("service", "variable", "value"),
    [
        *(("web", name, "hush") for name in sorted(SECRETS)),
        ("postgres", "POSTGRES_PASSWORD", "hush"),
        ("keycloak-database", "PGPASSWORD", "hush"),
        ("web", "DATABASE_PASSWORD_PASSPORT_APP", "hush"),
        ("web", "CACHE_URL", "redis://:hush@redis:6379/1"),
        ("web", "CACHE_URL", "redis://us:hush@redis:6379/1"),
    ],
)
def test_a_secret_in_an_environment_would_be_found(
    compose: dict[str, Any], service: str, variable: str, value: str
) -> None:
    compose["services"][service]["environment"][variable] = value
    assert _plain_secrets(compose) == NO_FILE_WILL_DO | {(service, variable)}


@linux_only
def test_every_secret_that_is_named_is_given_and_every_one_given_is_named(compose: dict[str, Any]) -> None:
    script = (DOCKER / "keycloak-database.sh").read_text()
    prometheus = (DOCKER / "prometheus.yml").read_text()
    for name, service in compose["services"].items():
        elsewhere = {"keycloak-database": script, "prometheus": prometheus}.get(name, "")
        named = re.findall(r"/run/secrets/(\w+)", str(service.get("environment", "")) + elsewhere)
        given = [Path(secret["target"]).name for secret in service.get("secrets", [])]
        assert sorted(set(named)) == sorted(given), name
    used = {
        secret["source"] for service in compose["services"].values() for secret in service.get("secrets", [])
    }
    assert used == set(compose["secrets"])


@linux_only
def test_who_is_given_a_secret_may_read_its_file(compose: dict[str, Any]) -> None:
    """The files belong to group 10001: of a container's own users, only a mighty root could read them."""
    for name, service in compose["services"].items():
        if service.get("secrets") and name not in OURS:
            groups = [str(service.get("user", "")).partition(":")[2], *service.get("group_add", [])]
            assert "10001" in groups or "DAC_OVERRIDE" in service.get("cap_add", []), name


@linux_only
def test_only_the_preparing_step_knows_the_administrator(compose: dict[str, Any]) -> None:
    knowing = {
        name
        for name, service in compose["services"].items()
        if {"database_admin_url", "postgres_password"}
        & {secret["source"] for secret in service.get("secrets", [])}
    }
    assert knowing == {"postgres", "keycloak-database", "prepare"}


@linux_only
@pytest.mark.parametrize(
    ("secret", "who"),
    [
        ("vault_keys", {"prepare", "web", "worker"}),  # doctor and rotation; verdicts; exports
        ("oidc_accounts_client_secret", {"web", "worker"}),  # sign-up by API; erasure
        ("mail_url", {"web", "worker"}),  # whether mails are offered; sending them
        ("vapid_private_key", {"web", "worker"}),
    ],
)
def test_only_who_uses_a_secret_of_people_has_it(compose: dict[str, Any], secret: str, who: set[str]) -> None:
    given = {
        name
        for name, service in compose["services"].items()
        if secret in {each["source"] for each in service.get("secrets", [])}
    }
    assert given == who


@linux_only
def test_what_looks_for_people_looks_into_every_store(compose: dict[str, Any]) -> None:
    """`find_person` runs with what `prepare` has: a store that it is not told of would look empty."""
    stores = ("KAFKA_BOOTSTRAP_SERVERS", "CELERY_BROKER_URL", "CACHE_URL")
    environment = {name: compose["services"][name]["environment"] for name in OURS}
    for store in stores:
        (address,) = {given[store] for given in environment.values() if given.get(store)}
        assert environment["prepare"][store] == address


@linux_only
def test_the_providers_accounts_are_reached_from_our_own_network_alone(compose: dict[str, Any]) -> None:
    (subnet,) = compose["networks"]["front"]["ipam"]["config"]
    closed = re.search(r"@closed \{\n(.*?)\n\t\}\n", (DOCKER / "Caddyfile").read_text(), re.DOTALL)
    assert closed
    assert re.findall(r"remote_ip (\S+)", closed[1]) == [subnet["subnet"]]
    assert re.findall(r"^\t\tpath (/admin /admin/\*) ", closed[1], re.MULTILINE)


@linux_only
def test_every_command_exists(compose: dict[str, Any]) -> None:
    started = [compose["services"][name]["command"] for name in OURS]
    probed = [compose["services"][name]["healthcheck"] for name in OURS if name != "web"]
    used = re.findall(r"manage\.py\W+(\w+)", str([started, probed]))
    assert used
    assert set(used) <= set(get_commands())


@linux_only
def test_every_service_is_confined(compose: dict[str, Any]) -> None:
    writes_its_own_files = {"kafka", "keycloak"}
    for name, service in compose["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("read_only", False) is (name not in writes_its_own_files), name
        assert not service.get("privileged"), name
        limits = service["deploy"]["resources"]["limits"]
        assert {"memory", "cpus", "pids"} <= set(limits), name
        assert service["logging"]["options"] == {"max-size": "10m", "max-file": "3"}, name
        assert service.get("user", "1").split(":")[0] not in {"0", "root"}, name


@linux_only
def test_what_runs_for_long_is_probed_for_its_work_and_started_again(compose: dict[str, Any]) -> None:
    ends_by_itself = {"prepare", "keycloak-database"}
    for name, service in compose["services"].items():
        assert service["restart"] == ("no" if name in ends_by_itself else "unless-stopped"), name
        probe = service.get("healthcheck", {})
        # The image probes the web server.
        assert bool(probe.get("test")) is (name not in {*ends_by_itself, "web"}), name
        assert bool(probe.get("disable")) is (name == "prepare"), name
    probes = {
        name: " ".join(compose["services"][name]["healthcheck"]["test"]) for name in RUN_LONG if name != "web"
    }
    for part in ("relay", "consumers", "beat"):
        assert probes[part].endswith(f"manage.py alive {part}")
    assert "inspect ping --destination celery@$$HOSTNAME" in probes["worker"]
    dockerfile = (DOCKER / "Dockerfile").read_text()
    assert re.search(r"^HEALTHCHECK .*\n.*/health/live", dockerfile, re.MULTILINE)
    assert re.findall(r"^USER (.+)$", dockerfile, re.MULTILINE) == ["10001:10001"]


@linux_only
def test_what_runs_for_long_fits_the_host_that_operators_are_told_to_take(compose: dict[str, Any]) -> None:
    limits = [
        int(service["deploy"]["resources"]["limits"]["memory"])
        for service in compose["services"].values()
        if service["restart"] != "no"
    ]
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (host, sum_of_limits) = re.findall(r"(\d+) GB of memory \(the limits .* add up to (\d+)\)", page)[0]
    assert sum(limits) / 1024**3 == int(sum_of_limits) < int(host)


@linux_only
def test_all_that_is_kept_lies_in_a_named_volume(compose: dict[str, Any]) -> None:
    kept = {
        volume["source"]: (name, volume["target"])
        for name, service in compose["services"].items()
        for volume in service.get("volumes", [])
        if volume["type"] == "volume"
    }
    assert kept == {
        "beat": ("beat", "/state"),
        "caddy": ("caddy", "/data"),
        "kafka": ("kafka", "/var/lib/kafka/data"),
        "postgres": ("postgres", "/var/lib/postgresql"),
        "prometheus": ("prometheus", "/prometheus"),
        "redis": ("redis", "/data"),
    }


@linux_only
def test_a_service_waits_until_what_it_needs_is_well(compose: dict[str, Any]) -> None:
    needed = {
        name: {other: how["condition"] for other, how in service.get("depends_on", {}).items()}
        for name, service in compose["services"].items()
    }
    assert {how for all_of in needed.values() for how in all_of.values()} == {
        "service_healthy",
        "service_completed_successfully",
    }
    assert needed["prepare"] == {"postgres": "service_healthy", "kafka": "service_healthy"}
    for name in RUN_LONG:
        assert needed[name]["prepare"] == "service_completed_successfully", name
    assert needed["keycloak"] == {"keycloak-database": "service_completed_successfully"}


@linux_only
def test_every_image_is_one_exact_version_the_one_that_is_tested(compose: dict[str, Any]) -> None:
    theirs = {
        name: service["image"] for name, service in compose["services"].items() if name not in OURS
    } | dict(enumerate(re.findall(r"^FROM (\S+)", (DOCKER / "Dockerfile").read_text(), re.MULTILINE)))
    for name, image in theirs.items():
        parts_of_a_version = 2 if "postgres:" in image else 3  # PostgreSQL's have two
        assert re.search(rf":v?\d+(\.\d+){{{parts_of_a_version - 1}}}(-[a-z-]+)?$", image), (name, image)
    assert theirs["kafka"].endswith(f":{broker.version()}")
    assert theirs["keycloak"].endswith(f":{keycloak.VERSION}")


@linux_only
def test_a_network_joins_only_who_talks_over_it(compose: dict[str, Any]) -> None:
    joined: dict[str, set[str]] = {}
    for name, service in compose["services"].items():
        for network in service["networks"]:
            joined.setdefault(network, set()).add(name)
    assert joined == {
        "outside": {"caddy", "keycloak", "worker"},
        "front": {"caddy", "web", "worker", "keycloak", "prepare"},
        "database": {
            "postgres",
            "keycloak",
            "keycloak-database",
            "prepare",
            "web",
            "relay",
            "consumers",
            "worker",
        },
        "facts": {"kafka", "prepare", "web", "relay", "consumers"},
        "tasks": {"redis", "prepare", "web", "worker", "beat"},
        "watch": {"prometheus", "web"},
    }
    closed = {name for name, network in compose["networks"].items() if network.get("internal")}
    assert closed == set(joined) - {"outside"}


@linux_only
def test_the_trusted_proxy_is_on_the_network_it_comes_from(compose: dict[str, Any]) -> None:
    (subnet,) = compose["networks"]["front"]["ipam"]["config"]
    assert compose["services"]["web"]["environment"]["TRUSTED_PROXIES"] == subnet["subnet"]


@linux_only
def test_a_process_knows_only_the_addresses_it_can_reach(compose: dict[str, Any]) -> None:
    behind = {
        "DATABASE_PASSWORDS_FILE": "database",
        "KAFKA_BOOTSTRAP_SERVERS": "facts",
        "CELERY_BROKER_URL": "tasks",
        "CACHE_URL": "tasks",
        "METRICS_TOKEN_FILE": "watch",
    }
    for name in OURS:
        service = compose["services"][name]
        for setting, network in behind.items():
            assert not service["environment"].get(setting) or network in service["networks"], (name, setting)


@linux_only
def test_every_mounted_file_is_here(compose: dict[str, Any]) -> None:
    mounted = [
        Path(volume["source"])
        for service in compose["services"].values()
        for volume in service.get("volumes", [])
        if volume["type"] == "bind"
    ]
    assert mounted
    assert [path for path in mounted if not path.exists()] == []


@linux_only
def test_nothing_but_the_proxy_is_reachable_from_outside(compose: dict[str, Any]) -> None:
    assert {name for name, service in compose["services"].items() if service.get("ports")} == {"caddy"}


@linux_only
def test_no_data_of_a_service_lies_in_memory(compose: dict[str, Any]) -> None:
    kafka = compose["services"]["kafka"]
    assert kafka["environment"]["KAFKA_LOG_DIRS"] in {volume["target"] for volume in kafka["volumes"]}
    for name, service in compose["services"].items():
        in_memory = {entry.split(":")[0] for entry in service.get("tmpfs", [])}
        for volume in service.get("volumes", []):
            assert not any(volume["target"].startswith(f"{path}/") for path in in_memory), name


@linux_only
def test_a_read_only_service_gets_its_secrets_as_files(compose: dict[str, Any]) -> None:
    assert all("file" in secret for secret in compose["secrets"].values())


def test_what_the_image_copies_is_here() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (DOCKER / "Dockerfile").read_text(), flags=re.MULTILINE)
    sources = [source for line in copied for source in line.split()]
    assert sources
    assert [source for source in sources if not (ROOT / source).exists()] == []
