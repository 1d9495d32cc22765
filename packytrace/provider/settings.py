"""Django's settings of the embedded provider. What both sides must agree on comes from the application's."""

import hashlib
import hmac
from datetime import timedelta
from urllib.parse import urlsplit

from packytrace import settings as site
from packytrace.configuration import ROOT
from packytrace.databases import roles
from packytrace.openid.passwords import VALIDATORS
from packytrace.provider.keys import signing_key

EMBEDDED = site.OIDC_EMBEDDED
STATE = site.STATE
HOST = site.HOST
PORT_PROVIDER = site.PORT_PROVIDER
PUBLIC_URL = site.PUBLIC_URL
ISSUER = site.OIDC_ISSUER
_issuer = urlsplit(ISSUER)
_BEHIND_TLS = _issuer.scheme == "https"

# --- Database: one schema, the role provider_app; migrations as provider_owner ---

DATABASE_SERVER = site.DATABASE_SERVER
DATABASE_PASSWORD = site.DATABASE_PASSWORD
DATABASES = {"default": site.database_of(roles.PROVIDER)}
DATABASE_OF_APP = dict.fromkeys(
    ("provider", "account", "mfa", "allauth_idp_oidc", "auth", "contenttypes", "sessions"), roles.PROVIDER
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Applications ---

INSTALLED_APPS = [
    "packytrace.provider",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]
ROOT_URLCONF = "packytrace.provider.urls"
WSGI_APPLICATION = "packytrace.provider.wsgi.application"
MIDDLEWARE = [
    "packytrace.provider.correlation.CorrelationMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "packytrace.provider.security.PolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "packytrace.edge.languages.LanguageMiddleware",  # cookies ignore ports: the application's choice counts
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "packytrace" / "provider" / "templates", ROOT / "frontend" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "packytrace.provider.pages.site",
            ]
        },
    }
]

# --- Addresses, keys and cookies: cookies ignore ports, so none has the application's name ---

ALLOWED_HOSTS = [str(_issuer.hostname), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ISSUER]
SECRET_KEY = hmac.new(site.EMBEDDED_SERVER.secret.encode(), b"provider", hashlib.sha256).hexdigest()
SESSION_COOKIE_NAME = "packytrace_provider_session"
CSRF_COOKIE_NAME = "packytrace_provider_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _BEHIND_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if _BEHIND_TLS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "packytrace.provider.pages.forbidden"
DATA_UPLOAD_MAX_MEMORY_SIZE = site.DATA_UPLOAD_MAX_MEMORY_SIZE

# --- Who signs in, and how ---

AUTH_USER_MODEL = "provider.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["packytrace.provider.passwords.PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = VALIDATORS
LOGIN_URL = "account_login"
# Who was not sent by the application begins there what ends in being signed in at both.
LOGIN_REDIRECT_URL = f"{PUBLIC_URL}/sign-in"
ACCOUNT_LOGOUT_REDIRECT_URL = f"{PUBLIC_URL}/signed-out"
ACCOUNT_ADAPTER = "packytrace.provider.adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "packytrace.provider.forms.SignUpForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# With mandatory verification the same page and a mail answer everybody. "strict" would make a second account
# with the same address, which ours is unique against.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 1
# In the browser that signed up, the link of the mail leads on to where that began, for an hour.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_TIMEOUT = int(timedelta(hours=1).total_seconds())
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip,200/d/ip",
    "reset_password": "20/m/ip,5/h/key",
    "confirm_email": "3/10m/key",
}
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=3).total_seconds())

# --- Passkeys, and codes of an app as a second factor ---

MFA_ADAPTER = "packytrace.provider.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "PackyTrace"
MFA_RECOVERY_CODES_SHOW_ONCE = True
# Browsers offer passkeys on https and on `localhost` alone; the library would take the latter for an attack.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _BEHIND_TLS

# --- Mails ---

MAIL_FOLDER = site.MAIL_FOLDER
MAILS_ARE_FILES = site.MAILS_ARE_FILES
vars().update({name: value for name, value in vars(site).items() if name.startswith("EMAIL_")})
DEFAULT_FROM_EMAIL = site.DEFAULT_FROM_EMAIL

# --- OpenID Connect ---

IDP_OIDC_ADAPTER = "packytrace.provider.adapters.OidcAdapter"
IDP_OIDC_PRIVATE_KEY = signing_key(STATE / "provider.key")
IDP_OIDC_ACCESS_TOKEN_FORMAT = "jwt"  # noqa: S105 - a format
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = int(timedelta(minutes=15).total_seconds())
# The library makes a refresh token for every code; no client may use one, so it goes with the access token.
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN
IDP_OIDC_AUTH_METHODS = ["client_secret_basic"]
IDP_OIDC_RP_INITIATED_LOGOUT_ASKS_FOR_OP_LOGOUT = False
CLIENT_ID = site.OIDC_RP_CLIENT_ID
CLIENT_SECRET = site.OIDC_RP_CLIENT_SECRET
CLIENT_SCOPES = site.OIDC_RP_SCOPES.split()
ACCOUNTS_CLIENT_ID = site.OIDC_ACCOUNTS_CLIENT_ID
ACCOUNTS_CLIENT_SECRET = site.OIDC_ACCOUNTS_CLIENT_SECRET
AUDIENCE = site.OIDC_AUDIENCE

# --- Language, time, files and logs ---

LANGUAGE_CODE = "en"
LANGUAGES = site.LANGUAGES
LOCALE_PATHS = site.LOCALE_PATHS
FORMAT_MODULE_PATH = site.FORMAT_MODULE_PATH
LOCALE_PATHS = site.LOCALE_PATHS
LANGUAGE_COOKIE_NAME = "packytrace_language"  # the application's: cookies ignore ports
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_DIRS = site.STATICFILES_DIRS
WHITENOISE_USE_FINDERS = True
LOGGING_CONFIG = site.LOGGING_CONFIG
LOGGING = site.LOGGING

# --- The demonstration ---

DEMO_SECRET = site.EMBEDDED_SERVER.secret
