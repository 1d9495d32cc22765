"""Django's settings, read through the declaration in `packytrace/configuration.py`."""

import base64
import functools
import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import environ
import limits
from django.conf.locale import LANG_INFO
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from psycopg.conninfo import conninfo_to_dict

from packytrace.configuration import ROOT, Configuration, local_address, usable
from packytrace.databases import roles
from packytrace.databases.embedded import DATABASE, PORT, EmbeddedServer

CONFIGURATION = Configuration()
PRODUCTION = CONFIGURATION.production
STATE = Path(CONFIGURATION["STATE"]).expanduser().resolve()
EMBEDDED_SERVER = EmbeddedServer(state=STATE)

# --- Databases: one database, six schemas; `default` stays empty so that anything unrouted fails loudly ---

#: A database whose host vanished is noticed within 25 seconds, where the kernel would take minutes.
#: The timeout is in milliseconds, the others in seconds and probes; over a Unix socket libpq ignores them.
_NOTICE_A_DEAD_HOST: dict[str, str] = {
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}
DATABASE_SERVER: dict[str, str]
if CONFIGURATION["DATABASE_URL"]:
    _given = conninfo_to_dict(CONFIGURATION["DATABASE_URL"])
    DATABASE_SERVER = _NOTICE_A_DEAD_HOST | {key: str(value) for key, value in _given.items()}
    DATABASE_ADMIN_CONNINFO = CONFIGURATION["DATABASE_ADMIN_URL"]
    _embedded_secret = None
else:
    usable(STATE)
    DATABASE_SERVER = {"host": str(EMBEDDED_SERVER.socket_folder), "port": str(PORT), "dbname": DATABASE}
    DATABASE_ADMIN_CONNINFO = EMBEDDED_SERVER.admin_conninfo(database=DATABASE)
    _embedded_secret = EMBEDDED_SERVER.secret
DATABASE_EMBEDDED = not CONFIGURATION["DATABASE_URL"]

DATABASE_PASSWORD = functools.partial(
    roles.password,
    embedded_secret=_embedded_secret,
    passwords_file=CONFIGURATION["DATABASE_PASSWORDS_FILE"],
)


def database_of(schema: str) -> dict[str, object]:
    server: dict[str, str] = {**DATABASE_SERVER}
    return {
        "ENGINE": "packytrace.databases.postgresql",  # asks for the role's password when it connects
        "NAME": server.pop("dbname"),
        "HOST": server.pop("host", ""),
        "PORT": server.pop("port", ""),
        "USER": roles.app(schema),
        "CONN_MAX_AGE": CONFIGURATION["DATABASE_CONN_MAX_AGE"],
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": f"packytrace {schema}",
            "server_side_binding": True,
            # Django says never: the server would then plan even a statement that asks for `prepare`.
            "prepare_threshold": 5,
            **server,
        },
    }


DATABASES: dict[str, dict[str, object]] = {context: database_of(context) for context in roles.CONTEXTS}
DATABASES["default"] = {}
DATABASE_ROUTERS = ["packytrace.databases.router.ContextRouter"]
DATABASE_OF_APP: dict[str, str] = {str(context): str(context) for context in roles.CONTEXTS} | {
    # Django's own tables belong to who signs in: they live with identity.
    "auth": "identity",
    "contenttypes": "identity",
    "admin": "identity",
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications ---

INSTALLED_APPS = [
    "packytrace.apps.PackyTraceConfig",
    "contexts.passport",
    "contexts.personalization",
    "contexts.fridge",
    "contexts.identity",
    "contexts.measurement",
    "contexts.brand_analytics",
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
]
SILENCED_SYSTEM_CHECKS = [
    "models.W035",  # every context has an outbox and an inbox of the same name, each in its own schema
]
ROOT_URLCONF = "packytrace.urls"
WSGI_APPLICATION = "packytrace.wsgi.application"
FORCE_SCRIPT_NAME = ""  # always at the root of its host: spares each request the question

# From the outside in; what each does to a request is told where it is defined.
MIDDLEWARE = [
    "packytrace.edge.observation.ObservationMiddleware",
    "packytrace.edge.security_headers.SecurityHeadersMiddleware",
    "packytrace.edge.origins.OriginMiddleware",
    "packytrace.edge.operations.OperationsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "packytrace.edge.visitor_cookie.VisitorMiddleware",
    "packytrace.edge.languages.LanguageMiddleware",
    "packytrace.edge.rates.RateMiddleware",
    "packytrace.edge.admission.AdmissionMiddleware",
    "packytrace.edge.sessions.SessionsMiddleware",
    "packytrace.edge.hosts.HostMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "packytrace.edge.bearer.BearerMiddleware",
    "packytrace.edge.sessions.SignedInMiddleware",
    "packytrace.edge.console_messages.ConsoleMessageMiddleware",
    "packytrace.edge.failures.FailureMiddleware",
    "contexts.identity.web.middleware.GateMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "packytrace.edge.preferences.chosen",
            ]
        },
    }
]

# --- Addresses, keys and cookies ---

HOST = CONFIGURATION["HOST"]
PORT_WEB = CONFIGURATION["PORT"]
PORT_PROVIDER = PORT_WEB + 1
WEB_WORKERS = CONFIGURATION["WEB_WORKERS"]
WEB_THREADS = CONFIGURATION["WEB_THREADS"]
PUBLIC_URL = CONFIGURATION["PUBLIC_URL"] or f"http://{local_address(HOST)}:{PORT_WEB}"
_public = urlsplit(PUBLIC_URL)
if not _public.hostname or _public.scheme not in {"http", "https"} or _public.path:
    raise ImproperlyConfigured("PUBLIC_URL is a scheme and a host, such as https://id.example.com")
if PRODUCTION and _public.scheme != "https":
    raise ImproperlyConfigured("PUBLIC_URL must begin with https:// in production.")
ALLOWED_HOSTS = [_public.hostname] if PRODUCTION else [_public.hostname, "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SITE_OPERATOR = CONFIGURATION["SITE_OPERATOR"] or (_public.hostname if PRODUCTION else "")

SECRET_KEY = (
    CONFIGURATION["SECRET_KEY"]
    or hmac.new(EMBEDDED_SERVER.secret.encode(), b"django", hashlib.sha256).hexdigest()
)
# The bounds of Django's security.W009.
if PRODUCTION and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5):
    raise ImproperlyConfigured("SECRET_KEY must have at least 50 random characters.")

VAULT_KEYS = CONFIGURATION["VAULT_KEYS"]
if not (VAULT_KEYS or PRODUCTION):
    _vault_secret = hmac.new(EMBEDDED_SERVER.secret.encode(), b"vault", hashlib.sha256).digest()
    VAULT_KEYS = f"embedded={base64.b64encode(_vault_secret).decode()}"

BEHIND_TLS = _public.scheme == "https"
SESSION_ENGINE = "contexts.identity.application.sessions"
SESSION_COOKIE_NAME = "packytrace_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "packytrace_csrf"
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "packytrace.edge.failures.form_expired"
# Whole paths to the sources that they need beyond our own: every exception from the policy stands here.
# Where a browser cannot read codes itself, WebAssembly does, in a worker, whose policy is that of its file:
# no page may compile any.
CONTENT_SECURITY_POLICY_WIDER: dict[str, dict[str, tuple[str, ...]]] = {
    r"/static/code_reader(\.[0-9a-f]+)?\.js": {"script-src": ("'wasm-unsafe-eval'",)},
}
# The pages that may ask for the camera: the scanner's.
CAMERA_PATHS = frozenset({"/"})
DATA_UPLOAD_MAX_MEMORY_SIZE = CONFIGURATION["MAX_BODY_BYTES"]
# Path to the bytes that a body may have there, where a file comes: in JSON its quotation marks and ends of
# lines take more room.
LARGER_BODIES = {
    "/brand/links/import": 11 * 1024 * 1024,
    "/brand/uploads": 11 * 1024 * 1024,
    "/fridge/import": 13 * 1024 * 1024,
    "/api/v1/me/fridge/import": 15 * 1024 * 1024,
}
CACHE_URL = CONFIGURATION["CACHE_URL"]
METRICS_TOKEN = CONFIGURATION["METRICS_TOKEN"]
try:
    TRUSTED_PROXIES = tuple(ip_network(network) for network in CONFIGURATION["TRUSTED_PROXIES"])
except ValueError as error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES must be networks such as 10.0.0.0/8: {error}.") from error
try:
    RATE_LIMITS = {
        "address": limits.parse(CONFIGURATION["RATE_LIMIT_ADDRESS"]),
        "visitor": limits.parse(CONFIGURATION["RATE_LIMIT_VISITOR"]),
    }
except ValueError as error:
    raise ImproperlyConfigured(
        "RATE_LIMIT_ADDRESS and RATE_LIMIT_VISITOR are numbers per time, such as 600/minute."
    ) from error

# --- Who signs in ---

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = ["contexts.identity.web.backend.ProviderBackend"]
LOGIN_URL = "identity:sign_in"
LOGOUT_REDIRECT_URL = "identity:signed_out"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())

OIDC_EMBEDDED = not CONFIGURATION["OIDC_ISSUER"]
_public_name = f"[{_public.hostname}]" if ":" in _public.hostname else _public.hostname
OIDC_ISSUER = CONFIGURATION["OIDC_ISSUER"] or f"{_public.scheme}://{_public_name}:{PORT_PROVIDER}"
if PRODUCTION and not OIDC_ISSUER.startswith("https://"):
    raise ImproperlyConfigured("OIDC_ISSUER must begin with https:// in production.")
if not OIDC_EMBEDDED and not CONFIGURATION["OIDC_CLIENT_SECRET"]:
    raise ImproperlyConfigured("Set OIDC_CLIENT_SECRET: the client secret at the provider of OIDC_ISSUER.")
OIDC_AUDIENCE = CONFIGURATION["OIDC_AUDIENCE"]
# Read by mozilla-django-oidc.
OIDC_RP_CLIENT_ID = CONFIGURATION["OIDC_CLIENT_ID"]
OIDC_RP_CLIENT_SECRET = (
    CONFIGURATION["OIDC_CLIENT_SECRET"]
    or hmac.new(EMBEDDED_SERVER.secret.encode(), b"oidc client", hashlib.sha256).hexdigest()
)
OIDC_ACCOUNTS_CLIENT_ID = CONFIGURATION["OIDC_ACCOUNTS_CLIENT_ID"]
OIDC_ACCOUNTS_CLIENT_SECRET = CONFIGURATION["OIDC_ACCOUNTS_CLIENT_SECRET"] or (
    hmac.new(EMBEDDED_SERVER.secret.encode(), b"accounts client", hashlib.sha256).hexdigest()
    if OIDC_EMBEDDED
    else ""
)
OIDC_RP_SCOPES = "openid profile"
OIDC_USE_PKCE = True
OIDC_TOKEN_USE_BASIC_AUTH = True
OIDC_STORE_ID_TOKEN = True  # the hint that ends the provider's session, too, at sign-out
OIDC_TIMEOUT = (2, 5)  # seconds to connect, and to wait for an answer
OIDC_AUTHENTICATION_CALLBACK_URL = "identity:sign_in_callback"
OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS = 3600  # after which a page asks the provider again
OIDC_OP_LOGOUT_URL_METHOD = "contexts.identity.web.sign_out.end_session_address"

# --- Mails and Web Push ---

MAIL_FOLDER = STATE / "mail"
MAILS_ARE_FILES = not CONFIGURATION["MAIL_URL"]
MAILS_CAN_BE_SENT = not (PRODUCTION and MAILS_ARE_FILES)  # files in a container reach nobody
EMAIL_BACKEND = "packytrace.provider.mailbox.FileBackend"
if not MAILS_ARE_FILES:
    try:
        vars().update(environ.Env.email_url_config(CONFIGURATION["MAIL_URL"]))
    except ImproperlyConfigured as error:
        raise ImproperlyConfigured(
            "MAIL_URL is smtp+tls://USER:PASSWORD@HOST:587, or begins with smtp://."
        ) from error
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = CONFIGURATION["MAIL_FROM"]
VAPID_PRIVATE_KEY = CONFIGURATION["VAPID_PRIVATE_KEY"]
if not (VAPID_PRIVATE_KEY or PRODUCTION):
    _vapid_secret = hmac.new(EMBEDDED_SERVER.secret.encode(), b"vapid", hashlib.sha256).digest()
    VAPID_PRIVATE_KEY = base64.urlsafe_b64encode(_vapid_secret).decode().rstrip("=")
PUSH_SERVICES = frozenset(CONFIGURATION["PUSH_SERVICES"])

# --- The operators' console below /admin/ (brand_analytics' console has settings of its own) ---

UNFOLD_OPERATORS = {
    "SITE_TITLE": _("PackyTrace operators"),
    "SITE_HEADER": "PackyTrace",
    "SITE_SUBHEADER": _("Operators"),
    "SITE_URL": "/",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
}

# --- The brand console below /brand/ ---

UNFOLD_BRANDS = {
    "SITE_TITLE": _("PackyTrace for brands"),
    "SITE_HEADER": "PackyTrace",
    "SITE_URL": "/",
    "SIDEBAR": {"navigation": "packytrace.wiring.console_pages"},
}

# --- The API ---

REST_FRAMEWORK = {
    "DEFAULT_PARSER_CLASSES": ["packytrace.edge.api.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["packytrace.edge.api.JsonRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["packytrace.edge.api.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["packytrace.edge.api.HasAccount"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "packytrace.edge.api.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["packytrace.edge.api.JsonRenderer"],
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PackyTrace",
    "DESCRIPTION": "The product passport behind a GS1 Digital Link, and what people and brands keep here.",
    "VERSION": "0.1.0",  # the package's: a test compares it with pyproject.toml, which no image has
    "OAS_VERSION": "3.1.1",
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "SERVERS": [{"url": PUBLIC_URL}],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": ["packytrace.edge.openapi.complete"],
}

# --- Logs ---

LOGGING_CONFIG = "packytrace.logs.lines.configure"
LOGGING = {"level": CONFIGURATION["LOG_LEVEL"]}

# --- Language and time ---

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("it", "Italiano"), ("de", "Deutsch"), ("fr", "Français"), ("es", "Español")]
#: Labels are written in it, too; the one official language of the Union that Django has no name for.
LANG_INFO["mt"] = {"bidi": False, "code": "mt", "name": gettext_noop("Maltese"), "name_local": "Malti"}
LOCALE_PATHS = [ROOT / "locale"]
FORMAT_MODULE_PATH = ["packytrace.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ---

STATIC_URL = "/static/"
STATIC_ROOT = Path(CONFIGURATION["STATIC_ROOT"] or STATE / "static")
STATICFILES_DIRS = [ROOT / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Facts ---

KAFKA_BOOTSTRAP_SERVERS = CONFIGURATION["KAFKA_BOOTSTRAP_SERVERS"]
KAFKA_CONFIG = CONFIGURATION["KAFKA_CONFIG"]

# --- Sources of product data ---

OPEN_FOOD_FACTS_URL = CONFIGURATION["OPEN_FOOD_FACTS_URL"].rstrip("/")
JOURNEY_FEED_URL = CONFIGURATION["JOURNEY_FEED_URL"]
JOURNEY_FEED_TOKEN = CONFIGURATION["JOURNEY_FEED_TOKEN"]
SOURCES_USER_AGENT = f"PackyTrace/1.0 ({CONFIGURATION['SOURCES_CONTACT'] or PUBLIC_URL})"
for _name, _address in {
    "OPEN_FOOD_FACTS_URL": OPEN_FOOD_FACTS_URL,
    "JOURNEY_FEED_URL": JOURNEY_FEED_URL,
}.items():
    if _address and urlsplit(_address).scheme not in {"http", "https"}:
        raise ImproperlyConfigured(f"{_name} must be an address that begins with https:// or http://.")
if JOURNEY_FEED_URL and "{gtin}" not in JOURNEY_FEED_URL:
    raise ImproperlyConfigured("JOURNEY_FEED_URL must say with {gtin} where the product's number stands.")

# --- Measurement ---

VERDICT_RULESET = CONFIGURATION["VERDICT_RULESET"]
MEASUREMENT_K = CONFIGURATION["MEASUREMENT_K"]
MEASUREMENT_OF_VISITORS = CONFIGURATION["MEASUREMENT_OF_VISITORS"]
if MEASUREMENT_OF_VISITORS not in {"counted", "opt_in"}:
    raise ImproperlyConfigured("MEASUREMENT_OF_VISITORS is either `counted` or `opt_in`.")

# --- Celery: a folder is broker enough for one machine ---

_QUEUE = STATE / "queue"
CELERY_BROKER_URL = CONFIGURATION["CELERY_BROKER_URL"] or "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {}
    if CONFIGURATION["CELERY_BROKER_URL"]
    else {
        "data_folder_in": str(_QUEUE / "messages"),
        "data_folder_out": str(_QUEUE / "messages"),
        "control_folder": str(_QUEUE / "control"),
    }
)
CELERY_BEAT_SCHEDULE_FILENAME = str(STATE / "beat")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    # A tick that nobody took is worth nothing once the next one is due.
    "take over producers' files": {
        "task": "passport.take_over_uploads",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "take in files": {
        "task": "fridge.take_in_files",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "close windows": {
        "task": "measurement.close_windows",
        "schedule": timedelta(minutes=15),
        "options": {"expires": 900},
    },
    "destroy what is too old": {
        "task": "measurement.purge",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "advance erasures": {
        "task": "identity.advance_erasures",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "prepare exports": {
        "task": "identity.prepare_exports",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "forget what was told": {
        "task": "personalization.forget_what_was_told",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "destroy what was withdrawn": {
        "task": "personalization.destroy_what_was_withdrawn",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "destroy what was withdrawn of fridges": {
        "task": "fridge.destroy_what_was_withdrawn",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "send notices": {
        "task": "fridge.send_notices",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "tell measurement": {
        "task": "fridge.tell_measurement",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "forget old notices": {
        "task": "fridge.forget_old_notices",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "ask sources": {
        "task": "passport.ask_sources",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 30},
    },
    "forget old answers": {
        "task": "passport.forget_old_answers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "check links": {
        "task": "passport.check_links",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "apply link files": {
        "task": "passport.apply_link_files",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "forget expired sessions": {
        "task": "identity.forget_expired_sessions",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
}
