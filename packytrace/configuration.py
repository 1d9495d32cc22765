"""The one declaration of every setting: its name in the environment, type, default and meaning.

`packytrace/settings.py` reads through it, `docs/configuration.md` is written from it, and a setting that
production cannot do without stops the start here, by name.
"""

import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent


def port(text: str) -> int:
    """A port that has a next one. Raises ValueError."""
    number = int(text)
    if not 1 <= number < 65535:
        raise ValueError(f"{number} is no port below 65535")
    return number


#: What stands in a message and on the page for each type.
_KINDS: Mapping[Callable[..., Any], str] = {
    str: "text",
    int: "number",
    port: "number from 1 to 65534",
    list: "list",
    dict: "list of name=value",
}


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One environment variable.

    `default` holds for the embedded default; `required` names what production must set itself;
    a `secret` is never printed, and may stand in the file that `<name>_FILE` names: in its first line, or in
    all of them where the value has `lines`.
    """

    name: str
    cast: Callable[..., Any]
    default: Any
    help: str
    required: bool = False
    secret: bool = False
    lines: bool = False

    @property
    def kind(self) -> str:
        """What its value is, in words."""
        return _KINDS[self.cast]


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="ENVIRONMENT",
        cast=str,
        default="embedded",
        help="`embedded` (everything local, secrets made on first use) or `production`.",
    ),
    Setting(
        name="STATE",
        cast=str,
        default=str(ROOT / "var"),
        help="Folder for what the embedded default keeps: database, secrets, logs, task queue.",
    ),
    Setting(
        name="STATIC_ROOT",
        cast=str,
        default="",
        help="Folder of the collected static files. Default: `static/` below STATE.",
    ),
    Setting(
        name="SECRET_KEY",
        cast=str,
        default="",
        help="Signs cookies and tokens; at least 50 random characters.",
        required=True,
        secret=True,
    ),
    Setting(
        name="VAULT_KEYS",
        cast=str,
        default="",
        help="Keys that open people's data keys, comma or line separated: `id=` and 32 random bytes in"
        " Base64. The first one wraps, all unwrap (see docs/keys.md). Empty in production: nobody can keep"
        " or read a health profile, the rest works.",
        secret=True,
        lines=True,
    ),
    Setting(name="HOST", cast=str, default="127.0.0.1", help="Address that the web server listens on."),
    Setting(
        name="PORT",
        cast=port,
        default=8000,
        help="Port of the web server; the embedded OpenID provider takes the next one.",
    ),
    Setting(
        name="PUBLIC_URL",
        cast=str,
        default="",
        help="Address under which shoppers reach the site, scheme included, no slash at the end. "
        "Its host is the only one that is answered. Default: `http://HOST:PORT`.",
        required=True,
    ),
    Setting(
        name="TRUSTED_PROXIES",
        cast=list,
        default=[],
        help="Networks (CIDR, comma separated) whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    ),
    Setting(
        name="DATABASE_URL",
        cast=str,
        default="",
        help="PostgreSQL 15+ without user and password: `postgresql://host:5432/packytrace?sslmode=verify-full`."
        " Empty: the embedded server.",
        required=True,
    ),
    Setting(
        name="DATABASE_ADMIN_URL",
        cast=str,
        default="",
        help="The same database as a role that may create roles; only `provision` reads it.",
        secret=True,
    ),
    Setting(
        name="DATABASE_PASSWORDS_FILE",
        cast=str,
        default="",
        help="JSON file of role name to password, for roles without a `DATABASE_PASSWORD_<ROLE>` variable.",
    ),
    Setting(
        name="DATABASE_CONN_MAX_AGE",
        cast=int,
        default=600,
        help="Seconds that an idle database connection is kept.",
    ),
    Setting(
        name="KAFKA_BOOTSTRAP_SERVERS",
        cast=str,
        default="",
        help="Kafka brokers (`host:port`, comma separated). Empty: facts go through the PostgreSQL log.",
    ),
    Setting(
        name="KAFKA_CONFIG",
        cast=dict,
        default={},
        help="More librdkafka settings for every client, such as "
        "`security.protocol=SASL_SSL,sasl.mechanism=SCRAM-SHA-512`;"
        " those that begin with `consumer.` or `producer.` are for that kind alone.",
        secret=True,
    ),
    Setting(
        name="CELERY_BROKER_URL",
        cast=str,
        default="",
        help="Celery's broker, such as `redis://host:6379/0`. Empty: a folder below STATE.",
    ),
    Setting(
        name="CACHE_URL",
        cast=str,
        default="",
        help="Shared store of rate limits, such as `redis://host:6379/1`."
        " Empty: each web process counts alone and allows its share, the limit divided by `WEB_WORKERS`.",
    ),
    Setting(
        name="OIDC_ISSUER",
        cast=str,
        default="",
        help="Issuer URL of the OpenID provider. Empty: the embedded provider.",
        required=True,
    ),
    Setting(
        name="OIDC_CLIENT_ID", cast=str, default="packytrace-web", help="Client id at the OpenID provider."
    ),
    Setting(
        name="OIDC_CLIENT_SECRET",
        cast=str,
        default="",
        help="Client secret at the OpenID provider.",
        required=True,
        secret=True,
    ),
    Setting(
        name="OIDC_ACCOUNTS_CLIENT_ID",
        cast=str,
        default="packytrace-accounts",
        help="Client id, at the OpenID provider, of the client that makes, enters and deletes accounts.",
    ),
    Setting(
        name="OIDC_ACCOUNTS_CLIENT_SECRET",
        cast=str,
        default="",
        help="Its client secret. With Keycloak and without it, API clients cannot sign up or in, and an"
        " erasure waits. The embedded provider needs none.",
        secret=True,
    ),
    Setting(
        name="MAIL_URL",
        cast=str,
        default="",
        help="Mail server of notices and of the embedded OpenID provider, such as"
        " `smtp+tls://user:password@host:587`. Empty: mails become files in `mail/` below STATE, and"
        " `manage.py up` shows their links; in production no notice is sent by mail then.",
        secret=True,
    ),
    Setting(
        name="MAIL_FROM",
        cast=str,
        default="PackyTrace <no-reply@packytrace.example>",
        help="Sender of these mails, and whom push services may write to.",
    ),
    Setting(
        name="VAPID_PRIVATE_KEY",
        cast=str,
        default="",
        help="Key that signs Web Push messages (RFC 8292), as `manage.py vapid_key` prints one. With another"
        " one every browser has to be asked anew. Empty in production: notices are not sent by Web Push.",
        secret=True,
    ),
    Setting(
        name="PUSH_SERVICES",
        cast=list,
        default=[
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "web.push.apple.com",
            ".notify.windows.com",
        ],
        help="Hosts of the push services that messages may be sent to, comma separated, each with a port if"
        " it is not 443; `.example` stands for every host below it.",
    ),
    Setting(
        name="OIDC_AUDIENCE",
        cast=str,
        default="packytrace-api",
        help="Audience that a bearer token must name.",
    ),
    Setting(
        name="WEB_WORKERS",
        cast=int,
        default=2,
        help="Processes of the web server.",
    ),
    Setting(
        name="WEB_THREADS",
        cast=int,
        default=8,
        help="Threads of each web process; each holds at most one connection per context it touches.",
    ),
    Setting(
        name="MAX_BODY_BYTES",
        cast=int,
        default=262144,
        help="Largest accepted request body in bytes; the form of a label in 24 languages has a good half of"
        " it.",
    ),
    Setting(
        name="RATE_LIMIT_ADDRESS",
        cast=str,
        default="600/minute",
        help="Requests allowed per client address (IPv6: per /64), by all web processes together. Without"
        " `CACHE_URL` each of them allows its share, so that a client on one connection is allowed less.",
    ),
    Setting(
        name="RATE_LIMIT_VISITOR",
        cast=str,
        default="120/minute",
        help="Requests allowed per visitor, counted like those per address.",
    ),
    Setting(
        name="OPEN_FOOD_FACTS_URL",
        cast=str,
        default="",
        help="Address of Open Food Facts' API, `https://world.openfoodfacts.org`: it is asked in the"
        " background for products that were scanned and are not known (see docs/sources.md). Empty: it is"
        " never asked.",
    ),
    Setting(
        name="SOURCES_CONTACT",
        cast=str,
        default="",
        help="Mail address that sources may write to; it goes along with every question, as Open Food Facts"
        " asks for. Default: PUBLIC_URL.",
    ),
    Setting(
        name="JOURNEY_FEED_URL",
        cast=str,
        default="",
        help="Query of an EPCIS 2.0 repository for the events of a product, `{gtin}` for its GTIN-14 (see"
        " docs/sources.md). Empty: none is asked.",
    ),
    Setting(
        name="JOURNEY_FEED_TOKEN",
        cast=str,
        default="",
        help="Bearer token for that repository.",
        secret=True,
    ),
    Setting(
        name="VERDICT_RULESET",
        cast=str,
        default="2026.2",
        help="Version of the ruleset that verdicts are computed with. `manage.py rulesets list` tells which"
        " there are, `manage.py rulesets compare` what another one would change.",
    ),
    Setting(
        name="MEASUREMENT_K",
        cast=int,
        default=10,
        help="People who must be in a released cell; below 5 the start is refused.",
    ),
    Setting(
        name="MEASUREMENT_OF_VISITORS",
        cast=str,
        default="counted",
        help="Whether people without an account enter the brands' figures: `counted`, unless their browser"
        " sends Global Privacy Control, or `opt_in`, only once they have agreed on `/preferences`.",
    ),
    Setting(
        name="SITE_OPERATOR",
        cast=str,
        default="",
        help="Name and address of who runs this site, shown in the privacy notices (GDPR Art. 13(1)(a))."
        " Default: the host of PUBLIC_URL in production, else nobody by name.",
    ),
    Setting(
        name="METRICS_TOKEN",
        cast=str,
        default="",
        help="Bearer token for `/metrics`. Empty: only loopback may read it.",
        secret=True,
    ),
    Setting(name="LOG_LEVEL", cast=str, default="INFO", help="Least level that is logged."),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


class Configuration:
    """Values of the settings for this process.

    Raises ImproperlyConfigured, naming every setting at fault and what to do, when a value cannot be read or
    production lacks one.
    """

    def __init__(self, *, environment: Mapping[str, str] = os.environ) -> None:
        environment = {**environment, **_secrets_in_files(environment)}
        self._environment = environment
        self._env = environ.Env()
        self._env.ENVIRON = cast(Any, dict(environment))
        if self["ENVIRONMENT"] not in {"embedded", "production"}:
            raise ImproperlyConfigured("ENVIRONMENT is either `embedded` or `production`.")
        if self.production:
            missing = [s.name for s in SETTINGS if s.required and not environment.get(s.name)]
            if missing:
                raise ImproperlyConfigured(
                    f"Production needs a value for {', '.join(missing)} (see docs/configuration.md)."
                )

    @property
    def production(self) -> bool:
        return bool(self["ENVIRONMENT"] == "production")

    def __getitem__(self, name: str) -> Any:
        setting = _BY_NAME[name]
        if self._environment.get(name, "") == "":
            return setting.default
        try:
            return self._env.get_value(name, cast=setting.cast)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} must be a {setting.kind}: {setting.help}") from error


def _secrets_in_files(environment: Mapping[str, str]) -> dict[str, str]:
    """The secrets that stand in files, by name. Raises ImproperlyConfigured, which never tells a value."""
    return {
        setting.name: _secret_in_file(setting, Path(file), given=environment.get(setting.name, ""))
        for setting in SETTINGS
        if setting.secret and (file := environment.get(f"{setting.name}_FILE", ""))
    }


def _secret_in_file(setting: Setting, file: Path, *, given: str) -> str:
    name = setting.name
    if given:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both: one of them would go unnoticed.")
    try:
        text = file.read_text(encoding="utf-8-sig")  # an editor may begin it with a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise ImproperlyConfigured(f"{name}_FILE names {file}, which cannot be read: {why}.") from None
    line = text.split("\n", 1)[0].removesuffix("\r")
    if not line.strip():
        raise ImproperlyConfigured(f"{name}_FILE names {file}, whose first line is empty: it is the value.")
    return text.strip() if setting.lines else line


def usable(folder: Path) -> Path:
    """The STATE folder, made where it is missing. Raises ImproperlyConfigured when it cannot be used."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"STATE cannot be the folder {folder} ({error.strerror}): name another one, STATE=folder."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(
            f"STATE is {folder}, which this user may not write: give this user the folder, or name another"
            " one, STATE=folder."
        )
    return folder


def local_address(host: str) -> str:
    """The address under which this machine is reached when it listens on `host`.

    For a wildcard, the one that a phone in the same network would use: no packet is sent to find it.
    """
    if host not in {"0.0.0.0", "::"}:  # noqa: S104 - compared, not listened on
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(
                ("192.0.2.1", 9)
            )  # TEST-NET-1 (RFC 5737): routed like any other, answered by nobody
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
